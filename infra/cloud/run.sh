#!/bin/bash
# Becomes one process of the cloud, in the foreground, configured by the files that up.sh wrote. The supervisor and the
# systemd units start it.
# usage: run.sh redis|eventstore|postgres|controller|agent|host
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What the processes do about memory: docs/adr/0016-memory-at-rest.md.
# Without source maps: Node.js would keep those of every module for as long as the process lives, 15 to 20 MiB.
# shellcheck disable=SC2154 # from common.sh
node=(env LD_PRELOAD=libjemalloc.so.2 MALLOC_CONF=background_thread:true,narenas:2 node "${node_flags[@]}")
# Not there in a checkout that was updated and not built yet, in which a process is started again.
# Half-spaces of the young generation, in MiB: what Node.js 20 had of itself. Node.js 24 takes 32, which brought these nothing.
small=--max-semi-space-size=16
at_rest=$root/dist/libs/at-rest/src/preload.js
[ ! -e "$at_rest" ] || node+=(--require "$at_rest")
# Where a process appends what `status` is to show of it, a line each.
export CAIRN_NOTICES=$run/${1:-}.notices
case ${1:-} in
  redis)
    mkdir -p -m 700 "$state/redis"
    exec redis-server "$state/redis.conf"
    ;;
  eventstore)
    secure=()
    [ "$tls" = false ] || secure=(--host 127.0.0.1 --host "$hosts_address" --tls-cert "$pki/server.pem"
      --tls-key "$pki/server.key" --admin-password-file "$state/eventstore.password")
    exec "${node[@]}" $small "$root/dist/apps/eventstore/src/main.js" --dir "$state/eventstore" --port "$eventstore_port" \
      --metrics-port "$metrics_port" "${secure[@]}"
    ;;
  postgres)
    # shellcheck source=postgres.sh
    . "$here/postgres.sh"
    make_cluster
    (make_database &)
    run_postgres
    ;;
  controller)
    # A young generation with room for what lives as long as a batch of events (16 MiB cost a fifth of a rebuild),
    # and collections of the old one when it has doubled: V8 lets it quadruple. docs/adr/0016-memory-at-rest.md
    exec "${node[@]}" --max-semi-space-size=32 --heap-growing-percent=100 \
      "$root/dist/apps/controller/src/main.js" --config "$state/controller.json"
    ;;
  agent)
    # After a reboot of the machine libvirtd does not run yet.
    [ "$(chosen_mode)" = simulated ] || "$root/infra/host/up.sh" "$run"
    exec "${node[@]}" $small "$root/dist/apps/agent/src/main.js" --config "$(agent_config)"
    ;;
  host) exec "$root/infra/host/watch.sh" "$run" ;;
  *) die "no process of the cloud is called ${1:-nothing}" ;;
esac
