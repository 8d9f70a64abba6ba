#!/bin/bash
# Drops the read models and the process index, and starts the controller again: both are built anew from the log.
# The read models are in SQLite or PostgreSQL: the controller's own command knows.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=postgres.sh
. "$here/postgres.sh"

[ -s "$state/controller.json" ] || die "there is no cloud in $state"
stop controller 30
ensure_postgres
cli drop-read-models --config "$state/controller.json"
rm -rf "$state"/controller/process-index.sqlite*
"$here/up.sh"
