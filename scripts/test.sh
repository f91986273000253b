#!/usr/bin/env bash
# Everything that must hold before a change lands; stops at the first step that fails and names it. What it starts
# is stopped at the end, also after a failure or Ctrl-C. Arguments go to `cargo nextest run`.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
state="$(mktemp -d /tmp/karvon-test.XXXXXX)"
current="start"
took=()
watcher=""

finish() {
    local code=$?
    trap - EXIT
    scripts/postgres.sh stop "$state" || true
    scripts/s3.sh stop "$state" || true
    [[ -z "$watcher" ]] || kill "$watcher" 2>/dev/null || true
    [[ "$code" -eq 0 ]] || cat "$state/still" 2>/dev/null || true
    rm -rf -- "$state"
    printf '%s\n' "" "${took[@]}"
    if [[ "$code" -ne 0 ]]; then
        echo "make test: failed at: $current" >&2
    fi
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# step NAME COMMAND…: runs the command and remembers how long it took.
step() {
    current="$1"
    shift
    local began=$SECONDS
    echo "== $current"
    "$@"
    took+=("$(printf '%5d s  %s' $((SECONDS - began)) "$current")")
}

# The crates that have a code block of Rust in a doc comment, as arguments of cargo.
crates_with_doc_tests() {
    find crates -path '*/src/*' -name '*.rs' -exec awk '
        FNR == 1 { inside = 0 }
        /^[ \t]*\/\/[\/!] ```/ {
            if (!inside && /```(rust)?(,|$)/) { split(FILENAME, part, "/"); print "--package=" part[2] }
            inside = !inside
        }' {} + | sort -u
}

check_demo_data() {
    if python3 -c 'import tomllib' 2>/dev/null; then
        python3 demo/make_demo_data.py --check
    else
        echo "not checked: that needs Python 3.11"
    fi
}

start_postgres() {
    KARVON_TEST_POSTGRES_URL="$(scripts/postgres.sh start "$state")"
    export KARVON_TEST_POSTGRES_URL
    echo "$KARVON_TEST_POSTGRES_URL"
}

start_s3() {
    KARVON_TEST_S3_URL="$(scripts/s3.sh start "$state")"
    export KARVON_TEST_S3_URL
    echo "$KARVON_TEST_S3_URL"
}

profile=default
[[ -z "${CI:-}" ]] || profile=ci

step "setup" scripts/setup.sh test
step "demo data" check_demo_data
step "front end: build" scripts/web.sh build
step "front end: types and format" scripts/web.sh check
step "front end: tests" scripts/web.sh test
step "rustfmt" cargo fmt --all --check
step "tidy" cargo xtask tidy
step "licences and sources" cargo deny --locked check licenses bans sources
step "clippy" cargo clippy --workspace --all-targets --locked -- -D warnings
step "PostgreSQL" start_postgres
step "S3" start_s3
step "tests: build" cargo nextest run --workspace --locked --no-run
# Before nextest kills what stands still (.config/nextest.toml).
scripts/watch-tests.sh 165 >"$state/still" &
watcher=$!
step "tests" cargo nextest run --workspace --locked --profile "$profile" "$@"
mapfile -t documented < <(crates_with_doc_tests)
if [[ "${#documented[@]}" -gt 0 ]]; then
    step "doc tests" cargo test --locked --doc "${documented[@]}"
fi
# The program is there: tests of `app` start it, too.
step "browser" scripts/web.sh e2e
