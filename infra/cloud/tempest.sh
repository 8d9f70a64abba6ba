#!/bin/bash
# OpenStack's own test suite, as Debian ships it, against a cloud of its own with three simulated hosts; the result is
# compared with the lists in test/tempest.
# usage: tempest.sh [--update] [--seconds N [--turn KEY]] [REGEX]
#   REGEX           tests whose name contains it (default: all)
#   --update        rewrite the lists as the run was, instead of comparing
#   --seconds N     only a share of the tests that must pass, for about N seconds; which ones follows from KEY
#   --turn KEY      in the place of the commit
# With CAIRN_KEEP set the cloud's state stays, with Tempest's log and configuration in its folder tempest.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

"$here/setup.sh" core clients tempest
cd "$root"
exec node -r esbuild-register test/tempest/main.ts "$@"
