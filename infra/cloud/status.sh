#!/bin/bash
# Lists the processes of the cloud, and whether they run.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=postgres.sh
. "$here/postgres.sh"

# How often it died since `up` started it, and when last.
deaths() {
  [ -s "$run/$1.deaths" ] || return 0
  printf ', died %s time(s), last: %s' "$(grep -c . "$run/$1.deaths")" "$(tail -n 1 "$run/$1.deaths")"
}

# What it had to put right since then, or what waits for an operator: the last of it.
notices() {
  [ -s "$run/$1.notices" ] || return 0
  tail -n 3 "$run/$1.notices" | sed "s/^/$(printf '%-12s' '') note: /"
}

status=0
external=$(jq -r .eventStoreUrl "$state/controller.json" 2> /dev/null || true)
names=(redis eventstore)
[ "$(database)" != postgres ] || names+=(postgres)
for name in "${names[@]}" controller agent; do
  pid=$(pid_of "$name")
  if [ -n "$pid" ]; then
    printf '%-12s runs, pid %s, %s MiB%s\n' "$name" "$pid" "$(awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$pid/status")" "$(deaths "$name")"
    [ "$name" != eventstore ] || printf '%-12s metrics: http://127.0.0.1:%s/metrics\n' '' "$metrics_port"
    notices "$name"
    [ -n "$(pid_of "$name.supervisor")" ] || printf '%-12s nobody would start it again: ./cairn up\n' ''
  elif [ "$name" = eventstore ] && [ -n "$external" ] && ! is_ours "$external"; then
    printf '%-12s is %s\n' "$name" "$external"
  else
    printf '%-12s is down%s\n' "$name" "$(deaths "$name")"
    status=3
  fi
done
exit $status
