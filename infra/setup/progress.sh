# Sourced by the set-up scripts: messages, and a sign of life from whatever takes longer than a moment.

# A root shell by su may lack these, and dpkg needs them.
export PATH=$PATH:/usr/sbin:/sbin

say() { echo "[setup] $*"; }

die() {
  echo "[setup] error: $*" >&2
  exit 1
}

# with_progress WHAT COMMAND...: runs COMMAND with its output in a log; every 5 s says how long it has been running and
# the log's last line. Returns COMMAND's exit status, after the end of its log when that is not 0.
with_progress() {
  local what=$1 log pid status=0 started=$SECONDS
  shift
  log=$(mktemp)
  say "$what ..."
  "$@" > "$log" 2>&1 < /dev/null &
  pid=$!
  # shellcheck disable=SC2064 # the pid of now
  trap "kill $pid 2> /dev/null; wait $pid; rm -f '$log'; exit 130" INT TERM
  report_until_end "$pid" "$log" "$started" "$what" &
  local reporter=$!
  wait "$pid" || status=$?
  kill "$reporter" 2> /dev/null || true
  wait "$reporter" 2> /dev/null || true
  trap - INT TERM
  if [ "$status" -ne 0 ]; then
    tail -n 40 "$log" >&2
    echo "[setup] $what: failed with status $status" >&2
  else
    say "$what: done after $((SECONDS - started)) s"
  fi
  rm -f "$log"
  return "$status"
}

report_until_end() {
  local pid=$1 log=$2 started=$3 what=$4
  while sleep 5 && kill -0 "$pid" 2> /dev/null; do
    say "$what: $((SECONDS - started)) s: $(tail -n 1 "$log" | tr -cd '[:print:]' | cut -c 1-90)"
  done
}
