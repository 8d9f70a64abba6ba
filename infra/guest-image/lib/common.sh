# Sourced by the recipe's scripts: messages and look-ups. Needs bash with errexit on.

# A root shell by su may lack these.
export PATH=$PATH:/usr/sbin:/sbin

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

# fetch_archive PACKAGE CACHE: the package's archive, in CACHE whole or not at all.
fetch_archive() {
  local package=$1 cache=$2
  mkdir -p "$cache/partial"
  rm -f "$cache"/partial/*
  # apt would download as its own user, who may not write here.
  (cd "$cache/partial" && apt-get -q -o APT::Sandbox::User=root download "$package" > /dev/null 2>&1) || return 1
  mv "$cache"/partial/*.deb "$cache/"
}

# fetched_archive PACKAGE CACHE: the newest archive of that package in CACHE, if there is one; PACKAGE may be a glob.
fetched_archive() {
  [ ! -d "$2" ] || find "$2" -maxdepth 1 -name "${1}_*.deb" | sort -V | tail -n 1
}

# archive_label ARCHIVE: package and version.
archive_label() {
  # shellcheck disable=SC2016 # dpkg-deb expands the fields itself
  dpkg-deb --show --showformat '${Package}=${Version}' "$1"
}

# copy_with_libraries PROGRAM ROOT DIRECTORY: a dynamic program and the shared libraries that it asks for.
copy_with_libraries() {
  local program=$1 root=$2 directory=$3 library
  install -D -m 0755 "$program" "$root$directory/$(basename "$program")"
  while read -r library; do
    install -D -m 0755 "$library" "$root/usr${library#/usr}"
  done < <(ldd "$program" | grep -o '/[^ ]*')
}
