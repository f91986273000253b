#!/usr/bin/env bash
# Installs what is missing on Debian and Ubuntu, and says in one sentence what is missing elsewhere.
#
#   scripts/setup.sh demo    what `make demo` needs: a C compiler for SQLite; Rust, Node and npm are looked for. Without
#                            pdftotext everything runs but the reading of PDFs, and it says so
#   scripts/setup.sh test    the same and what the tests need: PostgreSQL, Chromium, hledger, cargo-nextest, cargo-deny,
#                            a local store of files (scripts/s3.sh)
#
# Nothing is installed where nothing is missing, so it costs a moment on a machine that has everything.
set -euo pipefail

node_major_wanted=20
nextest_version=0.9.143
deny_version=0.20.2

fail() {
    echo "setup: $*" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

has_postgres() {
    has initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null
}

check_node() {
    { has node && has npm; } || fail "Node.js $node_major_wanted or newer with npm is needed; see https://nodejs.org."
    local major
    major="$(node --print 'process.versions.node.split(".")[0]')"
    [[ "$major" -ge "$node_major_wanted" ]] ||
        fail "Node.js $node_major_wanted or newer is needed, this is $(node --version)."
}

check_rust() {
    has cargo || fail "Rust is needed; see https://rustup.rs."
    local wanted installed
    wanted="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
    installed="$(rustc --version | cut -d ' ' -f 2)"
    [[ "$(printf '%s\n' "$wanted" "$installed" | sort -V | head -n 1)" == "$wanted" ]] ||
        fail "Rust $wanted or newer is needed, this is $installed; run: rustup update stable"
}

# The Debian packages of the programs that are not there.
missing_packages() {
    has cc || echo build-essential
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
    [[ "$purpose" == test ]] || return 0
    has_postgres || echo postgresql
    has chromium-headless-shell || printf '%s\n' chromium-headless-shell fonts-dejavu-core
    has pdftotext || echo poppler-utils
    has hledger || echo hledger
    has ps || echo procps
    python3 -c 'import venv, ensurepip' 2>/dev/null || printf '%s\n' python3 python3-venv
    [[ -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ]] || echo fonts-noto-color-emoji
}

install_packages() {
    local packages as_root=()
    mapfile -t packages < <(missing_packages)
    [[ "${#packages[@]}" -gt 0 ]] || return 0
    has apt-get || fail "please install the programs of these Debian packages: ${packages[*]}."
    if [[ "$(id -u)" -ne 0 ]]; then
        { has sudo && sudo -n true 2>/dev/null; } ||
            fail "please run as root: apt-get install ${packages[*]}"
        as_root=(sudo -n)
    fi
    echo "setup: installing ${packages[*]}"
    local log
    log="$(mktemp)"
    # A source that does not answer is no reason to stop; a package that is not found is.
    "${as_root[@]}" apt-get update -qq >"$log" 2>&1 || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        "${packages[@]}" </dev/null >>"$log" 2>&1 ||
        fail "apt-get install ${packages[*]} failed: $(grep '^E:' "$log" | head -n 3)"
    rm -f -- "$log"
}

# Debug builds of the tools: they run for seconds, and compile in half the time.
install_cargo_tools() {
    has cargo-nextest ||
        cargo install --quiet --locked --debug "cargo-nextest@$nextest_version"
    has cargo-deny ||
        cargo install --quiet --locked --debug "cargo-deny@$deny_version"
}

# What the demo can do without.
recommend() {
    has pdftotext || echo "setup: pdftotext is not there, so PDFs cannot be read; it comes with poppler-utils." >&2
}

purpose="${1:-test}"
[[ "$purpose" == test || "$purpose" == demo ]] || fail "usage: scripts/setup.sh demo|test"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
check_rust
check_node
install_packages
recommend
[[ "$purpose" == demo ]] || install_cargo_tools
[[ "$purpose" == demo ]] || scripts/s3.sh install
