#!/bin/bash
# The operator's commands for the log of this machine's cloud; `./cairn log` lists them.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Not as an argument: the address of a store that is not ours may have a password in it.
tool() {
  local login=()
  if [ -n "$external_url" ]; then
    [ -z "$store_user" ] || login=(--user "$store_user" --password-file "$state/store.password")
  elif [ "$tls" = true ]; then
    login=(--user admin --password-file "$state/eventstore.password" --ca-file "$pki/ca.pem")
  fi
  CAIRN_EVENTSTORE_URL=$eventstore_url node --disable-warning=DEP0123 --enable-source-maps \
    "$root/dist/apps/eventstore/src/cli/main.js" "$@" --dir "$state/eventstore" "${login[@]}"
}

case ${1:-} in
  export | import | scavenge) tool "$@" ;;
  restore)
    [ -z "$(pid_of eventstore)" ] && [ -z "$(pid_of controller)" ] || die "the cloud runs: ./cairn down first"
    [ $# -eq 2 ] || die "usage: ./cairn log restore DIRECTORY"
    tool "$@"
    # Read models and process index notice the other history by themselves: the store is in another epoch.
    say "the next ./cairn up builds the read models and the process index again"
    ;;
  *)
    [ -z "$external_url" ] || die "the log of this cloud is $external_url: use the tools of that server"
    tool "$@"
    ;;
esac
