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

while [ -z "$ending" ]; do
  began=$SECONDS
  log_size=$(log_size "$name")
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
  if "$here/put-aside.sh" end "$name" "$status" "$log_size"; then
    delay=0
    continue
  elif was_ready "$name" "$log_size"; then
    delay=0
  else
    delay=$((delay == 0 ? 1 : delay * 2 > 30 ? 30 : delay * 2))
  fi
  echo "$(date -u +%FT%TZ) status $status after $((SECONDS - began)) s, started again after $delay s" >> "$run/$name.deaths"
  sleep "$delay" &
  wait $!
done
forget "$name.supervisor"
