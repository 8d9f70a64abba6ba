# shellcheck shell=bash
# Sourced by up.sh: writes the configuration of controller, agent and Redis into the state folder.

check_mode() {
  local chosen
  chosen=$(chosen_mode)
  [ "${chosen:-$1}" = "$1" ] || die "the cloud in $state has $chosen hosts; use another CAIRN_STATE for $1 ones"
}

# The hosts of this cloud, one "ID NAME" a line, chosen at the first start and never changed.
ensure_hosts() {
  local mode=$1 count=$2
  if [ "$mode" = machines ]; then
    put "$state/mode" echo "$mode"
    put "$state/machines-count" echo "$count"
    touch "$state/hosts"
    return
  fi
  if [ -s "$state/hosts" ]; then
    [ "$mode" = libvirt ] || [ "$count" = "$(grep -c . "$state/hosts")" ] ||
      die "the cloud in $state has $(grep -c . "$state/hosts") simulated hosts, chosen at its first start"
    return
  fi
  put "$state/mode" echo "$mode"
  put "$state/hosts" new_hosts "$mode" "$count"
}

new_hosts() {
  local i
  if [ "$1" = libvirt ]; then
    echo "$(< /proc/sys/kernel/random/uuid) $(hostname)"
  else
    for ((i = 1; i <= $2; i++)); do echo "$(< /proc/sys/kernel/random/uuid) sim-$i"; done
  fi
}

# The log that the environment names, kept for later starts. An embedded store that would begin an empty log for a cloud
# which has one elsewhere is not started.
choose_log() {
  [ ! -d "$state/moving" ] || die "the log is being moved: ./cairn log move --to URL again finishes it, ./cairn log move --abandon takes it back"
  node "$root/dist/apps/controller/src/cli/choose-log.main.js" "$state" "$PWD" "$hosts_address" || exit 1
  settle_log
  [ -z "$external_url" ] && [ -s "$state/store-name" ] && [ -z "$(ls -A "$state/eventstore")" ] || return 0
  die "this cloud's log is $(cut -d' ' -f1 "$state/store-name"), and the embedded store here is empty: set CAIRN_EVENTSTORE_URL to where that log is"
}

# check_log CONFIGURATION: what is wrong with the log, or that it is another one, in one line.
check_log() {
  local setting="the embedded store"
  [ -z "$external_url" ] || setting="CAIRN_EVENTSTORE_URL, remembered in $state/store-url"
  cli check-log --config "$1" "$state/store-name" "$setting" || exit 1
}

# hosts_json FILTER: the hosts as a JSON list, each made by a jq expression of .id and .name.
hosts_json() {
  jq -Rn "[inputs | split(\" \") | {id: .[0], name: .[1]} | $1]" < "$state/hosts"
}

redis_url() { if [ "$tls" = true ]; then echo "rediss://$1:$redis_port"; else echo "redis://$1:$redis_port"; fi; }

# The addresses and certificates for hosts on other machines.
remote_json() {
  if [ "$tls" = false ]; then
    echo null
    return
  fi
  jq -n --arg address "$hosts_address" --argjson port "$hosts_port" --arg pki "$pki" \
    --arg store "$(hosts_store_url)" --arg redis "$(redis_url "$hosts_address")" \
    '{address: $address, port: $port, pki: $pki, eventStoreUrl: $store, redisUrl: $redis}'
}

# The operator's policy file, kept for later starts. An empty CAIRN_POLICY_FILE takes it back.
choose_policy_file() {
  local wanted=${CAIRN_POLICY_FILE-$(cat "$state/policy-file" 2> /dev/null || true)}
  [ -z "$wanted" ] || [ -f "$wanted" ] || die "the policy file $wanted does not exist (CAIRN_POLICY_FILE= for none)"
  put "$state/policy-file" echo "$wanted"
}

# The operator's file of settings that have no variable, kept for later starts. An empty CAIRN_SETTINGS_FILE takes it back.
choose_settings_file() {
  local wanted=${CAIRN_SETTINGS_FILE-$(cat "$state/settings-file" 2> /dev/null || true)}
  [ -z "$wanted" ] || [ -f "$wanted" ] || die "the file $wanted does not exist (CAIRN_SETTINGS_FILE= for none)"
  [ -z "$wanted" ] || jq -e 'type == "object" and (keys - ["agent", "controller"] == []) and all(.[]; type == "object")' "$wanted" > /dev/null 2>&1 ||
    die "$wanted must be a JSON object of the objects controller and agent (CAIRN_SETTINGS_FILE)"
  put "$state/settings-file" echo "$wanted"
}

# own_settings PROCESS: what that file says of it.
own_settings() {
  local file
  file=$(cat "$state/settings-file" 2> /dev/null || true)
  if [ -z "$file" ]; then echo '{}'; else jq --arg process "$1" '.[$process] // {}' "$file"; fi
}

# What the images of a project may take together, kept for later starts.
choose_image_quota() {
  local wanted=${CAIRN_IMAGE_QUOTA_MIB:-$(cat "$state/image-quota" 2> /dev/null || echo 102400)}
  put "$state/image-quota" echo "$wanted"
}

