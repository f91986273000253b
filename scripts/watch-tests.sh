#!/usr/bin/env bash
# Looks at the running tests until it is stopped, and writes once for each that has run for `seconds` where its threads
# stand: a test that nextest is about to kill leaves no other trace. Linux; with gdb, if it is there, the stacks, too.
#   scripts/watch-tests.sh SECONDS >FILE
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds="$1"
tests="$PWD/target/debug/deps/"
declare -A told=()

tell() {
    local pid="$1" thread
    echo "== has run for $seconds s: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
    for thread in "/proc/$pid/task/"*; do
        echo "$(<"$thread/comm"): waits in $(<"$thread/wchan"), call $(<"$thread/syscall")"
    done
    if command -v gdb >/dev/null; then
        gdb -batch -p "$pid" -ex 'thread apply all bt 30' 2>/dev/null | grep -E '^(#|Thread)' || true
    fi
}

while sleep 5; do
    while read -r pid age path _; do
        [[ "$path" == "$tests"* && "$age" -ge "$seconds" && -z "${told[$pid]:-}" ]] || continue
        told[$pid]=1
        # It may end meanwhile.
        tell "$pid" 2>/dev/null || true
    done < <(ps -eo pid=,etimes=,args=)
done
