#!/usr/bin/env bash
# The front end: scripts/web.sh build|check|test|e2e|fix. Installs its packages by the lock file when that changed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../web"
installed=node_modules/.package-lock.json
if [[ ! -e "$installed" || package-lock.json -nt "$installed" ]]; then
    npm ci --no-audit --no-fund --loglevel=error
    touch "$installed"
fi
npm run --silent "${1:-build}"
