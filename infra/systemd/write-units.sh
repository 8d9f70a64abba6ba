#!/bin/bash
# Writes systemd units for this checkout and the settings in the environment (CAIRN_STATE and so on): one service per
# process and cairn.target for all of them. Instead of the supervisors of ./cairn up, not beside them.
# usage: write-units.sh FOLDER      (/etc/systemd/system; then: systemctl daemon-reload && systemctl enable --now cairn.target)
# The state must have been made once by `./cairn up` and `./cairn down`.
set -euo pipefail

[ $# -eq 1 ] || {
  echo "usage: $0 FOLDER" >&2
  exit 2
}
folder=$1
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)

settings() {
  local name
  echo "Environment=PATH=$PATH"
  for name in $(compgen -e); do
    if [[ $name == CAIRN_* || $name == EVENTSTORE_URL ]]; then echo "Environment=\"$name=${!name//%/%%}\""; fi
  done
}

# unit NAME WHAT: systemd restarts it without a limit; the processes that it needs may also start later.
unit() {
  cat > "$folder/cairn-$1.service" << TEXT
[Unit]
Description=Cairn: $2
Documentation=file://$root/docs/operators-guide.md
PartOf=cairn.target
After=network.target${3:+ $3}
StartLimitIntervalSec=0

[Service]
$(settings)
ExecStart=$root/infra/cloud/run.sh $1
Restart=always
RestartSec=1
TimeoutStopSec=30
LimitNOFILE=65536
# Guests and the networks' daemons go on without their agent.
KillMode=process

[Install]
WantedBy=cairn.target
TEXT
}

unit redis "the hosts' queue"
unit eventstore 'the event log'
unit controller 'APIs and processes' 'cairn-redis.service cairn-eventstore.service'
unit agent 'the agent of this host' 'cairn-controller.service libvirtd.service'

cat > "$folder/cairn.target" << TEXT
[Unit]
Description=Cairn, the cloud on this machine
Wants=cairn-redis.service cairn-eventstore.service cairn-controller.service cairn-agent.service

[Install]
WantedBy=multi-user.target
TEXT
