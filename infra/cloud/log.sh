#!/bin/bash
# The operator's commands for the log of this machine's cloud; `./cairn log` lists them.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

tool() {
  node --enable-source-maps "$root/dist/apps/eventstore/src/cli/main.js" "$@" --dir "$state/eventstore" --url "$eventstore_url"
}

case ${1:-} in
  export | import | scavenge) tool "$@" ;;
  restore)
    [ -z "$(pid_of eventstore)" ] && [ -z "$(pid_of controller)" ] || die "the cloud runs: ./cairn down first"
    [ $# -eq 2 ] || die "usage: ./cairn log restore DIRECTORY"
    tool "$@"
    # What was read from the other history is of no use any more; it is built anew from this one.
    rm -rf "$state"/controller/read-model "$state"/controller/process-index.sqlite*
    say "read models and process index are built anew at the next ./cairn up"
    ;;
  *)
    [ -z "${EVENTSTORE_URL:-}" ] || die "the log of this cloud is $EVENTSTORE_URL: use the tools of that server"
    tool "$@"
    ;;
esac
