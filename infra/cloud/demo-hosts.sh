# shellcheck shell=bash
# Sourced by demo.sh for a cloud of several real hosts: guests of one project on two of them talk, another project's guest is
# not let in.

# The third tenant is the administrator in a project of his own: that needs no further password.
neighbour() { as admin:neighbour "$@"; }
boot() { shown openstack server create --image cairn-guest --flavor m1.tiny --key-name demo-key "$@"; }
fixed_address() { openstack server show "$1" -c addresses -f json | jq -r '.addresses | to_entries[0].value[0]'; }

ensure_neighbour() {
  openstack project create --or-show neighbour -c id -f value > /dev/null
  openstack role add --project neighbour --user admin member
  openstack image set --public cairn-guest
}

prepare_neighbour() {
  gone neighbour
  openstack keypair show demo-key > /dev/null 2>&1 ||
    openstack keypair create --public-key <(ssh-keygen -y -f "$files/key") demo-key -c name
  rule '|tcp|22|22|0.0.0.0/0||' --protocol tcp --dst-port 22
  boot --wait neighbour -c id -c name -c status
  lead neighbour
  echo "$address $(fixed_address neighbour)" > "$files/neighbour"
}

# pings ADDRESS OTHER EXPECTED: the guest at that floating IP pings the other one; `answers` or `silence` is expected.
pings() {
  local found=silence
  ! guest "$1" "ping -c 2 -W 2 $2 > /dev/null" || found=answers
  echo "$(guest "$1" hostname) pings $2: $found"
  [ "$found" = "$3" ] || die "$3 was expected"
}

gone demo-1 demo-2
open_ssh
ensure_addresses_outside
step "the members of the group may ping each other, on whichever host they are"
rule '|icmp|-1|-1||default|' --protocol icmp --remote-group default

step "two servers that must not share a host, and one of another project"
group=$(openstack server group list -f json | jq -r 'map(select(.Name == "apart"))[0].ID // empty')
[ -n "$group" ] || group=$(openstack server group create --policy anti-affinity apart -c id -f value)
as admin ensure_neighbour
neighbour prepare_neighbour > "$files/neighbour.log" 2>&1 &
third=$!
boot --hint "group=$group" --min 2 --max 2 --wait demo -c status
for i in 1 2; do
  lead "demo-$i"
  outside[i]=$address inside[i]=$(fixed_address "demo-$i")
done
wait "$third" || die "$(< "$files/neighbour.log")"
sed 's/^/neighbour | /' "$files/neighbour.log"
read -r other_outside other_inside < "$files/neighbour"
as admin openstack server list --all-projects -c Name -c Host -c Networks

step "log in to each by its floating IP"
for i in 1 2; do answers "${outside[i]}" "demo-$i"; done
answers "$other_outside" neighbour

step "who reaches whom"
pings "${outside[1]}" "${inside[2]}" answers
pings "${outside[2]}" "${inside[1]}" answers
pings "$other_outside" "${inside[1]}" silence
pings "$other_outside" "${inside[2]}" silence
pings "${outside[1]}" "$other_inside" silence
