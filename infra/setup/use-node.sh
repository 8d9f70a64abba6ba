# shellcheck shell=bash
# Sourced by whatever runs Node.js: puts the one that set-up brought into this checkout first on the PATH, if it did.

own_node=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/.cairn/node
[ ! -x "$own_node/bin/node" ] || [[ :$PATH: == *":$own_node/bin:"* ]] || export PATH="$own_node/bin:$PATH"

# The oldest one that runs Cairn: package.json says it for npm.
least_node=24.11.0

node_is_new_enough() { printf '%s\n' "$least_node" "$(node -p process.versions.node 2> /dev/null || echo 0)" | sort --check=silent --version-sort; }
