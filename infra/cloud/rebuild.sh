#!/bin/bash
# Drops the read models and the process index, and restarts the controller, which builds both again from the log.
# usage: rebuild.sh [--from EXPORT]     with an export of this log the read models are made from it first
# The read models are in SQLite or PostgreSQL: the controller's own command knows.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=postgres.sh
. "$here/postgres.sh"

export_file=
case ${1:-} in
  '') ;;
  --from) export_file=$(realpath -e "${2:?which export?}") || die "there is no ${2}" ;;
  *) die "usage: rebuild [--from EXPORT]" ;;
esac
[ -s "$state/controller.json" ] || die "there is no cloud in $state"
stop controller 30
ensure_postgres
cli drop-read-models --config "$state/controller.json"
rm -rf "$state"/controller/process-index.sqlite*
if [ -n "$export_file" ]; then
  say "folding $export_file ..."
  cli rebuild-from --config "$state/controller.json" "$export_file"
fi
"$here/up.sh"
