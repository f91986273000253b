#!/usr/bin/env bash
# A private S3-compatible store of files for tests and benchmarks, on a free port of the loopback. It looks at signatures.
#
#   scripts/s3.sh install          puts its programs into .test/s3 of this checkout where they are not there
#   scripts/s3.sh start [STATE]    starts it where it does not run yet, prints its address
#   scripts/s3.sh url [STATE]      prints the address of the running one
#   scripts/s3.sh stop [STATE]     stops it; what it held is gone
#
# The address is http://KEY:SECRET@127.0.0.1:PORT/BUCKET. STATE is the folder that remembers it (default: .test of this
# checkout, where the tests of `files` look for `s3.url`). The server is moto's, with the versions of
# scripts/s3-requirements.txt; it holds what it is given in temporary files.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
programs="$root/.test/s3"
wanted="$root/scripts/s3-requirements.txt"

fail() {
    echo "s3.sh: $*" >&2
    exit 1
}

is_installed() {
    cmp -s "$wanted" "$programs/installed.txt"
}

install() {
    ! is_installed || return 0
    rm -rf -- "$programs"
    mkdir -p "$(dirname "$programs")"
    python3 -m venv "$programs" || fail "python3 with venv is needed; run scripts/setup.sh"
    "$programs/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted" ||
        fail "the packages of scripts/s3-requirements.txt could not be installed"
    cp "$wanted" "$programs/installed.txt"
}

is_running() {
    [[ -s "$state/s3.pid" ]] || return 1
    # Another program may have the number by now.
    [[ "$(ps -o args= -p "$(cat "$state/s3.pid")" 2>/dev/null)" == *moto_server* ]]
}

answers() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# A user, a key that may do everything with S3, a bucket; from then on every call has to be signed.
prepare() {
    "$programs/bin/python" - "http://127.0.0.1:$1" <<'PYTHON'
import json
import sys
import urllib.request

import boto3
from botocore.config import Config

address = sys.argv[1]


def client(name):
    return boto3.client(
        name,
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",
        config=Config(s3={"addressing_style": "path"}),
    )


iam = client("iam")
iam.create_user(UserName="karvon")
key = iam.create_access_key(UserName="karvon")["AccessKey"]
may = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
iam.put_user_policy(UserName="karvon", PolicyName="files", PolicyDocument=policy)
client("s3").create_bucket(Bucket="karvon")
headers = {"content-type": "text/plain"}
urllib.request.urlopen(urllib.request.Request(f"{address}/moto-api/reset-auth", b"0", headers)).read()
host = address.removeprefix("http://")
print(f"http://{key['AccessKeyId']}:{key['SecretAccessKey']}@{host}/karvon")
PYTHON
}

start() {
    if is_running && [[ -s "$state/s3.url" ]]; then
        cat "$state/s3.url"
        return
    fi
    stop
    install
    mkdir -p "$state"
    local folder port try wait
    folder="$(mktemp -d /tmp/karvon-s3.XXXXXX)"
    echo "$folder" >"$state/s3.folder"
    for try in 1 2 3 4 5 6 7 8 9 10; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        ! answers "$port" || continue
        TMPDIR="$folder" setsid "$programs/bin/python" "$programs/bin/moto_server" -H 127.0.0.1 -p "$port" \
            </dev/null >"$folder/server.log" 2>&1 &
        echo $! >"$state/s3.pid"
        for ((wait = 0; wait < 600; wait++)); do
            ! answers "$port" || break 2
            is_running || break
            sleep 0.1
        done
        [[ "$try" -lt 10 ]] || fail "the store did not start: $(tail -n 3 "$folder/server.log")"
    done
    prepare "$port" >"$state/s3.url.new" || fail "the store could not be prepared: $(tail -n 3 "$folder/server.log")"
    mv "$state/s3.url.new" "$state/s3.url"
    cat "$state/s3.url"
}

stop() {
    local folder
    if is_running; then
        kill "$(cat "$state/s3.pid")"
        while is_running; do sleep 0.05; done
    fi
    if [[ -s "$state/s3.folder" ]]; then
        folder="$(cat "$state/s3.folder")"
        case "$folder" in
        /tmp/karvon-s3.*) rm -rf -- "$folder" ;;
        esac
    fi
    rm -f -- "$state/s3.folder" "$state/s3.pid" "$state/s3.url" "$state/s3.url.new"
}

verb="${1:-}"
state="${2:-$root/.test}"
case "$verb" in
install) install ;;
start) start ;;
stop) stop ;;
url)
    { is_running && [[ -s "$state/s3.url" ]]; } || fail "the store is not running; start it with: scripts/s3.sh start"
    cat "$state/s3.url"
    ;;
*) fail "usage: scripts/s3.sh install|start|stop|url [STATE]" ;;
esac
