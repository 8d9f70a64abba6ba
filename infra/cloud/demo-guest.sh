# shellcheck shell=bash
# Sourced by demo.sh for a cloud on this machine: one guest, from its launch to its login.

gone demo
step "a server"
cat > "$files/user-data" <<'TEXT'
#!/bin/sh
echo "user data ran on $(hostname) at $(date -u +%T)" > /run/cloud/user-data-was-here
TEXT
shown openstack server create --image cairn-guest --flavor m1.tiny --key-name demo-key --user-data "$files/user-data" \
  --property purpose=demo --wait demo -c id -c name -c status -c addresses
id=$(openstack server show demo -c id -f value)
# Meanwhile the guest boots: rules and addresses reach it while it runs.
open_ssh
ensure_addresses_outside
lead demo

step "log in at $address"
answers "$address" demo
for ((tries = 30; tries > 0; tries--)); do
  if guest "$address" test -e /run/cloud/user-data-was-here 2> /dev/null; then break; fi
  sleep 1
done
# shellcheck disable=SC2016 # for the guest's shell
guest "$address" 'echo "I am $(hostname), $(ip -4 -o addr show dev eth0 | tr -s " " | cut -d" " -f4)"
echo "- what the user data did: $(cat /run/cloud/user-data-was-here)"'
echo "- the metadata that the guest received:"
guest "$address" cat /run/cloud/meta_data.json | jq 'del(.random_seed) | .keys |= map(.name) | .public_keys |= keys'

step "the console's last lines"
openstack console log show --lines 12 demo
