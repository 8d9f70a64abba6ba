# shellcheck shell=bash
# Sourced by the cloud's scripts: as whom the log is reached, and who else may use it, where it is in an EventStoreDB.

# login_json USER FILE: the login to a log, with its password in that file, as fields of a configuration; none without a user.
login_json() {
  jq -n --arg user "$1" --arg file "$2" \
    'if $user == "" then {} else {eventStoreLogin: {user: $user, passwordFile: $file}} end'
}

# Whose the streams are that begin from now on, where others may use those without access lists.
owners_json() {
  if [ -s "$state/store-owners" ]; then
    jq -Rn '{eventStoreOwners: [inputs | select(. != "")]}' < "$state/store-owners"
  else
    echo '{}'
  fi
}

# All of that, with the administrator's login, as fields of the controller's configuration.
access_json() {
  local admin
  if [ -z "$external_url" ]; then
    [ "$tls" = true ] || { echo '{}' && return; }
    login_json admin "$state/eventstore.password" | jq '.eventStoreAdmin = .eventStoreLogin'
    return
  fi
  admin=$(cat "$state/store-admin" 2> /dev/null || true)
  jq -n --argjson login "$(login_json "$store_user" "$state/store.password")" --argjson owners "$(owners_json)" --arg admin "$admin" --arg file "$state/store-admin.password" \
    '$login + $owners
     + (if $admin != "" then {eventStoreAdmin: {user: $admin, passwordFile: $file}}
        elif $login.eventStoreLogin != null then {eventStoreAdmin: $login.eventStoreLogin} else {} end)'
}

# Where hosts on other machines reach the log.
hosts_store_url() {
  if [ -z "$external_url" ]; then
    echo "esdb://$hosts_address:$eventstore_port?tls=true"
  else
    cat "$state/store-hosts-url" 2> /dev/null || echo "$external_url"
  fi
}

# log_access secure|again|warn: what cli/log-access.ts does.
log_access() {
  put "$run/log.json" log_json
  cli log-access --config "$run/log.json" "$1" "$state/store-owners" || exit 1
}
log_json() {
  jq -n --arg state "$state/controller" --arg store "$eventstore_url" --argjson access "$(access_json)" \
    '{stateDir: $state, eventStoreUrl: $store} + $access'
}

# Who alone may use the log is settled before anybody begins a stream, if that is asked for or hosts have users of it.
close_log() {
  [ -n "$external_url" ] || return 0
  [ "$tls" = true ] || [ -s "$state/store-secure" ] || return 0
  log_access secure
}

# An operator is told of a log that is open to others.
warn_of_open_log() {
  [ -z "$external_url" ] || log_access warn
}
