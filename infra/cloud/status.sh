#!/bin/bash
# Says what runs.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

status=0
external=$(jq -r .eventStoreUrl "$state/controller.json" 2> /dev/null || true)
for name in redis eventstore controller agent; do
  pid=$(pid_of "$name")
  if [ -n "$pid" ]; then
    printf '%-12s runs, pid %s, %s MiB\n' "$name" "$pid" "$(awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$pid/status")"
  elif [ "$name" = eventstore ] && [ -n "$external" ] && ! is_ours "$external"; then
    printf '%-12s is %s\n' "$name" "$external"
  else
    printf '%-12s is down\n' "$name"
    status=3
  fi
done
exit $status
