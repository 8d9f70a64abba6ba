# Sourced by build.sh: Debian's cloud kernel, installed or not. Installing the package would change what a machine with
# GRUB boots next, so where it is not installed it is fetched and unpacked beside the images.

# find_kernel CACHE: sets kernel_archive (empty when a cloud kernel is installed) and kernel_label (the name of the kernel).
find_kernel() {
  local cache=$1 package
  kernel_archive=
  package=$(installed_kernel_package)
  if [ -n "$package" ]; then
    # shellcheck disable=SC2016
    kernel_label=$(dpkg-query -W -f '${Package}=${Version}' "$package")
    return
  fi
  kernel_archive=$(fetched_archive 'linux-image-*' "$cache")
  if [ -z "$kernel_archive" ]; then
    fetch_kernel "$cache"
    kernel_archive=$(fetched_archive 'linux-image-*' "$cache")
  fi
  # shellcheck disable=SC2034
  kernel_label=$(archive_label "$kernel_archive")
}

installed_kernel_package() {
  # shellcheck disable=SC2016 # dpkg-query expands the fields itself
  { dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'linux-image-[0-9]*-cloud-amd64' 2> /dev/null || true; } |
    sed -n 's/^installed //p' | sort -V | tail -n 1
}

fetch_kernel() {
  local cache=$1 package
  package=$(newest_kernel_package)
  if [ -z "$package" ]; then
    say "apt-get update, to find the cloud kernel"
    apt-get -q update > /dev/null
    package=$(newest_kernel_package)
  fi
  [ -n "$package" ] || die "apt knows no linux-image-cloud-amd64"
  say "fetching $package (about 25 MB)"
  fetch_archive "$package" "$cache" || die "cannot download $package; apt-get update may help"
}

newest_kernel_package() {
  { apt-cache depends linux-image-cloud-amd64 2> /dev/null || true; } | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1
}

# prepare_kernel SCRATCH: after find_kernel; sets kernel (the version) and kernel_root (where its boot/ and lib/modules/ are; empty for /).
prepare_kernel() {
  local scratch=$1
  kernel_root=
  if [ -n "$kernel_archive" ]; then
    kernel_root=$scratch
    dpkg-deb --extract "$kernel_archive" "$kernel_root"
  fi
  kernel=${kernel_label%%=*}
  kernel=${kernel#linux-image-}
  [ -z "$kernel_root" ] || depmod -b "$kernel_root" "$kernel"
}

# module_files LIST...: the .ko files of the modules named in the LISTs and of what they need, below kernel_root, in
# load order, each once.
module_files() {
  local module
  cat "$@" | while read -r module; do
    case $module in '' | '#'*) continue ;; esac
    modprobe --dirname "$kernel_root/" --set-version "$kernel" --show-depends "$module" ||
      die "kernel $kernel has no module $module"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | sed "s|^$kernel_root/*|/|"
}
