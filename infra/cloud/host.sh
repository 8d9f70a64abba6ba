#!/bin/bash
# Hosts on other machines. Here: let one in, shut it out, list them. There: join, start and end the agent.
# usage: host.sh enroll NAME | revoke NAME | list | join URL [--simulated] | up | down
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=agent.sh
. "$here/agent.sh"

join_cloud() {
  local url=${1:-} driver=libvirt groups=(core host) address
  [[ $url =~ ^https://\[?([0-9a-fA-F.:]+)\]?:[0-9]+$ ]] || die "usage: ./cairn host join https://ADDRESS:PORT [--simulated]"
  address=${BASH_REMATCH[1]}
  if [ "${2:-}" = --simulated ]; then driver=simulated groups=(core); fi
  [ ! -e "$state/controller.json" ] || die "$state is the state of a cloud: a host needs a state directory of its own (CAIRN_STATE)"
  [ -z "$(pid_of agent)$(pid_of agent.supervisor)" ] || die "the agent runs: ./cairn host down first"
  "$here/setup.sh" "${groups[@]}"
  mkdir -p "$run" "$logs" "$state/host"
  chmod 711 "$state" "$state/host"
  chmod 700 "$logs"
  address=$(ip route get "$address" | grep -oP 'src \K\S+')
  node "$root/dist/apps/agent/src/join/main.js" --controller "$url" --state "$state/host" --driver "$driver" --address "$address"
  put "$state/mode" echo "$driver"
  say "next: ./cairn host up"
}

host_up() {
  [ -s "$state/host/agent.json" ] || die "this machine has not joined a cloud: ./cairn host join URL"
  ensure_agent
  [ -z "$agent_log_size" ] || say "the agent runs; its state is in $state"
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
  enroll | revoke | list)
    [ -s "$state/controller.json" ] || die "there is no cloud in $state"
    cli host --config "$state/controller.json" "$verb" "$@"
    ;;
  join) join_cloud "$@" ;;
  up) host_up ;;
  down) end_agent ;;
  *) die "usage: ./cairn host enroll NAME | revoke NAME | list | join URL [--simulated] | up | down" ;;
esac
