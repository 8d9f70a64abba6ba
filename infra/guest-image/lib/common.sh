# Sourced by the recipe's scripts: messages and look-ups. Needs bash with errexit on.

say() { echo "[guest-image] $*"; }

die() {
  echo "[guest-image] error: $*" >&2
  exit 1
}

require_tools() {
  local tool missing=()
  for tool in "$@"; do
    command -v "$tool" > /dev/null || missing+=("$tool")
  done
  [ ${#missing[@]} -eq 0 ] || die "missing: ${missing[*]} (install with infra/setup/packages.sh guest-image)"
}

newest_cloud_kernel() {
  local newest
  newest=$(find /lib/modules -mindepth 1 -maxdepth 1 -name '*-cloud-*' -printf '%f\n' 2> /dev/null | sort -V | tail -n 1)
  [ -n "$newest" ] || die "no cloud kernel below /lib/modules (package linux-image-cloud-amd64)"
  echo "$newest"
}

# module_files KERNEL LIST: the .ko files of the modules named in LIST and of what they need, in load order, each once.
module_files() {
  local kernel=$1 list=$2 module
  while read -r module; do
    case $module in '' | '#'*) continue ;; esac
    modprobe --set-version "$kernel" --show-depends "$module" || die "kernel $kernel has no module $module"
  done < "$list" | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# copy_with_libraries PROGRAM ROOT DIRECTORY: a dynamic program and the shared libraries that it asks for.
copy_with_libraries() {
  local program=$1 root=$2 directory=$3 library
  install -D -m 0755 "$program" "$root$directory/$(basename "$program")"
  while read -r library; do
    install -D -m 0755 "$library" "$root/usr${library#/usr}"
  done < <(ldd "$program" | grep -o '/[^ ]*')
}
