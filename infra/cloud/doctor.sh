#!/bin/bash
# What is wrong with the networks of this machine's hosts, and makes it right.
# usage: doctor.sh network [SERVER] [--fix]
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=machines.sh
. "$here/machines.sh"

arguments=()
[ ! -s "$state/controller.json" ] || arguments+=(--config "$state/controller.json")
if [ "$(chosen_mode)" = machines ]; then
  configs=("$machines"/*/state/host/agent.json)
else
  configs=("$(agent_config)")
fi
for config in "${configs[@]}"; do
  [ -s "$config" ] || die "there is neither a cloud nor a host of one in $state"
  arguments+=(--agent "$(agent_state "$config")/doctor.sock")
done
node --disable-warning=DEP0123 --enable-source-maps "$root/dist/apps/controller/src/cli/doctor/main.js" "${arguments[@]}" "$@"
