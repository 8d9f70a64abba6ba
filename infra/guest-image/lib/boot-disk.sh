# Sourced by build.sh: one disk with a boot loader for BIOS, put together from files without a mount or a loop device.
# Layout: MBR | 1 MiB: FAT with SYSLINUX, kernel and ramdisk | the root file system.

boot_start_mib=1
boot_size_mib=32
syslinux_mbr=/usr/lib/syslinux/mbr/mbr.bin

# make_boot_disk RECIPE WORK OUTPUT: WORK holds cairn-guest-{vmlinuz,initrd,root.img}.
make_boot_disk() {
  local recipe=$1 work=$2 output=$3
  local disk=$work/disk.raw root=$work/cairn-guest-root.img
  local root_start_mib=$((boot_start_mib + boot_size_mib)) root_bytes
  root_bytes=$(stat -c %s "$root")
  truncate -s "$((root_start_mib * 1048576 + root_bytes))" "$disk"
  write_partition_table "$disk" "$root_start_mib"
  write_boot_partition "$recipe" "$work" "$disk@@${boot_start_mib}M"
  syslinux --install --offset "$((boot_start_mib * 1048576))" "$disk"
  dd if="$root" of="$disk" bs=1M seek="$root_start_mib" conv=notrunc,sparse status=none
  qemu-img convert -f raw -O qcow2 -c "$disk" "$output"
  rm -f "$disk"
  say "boot disk: $(((root_start_mib * 1048576 + root_bytes) / 1048576)) MiB virtual"
}

write_partition_table() {
  local disk=$1 root_start_mib=$2
  sfdisk --quiet "$disk" << PARTITIONS
label: dos
start=${boot_start_mib}MiB, size=${boot_size_mib}MiB, type=e, bootable
start=${root_start_mib}MiB, type=83
PARTITIONS
  dd if="$syslinux_mbr" of="$disk" bs=440 count=1 conv=notrunc status=none
}

write_boot_partition() {
  local recipe=$1 work=$2 partition=$3
  mformat -i "$partition" -T "$((boot_size_mib * 2048))" -h 64 -s 32 -H "$((boot_start_mib * 2048))" -v CAIRNBOOT ::
  mcopy -i "$partition" "$recipe/boot/syslinux.cfg" ::syslinux.cfg
  mcopy -i "$partition" "$work/cairn-guest-vmlinuz" ::vmlinuz
  mcopy -i "$partition" "$work/cairn-guest-initrd" ::initrd
}
