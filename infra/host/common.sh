# shellcheck shell=bash
# Sourced by the scripts beside it: messages and pid files. Needs bash with errexit on.

# shellcheck source=processes.sh
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"

say() { echo "[host] $*"; }

die() {
  echo "[host] error: $*" >&2
  exit 1
}

has_systemd() { [ -d /run/systemd/system ]; }

libvirt_answers() { timeout 20 virsh -q -c qemu:///system uri > /dev/null 2>&1; }

# ours NAME PIDFILE: the pid of the daemon that up.sh started with this very pid file. What is in the file does not
# matter: a full disk leaves it empty.
ours() {
  local pid
  for pid in $(find_processes -x "$1"); do
    grep -qzxF -- "$2" "/proc/$pid/cmdline" 2> /dev/null || continue
    echo "$pid"
    return 0
  done
}
is_ours() { [ -n "$(ours "$@")" ]; }

# has_ended PID: a zombie has closed all it had; a process on its way out has lost its arguments, but not its sockets yet.
has_ended() {
  local stat
  stat=$(cat "/proc/$1/stat" 2> /dev/null) || return 0
  [ "${stat##*) }" != "${stat##*) Z}" ]
}

# is_within SECONDS COMMAND...: asks every tenth of a second whether the command succeeds.
is_within() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -le "$until" ] || return 1
    sleep 0.1
  done
}

# wait_until SECONDS WHAT COMMAND...
wait_until() {
  local seconds=$1 what=$2
  shift 2
  is_within "$seconds" "$@" || die "not within $seconds s: $what"
}
