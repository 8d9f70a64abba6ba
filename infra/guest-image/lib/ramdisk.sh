# Sourced by build.sh: the small ramdisk that finds the root disk.

# make_ramdisk RECIPE KERNEL TREE OUTPUT
make_ramdisk() {
  local recipe=$1 kernel=$2 tree=$3 output=$4 file number=0
  mkdir -p "$tree"/{bin,dev,proc,sys,newroot,modules}
  cp "$(command -v busybox)" "$tree/bin/busybox"
  install -m 0755 "$recipe/initrd/init" "$tree/init"
  while read -r file; do
    number=$((number + 1))
    cp "$file" "$tree/modules/$(printf '%02d' "$number")-$(basename "$file")"
  done < <(module_files "$kernel" "$recipe/modules/ramdisk.list")
  (cd "$tree" && find . | sort | cpio -o -H newc --quiet -R 0:0) | zstd -q -12 > "$output"
  say "ramdisk: $number modules, $(stat -c %s "$output") bytes"
}
