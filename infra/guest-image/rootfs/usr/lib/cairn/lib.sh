# Sourced by the guest's scripts.

console=/dev/console
[ -c /dev/ttyS0 ] && console=/dev/ttyS0

# announce WORDS: a line on the serial console that tests and people can look for, with the time since the kernel began.
announce() {
  read -r uptime _ < /proc/uptime
  echo "CAIRN-GUEST $* uptime=$uptime" > "$console"
}

# wait_for_sshd: until the SSH server takes connections (port 22 is 0016, state 0A is "listening"); 60 s at most.
wait_for_sshd() {
  tries=0
  until grep -q ':0016 00000000:0000 0A' /proc/net/tcp; do
    tries=$((tries + 1))
    [ "$tries" -le 600 ] || return 1
    usleep 100000
  done
}
