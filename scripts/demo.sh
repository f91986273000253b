#!/usr/bin/env bash
# From a clone to the demo shop: installs what is missing, builds, and starts `karvon demo` on SQLite in ./data.
# Arguments go to `karvon demo`.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh demo
echo "demo: building the front end"
scripts/web.sh build
echo "demo: building karvon (the first time takes minutes)"
cargo build --locked --profile demo --package app
exec "${CARGO_TARGET_DIR:-target}/demo/karvon" demo "$@"
