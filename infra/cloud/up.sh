#!/bin/bash
# Starts the cloud on this machine: Redis, the event store, the controller, and one agent, or real hosts within this machine
# with an agent each. Run again, it starts only what is not running.
# usage: up.sh [--simulated [HOSTS] | --hosts N]
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=log-access.sh
. "$here/log-access.sh"
# shellcheck source=config.sh
. "$here/config.sh"
# shellcheck source=public.sh
. "$here/public.sh"
# shellcheck source=postgres.sh
. "$here/postgres.sh"
# shellcheck source=settings.sh
. "$here/settings.sh"
# shellcheck source=agent.sh
. "$here/agent.sh"
# shellcheck source=machines.sh
. "$here/machines.sh"

hosts=1
case ${1:-} in
  '')
    mode=$(chosen_mode)
    mode=${mode:-libvirt}
    [ ! -s "$state/hosts" ] || hosts=$(grep -c . "$state/hosts")
    [ "$mode" != machines ] || hosts=$(< "$state/machines-count")
    ;;
  --simulated) mode=simulated hosts=${2:-$(grep -c . "$state/hosts" 2> /dev/null || echo 3)} ;;
  --hosts) mode=machines hosts=${2:-0} ;;
  *) die "usage: $0 [--simulated [HOSTS] | --hosts N]" ;;
esac
[[ $hosts =~ ^[1-9][0-9]{0,2}$ ]] || die "the number of hosts must be from 1 to 999"
[ "$mode" != machines ] || [ "$hosts" -le "$MOST_MACHINES" ] || die "at most $MOST_MACHINES hosts fit in this machine"
check_mode "$mode"

began=$SECONDS
if [ "$mode" = simulated ]; then groups=(core clients); else groups=(core host clients guest-image); fi
[ "${CAIRN_DATABASE:-$(database)}" != postgres ] || groups+=(postgres)
"$here/setup.sh" "${groups[@]}"
if [ "$mode" = machines ]; then ensure_machines "$hosts"; fi
# Before any of them is kept: also one that an earlier start kept.
CAIRN_HOSTS_ADDRESS=$hosts_address CAIRN_EVENTSTORE_URL=${CAIRN_EVENTSTORE_URL-$external_url} \
  node "$root/dist/libs/config/src/launcher/check.js" || exit 1
mkdir -p "$run" "$logs" "$state"/{redis,eventstore,controller,agent,tokens}
chmod 711 "$state" # guests' disks are opened by another user
chmod 700 "$state"/{redis,eventstore,controller,tokens,log}
begin_choice
[ "$tls" = false ] || put "$state/hosts-address" echo "$hosts_address"
for user in admin demo redis eventstore; do secret "$state/$user.password"; done
ensure_hosts "$mode" "$hosts"
choose_log
choose_database
choose_policy_file
choose_settings_file
choose_public
choose_image_quota
write_controller_config
[ "$mode" = machines ] || write_agent_config "$mode"
write_redis_config
write_clouds_yaml
[ "$tls" = false ] || cli pki --config "$state/controller.json"

redis_answers() {
  local secure=()
  [ "$tls" = false ] || secure=(--tls --cacert "$pki/ca.pem")
  REDISCLI_AUTH=$(< "$state/redis.password") redis-cli "${secure[@]}" -p "$redis_port" ping | grep PONG > /dev/null
}
controller_answers() { was_ready controller "$controller_log_size"; }

ensure_redis() {
  ! supervised redis || return 0
  port_is_free "$redis_port" || die "port $redis_port is taken (set CAIRN_REDIS_PORT)"
  start redis
  wait_for redis 30 "Redis on port $redis_port" redis_answers
}

ensure_eventstore() {
  [ -z "$external_url" ] || return 0
  ! supervised eventstore || return 0
  port_is_free "$eventstore_port" || die "port $eventstore_port is taken (set CAIRN_EVENTSTORE_PORT)"
  port_is_free "$metrics_port" || die "port $metrics_port is taken (set CAIRN_EVENTSTORE_METRICS_PORT)"
  start eventstore
  wait_for eventstore 60 "the event store on port $eventstore_port" bash -c "exec 3<> /dev/tcp/127.0.0.1/$eventstore_port"
}

# All of the ports accept connections.
accept() {
  local port
  for port in "$@"; do ! port_is_free "$port" || return 1; done
}

ensure_controller() {
  local port ports=("$identity_port" "$compute_port" "$image_port" "$metadata_port" "$console_port")
  if supervised controller; then
    wait_for '' 120 "the controller" accept "${ports[@]}"
    return
  fi
  for port in "${ports[@]}"; do
    port_is_free "$port" || die "port $port is taken (see ./cairn help for the settings)"
  done
  controller_log_size=$(log_size controller)
  start controller
  # It is ready when it has read the log, which takes long when the read models are made again.
  wait_for controller 900 "the controller" controller_answers
}

ensure_tokens() {
  local id name
  while read -r id name; do
    [ -s "$state/tokens/$id" ] || (umask 077 && put "$state/tokens/$id" cli host-token --config "$state/controller.json" "$id")
  done < "$state/hosts"
  : "$name"
}

ensure_redis
ensure_eventstore
check_log "$state/controller.json"
warn_of_open_log
ensure_postgres
ensure_controller
if [ "$mode" = machines ]; then
  ensure_hosts_up "$hosts"
else
  ensure_tokens
  ensure_agent
  [ -z "$agent_log_size" ] || log_since agent "$agent_log_size" | grep '^agent ready' | sed -n '1,3s/^/[cairn] /p'
fi

end_choice
say "the cloud is up after $((SECONDS - began)) s; its state is in $state"
if [ "$tls" = true ]; then
  say "the APIs listen on ${CAIRN_BIND:-127.0.0.1}; for hosts on other machines, $([ -n "$external_url" ] || echo 'store, ')queue and the port $hosts_port listen on"
  say "$hosts_address, too, with TLS and a user for each host. To let one in: ./cairn host enroll NAME"
else
  say "the APIs listen on ${CAIRN_BIND:-127.0.0.1}, all else on loopback; without TLS this machine is one trust domain:"
  say "any process that can connect to its ports can read and write the log. Agents on other machines must be enrolled."
fi
say "  identity http://127.0.0.1:$identity_port/v3   compute http://127.0.0.1:$compute_port/v2.1   image http://127.0.0.1:$image_port"
say "  consoles http://127.0.0.1:$console_port"
say "next: source $root/openrc && openstack server list"
