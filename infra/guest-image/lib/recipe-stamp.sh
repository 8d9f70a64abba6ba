# Sourced by build.sh: what a build came from, so that an unchanged recipe is not built again.

# recipe_stamp RECIPE KERNEL_LABEL AGENT_LABEL ROOT_MIB: one line that changes when anything that goes into the images changes.
recipe_stamp() {
  local recipe=$1 kernel_label=$2 agent_label=$3 root_mib=$4 files packages
  files=$(cd "$recipe" && find build.sh lib modules initrd boot rootfs -type f -printf '%m ' -exec sha256sum {} \; |
    sort -k 3 | sha256sum | cut -d ' ' -f 1)
  # shellcheck disable=SC2016 # dpkg-query expands the fields itself
  packages=$(dpkg-query -W -f '${Package}=${Version} ' busybox-static dropbear-bin syslinux)
  echo "recipe=$files root_mib=$root_mib $kernel_label $agent_label $packages"
}

# is_up_to_date OUTDIR STAMP PRODUCT...
is_up_to_date() {
  local out=$1 stamp=$2 product
  shift 2
  [ "$(cat "$out/cairn-guest.stamp" 2> /dev/null)" = "$stamp" ] || return 1
  for product in "$@"; do
    [ -s "$out/$product" ] || return 1
  done
}
