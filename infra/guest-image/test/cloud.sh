# Sourced by test-server.sh: a cloud for one guest. QEMU's user network gives the address and hands each connection to
# 169.254.169.254:80 to a busybox httpd, which serves the files below $cloud.

cloud=${work:?}/cloud
ssh_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

make_login_key() { ssh-keygen -q -t ed25519 -N '' -C tester@cairn -f "$work/id"; }

# make_cloud INSTANCE_ID NAME
make_cloud() {
  local id=$1 name=$2 meta_data=$cloud/latest/meta-data
  rm -rf "$cloud"
  mkdir -p "$meta_data/public-keys/0" "$cloud/openstack/latest"
  printf '%s' "$id" > "$meta_data/instance-id"
  printf '%s' "$name.novalocal" > "$meta_data/local-hostname"
  printf '0=tester' > "$meta_data/public-keys/index.html"
  cp "$work/id.pub" "$meta_data/public-keys/0/openssh-key"
  printf '#!/bin/sh\necho ran >> /root/runs\nexit 7\n' > "$cloud/latest/user-data"
  printf '{"uuid": "%s", "name": "%s", "meta": {"hostname": "not this"}}' "$id" "$name" \
    > "$cloud/openstack/latest/meta_data.json"
}

# start_server FORM DISK CONSOLE_LOG
start_server() {
  local form=$1 disk=$2 log=$3 network=user,model=virtio-net-pci,net=169.254.169.0/24
  network+=",hostfwd=tcp:127.0.0.1:$ssh_port-:22"
  network+=",guestfwd=tcp:169.254.169.254:80-cmd:$(command -v busybox) httpd -i -h $cloud"
  boot_arguments "$form" "$disk"
  # shellcheck disable=SC2154 # boot_arguments fills it
  start_machine "$log" -m 128 -nic "$network" "${boot_args[@]}"
}

ssh_options=(-o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR
  -o ConnectTimeout=20)

# in_guest USER COMMAND...
in_guest() {
  local user=$1
  shift
  ssh -n -F none -i "$work/id" -p "$ssh_port" "${ssh_options[@]}" "$user@127.0.0.1" "$@"
}

host_key_of_guest() { ssh-keyscan -T 20 -t ed25519 -p "$ssh_port" 127.0.0.1 2> /dev/null | cut -d ' ' -f 2-; }

# password_is_offered: whether the server names "password" among the ways to log in.
password_is_offered() {
  ssh -n -F none -v -p "$ssh_port" "${ssh_options[@]}" -o LogLevel=DEBUG -o PubkeyAuthentication=no root@127.0.0.1 true 2>&1 |
    grep -q 'can continue: .*password'
}
