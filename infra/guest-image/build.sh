#!/bin/bash
# Builds Cairn's guest image, in both its forms, from the Debian packages of this machine. README.md says what comes out.
# usage: build.sh OUTDIR
# Setting: CAIRN_GUEST_ROOT_MIB=<size of the root file system> (default 64)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=infra/guest-image/lib/common.sh
. "$here/lib/common.sh"
# shellcheck source=infra/guest-image/lib/kernel.sh
. "$here/lib/kernel.sh"
# shellcheck source=infra/guest-image/lib/agent.sh
. "$here/lib/agent.sh"
# shellcheck source=infra/guest-image/lib/recipe-stamp.sh
. "$here/lib/recipe-stamp.sh"
# shellcheck source=infra/guest-image/lib/root-file-system.sh
. "$here/lib/root-file-system.sh"
# shellcheck source=infra/guest-image/lib/ramdisk.sh
. "$here/lib/ramdisk.sh"
# shellcheck source=infra/guest-image/lib/boot-disk.sh
. "$here/lib/boot-disk.sh"

[ $# -eq 1 ] || die "usage: $0 OUTDIR"
out=$1
root_mib=${CAIRN_GUEST_ROOT_MIB:-64}
products=(cairn-guest.qcow2 cairn-guest-vmlinuz cairn-guest-initrd cairn-guest-root.img)

require_tools busybox dropbear dropbearkey cpio zstd mke2fs depmod modprobe sfdisk mformat mcopy syslinux qemu-img flock
[ "$(id -u)" = 0 ] || die "run as root: the guest's files must belong to the guest's users"

mkdir -p "$out"
out=$(cd "$out" && pwd)
exec 9> "$out/.build.lock"
flock -n 9 || { say "another build is running in $out, waiting for it"; flock 9; }

find_kernel "$out/.kernel"
find_agent "$out/.agent"
stamp=$(recipe_stamp "$here" "$kernel_label" "$agent_label" "$root_mib")
if is_up_to_date "$out" "$stamp" "${products[@]}"; then
  say "up to date in $out ($kernel_label)"
  exit 0
fi

work=$(mktemp -d "$out/.build.XXXXXX")
trap 'rm -rf "$work"' EXIT
say "building in $out with $kernel_label"

prepare_kernel "$work/kernel"
cp "$kernel_root/boot/vmlinuz-$kernel" "$work/cairn-guest-vmlinuz"
make_ramdisk "$here" "$work/ramdisk" "$work/cairn-guest-initrd"
make_root_tree "$here" "$work/root"
install_agent "$work/root" "$work/agent"
make_root_image "$work/root" "$root_mib" "$work/cairn-guest-root.img"
make_boot_disk "$here" "$work" "$work/cairn-guest.qcow2"

# The stamp goes first and comes back last, so that a build cut short is never taken for a finished one.
rm -f "$out/cairn-guest.stamp"
for product in "${products[@]}"; do
  chmod 0644 "$work/$product"
  mv -f "$work/$product" "$out/$product"
done
echo "$stamp" > "$out/cairn-guest.stamp"
for product in "${products[@]}"; do
  say "$(printf '%-22s %7s KiB on disk' "$product" "$(du -k "$out/$product" | cut -f1)")"
done
say "done after ${SECONDS} s"
