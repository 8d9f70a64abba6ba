#!/bin/bash
# The main job, from nothing: sets up, starts the cloud, and lets the stock openstack client launch a real server that
# gets its address, key, metadata and user data, answers SSH at a floating IP, through a port that a security group opens,
# and whose every step is in the event log.
# usage: demo.sh [--hosts N]    (with N real hosts within this machine: also what guests of several hosts and tenants reach)
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=machines.sh
. "$here/machines.sh"
# shellcheck source=demo-steps.sh
. "$here/demo-steps.sh"

case ${1:-} in
  '' | --hosts) ;;
  *) die "usage: ./cairn demo [--hosts N]" ;;
esac

step "set up and start the cloud"
"$here/up.sh" "$@"
mode=$(chosen_mode)
[ "$mode" != simulated ] || die "the cloud in $state has simulated hosts: the demo needs real ones"
images=${CAIRN_IMAGES:-/var/cache/cairn/guest-image}
"$root/infra/guest-image/build.sh" "$images"

mkdir -p "$files"
chmod 700 "$files"
# shellcheck source=../../openrc
. "$root/openrc" demo

step "an image"
if ! openstack image show cairn-guest -c id -f value > /dev/null 2>&1; then
  shown openstack image create --disk-format qcow2 --container-format bare --file "$images/cairn-guest.qcow2" cairn-guest -c id -c name -c status
fi

step "a key pair"
if [ ! -s "$files/key" ]; then
  openstack keypair delete demo-key > /dev/null 2>&1 || true
  echo "\$ openstack keypair create demo-key > $files/key"
  (umask 077 && openstack keypair create demo-key > "$files/key.new" && mv "$files/key.new" "$files/key")
fi

if [ "$mode" = machines ]; then
  # shellcheck source=demo-hosts.sh
  . "$here/demo-hosts.sh"
  id=$(openstack server show demo-1 -c id -f value)
else
  # shellcheck source=demo-guest.sh
  . "$here/demo-guest.sh"
fi

step "its history, from the event log"
shown "$root/cairn" history "$id"

step "done; the cloud stays up. Go on with the README's tour: source openrc demo; openstack server list"
