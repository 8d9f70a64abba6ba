# shellcheck shell=bash
# Sourced by each script that runs Node.js: puts the place into which set-up brings one first on the PATH. A script that
# calls set-up goes on with what that brought; where it brings none, nothing is there, and the system's is found.

own_node=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/.cairn/node
[[ :$PATH: == *":$own_node/bin:"* ]] || export PATH="$own_node/bin:$PATH"

# The oldest one that runs Cairn: package.json says it for npm.
least_node=24.11.0

node_is_new_enough() { printf '%s\n' "$least_node" "$(node -p process.versions.node 2> /dev/null || echo 0)" | sort --check=silent --version-sort; }
