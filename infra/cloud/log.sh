#!/bin/bash
# The operator's commands for the log of this machine's cloud; `./cairn log` lists them.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=log-access.sh
. "$here/log-access.sh"

usage() {
  cat << 'TEXT'
usage: ./cairn log COMMAND

  verify [--checkpoint FILE]... [--public-key FILE]   check the whole log, and that it continues what checkpoints signed
  checkpoint [FILE]                                   sign the head of the log
  public-key [FILE]                                   the key that checks this log's checkpoints
  accept                                              go on with a log that lacks what the cloud has seen of it
  secure                                              close a log in an EventStoreDB to its other users
  backup DIRECTORY                                    copy what is new into a backup, verified
  restore DIRECTORY [--public-key FILE]               make the log from a backup
  export [FILE]                                       every event of Cairn's as a line of JSON
  import FILE                                         make an empty log, or the beginning of one, what such a file holds
  move --to URL|embedded, move --abandon              take the log to another server; take that back
  scavenge                                            remove from the embedded store what deletes and retention hide

verify, checkpoint, public-key and backup with --portable as their first argument: as for a log that is in an EventStoreDB.
TEXT
}

# tool COMMAND...: of the embedded store, for its log alone.
tool() {
  local login=()
  [ "$tls" = false ] || login=(--user admin --password-file "$state/eventstore.password" --ca-file "$pki/ca.pem")
  CAIRN_EVENTSTORE_URL=$eventstore_url node --disable-warning=DEP0123 --enable-source-maps \
    "$root/dist/apps/eventstore/src/cli/main.js" "$@" --dir "$state/eventstore" "${login[@]}"
}

# ask COMMAND ARGUMENT...: of Cairn, for the log wherever it is.
configuration=$state/controller.json
ask() {
  local command=$1
  shift
  cli "$command" --config "$configuration" "$@"
}

must_be_down() {
  [ -z "$(pid_of controller)" ] && [ -z "$(pid_of agent)" ] || die "the cloud runs: ./cairn down first"
  [ -s "$state/controller.json" ] || die "there is no cloud in $state"
  # Nobody else uses the embedded store: one that a killed command has left ends as well.
  trap 'stop eventstore 30 > /dev/null' EXIT
}

# with_store PLACE: the embedded store answers until the end of this script, if the log at that place is in it. One that
# runs or is started again, maybe by a command that was killed meanwhile, is waited for and stays.
with_store() {
  [ "$1" = embedded ] || return 0
  local mine=
  if [ -z "$(pid_of eventstore)$(pid_of eventstore.supervisor)" ]; then
    trap 'stop eventstore 30 > /dev/null' EXIT
    mine=eventstore
    start eventstore
  fi
  wait_for "$mine" 60 "the event store on port $eventstore_port" bash -c "exec 3<> /dev/tcp/127.0.0.1/$eventstore_port"
}

present=${external_url:-embedded}
# What a command aims at that is not the present log: a choice as `up` keeps it, and a configuration with it. While this
# folder is there, a move is not finished.
aimed=$state/moving
# What says that a move was begun goes first: killed in the middle, nothing has begun any more.
forget_aim() { rm -f "$aimed/from" && rm -rf "$aimed"; }

# aim PLACE: a connection string, or embedded.
aim() {
  local url=$1 place=$1 user='' login='{}' told=esdb://$hosts_address:$eventstore_port?tls=true
  case $url in
    embedded)
      url=esdb://127.0.0.1:$eventstore_port?tls=$tls
      [ "$tls" = false ] || login=$(login_json admin "$state/eventstore.password")
      ;;
    *@*) die "no user and password in the URL, where others see them: CAIRN_EVENTSTORE_USER, CAIRN_EVENTSTORE_PASSWORD_FILE" ;;
  esac
  mkdir -p -m 700 "$aimed"
  rm -f "$aimed"/store*
  if [ "$place" != embedded ]; then
    CAIRN_EVENTSTORE_URL=$url node "$root/dist/apps/controller/src/cli/choose-log.main.js" "$aimed" "$PWD" || {
      forget_aim
      exit 1
    }
    url=$(< "$aimed/store-url") told=$url
    user=$(cat "$aimed/store-user" 2> /dev/null || true)
    login=$(login_json "$user" "$state/store.password")
  fi
  # Whose its streams are and how hosts reach it is settled by the next `up`.
  jq --arg url "$url" --arg told "$told" --argjson login "$login" 'del(.eventStoreLogin, .eventStoreOwners) + {eventStoreUrl: $url} + $login
    | if .remote then .remote.eventStoreUrl = $told else . end' "$configuration" > "$aimed/chosen.json"
  jq --arg file "$aimed/store.password" --arg user "$user" 'if $user != "" then .eventStoreLogin.passwordFile = $file else . end' \
    "$aimed/chosen.json" > "$aimed/there.json"
}

