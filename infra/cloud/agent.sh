# shellcheck shell=bash
# Sourced by up.sh, down.sh and host.sh: the agent of this machine, of a cloud here or of one that it has joined, with what
# its guests need.

# ensure_agent: sets agent_log_size to what its log had before, or to nothing when it ran already.
ensure_agent() {
  # Also beside an agent that runs: libvirtd may have died.
  if [ "$(chosen_mode)" = libvirt ]; then
    "$root/infra/host/up.sh" "$run"
    supervised host || start host
  fi
  agent_log_size=
  ! supervised agent || return 0
  agent_log_size=$(log_size agent) agent_hosts=$(jq '.hosts | length' "$(agent_config)")
  start agent
  wait_for agent 180 "the agent" agent_is_ready
}
agent_is_ready() { [ "$(log_since agent "$agent_log_size" | grep -c '^agent ready')" -ge "$agent_hosts" ]; }

# end_agent: with the guests and their networks, where they are real.
end_agent() {
  stop host 10
  stop agent 30
  [ "$(chosen_mode)" = libvirt ] && [ -s "$(agent_config)" ] || return 0
  say "ending the guests and their networks"
  node --enable-source-maps "$root/dist/apps/agent/src/main.js" --config "$(agent_config)" --down >> "$logs/agent.log" 2>&1 ||
    say "the host could not be cleared completely (log: $logs/agent.log)"
  "$root/infra/host/down.sh" "$run"
}
