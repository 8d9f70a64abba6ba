# Sourced by the tests: one QEMU guest at a time, always by TCG (a /dev/kvm that exists may hang its guests).
# The caller has set $images, the build's OUTDIR, and $work, a temporary folder; both are absolute.

: "${images:?}" "${work:?}"
console_limit_s=120
boot_args=()
qemu_pid=

fail() {
  echo "FAILED: $*" >&2
  if [ -s "${console:-}" ]; then
    echo "--- last lines of the console ---" >&2
    tail -n 15 "$console" >&2
  fi
  exit 1
}

# boot_arguments FORM DISK: fills the array boot_args for form "disk" or "triple" with DISK as the first disk.
boot_arguments() {
  local form=$1 disk=$2
  boot_args=(-drive "file=$disk,format=qcow2,if=virtio")
  [ "$form" = disk ] || boot_args+=(-kernel "$images/cairn-guest-vmlinuz" -initrd "$images/cairn-guest-initrd"
    -append 'root=/dev/vda console=ttyS0')
}

# overlay FORM FILE: a fresh copy-on-write disk, as an agent makes one.
overlay() {
  local form=$1 file=$2
  if [ "$form" = disk ]; then
    qemu-img create -q -f qcow2 -F qcow2 -b "$images/cairn-guest.qcow2" "$file"
  else
    qemu-img create -q -f qcow2 -F raw -b "$images/cairn-guest-root.img" "$file"
  fi
}

# start_machine CONSOLE_LOG ARGUMENT...: the monitor listens on file descriptor 8.
start_machine() {
  console=$1
  shift
  : > "$console"
  rm -f "$work/monitor"
  mkfifo "$work/monitor"
  exec 8<> "$work/monitor"
  started_at=$EPOCHREALTIME
  qemu-system-x86_64 -machine pc,accel=tcg -display none -serial "file:$console" -monitor stdio -device virtio-rng-pci \
    "$@" < "$work/monitor" > "$work/qemu.log" 2>&1 &
  qemu_pid=$!
}

# stop_machine: as when power is lost.
stop_machine() {
  [ -n "$qemu_pid" ] || return 0
  kill -KILL "$qemu_pid" 2> /dev/null || true
  wait "$qemu_pid" 2> /dev/null || true
  qemu_pid=
}

seconds_since_start() { awk -v a="$started_at" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

machine_runs() { kill -0 "$qemu_pid" 2> /dev/null; }

# wait_for_line TEXT [COUNT]: until the console has said it COUNT times.
wait_for_line() {
  local text=$1 count=${2:-1} deadline=$((SECONDS + console_limit_s))
  until [ "$(grep -a -c -F "CAIRN-GUEST $text" "$console")" -ge "$count" ]; do
    machine_runs || fail "QEMU ended before '$text': $(cat "$work/qemu.log")"
    [ "$SECONDS" -lt "$deadline" ] || fail "no '$text' within $console_limit_s s"
    sleep 0.1
  done
}

wait_for_power_off() {
  local deadline=$((SECONDS + console_limit_s))
  while machine_runs; do
    [ "$SECONDS" -lt "$deadline" ] || fail "still running $console_limit_s s after the power button"
    sleep 0.1
  done
  wait "$qemu_pid" || true
  qemu_pid=
}

# guest_time TEXT: the uptime in the last such line.
guest_time() { grep -a -F "CAIRN-GUEST $1" "$console" | tail -n 1 | sed -n 's/.*uptime=\([0-9.]*\).*/\1/p'; }
