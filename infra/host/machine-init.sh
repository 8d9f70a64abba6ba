#!/bin/bash
# The first process of a host within this machine (machine.sh): mounts what is the host's own, then stays, and lets go of the
# processes whose parents have ended.
# usage: machine-init.sh DIR
set -euo pipefail
dir=$1

mount -t proc proc /proc
# Shows the network interfaces of this name space; control groups stay where they are.
mkdir -p "$dir/cgroup"
mount --rbind /sys/fs/cgroup "$dir/cgroup"
mount -t sysfs sysfs /sys
mount --move "$dir/cgroup" /sys/fs/cgroup
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/lock /run/libvirt
mount --bind "$dir/libvirt/etc" /etc/libvirt
mount --bind "$dir/libvirt/lib" /var/lib/libvirt
mount --bind "$dir/libvirt/log" /var/log/libvirt
mount --bind "$dir/libvirt/cache" /var/cache/libvirt
mount --bind "$dir/hosts" /etc/hosts
hostname "$(< "$dir/hostname")"
ip link set dev lo up
touch /run/machine-is-up

# bash collects whatever ends, also what it did not start.
while :; do
  sleep 1000 &
  wait $! || true
done
