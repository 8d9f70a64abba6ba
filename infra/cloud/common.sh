# shellcheck shell=bash
# Sourced by the cloud's scripts: where things are, and how processes are started, waited for and ended.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export PATH=$PATH:/usr/sbin:/sbin
# shellcheck source=../setup/use-node.sh
. "$root/infra/setup/use-node.sh"

state=${CAIRN_STATE:-/var/lib/cairn}
run=$state/run
logs=$state/log

identity_port=${CAIRN_IDENTITY_PORT:-5000}
compute_port=${CAIRN_COMPUTE_PORT:-8774}
image_port=${CAIRN_IMAGE_PORT:-9292}
metadata_port=${CAIRN_METADATA_PORT:-8775}
console_port=${CAIRN_CONSOLE_PORT:-6080}
eventstore_port=${CAIRN_EVENTSTORE_PORT:-2113}
metrics_port=${CAIRN_EVENTSTORE_METRICS_PORT:-2114}
redis_port=${CAIRN_REDIS_PORT:-6390}
# Flags of Node for each process that is started, e.g. --cpu-prof.
read -ra node_flags <<< "${CAIRN_NODE_FLAGS:-}"
hosts_port=${CAIRN_HOSTS_PORT:-8780}
# Where hosts on other machines reach this cloud, settled by the first `up` that names it; empty: nowhere.
hosts_address=${CAIRN_HOSTS_ADDRESS:-$(cat "$state/hosts-address" 2> /dev/null || true)}
pki=$state/pki
if [ -n "$hosts_address" ]; then tls=true; else tls=false; fi
# settle_log: where the log is. A log elsewhere was named by an earlier `up` (choose-log.ts); otherwise it is the embedded store.
settle_log() {
  external_url=$(cat "$state/store-url" 2> /dev/null || true)
  eventstore_url=${external_url:-esdb://127.0.0.1:$eventstore_port?tls=$tls}
  store_user=$(cat "$state/store-user" 2> /dev/null || true)
}
settle_log

say() { echo "[cairn] $*"; }

die() {
  echo "[cairn] error: $*" >&2
  exit 1
}

now_ms() { date +%s%3N; }

# put FILE COMMAND...: what the command prints becomes FILE, whole or not at all: after a full disk, a failed command or a
# lost power it is the file that was there before, or none. A file that says the same already is left alone.
put() {
  local file=$1 text
  shift
  text=$("$@") || return
  if [ -s "$file" ] && [ "$(< "$file")" = "$text" ]; then return 0; fi
  { printf '%s\n' "$text" > "$file.new" && sync "$file.new" && mv -f "$file.new" "$file"; } 2> /dev/null && return
  rm -f "$file.new"
  echo "[cairn] error: $file cannot be written: $(df -h --output=avail "${file%/*}" | tail -n 1 | tr -d ' ') are free" >&2
  return 1
}

# pid_of NAME: the pid in the pid file when that process is still the one that was started; else the pid of the one that
# runs without a record, since there was no room for it; else nothing.
pid_of() {
  local pid started
  { pid=$(< "$run/$1.pid") && started=$(< "$run/$1.started"); } 2> /dev/null || pid='' started=''
  if [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ]; then echo "$pid"; else unrecorded "$1"; fi
}

# unrecorded NAME: a supervisor of this cloud by its arguments and the log that it writes, a process as its child.
unrecorded() {
  local name=${1%.supervisor} pid
  for pid in $(pgrep -f "/supervise\\.sh $name( |\$)"); do
    [ "$(readlink "/proc/$pid/fd/1")" = "$logs/supervisor.log" ] || continue
    if [ "$name" = "$1" ]; then pid=$(child_of "$pid" "$logs/$name.log"); fi
    [ -z "$pid" ] || echo "$pid"
    return 0
  done
}

# child_of PID LOG: its child that writes there.
child_of() {
  local pid
  for pid in $(pgrep -P "$1"); do
    [ "$(readlink "/proc/$pid/fd/1")" != "$2" ] || echo "$pid"
  done
}

# notice NAME TEXT: for `status`, about something that was put right without an operator, or waits for one.
notice() { echo "$(date -u +%FT%TZ) $2" >> "$run/$1.notices"; }

# log_size NAME; log_since NAME SIZE: what its log says since it had that size; has_said NAME SIZE PATTERN: whether that
# is in it; was_ready NAME SIZE: whether it has been ready.
log_size() { stat -c %s "$logs/$1.log" 2> /dev/null || echo 0; }
log_since() { tail -c +"$(($2 + 1))" "$logs/$1.log"; }
# Not through a pipe: grep ends at the first match, and under pipefail it would count that the writer could not go on.
has_said() { grep -qiE "$3" < <(log_since "$1" "$2"); }
was_ready() { has_said "$1" "$2" "^$1 ready|ready to accept connections"; }

free_mib() { df --output=avail -BM "$state" | tail -n 1 | tr -cd 0-9; }

# When a process began, in clock ticks since boot: together with the pid it names one process. A zombie counts as ended.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2> /dev/null) || return 0
  stat=${stat##*) }
  # shellcheck disable=SC2086 # split into fields
  set -- $stat
  [ "$1" = Z ] || echo "${20}"
}

# record NAME PID; forget NAME: which process it is, for pid_of.
record() { put "$run/$1.started" start_time "$2" && put "$run/$1.pid" echo "$2"; }
# insist NAME PID: records it as soon as there is room for that.
insist() { until record "$1" "$2" 2> /dev/null || [ -z "$(start_time "$2")" ]; do sleep 1; done; }
forget() { rm -f "$run/$1.pid" "$run/$1.started"; }

# start NAME: in the background, under a supervisor in a session of its own, output appended to the log.
start() {
  local name=$1
  end_process "$name.supervisor" 5 # one that waits for its next try
  rm -f "$run/$name.deaths" "$run/$name.notices" "$run/$name.put-aside"
  supervise "$name"
  # Until the process is recorded, or has ended again.
  until [ -n "$(pid_of "$name")" ] || [ -s "$run/$name.deaths" ]; do sleep 0.02; done
}

# supervise NAME [PID]
supervise() {
  setsid "$here/supervise.sh" "$@" >> "$logs/supervisor.log" 2>&1 < /dev/null &
  record "$1.supervisor" $! 2> /dev/null || true # it insists
  disown $!
}

# supervised NAME: it runs. Gives it a supervisor when its own was killed.
supervised() {
  local pid
  pid=$(pid_of "$1")
  [ -n "$pid" ] || return 1
  [ -n "$(pid_of "$1.supervisor")" ] || supervise "$1" "$pid"
}

# stop NAME [SECONDS]: asks it to end; insists after that long. Its supervisor passes the word on and ends with it.
stop() {
  local name=$1 seconds=${2:-20}
  end_process "$name.supervisor" "$seconds" "$name"
  end_process "$name" "$seconds" "$name"
}

# end_process NAME SECONDS [SPEAK OF IT AS]
end_process() {
  local name=$1 seconds=$2 called=${3:-} pid tries
  pid=$(pid_of "$name")
  if [ -n "$pid" ]; then
    kill "$pid" 2> /dev/null || true
    for ((tries = seconds * 10; tries > 0; tries--)); do
      [ -n "$(pid_of "$name")" ] || break
      sleep 0.1
    done
    if [ -n "$(pid_of "$name")" ]; then
      [ -z "$called" ] || say "$called did not end within $seconds s: killed"
      kill -9 "$pid" 2> /dev/null || true
    else
      [ -z "$called" ] || say "$called ended"
    fi
  fi
  forget "$name"
}

# wait_for NAME SECONDS WHAT COMMAND...: until COMMAND succeeds; gives up at once when the process NAME has ended.
wait_for() {
  local name=$1 seconds=$2 what=$3 began=$SECONDS told=$SECONDS
  shift 3
  until "$@" > /dev/null 2>&1; do
    if [ -n "$name" ] && [ -s "$run/$name.deaths" ]; then
      tail -n 20 "$logs/$name.log" >&2
      stop "$name" 5 > /dev/null
      die "$name ended while starting (log: $logs/$name.log)"
    fi
    [ $((SECONDS - began)) -lt "$seconds" ] || die "not within $seconds s: $what (logs: $logs)"
    if [ $((SECONDS - told)) -ge 2 ]; then
      say "waiting for $what, $((SECONDS - began)) s"
      told=$SECONDS
    fi
    sleep 0.1
  done
}

port_is_free() { ! (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# What the first start chose, or joining a cloud: libvirt, simulated, or machines (machines.sh); nothing before that.
chosen_mode() { cat "$state/mode" 2> /dev/null || true; }

# The agent's configuration: of this cloud, or as a host of another machine's (host.sh join).
agent_config() { if [ -s "$state/host/agent.json" ]; then echo "$state/host/agent.json"; else echo "$state/agent.json"; fi; }

# agent_state CONFIG: the state folder of the agent with that configuration.
agent_state() {
  local dir
  dir=$(jq -r .stateDir "$1")
  case $dir in /*) echo "$dir" ;; *) echo "$(dirname "$1")/$dir" ;; esac
}

# secret FILE: a random password in a file that only root can read, made once.
secret() {
  [ -s "$1" ] || (umask 077 && put "$1" random_secret)
}
random_secret() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

# The store's client names an address as its TLS server name; Node.js would warn of that (DEP0123).
cli() { node --disable-warning=DEP0123 --enable-source-maps "$root/dist/apps/controller/src/cli/main.js" "$@"; }
