# Sourced: the steps done once for an instance, and those done at each boot. /var/lib/cloud/instance-id is the instance
# that this disk belongs to; an image made from a server's disk meets a new id and so starts over.

host_key=/etc/dropbear/dropbear_ed25519_host_key

# shellcheck disable=SC2154 # wait_for_metadata sets source and instance_id
become_instance() {
  save_documents
  set_host_name "$(full_host_name)"
  announce "metadata source=$source instance-id=$instance_id hostname=$(hostname)"
  known=$(cat /var/lib/cloud/instance-id 2> /dev/null)
  if [ "$known" = "$instance_id" ]; then
    announce "user-data not run again for $instance_id"
    return
  fi
  [ -z "$known" ] || renew_host_key
  install_keys
  # Recorded before user data runs: a script that reboots must not run for ever.
  echo "$instance_id" > /var/lib/cloud/instance-id
  sync
  run_user_data
}

# For people: they log in and read what the cloud told this server. User data may hold secrets.
save_documents() {
  echo "$instance_id" > /run/cloud/instance-id
  fetch_to /run/cloud/meta_data.json openstack/latest/meta_data.json
  (umask 027 && fetch_to /run/cloud/user-data latest/user-data) ||
    (umask 027 && fetch_to /run/cloud/user-data openstack/latest/user_data)
  [ ! -e /run/cloud/user-data ] || chgrp cairn /run/cloud/user-data
}

# set_host_name FULL: the first label is the name, as cloud-init does it.
set_host_name() {
  [ -n "$1" ] || return
  short=${1%%.*}
  hostname "$short"
  echo "$short" > /etc/hostname
  printf '127.0.0.1 localhost\n127.0.1.1 %s %s\n' "$1" "$short" > /etc/hosts
}

install_keys() {
  public_keys > /run/cloud/public-keys
  for home in /root /home/cairn; do
    mkdir -p "$home/.ssh"
    cp /run/cloud/public-keys "$home/.ssh/authorized_keys"
    chmod 0700 "$home/.ssh"
    chmod 0600 "$home/.ssh/authorized_keys"
  done
  chown -R cairn:cairn /home/cairn/.ssh
  announce "keys $(grep -c . /run/cloud/public-keys)"
}

# Two servers must not share a host key. init starts the SSH server again with the new one.
renew_host_key() {
  rm -f "$host_key"
  dropbearkey -t ed25519 -f "$host_key" > /dev/null 2>&1
  for pid in $(pidof dropbear); do
    kill "$pid"
    while [ -d "/proc/$pid" ]; do usleep 50000; done
  done
  wait_for_sshd
}

# shellcheck disable=SC2154 # lib.sh sets console
run_user_data() {
  if [ ! -s /run/cloud/user-data ]; then
    announce "user-data none"
  elif [ "$(head -c 2 /run/cloud/user-data)" != '#!' ]; then
    announce "user-data saved, not a script"
  else
    cp /run/cloud/user-data /var/lib/cloud/user-data
    chmod 0700 /var/lib/cloud/user-data
    (cd / && exec /var/lib/cloud/user-data) < /dev/null > "$console" 2>&1
    announce "user-data rc=$?"
  fi
}
