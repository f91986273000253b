#!/usr/bin/env bash
# A private PostgreSQL for tests and benchmarks, on a free port of the loopback, its files in a temporary folder.
#
#   scripts/postgres.sh start [--durable] [STATE]   starts it where it does not run yet, prints its URL
#   scripts/postgres.sh url [STATE]                 prints the URL of the running one
#   scripts/postgres.sh stop [STATE]                stops it and removes its files
#
# STATE is the folder that remembers it (default: .test of this checkout, where the tests of `db` look for
# `postgres.url`). Tests need speed and may lose everything at a power cut, so fsync is off; benchmarks measure
# durable commits and pass --durable. The role `karvon` may create databases and is no superuser, because
# row-level security does not bind superusers. The default order of texts is ICU's, on purpose: a query that
# forgets COLLATE "C" then differs from SQLite and its test fails.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

fail() {
    echo "postgres.sh: $*" >&2
    exit 1
}

# The folder of the server's programs: what the PATH offers, else the newest of Debian's.
find_programs() {
    local found
    if found="$(command -v pg_ctl)" && [[ -x "$(dirname "$found")/initdb" ]]; then
        dirname "$(readlink -f "$found")"
        return
    fi
    found="$(find /usr/lib/postgresql -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)"
    [[ -n "$found" ]] || fail "PostgreSQL is not installed; run scripts/setup.sh"
    dirname "$found"
}

# PostgreSQL refuses to run as root, so root runs it as the user that its package made.
as_server_user() {
    if [[ "$(id -u)" -eq 0 ]]; then
        (cd / && runuser -u postgres -- "$@")
    else
        (cd / && "$@")
    fi
}

is_running() {
    [[ -s "$state/postgres.folder" ]] || return 1
    as_server_user "$programs/pg_ctl" status -D "$(cat "$state/postgres.folder")/data" >/dev/null 2>&1
}

port_is_free() {
    ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start() {
    if is_running && [[ -s "$state/postgres.url" ]]; then
        cat "$state/postgres.url"
        return
    fi
    stop
    mkdir -p "$state"
    local folder durability port try
    folder="$(mktemp -d /tmp/karvon-postgres.XXXXXX)"
    [[ "$(id -u)" -ne 0 ]] || chown postgres: "$folder"
    echo "$folder" >"$state/postgres.folder"

    as_server_user "$programs/initdb" -D "$folder/data" -U postgres --auth=trust --no-sync --encoding=UTF8 \
        --locale=C.UTF-8 --locale-provider=icu --icu-locale=und >"$folder/initdb.log" 2>&1 ||
        fail "initdb failed: $(tail -n 3 "$folder/initdb.log")"

    durability="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    [[ "$durable" -eq 0 ]] || durability="-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
    for try in 1 2 3 4 5 6 7 8 9 10; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        port_is_free "$port" || continue
        if as_server_user "$programs/pg_ctl" start -w -t 60 -s -D "$folder/data" -l "$folder/server.log" -o \
            "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=300 \
             -c shared_buffers=128MB -c wal_level=minimal -c max_wal_senders=0 -c jit=off $durability" \
            </dev/null >/dev/null 2>&1; then
            break
        fi
        [[ "$try" -lt 10 ]] || fail "PostgreSQL did not start: $(tail -n 3 "$folder/server.log")"
    done
    as_server_user "$programs/psql" -X -q -h 127.0.0.1 -p "$port" -U postgres -d postgres \
        -c "CREATE ROLE karvon LOGIN NOSUPERUSER CREATEDB" -c "GRANT CREATE ON SCHEMA public TO karvon"
    echo "postgres://karvon@127.0.0.1:$port/postgres" >"$state/postgres.url"
    cat "$state/postgres.url"
}

remove_files() {
    local folder
    if [[ -s "$state/postgres.folder" ]]; then
        folder="$(cat "$state/postgres.folder")"
        case "$folder" in
        /tmp/karvon-postgres.*) rm -rf -- "$folder" ;;
        esac
    fi
    rm -f -- "$state/postgres.folder" "$state/postgres.url"
}

stop() {
    if is_running; then
        as_server_user "$programs/pg_ctl" stop -w -s -m immediate -D "$(cat "$state/postgres.folder")/data"
    fi
    remove_files
}

verb="${1:-}"
[[ $# -eq 0 ]] || shift
durable=0
state="$root/.test"
for argument in "$@"; do
    case "$argument" in
    --durable) durable=1 ;;
    -*) fail "unknown option $argument" ;;
    *) state="$argument" ;;
    esac
done
programs="$(find_programs)"

case "$verb" in
start) start ;;
stop) stop ;;
url)
    { is_running && [[ -s "$state/postgres.url" ]]; } || fail "PostgreSQL is not running; start it with: scripts/postgres.sh start"
    cat "$state/postgres.url"
    ;;
*) fail "usage: scripts/postgres.sh start|stop|url [--durable] [STATE]" ;;
esac
