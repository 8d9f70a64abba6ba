#!/bin/bash
# The operator's commands for the log of this machine's cloud; `./cairn log` lists them.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# tool COMMAND...: of the embedded store, for its log alone.
tool() {
  local login=()
  [ "$tls" = false ] || login=(--user admin --password-file "$state/eventstore.password" --ca-file "$pki/ca.pem")
  CAIRN_EVENTSTORE_URL=$eventstore_url node --disable-warning=DEP0123 --enable-source-maps \
    "$root/dist/apps/eventstore/src/cli/main.js" "$@" --dir "$state/eventstore" "${login[@]}"
}

# ask COMMAND ARGUMENT...: of Cairn, for the log wherever it is.
ask() {
  local command=$1
  shift
  cli "$command" --config "$state/controller.json" "$@"
}

must_be_down() {
  [ -z "$(pid_of controller)" ] && [ -z "$(pid_of agent)" ] || die "the cloud runs: ./cairn down first"
}

# with_store: the embedded store runs until the end of this script, if the log is in it.
with_store() {
  [ -s "$state/controller.json" ] || die "there is no cloud in $state"
  [ -z "$external_url" ] && [ -z "$(pid_of eventstore)" ] || return 0
  trap 'stop eventstore 30 > /dev/null' EXIT
  start eventstore
  wait_for eventstore 60 "the event store on port $eventstore_port" bash -c "exec 3<> /dev/tcp/127.0.0.1/$eventstore_port"
}

# What was made from the log is made again.
drop_derived() {
  ask drop-read-models
  rm -rf "$state"/controller/process-index.sqlite*
  say "the next ./cairn up builds the read models and the process index again"
}

# A checkpoint of Cairn's, not of the embedded store's own: it holds on every server.
is_portable() {
  local argument
  for argument in "$@"; do [ ! -f "$argument" ] || ! grep -q '"events"' "$argument" || return 0; done
  return 1
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
  scavenge)
    [ -z "$external_url" ] || die "the log of this cloud is $external_url: that server is scavenged by its own tools"
    tool scavenge "$@"
    ;;
  accept)
    must_be_down
    with_store
    ask log-accept "$@"
    drop_derived
    ;;
  verify | checkpoint | public-key)
    if [ "${1:-}" = --portable ]; then
      shift
    elif [ -z "$external_url" ] && ! is_portable "$@"; then
      tool "$command" "$@"
      exit
    fi
    with_store
    ask "log-$command" "$@"
    ;;
  restore)
    [ -z "$(pid_of eventstore)" ] && [ -z "$(pid_of controller)" ] || die "the cloud runs: ./cairn down first"
    [ $# -eq 1 ] || die "usage: ./cairn log restore DIRECTORY"
    tool restore "$@"
    # That the log is an older one is what was asked for. Read models and process index notice it by themselves: the store
    # is in another epoch.
    rm -f "$state/controller/log-head.json"
    say "the next ./cairn up builds the read models and the process index again"
    ;;
  *)
    [ -z "$external_url" ] || die "the log of this cloud is $external_url: use the tools of that server"
    tool "$command" "$@"
    ;;
esac
