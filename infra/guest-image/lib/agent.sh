# Sourced by build.sh: Debian's QEMU guest agent, unpacked beside the images. It is not installed here: on a machine that
# is itself a guest, it would take orders from that machine's host.

# find_agent CACHE: sets agent_archive and agent_label. Without it the images are as good, but for what needs an agent.
find_agent() {
  local cache=$1
  agent_archive=$(fetched_archive qemu-guest-agent "$cache")
  if [ -z "$agent_archive" ]; then
    say "fetching qemu-guest-agent (less than 1 MB)"
    fetch_archive qemu-guest-agent "$cache" || say "cannot download qemu-guest-agent: the images have no guest agent"
    agent_archive=$(fetched_archive qemu-guest-agent "$cache")
  fi
  agent_label=qemu-guest-agent=none
  # shellcheck disable=SC2034
  [ -z "$agent_archive" ] || agent_label=$(archive_label "$agent_archive")
}

# install_agent TREE SCRATCH: after find_agent; with the libraries of this machine, which has them for QEMU.
install_agent() {
  local tree=$1 scratch=$2
  [ -n "${agent_archive?}" ] || return 0
  dpkg-deb --extract "$agent_archive" "$scratch"
  copy_with_libraries "$scratch/usr/sbin/qemu-ga" "$tree" /usr/bin
}
