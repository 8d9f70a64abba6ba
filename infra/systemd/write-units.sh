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
state=${CAIRN_STATE:-/var/lib/cairn}
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)

settings() {
  local name
  echo "Environment=PATH=$PATH"
  for name in $(compgen -e); do
    # Units may be read by everybody; where the log is, `up` has kept.
    [[ $name == CAIRN_* && $name != CAIRN_EVENTSTORE_@(URL|USER|PASSWORD_FILE) ]] || continue
    echo "Environment=\"$name=${!name//%/%%}\""
  done
}

# derived NAME: for a process whose files the log can give again. It can be seen in its log whether it has been ready.
derived() {
  cat << TEXT
ExecStartPre=-$root/infra/cloud/put-aside.sh begin $1
ExecStopPost=-$root/infra/cloud/put-aside.sh end $1
StandardOutput=append:${state//%/%%}/log/$1.log
StandardError=inherit
TEXT
}

# unit NAME WHAT [AFTER [MORE OF THE SERVICE]]: systemd restarts it without a limit; the processes that it needs may also
# start later.
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
${4:-}

[Install]
WantedBy=cairn.target
TEXT
}

unit redis "the hosts' queue" '' "$(derived redis)"
unit eventstore 'the event log'
postgres=
if [ "$(cat "$state/database" 2> /dev/null)" = postgres ]; then
  postgres=' cairn-postgres.service'
  # SIGINT: it does not wait for those who are connected.
  unit postgres 'the lists' '' "$(derived postgres)
KillSignal=SIGINT"
fi
unit controller 'APIs and processes' "cairn-redis.service cairn-eventstore.service$postgres"
unit agent 'the agent of this host' 'cairn-controller.service libvirtd.service'

cat > "$folder/cairn.target" << TEXT
[Unit]
Description=Cairn, the cloud on this machine
Wants=cairn-redis.service cairn-eventstore.service$postgres cairn-controller.service cairn-agent.service

[Install]
WantedBy=multi-user.target
TEXT
