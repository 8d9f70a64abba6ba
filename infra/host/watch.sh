#!/bin/bash
# Looks after libvirtd and virtlogd for as long as it runs: one that has died is started again by up.sh within 5 s, and each
# death is a line of RUNDIR/NAME.deaths.
# usage: watch.sh RUNDIR
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
. "$here/common.sh"

[ $# -eq 1 ] || die "usage: $0 RUNDIR"
run=$(cd "$1" && pwd)

# Also one that something else started: a libvirtd that ran before is used as well.
is_there() { is_ours "$1" "$run/$1.pid" || find_processes -x -r D,R,S "$1" > /dev/null; }

trap 'exit 0' TERM INT
echo "host ready"
while :; do
  # One that systemd started, systemd starts again.
  if [ ! -e "$run/libvirtd.by-systemd" ]; then
    dead=()
    for name in virtlogd libvirtd; do
      is_there "$name" || dead+=("$name")
    done
    if [ ${#dead[@]} -gt 0 ]; then
      say "${dead[*]} died"
      if "$here/up.sh" "$run"; then
        for name in "${dead[@]}"; do echo "$(date -u +%FT%TZ) started again at once" >> "$run/$name.deaths"; done
      fi
    fi
  fi
  sleep 2 &
  wait $!
done
