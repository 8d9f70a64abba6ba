#!/bin/bash
# Makes this machine ready for the agent's real drivers: /dev/net/tun, access to /dev/kvm, IP forwarding, virtlogd and libvirtd.
# usage: up.sh RUNDIR
# RUNDIR remembers what this script started or changed, and down.sh takes back just that: a libvirtd that ran before is
# used and left alone. Run again, it starts only missing parts.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
. "$here/common.sh"

[ $# -eq 1 ] || die "usage: $0 RUNDIR"
[ "$(id -u)" = 0 ] || die "run as root: bridges, taps and libvirt need it"
mkdir -p "$1"
run=$(cd "$1" && pwd)

require_programs() {
  local program missing=()
  for program in virsh virtlogd libvirtd qemu-system-x86_64 qemu-img ip nft dnsmasq busybox genisoimage mkfs.vfat mcopy; do
    command -v "$program" > /dev/null || missing+=("$program")
  done
  [ ${#missing[@]} -eq 0 ] ||
    die "missing: ${missing[*]} (Debian: libvirt-daemon-system libvirt-clients qemu-system-x86 qemu-utils iproute2 nftables dnsmasq-base busybox-static genisoimage dosfstools mtools)"
}

ensure_tun() {
  [ -c /dev/net/tun ] && return
  has_systemd && modprobe tun
  if [ ! -c /dev/net/tun ]; then
    mkdir -p /dev/net
    mknod -m 0666 /dev/net/tun c 10 200
  fi
  # A node without a driver behind it fails to open with ENODEV.
  (: < /dev/net/tun) 2> /dev/null || die "/dev/net/tun cannot be opened: this kernel has no tun driver"
}

# As udev's rule in Debian has it. A /dev/kvm that QEMU's user may not open makes libvirt doubt what it knows of QEMU, and
# probe it again for every single call: seconds each.
ensure_kvm_access() {
  if [ ! -c /dev/kvm ] || [ "$(stat -c %U:%G /dev/kvm)" != root:root ]; then return; fi
  getent group kvm > /dev/null || return 0
  stat -c '%u:%g %a' /dev/kvm > "$run/kvm.was.new"
  mv "$run/kvm.was.new" "$run/kvm.was"
  chgrp kvm /dev/kvm
  chmod 0660 /dev/kvm
  say "/dev/kvm is open to the group kvm"
}

ensure_forwarding() {
  local switch=/proc/sys/net/ipv4/ip_forward
  [ "$(< "$switch")" = 1 ] && return
  echo 1 > "$switch"
  touch "$run/ip_forward.was-off"
  say "IP forwarding is on"
}

# One that was killed leaves its socket, and a zombie where nobody reaps: neither counts as running.
virtlogd_runs() { [ -S /run/libvirt/virtlogd-sock ] && find_processes -x -r D,R,S virtlogd > /dev/null; }

none_runs() { ! find_processes -x -r D,R,S,T -u 0 "$1" > /dev/null; }

# await_end NAME: until none is left of those that do not answer. One that is ending removes sockets and pid file by their
# names, although they may be its successor's by then, who could not be reached any more. One of ours that hangs is ended.
await_end() {
  local name=$1 pid signal
  for signal in 0 TERM KILL; do
    pid=$(ours "$name" "$run/$name.pid")
    [ -z "$pid" ] || kill -s "$signal" "$pid" 2> /dev/null || true
    if is_within 5 none_runs "$name"; then return 0; fi
    [ -n "$pid" ] || break
  done
  say "$name (pid $(find_processes -x -u 0 "$name" | paste -sd ' ')) does not answer, and something else started it: another is started"
}

# start_daemon NAME: by hand, with a pid file of ours.
start_daemon() {
  local name=$1 pid_file=$run/$1.pid
  await_end "$name"
  rm -f "$pid_file"
  "$name" -d -p "$pid_file"
  wait_until 10 "$name runs" is_ours "$name" "$pid_file"
  say "$name started (pid $(ours "$name" "$pid_file"))"
}

start_by_systemd() {
  systemctl start libvirtd
  touch "$run/libvirtd.by-systemd"
  say "libvirtd started by systemd"
}

start_by_hand() {
  # libvirtd starts a virtlogd only through systemd; without one no guest with a console log can start.
  if ! virtlogd_runs; then start_daemon virtlogd; fi
  start_daemon libvirtd
}

require_programs
ensure_tun
ensure_kvm_access
ensure_forwarding
exec 9> "$run/.lock"
flock 9
if libvirt_answers; then
  # beside a libvirtd by hand: its virtlogd may have died alone
  if ! has_systemd && ! virtlogd_runs; then start_daemon virtlogd 9>&-; fi
  say "libvirt answers"
elif has_systemd; then
  start_by_systemd
else
  # The lock must not be inherited, or it would be held as long as the daemons live.
  start_by_hand 9>&-
fi
wait_until 20 "libvirt answers" libvirt_answers
