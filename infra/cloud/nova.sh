#!/bin/bash
# The guide's nova: Debian's command where that knows the subcommand, Cairn's own where it does not any more.
# usage: nova.sh [OPTION...] COMMAND [ARGUMENT...]
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

main=$root/dist/apps/controller/src/cli/nova/main.js
[ -f "$main" ] || die "nothing is built yet: ./cairn setup"
exec node --disable-warning=DEP0123 "$main" "$@"
