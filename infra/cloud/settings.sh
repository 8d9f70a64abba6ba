# shellcheck shell=bash
# Sourced by up.sh: checks the settings in the environment before anything is written, and keeps those that later starts
# remember only when the cloud has come up with them.

is_port() { [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && [ "$1" -le 65535 ]; }

# is_own_address ADDRESS: an interface of this machine has it.
is_own_address() { [ -n "$(ip -o address show to "$1" 2> /dev/null)" ]; }

is_loopback() { [[ $1 =~ ^127\. || $1 = ::1 || $1 =~ ^::ffff:127\. ]]; }

is_any_address() { [[ $1 = 0.0.0.0 || $1 = :: ]]; }

check_ports() {
  local name port
  local -A names=()
  for name in identity compute image metadata eventstore metrics redis hosts; do
    port=${name}_port
    port=${!port}
    is_port "$port" || die "the port of $name must be a number from 1 to 65535, not '$port' (see ./cairn help for the settings)"
    [ -z "${names[$port]:-}" ] || die "the ports of ${names[$port]} and $name are both $port (see ./cairn help for the settings)"
    names[$port]=$name
  done
  is_port "${CAIRN_METADATA_PROXY_PORT:-8776}" || die "CAIRN_METADATA_PROXY_PORT must be a number from 1 to 65535"
}

check_addresses() {
  local bind=${CAIRN_BIND:-127.0.0.1}
  is_any_address "$bind" || is_own_address "$bind" ||
    die "CAIRN_BIND must be an address of this machine, or 0.0.0.0 or :: for all of them, not '$bind'"
  [ -n "$hosts_address" ] || return 0
  ! is_loopback "$hosts_address" ||
    die "CAIRN_HOSTS_ADDRESS must be an address at which other machines reach this one: $hosts_address is loopback (a remembered one is in $state/hosts-address)"
  is_own_address "$hosts_address" ||
    die "CAIRN_HOSTS_ADDRESS must be an address of this machine, not '$hosts_address'"
}

# Settings that are remembered: chosen by one `up`, used by later ones that do not name them.
remembered=(hosts-address database database.password policy-file image-quota)

# From now on a failure takes back what this `up` has chosen: the next one starts with what was there before.
begin_choice() {
  local name
  rm -rf "$run/chosen-before"
  (umask 077 && mkdir "$run/chosen-before")
  for name in "${remembered[@]}"; do
    # A link needs no space, and stays what it is: a setting is replaced by a new file.
    [ ! -e "$state/$name" ] || ln "$state/$name" "$run/chosen-before/$name"
  done
  trap take_back_choice EXIT
}

take_back_choice() {
  local name
  for name in "${remembered[@]}"; do
    [ ! "$run/chosen-before/$name" -ef "$state/$name" ] || continue # it was not chosen anew
    if [ -e "$run/chosen-before/$name" ]; then mv -f "$run/chosen-before/$name" "$state/$name"; else rm -f "$state/$name"; fi
  done
  rm -rf "$run/chosen-before"
}

# The cloud is up with what was chosen.
end_choice() {
  trap - EXIT
  rm -rf "$run/chosen-before"
}

# accept_config FILE: FILE.wanted takes the place of FILE, if the controller can read it.
accept_config() {
  if ! cmp -s "$1.wanted" "$1"; then
    cli check-config --config "$1.wanted" || die "the settings cannot be used; nothing was changed"
  fi
  mv "$1.wanted" "$1"
}
