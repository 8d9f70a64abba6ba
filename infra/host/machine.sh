#!/bin/bash
# A host within this machine: name spaces of its own for network, mounts, host name and processes, with the root file system
# in common, but /run and libvirt's folders of its own. It is wired to a bridge of this machine, as by a switch.
# usage: machine.sh up DIR NAME BRIDGE CIDR NUMBER    (address NUMBER of CIDR; this machine has the first one)
#        machine.sh run DIR COMMAND...                what the command's user would do on that host
#        machine.sh down DIR BRIDGE                   as if its power were lost; the bridge goes with its last host
# DIR keeps what outlives a loss of power, and the pid of the first process: who ends that ends all that runs on the host.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
. "$here/common.sh"

first_process() {
  local pid
  pid=$(cat "$1/machine.pid" 2> /dev/null) || return 0
  # As `unshare` was told to name it: a number is used again.
  if [ "$({ tr '\0' ' ' < "/proc/$pid/cmdline"; } 2> /dev/null)" = "bash $here/machine-init.sh $1 " ]; then echo "$pid"; fi
}

address_of() {
  local base=${1%/*} prefix=${1#*/}
  [[ $base =~ ^([0-9]+\.[0-9]+\.[0-9]+)\.0$ && $prefix = 24 ]] || die "$1 must be of the form A.B.C.0/24"
  echo "${BASH_REMATCH[1]}.$2/24"
}

# This machine's end of the wire, also after the bridge went with a restart of the machine.
ensure_bridge() {
  local bridge=$1 address=$2
  [ -e "/sys/class/net/$bridge" ] || ip link add name "$bridge" type bridge forward_delay 0 stp_state 0
  ip address replace "$address" dev "$bridge"
  ip link set dev "$bridge" up
}

# What the host finds on its disks: libvirt's settings as this machine has them, and folders of the same owners without guests.
furnish() {
  local dir=$1/libvirt path
  [ ! -e "$dir" ] || return 0
  rm -rf "$dir.new"
  mkdir -p "$dir.new"/{lib,log,cache}
  cp -a /etc/libvirt "$dir.new/etc"
  rm -rf "$dir.new"/etc/{qemu,secrets,storage,autostart}/*
  for path in /var/lib/libvirt/*/; do
    mkdir "$dir.new/lib/$(basename "$path")"
    chown --reference "$path" "$dir.new/lib/$(basename "$path")"
    chmod --reference "$path" "$dir.new/lib/$(basename "$path")"
  done
  mv "$dir.new" "$dir"
}

# unplug DIR: the kernel takes the wire away only with the host's network name space, and keeps that, for minutes, while a
# connection there has not been closed by its other end.
unplug() {
  local wire
  wire=$(cat "$1/wire" 2> /dev/null) || return 0
  ip link delete dev "$wire" 2> /dev/null || [ ! -e "/sys/class/net/$wire" ]
}

machine_up() {
  local dir=$1 name=$2 bridge=$3 cidr=$4 number=$5 pid address wire
  address=$(address_of "$cidr" "$number")
  ensure_bridge "$bridge" "$(address_of "$cidr" 1)"
  [ -z "$(first_process "$dir")" ] || return 0
  mkdir -p "$dir"
  furnish "$dir"
  printf '127.0.0.1 localhost\n%s %s\n' "${address%/*}" "$name" > "$dir/hosts"
  echo "$name" > "$dir/hostname"
  # Its own session, and none of the caller's files: it outlives the caller.
  setsid unshare --net --mount --uts --pid --fork --kill-child --propagation private \
    bash "$here/machine-init.sh" "$dir" < /dev/null > "$dir/machine.log" 2>&1 &
  wait_until 20 "the host $name has begun" has_begun "$dir" $!
  pid=$(first_process "$dir")
  wire=$bridge.$number
  echo "$wire" > "$dir/wire"
  unplug "$dir"
  ip link add name "$wire" type veth peer name eth0 netns "$pid"
  ip link set dev "$wire" master "$bridge" up
  machine_run "$dir" ip address add "$address" broadcast + dev eth0
  machine_run "$dir" ip link set dev eth0 up
  machine_run "$dir" ip route add default via "$(address_of "$cidr" 1 | cut -d/ -f1)"
}

# has_begun DIR PID: the child of unshare with this pid has made its mounts.
has_begun() {
  local child
  child=$(pgrep -P "$2" -f machine-init) && [ -e "/proc/$child/root/run/machine-is-up" ] && echo "$child" > "$1/machine.pid"
}

machine_run() {
  local dir=$1 pid
  shift
  pid=$(first_process "$dir")
  [ -n "$pid" ] || die "the host in $dir does not run"
  nsenter --target "$pid" --net --mount --uts --pid --wdns="$PWD" "$@"
}

machine_down() {
  local dir=$1 bridge=$2 pid
  pid=$(first_process "$dir")
  if [ -n "$pid" ]; then
    kill -9 "$pid"
    wait_until 20 "the host in $dir has ended" has_ended "$pid"
  fi
  unplug "$dir"
  rm -f "$dir/machine.pid" "$dir/wire"
  if [ -e "/sys/class/net/$bridge" ] && is_bare "$bridge"; then ip link delete dev "$bridge"; fi
}

is_bare() { [ -z "$(ls "/sys/class/net/$1/brif")" ]; }

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb:$# in
  up:5) machine_up "$@" ;;
  run:[2-9] | run:[1-9][0-9]) machine_run "$@" ;;
  down:2) machine_down "$@" ;;
  *) die "usage: machine.sh up DIR NAME BRIDGE CIDR NUMBER | run DIR COMMAND... | down DIR BRIDGE" ;;
esac
