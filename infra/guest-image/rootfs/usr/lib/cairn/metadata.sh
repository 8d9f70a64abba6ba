# Sourced: reads the metadata service. The EC2 tree comes first because its values are plain text; in meta_data.json a
# property that a user named "uuid" or "hostname" looks the same as the cloud's own field.

metadata_url=http://169.254.169.254

# fetch PATH: the document's bytes; fails when there is none. Never use wget -T: in Debian's busybox it crashes.
fetch() { timeout 5 wget -q -O - "$metadata_url/$1" 2> /dev/null; }

# fetch_to FILE PATH: the file exists only when the document does.
fetch_to() {
  if fetch "$2" > "$1.part"; then
    mv "$1.part" "$1"
  else
    rm -f "$1.part"
    return 1
  fi
}

# json_text NAME FILE: the first text field of that name.
json_text() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$2" 2> /dev/null | head -n 1; }

# wait_for_metadata TRIES SECONDS: asks until the cloud says which instance this is; sets instance_id and source.
wait_for_metadata() {
  left=$1
  while [ "$left" -gt 0 ]; do
    if instance_id=$(fetch latest/meta-data/instance-id) && [ -n "$instance_id" ]; then
      source=ec2
      return 0
    fi
    if fetch_to /run/cloud/meta_data.json openstack/latest/meta_data.json; then
      instance_id=$(json_text uuid /run/cloud/meta_data.json)
      source=openstack
      [ -z "$instance_id" ] || return 0
    fi
    left=$((left - 1))
    sleep "$2"
  done
  return 1
}

# public_keys: all keys, one a line. The EC2 tree lists them as "0=name".
public_keys() {
  if [ "$source" = openstack ]; then
    grep -o '"ssh-[a-z0-9-]* [^"]*"\|"ecdsa-[a-z0-9-]* [^"]*"' /run/cloud/meta_data.json | tr -d '"' | sed 's/\\n$//' | sort -u
    return
  fi
  { fetch latest/meta-data/public-keys/ && echo; } | while IFS='=' read -r index _; do
    [ -n "$index" ] || continue
    fetch "latest/meta-data/public-keys/$index/openssh-key" && echo
  done
}

full_host_name() {
  if [ "$source" = openstack ]; then
    json_text hostname /run/cloud/meta_data.json
  else
    fetch latest/meta-data/local-hostname
  fi
}
