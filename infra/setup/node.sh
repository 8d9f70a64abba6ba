#!/bin/bash
# Brings Node.js where it is missing, makes node_modules match package-lock.json and dist/ match the sources; does only the
# outdated parts.
# usage: node.sh [build]     (build: dist/ alone)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=infra/setup/progress.sh
. "$here/progress.sh"
cd "$root"

modules_stamp=node_modules/.cairn-lock
build_stamp=dist/.cairn-built

lock_fingerprint() { sha256sum < package-lock.json | cut -d ' ' -f 1; }

# An installation made by hand with npm, later than the lock file, is as good as ours.
adopt_installation() {
  [ ! -e "$modules_stamp" ] && [ node_modules/.package-lock.json -nt package-lock.json ] && lock_fingerprint > "$modules_stamp"
}

install_modules() {
  if [ "$(cat "$modules_stamp" 2> /dev/null)" = "$(lock_fingerprint)" ] || adopt_installation; then
    say 'node_modules: up to date'
  else
    with_progress 'npm ci' npm ci --no-audit --no-fund
    lock_fingerprint > "$modules_stamp"
  fi
  # What the system's npm and npx start finds this one first.
  # shellcheck disable=SC2154 # from use-node.sh
  [ ! -e "$own_node" ] || ln -sfn ../../.cairn/node/bin/node node_modules/.bin/node
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

"$here/own-node.sh"
# shellcheck source=infra/setup/use-node.sh
. "$here/use-node.sh"
# One at a time per checkout; the lock ends with this process.
exec 9< package.json
flock 9
[ "${1:-}" = build ] || install_modules
build
