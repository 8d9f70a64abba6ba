# shellcheck shell=bash
# Sourced by demo.sh: what its steps have in common.

files=$state/demo
began=$SECONDS
step() { printf '\n[demo] %s s: %s\n' "$((SECONDS - began))" "$*"; }
# shown COMMAND...: prints the command as a person would type it, then runs it.
shown() {
  printf '$ %s\n' "${*/#"$root/cairn"/./cairn}"
  "$@"
}

# as USER[:PROJECT] COMMAND...: with their credentials.
as() (
  # shellcheck source=../../openrc
  . "$root/openrc" "${1%:*}" "${1#*:}"
  shift
  "$@"
)

open_ssh() {
  step "a security group lets in what guests are to be asked; nothing else reaches them"
  rule '|tcp|22|22|0.0.0.0/0||' --protocol tcp --dst-port 22
}

# The addresses outside that floating IPs are taken from. Of a host within this machine: on the wire to it. Else those for
# documentation (RFC 5737), on the loopback device: nothing leaves the machine.
ensure_addresses_outside() {
  local block=203.0.113 options=(--interface lo)
  step "addresses outside, one for each guest"
  if [ "$mode" = machines ]; then block=${machines_cidr%.*} options=(); fi
  as admin "$root/cairn" nova floating-ip-bulk-list > "$files/addresses"
  grep -F " $block.209 " "$files/addresses" > /dev/null ||
    as admin shown "$root/cairn" nova floating-ip-bulk-create "$block.208/28" "${options[@]}"
}

# rule ROW OPTION...: adds one to the project's default group, unless `nova secgroup-list-rules` has that row.
rule() {
  local row=$1
  shift
  "$root/cairn" nova secgroup-list-rules default | tr -d ' ' > "$files/rules"
  grep -F "$row" "$files/rules" > /dev/null ||
    shown openstack security group rule create "$@" default -c id -c ip_protocol -c port_range
}

# gone SERVER...: those of the last run are deleted.
gone() {
  local name
  for name in "$@"; do
    ! openstack server show "$name" -c id -f value > /dev/null 2>&1 || shown openstack server delete --wait "$name"
  done
}

# lead SERVER: a floating IP of the project leads to it; sets `address`.
lead() {
  address=$(openstack floating ip list -f json | jq -r 'map(select(.Server == null))[0]["Floating IP Address"] // empty')
  if [ -z "$address" ]; then
    echo '$ openstack floating ip create nova'
    address=$(openstack floating ip create nova -f json | jq -r '.ip // .floating_ip_address')
    echo "$address"
  fi
  shown openstack server add floating ip "$1" "$address"
}

# guest ADDRESS COMMAND...: runs it in the guest.
guest() {
  local at=$1
  shift
  ssh -i "$files/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=5 \
    -o BatchMode=yes "root@$at" "$@"
}

# answers ADDRESS SERVER: waits for its SSH.
answers() {
  local tries
  for ((tries = 90; tries > 0; tries--)); do
    if guest "$1" true 2> /dev/null; then return; fi
    [ $((tries % 5)) -ne 0 ] || echo "[demo] waiting for SSH, $((90 - tries)) tries"
    sleep 1
  done
  die "no answer by SSH from $1 (see: openstack console log show $2)"
}
