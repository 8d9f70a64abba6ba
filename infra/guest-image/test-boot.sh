#!/bin/bash
# Boots both forms of the image, with little and with more memory and no network, until the console says "ready".
# usage: test-boot.sh OUTDIR   (what build.sh made; about 25 s)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -eq 1 ] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
images=$(cd "$1" && pwd)
work=$(mktemp -d)
# shellcheck source=infra/guest-image/test/machine.sh
. "$here/test/machine.sh"
trap 'stop_machine; rm -rf "$work"' EXIT

for form in disk triple; do
  for memory_mib in 128 512; do
    overlay "$form" "$work/$form.qcow2"
    boot_arguments "$form" "$work/$form.qcow2"
    start_machine "$work/$form-$memory_mib.log" -m "$memory_mib" -nic none "${boot_args[@]}"
    for line in userspace 'dhcp none' sshd ready; do
      wait_for_line "$line"
    done
    printf 'ok: %-6s %3s MiB: userspace %s s, sshd %s s, ready %s s after the kernel began; %s s in all\n' "$form" \
      "$memory_mib" "$(guest_time userspace)" "$(guest_time sshd)" "$(guest_time ready)" "$(seconds_since_start)"
    stop_machine
  done
done
