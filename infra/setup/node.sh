#!/bin/bash
# Makes node_modules match package-lock.json and dist/ match the sources; does only the outdated parts.
# usage: node.sh [build]     (build: dist/ alone)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=infra/setup/progress.sh
. "$here/progress.sh"
cd "$root"

modules_stamp=node_modules/.cairn-lock
build_stamp=dist/.cairn-built

require_node() {
  { command -v node && command -v npm; } > /dev/null || die 'Node 20 with npm is needed'
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
    die "Node 20.19 or newer is needed, this is $(node --version)"
}

# Native modules are compiled for one version of Node's binary interface.
lock_fingerprint() {
  echo "$(sha256sum < package-lock.json | cut -d ' ' -f 1) abi=$(node -p process.versions.modules)"
}

native_module_loads() { node -e 'new (require("better-sqlite3"))(":memory:").close()' 2> /dev/null; }

# An installation made by hand with npm, later than the lock file, is as good as ours.
adopt_installation() {
  [ ! -e "$modules_stamp" ] && [ node_modules/.package-lock.json -nt package-lock.json ] && native_module_loads &&
    lock_fingerprint > "$modules_stamp"
}

install_modules() {
  if [ "$(cat "$modules_stamp" 2> /dev/null)" = "$(lock_fingerprint)" ] || adopt_installation; then
    say 'node_modules: up to date'
    return
  fi
  say 'node_modules: better-sqlite3 is compiled from source where no binary can be fetched; that takes about 2 min'
  with_progress 'npm ci' npm ci --no-audit --no-fund
  native_module_loads || die 'better-sqlite3 was installed but does not load'
  lock_fingerprint > "$modules_stamp"
}

# A folder's own time changes when a file in it comes or goes.
has_newer_source() {
  [ ! -e "$build_stamp" ] ||
    [ -n "$(find apps libs test/sim package.json tsconfig.json .swcrc -newer "$build_stamp" -print -quit 2> /dev/null)" ]
}

build() {
  local started
  if ! has_newer_source; then
    say 'dist: up to date'
    return
  fi
  # Taken before the build, so that a source saved during it counts as newer.
  started=$(mktemp)
  with_progress 'npm run build' npm run build || { rm -f "$started"; return 1; }
  cp -p "$started" "$build_stamp"
  rm -f "$started"
}

require_node
# One at a time per checkout; the lock ends with this process.
exec 9< package.json
flock 9
[ "${1:-}" = build ] || install_modules
build