# keep_here: how the present log is reached until the move has ended, with a password of its own: settling replaces the other.
keep_here() {
  local password
  password=$(jq -r '.eventStoreLogin.passwordFile // empty' "$state/controller.json")
  if [ -z "$password" ]; then
    cp "$state/controller.json" "$aimed/here.json"
  else
    cp -p "$password" "$aimed/here.password"
    jq --arg file "$aimed/here.password" '.eventStoreLogin.passwordFile = $file' "$state/controller.json" > "$aimed/here.json"
  fi
}

# settle: what was aimed at is the log from now on. Killed in the middle, it is done again.
settle() {
  local name
  for name in store-url store-user store.password; do
    if [ -e "$aimed/$name" ]; then cp -p "$aimed/$name" "$state/$name.new" && mv -f "$state/$name.new" "$state/$name"; else rm -f "$state/$name"; fi
  done
  cp "$aimed/chosen.json" "$state/controller.json.wanted" && mv -f "$state/controller.json.wanted" "$state/controller.json"
  sync "$state"
  forget_aim
}

# What was made from the log is made again.
drop_derived() {
  ask drop-read-models
  rm -rf "$state"/controller/process-index.sqlite*
  say "the next ./cairn up builds the read models and the process index again"
}

# remake COMMAND ARGUMENT...: of Cairn, after which the log is another one.
remake() {
  must_be_down
  with_store "$present"
  ask "$@"
  drop_derived
}

# move PLACE. Where it began is kept: a part of the choice may have been settled when it was ended. What finishes it comes
# last, so that one that was killed is done again whole, and one that had just finished is none.
move() {
  must_be_down
  if [ ! -s "$aimed/from" ] && [ "$1" = "$present" ]; then
    forget_aim
    say "the log is in $present already"
    return
  fi
  mkdir -p -m 700 "$aimed"
  [ -s "$aimed/from" ] || { keep_here && put "$aimed/from" echo "$present"; }
  configuration=$aimed/here.json present=$(< "$aimed/from")
  aim "$1"
  with_store "$present"
  with_store "$1"
  ask log-move "$aimed/there.json" "$(cat "$aimed/store-url" 2> /dev/null || echo embedded)" "$present" || {
    # nothing has begun yet
    [ $? -ne 4 ] || forget_aim
    exit 1
  }
  drop_derived
  settle
}

abandon() {
  must_be_down
  [ -s "$aimed/from" ] || {
    forget_aim # of a mover or an end that was killed
    die "no move of the log was begun"
  }
  configuration=$aimed/here.json present=$(< "$aimed/from")
  with_store "$present"
  ask log-abandon-move
  say "the log stays in $present"
  forget_aim
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
  accept) remake log-accept ;;
  verify | checkpoint | public-key | backup)
    if [ "${1:-}" = --portable ]; then
      shift
    elif [ -z "$external_url" ] && ! is_portable "$@"; then
      tool "$command" "$@"
      exit
    fi
    with_store "$present"
    ask "log-$command" "$@"
    ;;
  export)
    with_store "$present"
    ask log-export "$@"
    ;;
  import) remake log-import "$@" ;;
  secure)
    [ $# -eq 0 ] || die "usage: ./cairn log secure"
    [ -n "$external_url" ] || die "the embedded store is this cloud's alone: there is nobody to close it to"
    [ -s "$state/controller.json" ] || die "there is no cloud in $state"
    log_access again
    [ ! -s "$state/store-owners" ] || say "next: ./cairn up, and ./cairn down before it where the cloud runs"
    ;;
  restore)
    [ -z "$(pid_of eventstore)" ] && [ -z "$(pid_of controller)" ] || die "the cloud runs: ./cairn down first"
    [ $# -ge 1 ] || die "usage: ./cairn log restore DIRECTORY [--public-key FILE]"
    if [ -n "$external_url" ] || [ -s "$1/checkpoint.json" ]; then
      remake log-restore "$@"
      exit
    fi
    tool restore "$@"
    # That the log is an older one is what was asked for. Read models and process index notice it by themselves: the store
    # is in another epoch.
    rm -f "$state/controller/log-head.json"
    say "the next ./cairn up builds the read models and the process index again"
    ;;
  move)
    case "$#${1:-}" in
      2--to) move "$2" ;;
      1--abandon) abandon ;;
      *) die "usage: ./cairn log move --to URL|embedded, or --abandon" ;;
    esac
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
