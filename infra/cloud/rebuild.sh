#!/bin/bash
# Drops the read models and the process index, and starts the controller again: both are built anew from the log.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

stop controller 30
rm -rf "$state"/controller/read-model "$state"/controller/process-index.sqlite*
"$here/up.sh"
