# shellcheck shell=bash
# Sourced by up.sh: how clients reach the APIs through a proxy. Each setting is kept for later starts once it was given;
# given empty, it is taken back.

# setting VARIABLE FILE: what the variable says, else what was kept.
setting() { if [ -n "${!1+set}" ]; then echo "${!1}"; else cat "$state/$2" 2> /dev/null || true; fi; }

# Checks all settings before it keeps any.
choose_public() {
  local service endpoint proxies
  local url='^(https?://[^/?#@[:space:]]+(/[^?#[:space:]]*[^/?#[:space:]])?)?$'
  local -A endpoints
  for service in identity compute image; do
    endpoint=$(setting "CAIRN_PUBLIC_${service^^}" "public-$service")
    [[ $endpoint =~ $url ]] || die "CAIRN_PUBLIC_${service^^} must be a http:// or https:// URL without a slash at its end"
    endpoints[$service]=$endpoint
  done
  proxies=$(setting CAIRN_TRUSTED_PROXIES trusted-proxies)
  [[ $proxies =~ ^[0-9a-fA-F.:/[:space:],]*$ ]] || die "CAIRN_TRUSTED_PROXIES must be addresses or networks, like 192.0.2.1,10.0.0.0/8"
  for service in "${!endpoints[@]}"; do put "$state/public-$service" echo "${endpoints[$service]}"; done
  put "$state/trusted-proxies" echo "$proxies"
}

# Them as the controller's configuration has them.
public_json() {
  jq -n --arg identity "$(< "$state/public-identity")" --arg compute "$(< "$state/public-compute")" \
    --arg image "$(< "$state/public-image")" --arg proxies "$(< "$state/trusted-proxies")" \
    '{publicEndpoints: ({identity: $identity, compute: $compute, image: $image} | map_values(select(. != ""))),
      trustedProxies: [$proxies | splits("[\\s,]+") | select(. != "")]}'
}
