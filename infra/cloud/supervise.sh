#!/bin/bash
# Keeps one process of the cloud running until it is told to end: starts it again when it dies, at once when it had been
# ready, else later each time, up to 30 s. Each death is a line of $run/NAME.deaths: when, exit status, seconds lived.
# usage: supervise.sh NAME [PID]      (PID: it runs already, its supervisor was killed)
set -uo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

name=$1 pid=${2:-} ending='' delay=0 recorder=''
insist "$name.supervisor" $$ &
trap 'ending=yes; [ -z "$pid" ] || kill "$pid" 2> /dev/null' TERM INT

# A trap ends `wait`: it is asked again until the process is gone.
await() {
  while :; do
    wait "$pid" 2> /dev/null
    status=$?
    # Not a child of this shell: looked at instead.
    if [ "$status" = 127 ]; then
      status=unknown
      tail --pid="$pid" -s 0.5 -f /dev/null &
      watcher=$!
      wait "$watcher"
      kill "$watcher" 2> /dev/null # still there when a trap ended the wait
    fi
    [ -n "$(start_time "$pid")" ] || return 0
  done
}

was_ready() { tail -c +"$((log_size + 1))" "$logs/$name.log" | grep -qiE "^$name ready|ready to accept connections"; }

# What a process keeps that the log can give again. When it cannot start with it, that is put aside, once.
derived=
case $name in redis | postgres) derived=$state/$name ;; esac

# For a process that ended by itself with an error, where the disk has room to make the same again.
put_aside() {
  [ -d "$derived" ] && [[ $status =~ ^[1-9][0-9]?$ ]] && [ "$(free_mib)" -ge 64 ] || return 1
  rm -rf "$derived.damaged"
  mv "$derived" "$derived.damaged" || return 1
  notice "$name" "it could not start with its files: they are in $derived.damaged, and what they held is made again"
  derived=
}

while [ -z "$ending" ]; do
  began=$SECONDS
  log_size=$(stat -c %s "$logs/$name.log" 2> /dev/null || echo 0)
  if [ -z "$pid" ]; then
    "$here/run.sh" "$name" < /dev/null >> "$logs/$name.log" 2>&1 &
    pid=$!
    record "$name" "$pid" 2> /dev/null || {
      insist "$name" "$pid" &
      recorder=$!
    }
    [ -z "$ending" ] || kill "$pid"
  fi
  await
  [ -z "$recorder" ] || kill "$recorder" 2> /dev/null
  recorder=
  forget "$name"
  pid=
  [ -z "$ending" ] || break
  if was_ready; then
    delay=0
  elif put_aside; then
    continue
  else
    delay=$((delay == 0 ? 1 : delay * 2 > 30 ? 30 : delay * 2))
  fi
  echo "$(date -u +%FT%TZ) status $status after $((SECONDS - began)) s, started again after $delay s" >> "$run/$name.deaths"
  sleep "$delay" &
  wait $!
done
forget "$name.supervisor"
