#!/bin/bash
# Becomes a command that runs on the Node.js of this checkout, whichever one the PATH names.
# usage: with-node.sh COMMAND...
set -euo pipefail
# shellcheck source=infra/setup/use-node.sh
. "$(dirname "${BASH_SOURCE[0]}")/use-node.sh"

# shellcheck disable=SC2154 # from use-node.sh
[ -x "$own_node/bin/node" ] || node_is_new_enough || {
  echo "Node.js ${least_node%%.*} is needed; ./cairn setup brings it" >&2
  exit 1
}
exec "$@"
