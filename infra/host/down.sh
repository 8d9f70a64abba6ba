#!/bin/bash
# Takes back what up.sh started or changed on this machine, and nothing else.
# usage: down.sh RUNDIR
# A libvirtd of ours that still runs guests is left running, with a message: ending it would leave them unwatched.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
. "$here/common.sh"

[ $# -eq 1 ] || die "usage: $0 RUNDIR"
[ -d "$1" ] || exit 0
run=$(cd "$1" && pwd)

stop_daemon() {
  local name=$1 pid_file=$run/$1.pid pid
  pid=$(ours "$name" "$pid_file")
  if [ -n "$pid" ]; then
    kill "$pid"
    wait_until 20 "$name has ended" has_ended "$pid"
    say "$name stopped"
  fi
  rm -f "$pid_file"
}

guests() { virsh -q -c qemu:///system list --name | grep -c . || true; }

stop_libvirt() {
  local running
  if is_ours libvirtd "$run/libvirtd.pid" || [ -e "$run/libvirtd.by-systemd" ]; then
    running=$(guests)
    if [ "$running" -gt 0 ]; then
      say "libvirtd stays: $running guest(s) still run"
      return
    fi
  fi
  stop_daemon libvirtd
  stop_daemon virtlogd
  if [ -e "$run/libvirtd.by-systemd" ]; then
    systemctl stop libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd
    rm -f "$run/libvirtd.by-systemd"
    say "libvirtd stopped by systemd"
  fi
}

restore_forwarding() {
  [ -e "$run/ip_forward.was-off" ] || return 0
  echo 0 > /proc/sys/net/ipv4/ip_forward
  rm -f "$run/ip_forward.was-off"
  say "IP forwarding is off, as before"
}

restore_kvm_access() {
  [ -e "$run/kvm.was" ] || return 0
  local owner mode
  read -r owner mode < "$run/kvm.was"
  chown "$owner" /dev/kvm
  chmod "$mode" /dev/kvm
  rm -f "$run/kvm.was"
  say "/dev/kvm is closed, as before"
}

exec 9> "$run/.lock"
flock 9
stop_libvirt 9>&-
restore_kvm_access
restore_forwarding
