# Sourced by build.sh: the small ramdisk that finds the root disk.

# make_ramdisk RECIPE TREE OUTPUT; the kernel is the one of prepare_kernel.
make_ramdisk() {
  local recipe=$1 tree=$2 output=$3 file number=0
  : "${kernel_root?}"
  mkdir -p "$tree"/{bin,dev,proc,sys,newroot,modules}
  cp "$(command -v busybox)" "$tree/bin/busybox"
  install -m 0755 "$recipe/initrd/init" "$tree/init"
  module_files "$recipe/modules/ramdisk.list" > "$tree.modules"
  while read -r file; do
    number=$((number + 1))
    cp "$kernel_root$file" "$tree/modules/$(printf '%02d' "$number")-$(basename "$file")"
  done < "$tree.modules"
  (cd "$tree" && find . | sort | cpio -o -H newc --quiet -R 0:0) | zstd -q -12 > "$output"
  say "ramdisk: $number modules, $(stat -c %s "$output") bytes"
}
