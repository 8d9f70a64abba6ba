# shellcheck shell=bash
# Sourced by up.sh, down.sh and status.sh: a cloud whose hosts are within this machine, each with name spaces of its own
# (infra/host/machine.sh). They join as hosts on other machines do.

machines=$state/machines
machines_cidr=${CAIRN_MACHINES_CIDR:-$(cat "$state/machines-cidr" 2> /dev/null || echo 172.31.254.0/24)}
machines_bridge=${CAIRN_MACHINES_BRIDGE:-$(cat "$state/machines-bridge" 2> /dev/null || echo cairnhosts)}

MOST_MACHINES=200

machine() { "$root/infra/host/machine.sh" "$@"; }

# on_machine NAME COMMAND...: of ./cairn, with nothing of this cloud's own settings.
on_machine() {
  local name=$1 others=() variable
  shift
  for variable in $(compgen -e CAIRN_); do others+=(-u "$variable"); done
  machine run "$machines/$name" env "${others[@]}" CAIRN_STATE="$machines/$name/state" "$root/cairn" "$@"
}

# Before anything is to listen at this machine's address on their bridge.
ensure_machines() {
  local count=$1 i
  mkdir -p "$state"
  put "$state/machines-cidr" echo "$machines_cidr"
  put "$state/machines-bridge" echo "$machines_bridge"
  for ((i = 1; i <= count; i++)); do
    machine up "$machines/host-$i" "host-$i" "$machines_bridge" "$machines_cidr" $((10 + i))
  done
  hosts_address=$(ip -4 -o address show dev "$machines_bridge" | awk '{sub("/.*", "", $4); print $4; exit}')
  tls=true
}

# The agents of all of them: at most one joins at a time, but they start side by side.
ensure_hosts_up() {
  local count=$1 i name pids=() pid
  for ((i = 1; i <= count; i++)); do
    name=host-$i
    if [ ! -s "$machines/$name/state/host/agent.json" ]; then
      cli host --config "$state/controller.json" enroll "$name" | tail -n 1 | tr -d ' ' |
        on_machine "$name" host join "https://$hosts_address:$hosts_port" | sed -u "s/^/$name | /"
    fi
  done
  for ((i = 1; i <= count; i++)); do
    on_machine "host-$i" host up | sed -u "s/^/host-$i | /" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || die "a host did not start (its logs: $machines/host-*/state/log)"; done
}

# Ends guests and agents, then the hosts.
machines_down() {
  local dir
  for dir in "$machines"/*/; do
    [ -s "$dir/machine.pid" ] || continue
    on_machine "$(basename "$dir")" host down | sed -u "s/^/$(basename "$dir") | /" || true
  done
  for dir in "$machines"/*/; do
    [ ! -d "$dir" ] || machine down "${dir%/}" "$machines_bridge"
  done
}

machines_status() {
  local dir name status=0
  for dir in "$machines"/*/; do
    name=$(basename "$dir")
    if machine run "$machines/$name" true 2> /dev/null; then
      on_machine "$name" status | sed "s/^/$name: /" || status=3
    else
      echo "$name: is down"
      status=3
    fi
  done
  return $status
}
