# shellcheck shell=bash
# Sourced by up.sh, after public.sh: keeps the settings that later starts remember only when the cloud has come up with
# them. What each may be is in libs/config/src/launcher.

# Settings that are remembered: chosen by one `up`, used by later ones that do not name them.
remembered=(hosts-address store-url store-user store.password store-admin store-admin.password store-hosts-url store-secure store-owners store-name database database.password policy-file settings-file image-quota
  "${public_settings[@]}")

# What is made of them; a process that is started again reads it.
made=(controller.json agent.json)

# From now on a failure takes back what this `up` has chosen: the next one starts with what was there before.
begin_choice() {
  local name
  rm -rf "$run/chosen-before"
  (umask 077 && mkdir "$run/chosen-before")
  for name in "${remembered[@]}" "${made[@]}"; do
    # A link needs no space, and stays what it is: a setting is replaced by a new file.
    [ ! -e "$state/$name" ] || ln "$state/$name" "$run/chosen-before/$name"
  done
  trap take_back_choice EXIT
}

take_back_choice() {
  local name
  for name in "${remembered[@]}"; do
    [ ! "$run/chosen-before/$name" -ef "$state/$name" ] || continue # this `up` has not chosen it
    if [ -e "$run/chosen-before/$name" ]; then mv -f "$run/chosen-before/$name" "$state/$name"; else rm -f "$state/$name"; fi
  done
  for name in "${made[@]}"; do
    [ ! -e "$run/chosen-before/$name" ] || [ "$run/chosen-before/$name" -ef "$state/$name" ] || mv -f "$run/chosen-before/$name" "$state/$name"
  done
  rm -rf "$run/chosen-before"
}

# The cloud is up with what was chosen.
end_choice() {
  trap - EXIT
  rm -rf "$run/chosen-before"
}

# accept_config FILE: FILE.wanted takes the place of FILE, if the controller can read it.
accept_config() {
  if ! cmp -s "$1.wanted" "$1"; then
    cli check-config --config "$1.wanted" || die "the settings cannot be used; nothing was changed"
  fi
  mv "$1.wanted" "$1"
}
