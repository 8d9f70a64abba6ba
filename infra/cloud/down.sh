#!/bin/bash
# Ends everything that up.sh started, guests included, and takes their networks down. The state stays: up.sh brings the
# same cloud back, with its servers.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=machines.sh
. "$here/machines.sh"

[ -d "$run" ] || {
  say "nothing to end in $state"
  exit 0
}
if [ "$(chosen_mode)" = machines ]; then machines_down; fi
stop host 10
stop agent 30
if [ "$(chosen_mode)" = libvirt ] && [ -s "$state/agent.json" ]; then
  say "ending the guests and their networks"
  node --enable-source-maps "$root/dist/apps/agent/src/main.js" --config "$state/agent.json" --down >> "$logs/agent.log" 2>&1 ||
    say "the host could not be cleared completely (log: $logs/agent.log)"
  "$root/infra/host/down.sh" "$run"
fi
stop controller 30
stop eventstore 30
stop redis 20
stop postgres 30
say "the cloud is down; its state stays in $state"