write_controller_config() {
  local wanted
  close_log
  wanted=$(controller_config)
  # The same as before is not written again: on a full disk `up` starts what is missing.
  [ "$(cat "$state/controller.json" 2> /dev/null)" != "$wanted" ] || return 0
  put "$state/controller.json.wanted" printf '%s' "$wanted"
  # Before a controller that is started again could follow another log.
  [ -z "$external_url" ] || check_log "$state/controller.json.wanted"
  accept_config "$state/controller.json"
}
# Several hosts share their networks.
spanning_json() { if [ "$(chosen_mode)" = machines ]; then echo '{"type": "vxlan", "mtu": 1450}'; else echo '{}'; fi; }
controller_config() {
  jq -n --arg state "$state" --arg store "$eventstore_url" --arg redis "$(redis_url 127.0.0.1)" \
    --argjson remote "$(remote_json)" --arg bind "${CAIRN_BIND:-127.0.0.1}" --arg cidr "${CAIRN_NETWORK_CIDR:-10.0.0.0/24}" --arg bridge "${CAIRN_BRIDGE:-br100}" \
    --arg cidr6 "${CAIRN_NETWORK_CIDR_V6:-}" \
    --argjson identity "$identity_port" --argjson compute "$compute_port" --argjson image "$image_port" \
    --argjson metadata "$metadata_port" --argjson console "$console_port" --argjson quota "$(< "$state/image-quota")" \
    --argjson hosts "$(hosts_json '{hostId: .id, name, availabilityZone: "nova"}')" \
    --argjson database "$(database_json)" --argjson access "$(access_json)" --arg policy "$(< "$state/policy-file")" --argjson public "$(public_json)" \
    --argjson own "$(own_settings controller)" --argjson spanning "$(spanning_json)" \
    '({stateDir: ($state + "/controller"), bindHost: $bind, eventStoreUrl: $store, redisUrl: $redis,
      redisPasswordFile: ($state + "/redis.password"), remote: $remote,
      ports: {identity: $identity, compute: $compute, image: $image, metadata: $metadata, console: $console},
      passwordFiles: {admin: ($state + "/admin.password"), demo: ($state + "/demo.password")},
      imageQuotaMib: $quota,
      cloud: {network: ({cidr: $cidr, bridge: $bridge} + (if $cidr6 == "" then {} else {cidrV6: $cidr6} end) + $spanning), hosts: $hosts}} + $access + $database + $public
     + (if $policy == "" then {} else {policyFile: $policy} end)) * $own'
}

# The agent beside the controller is to the log who the controller is.
agent_access_json() { access_json | jq 'del(.eventStoreAdmin)'; }

# Whether the networks of this cloud are VLANs.
vlans() { own_settings controller | jq '.cloud.network.type == "vlan"'; }

write_agent_config() { put "$state/agent.json" agent_settings "$1"; }
agent_settings() {
  local mode=$1
  jq -n --arg state "$state" --arg store "$eventstore_url" --arg redis "$(redis_url 127.0.0.1)" \
    --argjson tls "$tls" --arg pki "$pki" --arg driver "$([ "$mode" = simulated ] && echo simulated || echo libvirt)" \
    --arg controller "http://127.0.0.1:$metadata_port" --argjson latency "${CAIRN_SIMULATED_LATENCY:-1}" \
    --argjson proxy "${CAIRN_METADATA_PROXY_PORT:-8776}" --arg reach "$(cat "$state/guests-reach" 2> /dev/null)" --argjson access "$(agent_access_json)" \
    --argjson hosts "$(hosts_json '{hostId: .id, name, tokenFile: ("tokens/" + .id)}')" --argjson own "$(own_settings agent)" --argjson vlans "$(vlans)" \
    '({stateDir: ($state + "/agent"), hosts: $hosts, controllerUrl: $controller, redisUrl: $redis,
      redisPasswordFile: ($state + "/redis.password"), eventStoreUrl: $store, driver: $driver,
      metadataPort: $proxy, guestsMayReach: [$reach | splits("[\\s,]+") | select(. != "")]}
     + (if $vlans then {vlans: $vlans} else {} end)
     + (if $tls then {tls: {authorityFile: ($pki + "/ca.pem")}} else {} end)
     + $access
     + (if $driver == "simulated" then {simulated: {latencyFactor: $latency}} else {} end)) * $own'
}

# Settings of the clients that openrc cannot give as variables.
write_clouds_yaml() { put "$state/clouds.yaml" printf 'clouds:\n  cairn:\n    has_network: false\n'; }

redis_listens() {
  if [ "$tls" = false ]; then
    printf 'bind 127.0.0.1\nport %s\n' "$redis_port"
    return
  fi
  printf 'bind 127.0.0.1 %s\nport 0\ntls-port %s\n' "$hosts_address" "$redis_port"
  printf 'tls-cert-file %s\ntls-key-file %s\ntls-ca-cert-file %s\n' "$pki/server.pem" "$pki/server.key" "$pki/ca.pem"
  # Hosts show who they are by their user's password; certificates are for the controller's port.
  printf 'tls-auth-clients no\n'
}

write_redis_config() { (umask 077 && put "$state/redis.conf" redis_config); }
redis_config() {
  cat << TEXT
$(redis_listens)
dir $state/redis
daemonize no
appendonly yes
maxmemory-policy noeviction
maxclients 20000
requirepass $(< "$state/redis.password")
TEXT
}
