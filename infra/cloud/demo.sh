#!/bin/bash
# The main job, from nothing: sets up, starts the cloud, and lets the stock openstack client launch a real server that
# gets its address, key, metadata and user data, answers SSH, and whose every step is in the event log.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

began=$SECONDS
step() { printf '\n[demo] %s s: %s\n' "$((SECONDS - began))" "$*"; }
# shown COMMAND...: prints the command as a person would type it, then runs it.
shown() {
  printf '$ %s\n' "$*"
  "$@"
}

step "set up and start the cloud"
"$here/up.sh"
[ "$(chosen_mode)" = libvirt ] || die "the cloud in $state has $(chosen_mode) hosts: the demo needs this machine itself as its host"
images=${CAIRN_IMAGES:-/var/cache/cairn/guest-image}
"$root/infra/guest-image/build.sh" "$images"

files=$state/demo
mkdir -p "$files"
chmod 700 "$files"
# shellcheck source=../../openrc
. "$root/openrc" demo

step "an image"
if ! openstack image show cairn-guest -c id -f value > /dev/null 2>&1; then
  shown openstack image create --disk-format qcow2 --container-format bare --file "$images/cairn-guest.qcow2" cairn-guest -c id -c name -c status
fi

step "a key pair"
if [ ! -s "$files/key" ]; then
  openstack keypair delete demo-key > /dev/null 2>&1 || true
  echo "\$ openstack keypair create demo-key > $files/key"
  (umask 077 && openstack keypair create demo-key > "$files/key.new" && mv "$files/key.new" "$files/key")
fi

if openstack server show demo -c id -f value > /dev/null 2>&1; then
  step "the server of the last run goes"
  shown openstack server delete --wait demo
fi

step "a server"
cat > "$files/user-data" <<'TEXT'
#!/bin/sh
echo "user data ran on $(hostname) at $(date -u +%T)" > /run/cloud/user-data-was-here
TEXT
shown openstack server create --image cairn-guest --flavor m1.tiny --key-name demo-key --user-data "$files/user-data" \
  --property purpose=demo --wait demo -c id -c name -c status -c addresses
id=$(openstack server show demo -c id -f value)
address=$(openstack server show demo -c addresses -f json | jq -r '.addresses | to_entries[0].value[0]')

step "log in at $address"
guest() {
  ssh -i "$files/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=5 \
    -o BatchMode=yes "root@$address" "$@"
}
for ((tries = 60; tries > 0; tries--)); do
  if guest true 2> /dev/null; then break; fi
  [ $((tries % 5)) -ne 0 ] || echo "[demo] waiting for SSH, $((60 - tries)) tries"
  sleep 1
done
for ((tries = 30; tries > 0; tries--)); do
  if guest test -e /run/cloud/user-data-was-here 2> /dev/null; then break; fi
  sleep 1
done
# shellcheck disable=SC2016 # for the guest's shell
guest 'echo "I am $(hostname), $(ip -4 -o addr show dev eth0 | tr -s " " | cut -d" " -f4)"
echo "- what the user data did: $(cat /run/cloud/user-data-was-here)"' || die "no answer by SSH from $address (see: openstack console log show demo)"
echo "- the metadata that the guest received:"
guest cat /run/cloud/meta_data.json | jq 'del(.random_seed) | .keys |= map(.name) | .public_keys |= keys'

step "the console's last lines"
openstack console log show --lines 12 demo

step "its history, from the event log"
shown "$root/cairn" history "$id"

step "done; the cloud stays up. Go on with the README's tour: source openrc demo; openstack server list"
