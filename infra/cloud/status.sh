#!/bin/bash
# Lists the processes of the cloud, and whether they run.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=postgres.sh
. "$here/postgres.sh"
# shellcheck source=machines.sh
. "$here/machines.sh"
# shellcheck source=../host/processes.sh
. "$root/infra/host/processes.sh"

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

# The processes that guests of this machine need: libvirt's, and what the agent looks after for each network.
helpers() {
  local name pid deaths file
  for name in libvirtd virtlogd; do
    pid=$(find_processes -o -x -r D,R,S "$name" || true)
    if [ -n "$pid" ]; then
      printf '%-12s runs, pid %s%s\n' "$name" "$pid" "$(deaths "$name")"
    else
      printf '%-12s is down%s\n' "$name" "$(deaths "$name")"
      status=3
    fi
  done
  for file in "$(agent_state "$(agent_config)")"/hosts/*/helpers.json; do
    [ -s "$file" ] || continue
    while IFS=$'\t' read -r name pid deaths; do
      [ "$deaths" = 0 ] && deaths='' || deaths=", died $deaths time(s)"
      if [ "$pid" != null ] && [ -n "$(start_time "$pid")" ]; then
        printf '%s: runs, pid %s%s\n' "$name" "$pid" "$deaths"
      else
        printf '%s: is down%s\n' "$name" "$deaths"
        status=3
      fi
    done < <(jq -r '.[] | [.name, (.pid // "null"), .deaths] | @tsv' "$file")
  done
}

# Whether security groups filter: that they do not is the operator's choice, and nobody should forget it.
filtering() {
  [ -s "$(agent_config)" ] && [ "$(jq -r .firewallDriver "$(agent_config)")" = noop ] || return 0
  printf '%-12s security groups filter nothing here (firewallDriver is noop)\n' ''
}

# Whether this host carries networks that are VLANs: an agent whose kernel cannot does not start.
vlans() {
  [ "$(jq -r .vlans "$(agent_config)" 2> /dev/null)" != true ] || printf '%-12s networks are VLANs here\n' ''
}

# Whether the agents found the networks of their hosts as they should be: `./cairn doctor network` tells more.
networks() {
  local file said
  for file in "$(agent_state "$(agent_config)")"/hosts/*/network.json; do
    [ -s "$file" ] || continue
    said=$(jq -r '(.left[] | "wrong: " + .), (select(.mended > 0) | "made right again \(.mended) time(s), last at \(.last.at): \(.last.says)")' "$file")
    [ -z "$said" ] || sed "s/^/network: /" <<< "$said"
    ! grep -q '^wrong: ' <<< "$said" || status=3
  done
}

status=0
mode=$(chosen_mode)
names=()
# A host that has joined a cloud has an agent alone.
if [ ! -s "$state/host/agent.json" ]; then
  names+=(redis eventstore)
  [ "$(database)" != postgres ] || names+=(postgres)
  names+=(controller)
fi
[ "$mode" = machines ] || names+=(agent)
for name in "${names[@]}"; do
  pid=$(pid_of "$name")
  if [ -n "$pid" ]; then
    printf '%-12s runs, pid %s, %s MiB%s\n' "$name" "$pid" "$(awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$pid/status")" "$(deaths "$name")"
    [ "$name" != eventstore ] || printf '%-12s metrics: http://127.0.0.1:%s/metrics\n' '' "$metrics_port"
    [ "$name" != agent ] || { filtering && vlans; }
    notices "$name"
    [ -n "$(pid_of "$name.supervisor")" ] || printf '%-12s nobody would start it again: ./cairn up\n' ''
  elif [ "$name" = eventstore ] && [ -n "$external_url" ] && [ -s "$state/controller.json" ]; then
    cli log-status --config "$state/controller.json" || status=3
  else
    printf '%-12s is down%s\n' "$name" "$(deaths "$name")"
    status=3
  fi
done
if [ "$mode" = libvirt ] && [ -n "$(pid_of agent)" ]; then helpers; fi
if [ "$mode" != machines ] && [ -n "$(pid_of agent)" ]; then networks; fi
if [ "$mode" = machines ]; then machines_status || status=3; fi
exit $status
