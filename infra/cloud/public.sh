# shellcheck shell=bash
# Sourced by up.sh: how clients reach the APIs through a proxy, when wrong passwords lock a user out, and what guests reach.
# Each setting is kept for later starts once it was given; given empty, it is taken back.

# setting VARIABLE FILE: what the variable says, else what was kept.
setting() { if [ -n "${!1+set}" ]; then echo "${!1}"; else cat "$state/$2" 2> /dev/null || true; fi; }

# keep VARIABLE FILE
keep() {
  local value
  value=$(setting "$1" "$2")
  put "$state/$2" echo "$value"
}

# The file that keeps each.
declare -A public_settings=(
  [CAIRN_PUBLIC_IDENTITY]=public-identity
  [CAIRN_PUBLIC_COMPUTE]=public-compute
  [CAIRN_PUBLIC_IMAGE]=public-image
  [CAIRN_PUBLIC_CONSOLE]=public-console
  [CAIRN_TRUSTED_PROXIES]=trusted-proxies
  [CAIRN_LOCKOUT_FAILURE_ATTEMPTS]=lockout-failure-attempts
  [CAIRN_LOCKOUT_DURATION]=lockout-duration
  [CAIRN_GUESTS_REACH]=guests-reach
)

# They were checked with all settings (libs/config).
choose_public() {
  local variable
  for variable in "${!public_settings[@]}"; do keep "$variable" "${public_settings[$variable]}"; done
}

# Them as the controller's configuration has them.
public_json() {
  jq -n --arg identity "$(< "$state/public-identity")" --arg compute "$(< "$state/public-compute")" \
    --arg image "$(< "$state/public-image")" --arg console "$(< "$state/public-console")" --arg proxies "$(< "$state/trusted-proxies")" \
    --arg attempts "$(< "$state/lockout-failure-attempts")" --arg duration "$(< "$state/lockout-duration")" \
    '{publicEndpoints: ({identity: $identity, compute: $compute, image: $image, console: $console} | map_values(select(. != ""))),
      trustedProxies: [$proxies | splits("[\\s,]+") | select(. != "")],
      lockout: ({failureAttempts: $attempts, durationSeconds: $duration} | map_values(select(. != "") | tonumber))}'
}
