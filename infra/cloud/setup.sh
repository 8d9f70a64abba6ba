#!/bin/bash
# Installs what Cairn needs on this machine and builds it; does only missing parts.
# usage: setup.sh [PACKAGE GROUP...]     (default: all groups; see infra/setup/packages.sh)
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ "$(id -u)" = 0 ] || die "run as root"
"$root/infra/setup/packages.sh" "$@"
"$root/infra/setup/node.sh"
