#!/bin/bash
# Ends everything that up.sh started, guests included, and takes their networks down. The state stays: up.sh brings the
# same cloud back, with its servers.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=agent.sh
. "$here/agent.sh"
# shellcheck source=machines.sh
. "$here/machines.sh"

[ -d "$run" ] || {
  say "nothing to end in $state"
  exit 0
}
if [ "$(chosen_mode)" = machines ]; then machines_down; fi
end_agent
stop controller 30
stop eventstore 30
stop redis 20
stop postgres 30
say "the cloud is down; its state stays in $state"
