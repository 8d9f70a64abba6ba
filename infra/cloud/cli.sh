#!/bin/bash
# The operator's commands that read the log and the indexes of this machine's cloud.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ -s "$state/controller.json" ] || die "there is no cloud in $state"
command=$1
shift
# what it mends shows in status
export CAIRN_NOTICES=$run/controller.notices
cli "$command" --config "$state/controller.json" "$@"
