# Sourced by build.sh: the guest's root file system, made without mounting anything.

# make_root_tree RECIPE TREE: Debian's programs and modules, and the files kept in rootfs/.
make_root_tree() {
  local recipe=$1 tree=$2
  mkdir -p "$tree"/usr/{bin,lib,lib64} "$tree"/{boot,dev,etc/dropbear,home/cairn,mnt,proc,root,run,sys,tmp} \
    "$tree"/var/{lib/cloud,log}
  ln -s bin "$tree/usr/sbin"
  ln -s usr/bin "$tree/bin"
  ln -s usr/bin "$tree/sbin"
  ln -s usr/lib "$tree/lib"
  ln -s usr/lib64 "$tree/lib64"
  ln -s ../run "$tree/var/run"
  install_programs "$tree"
  install_modules "$recipe" "$tree"
  cp -r "$recipe/rootfs/." "$tree/"
  own_files "$tree"
  say "root file system: $(du -sm "$tree" | cut -f1) MiB of files"
}

install_programs() {
  local tree=$1 applet
  install -m 0755 "$(command -v busybox)" "$tree/usr/bin/busybox"
  while read -r applet; do
    [ "$applet" = busybox ] || ln -sf busybox "$tree/usr/bin/$applet"
  done < <(busybox --list)
  # Debian puts these in /usr/sbin and /usr/bin; the guest has one directory for all.
  copy_with_libraries "$(command -v dropbear)" "$tree" /usr/bin
  copy_with_libraries "$(command -v dropbearkey)" "$tree" /usr/bin
}

install_modules() {
  local recipe=$1 tree=$2 file index
  : "${kernel_root?}" "${kernel:?}"
  module_files "$recipe"/modules/{ramdisk,root}.list > "$tree.modules"
  while read -r file; do
    install -D -m 0644 "$kernel_root$file" "$tree/usr$file"
  done < "$tree.modules"
  for index in modules.builtin modules.builtin.modinfo modules.order; do
    cp "$kernel_root/lib/modules/$kernel/$index" "$tree/usr/lib/modules/$kernel/"
  done
  depmod -b "$tree" "$kernel"
  # Only modules.dep and modules.alias are read by the guest's modprobe.
  rm -f "$tree/usr/lib/modules/$kernel"/modules.*.bin "$tree/usr/lib/modules/$kernel"/modules.builtin* \
    "$tree/usr/lib/modules/$kernel"/modules.order
  grep -v '^#' "$recipe/modules/root.list" > "$tree/etc/modules"
}

# Git keeps only the executable bit, and a check-out may belong to anybody.
own_files() {
  local tree=$1
  chown -R 0:0 "$tree"
  chown -R 1000:1000 "$tree/home/cairn"
  chmod -R u+rwX,go+rX,go-w "$tree"
  chmod 0600 "$tree/etc/shadow"
  chmod 0700 "$tree/root" "$tree/etc/dropbear" "$tree/home/cairn"
  chmod 1777 "$tree/tmp"
}

# make_root_image TREE MIB OUTPUT: a raw ext4 file system that fills its disk. The journal is needed: without one a
# guest that lost power shows checksum errors at its next boot.
make_root_image() {
  local tree=$1 mib=$2 output=$3
  truncate -s "${mib}M" "$output"
  mke2fs -q -F -t ext4 -b 1024 -m 1 -J size=4 -L cairn-root -d "$tree" "$output"
}
