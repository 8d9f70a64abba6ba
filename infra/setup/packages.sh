#!/bin/bash
# Installs the Debian packages that Cairn needs and this machine lacks; without apt when nothing is missing.
# usage: packages.sh [core|host|clients|guest-image|postgres|tempest|uml]...   (when none is named: the first four)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=infra/setup/progress.sh
. "$here/progress.sh"

# The controller, the event store and the set-up itself.
core=(ca-certificates curl jq openssl procps util-linux redis-server libjemalloc2)
# What an agent drives.
host=(qemu-system-x86 qemu-utils ovmf libvirt-daemon-system libvirt-clients dnsmasq-base nftables iproute2 e2fsprogs fdisk
  busybox-static genisoimage dosfstools mtools)
# What a person and the demo use.
clients=(python3-openstackclient python3-novaclient openssh-client)
# The image's recipe and its tests. No linux-image-cloud-amd64: installed, it would become the kernel that a machine
# with GRUB boots next, without drivers for real hardware. The recipe unpacks the package instead.
guest_image=(busybox-static dropbear-bin cpio zstd mtools syslinux syslinux-common fdisk e2fsprogs kmod
  qemu-system-x86 qemu-utils openssh-client python3)

# For read models in PostgreSQL and the tests of it.
postgres=(postgresql)

# OpenStack's own test suite, and what reads its results.
tempest=(tempest python3-stestr python3-subunit)

# Hosts with kernels of their own, for tests of what this machine's kernel may lack: VLANs.
uml=(user-mode-linux gcc libc6-dev python3)

policy=/usr/sbin/policy-rc.d

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }

# packages_of GROUP...: one a line, each once.
packages_of() {
  local group
  for group in "$@"; do
    case $group in
      core) printf '%s\n' "${core[@]}" ;;
      host) printf '%s\n' "${host[@]}" ;;
      clients) printf '%s\n' "${clients[@]}" ;;
      guest-image) printf '%s\n' "${guest_image[@]}" ;;
      postgres) printf '%s\n' "${postgres[@]}" ;;
      tempest) printf '%s\n' "${tempest[@]}" ;;
      uml) printf '%s\n' "${uml[@]}" ;;
      *) die "no group '$group' (core, host, clients, guest-image, postgres, tempest, uml)" ;;
    esac
  done | awk '!seen[$0]++'
}

# Cairn starts its own Redis, libvirtd and dnsmasq; Debian's must not run because of an installation.
deny_daemon_starts() {
  [ ! -e "$policy" ] || return 0
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 0755 "$policy"
}

# Nor may Debian make a database cluster of its own, which would start with the machine.
deny_clusters() {
  local file=/etc/postgresql-common/createcluster.conf
  [ ! -e "$file" ] || return 0
  mkdir -p "${file%/*}"
  echo 'create_main_cluster = false' > "$file"
}

can_install() { apt-get install --simulate --no-install-recommends "$@" > /dev/null 2>&1; }

install_packages() {
  local apt=(apt-get -q -y -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300)
  export DEBIAN_FRONTEND=noninteractive
  deny_daemon_starts
  deny_clusters
  can_install "$@" || with_progress 'apt-get update' "${apt[@]}" update
  # Lists may be so old that the mirror has newer versions only.
  with_progress "installing $# packages" "${apt[@]}" install --no-install-recommends "$@" ||
    { with_progress 'apt-get update' "${apt[@]}" update &&
      with_progress "installing $# packages again" "${apt[@]}" install --no-install-recommends "$@"; }
}

main() {
  local wanted package missing=()
  [ $# -gt 0 ] || set -- core host clients guest-image
  wanted=$(packages_of "$@")
  for package in $wanted; do
    is_installed "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say "packages: all present ($*)"
    return
  fi
  [ "$(id -u)" = 0 ] || die "missing packages: ${missing[*]}; run as root to install them"
  say "packages missing: ${missing[*]}"
  install_packages "${missing[@]}"
}

main "$@"
