#!/bin/bash
# Boots both forms as a cloud would: address by DHCP, a metadata service at 169.254.169.254, login by SSH, power button,
# reboot, a second boot of the same disk, and a copy of the disk that became another instance.
# QEMU's own user network stands for the cloud's, so nothing is left on the machine.
# usage: test-server.sh OUTDIR   (what build.sh made; about 90 s)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -eq 1 ] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
images=$(cd "$1" && pwd)
work=$(mktemp -d)
# shellcheck source=infra/guest-image/test/machine.sh
. "$here/test/machine.sh"
# shellcheck source=infra/guest-image/test/cloud.sh
. "$here/test/cloud.sh"
trap 'stop_machine; rm -rf "$work"' EXIT

expect() {
  local what=$1 expected=$2 actual=$3
  [ "$actual" = "$expected" ] || fail "$what: expected '$expected', got '$actual'"
}

boots_as_a_new_server() {
  local form=$1 user
  start_server "$form" "$work/disk.qcow2" "$work/$form-first.log"
  wait_for_line 'dhcp eth0 inet 169.254.169.15/24'
  wait_for_line 'metadata source=ec2 instance-id=i-00000001 hostname=tiny'
  wait_for_line 'user-data rc=7'
  wait_for_line ready
  for user in root cairn; do
    expect "name of the host, as $user" tiny "$(in_guest "$user" hostname)"
    expect "user data, as $user" "$(cat "$cloud/latest/user-data")" "$(in_guest "$user" cat /run/cloud/user-data)"
    expect "meta_data.json, as $user" "$(cat "$cloud/openstack/latest/meta_data.json")" \
      "$(in_guest "$user" cat /run/cloud/meta_data.json)"
  done
  expect 'first runs of user data' 1 "$(in_guest root wc -l /root/runs | cut -d ' ' -f 1)"
  ! password_is_offered || fail 'the SSH server offers login by password'
  echo "ok: $form: new server: userspace $(guest_time userspace) s, sshd $(guest_time sshd) s, ready $(guest_time ready) s"
}

reboots_and_stops_cleanly() {
  local form=$1
  in_guest root reboot || true
  wait_for_line userspace 2
  wait_for_line ready 2
  expect 'host key after the reboot' "$first_key" "$(host_key_of_guest)"
  echo system_powerdown >&8
  wait_for_line power-button
  wait_for_power_off
  grep -a -q 'EXT4-fs.*recover' "$console" && fail 'the reboot left the disk in need of recovery'
  echo "ok: $form: reboot and power button"
}

stays_the_same_server() {
  local form=$1
  start_server "$form" "$work/disk.qcow2" "$work/$form-second.log"
  wait_for_line 'user-data not run again for i-00000001'
  wait_for_line ready
  expect 'host key after stop and start' "$first_key" "$(host_key_of_guest)"
  expect 'runs of user data after stop and start' 1 "$(in_guest root wc -l /root/runs | cut -d ' ' -f 1)"
  ! grep -a -q 'EXT4-fs.*recover' "$console" || fail 'power-off left the disk in need of recovery'
  in_guest root sync
  stop_machine
  echo "ok: $form: same server after stop and start"
}

becomes_another_server() {
  local form=$1
  make_cloud i-00000002 other
  start_server "$form" "$work/disk.qcow2" "$work/$form-other.log"
  wait_for_line 'user-data rc=7'
  wait_for_line ready
  expect 'name of the other host' other "$(in_guest root hostname)"
  expect 'runs of user data on both' 2 "$(in_guest root wc -l /root/runs | cut -d ' ' -f 1)"
  [ "$(host_key_of_guest)" != "$first_key" ] || fail 'two servers share a host key'
  stop_machine
  echo "ok: $form: a copy becomes another server, also after a loss of power"
}

make_login_key
for form in disk triple; do
  make_cloud i-00000001 tiny
  overlay "$form" "$work/disk.qcow2"
  boots_as_a_new_server "$form"
  first_key=$(host_key_of_guest)
  reboots_and_stops_cleanly "$form"
  stays_the_same_server "$form"
  becomes_another_server "$form"
  rm -f "$work/disk.qcow2"
done
