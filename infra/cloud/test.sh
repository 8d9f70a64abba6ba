#!/bin/bash
# Sets this machine up and runs all checks: types, style and layering, unit tests, tests with real parts, the same
# on PostgreSQL, the simulation, OpenStack's own suite, and whole clouds with stock clients and real guests. It reports and
# counts each test that cannot run on this machine.
# usage: test.sh [--deep] [PART]...     (default: all parts)
#        test.sh tempest ...         OpenStack's own suite alone: tempest.sh
#   --deep   every seed, planted mistake and crash round, the whole of OpenStack's suite: before a release
# Without it, the commit chooses which of them come up; CAIRN_TEST_CHOICE repeats the choice of another run.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ "${1:-}" = tempest ]; then
  shift
  exec "$here/tempest.sh" "$@"
fi
export CAIRN_TEST_DEPTH=${CAIRN_TEST_DEPTH:-short}
if [ "${1:-}" = --deep ]; then
  CAIRN_TEST_DEPTH=deep
  shift
fi
# What neither listens nor measures time runs beside the rest, on the processor that the rest leaves free.
beside=(types lint sim)
# Unit tests use both processors. Then three lanes run at once: what uses this machine's hypervisor, networks and disks, and
# what starts whole clouds, mostly wait for them, and the third lane uses the processors meanwhile.
alone=(unit)
machine=(host guests)
clouds=(e2e)
computing=(integration postgres tempest)
all=("${beside[@]}" "${alone[@]}" "${machine[@]}" "${clouds[@]}" "${computing[@]}")
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=("${all[@]}")
for part in "${wanted[@]}"; do
  [[ " ${all[*]} " == *" $part "* ]] || die "no part of the tests is called $part"
done
is_wanted() { [[ " ${wanted[*]} " == *" $1 "* ]]; }

began=$SECONDS
"$here/setup.sh" core host clients guest-image postgres
# Not every machine can have it; tests that need it say so.
! is_wanted host || "$root/infra/setup/packages.sh" uml || say "no User Mode Linux here: tests of VLANs are skipped"
cd "$root"
if is_wanted host || is_wanted guests; then
  images=${CAIRN_IMAGES:-/var/cache/cairn/guest-image}
  "$root/infra/guest-image/build.sh" "$images"
  export CAIRN_IMAGES=$images
fi
CAIRN_TEST_CHOICE=$(node -r esbuild-register test/rotation/main.ts number)
export CAIRN_TEST_CHOICE
node -r esbuild-register test/rotation/main.ts parts "$@"

results=$(mktemp -d)
lanes=()
finish() {
  for lane in "${lanes[@]}"; do kill -- "-$lane" 2> /dev/null || true; done
  rm -rf "$results"
}
trap finish EXIT

run_part() {
  case $1 in
    types) npm run --silent typecheck ;;
    lint) npm run --silent lint ;;
    tempest)
      local share=()
      [ "$CAIRN_TEST_DEPTH" = deep ] || share=(--seconds 180 --turn "$CAIRN_TEST_CHOICE")
      "$here/tempest.sh" "${share[@]}"
      ;;
    *)
      local flags=()
      case $1 in
        unit) ;;
        integration | postgres) flags=(--maxWorkers=2) ;;
        *) flags=(--runInBand) ;; # sim has its own processes; the others use what the machine has once
      esac
      [[ $1 != @(guests|e2e|postgres) ]] ||
        flags+=(--testPathPatterns "$(node -r esbuild-register test/rotation/main.ts files "$1")")
      # A test that failed may have left a connection open: that must not hold up the rest for ever.
      [[ $1 == unit ]] || flags+=(--forceExit)
      jest "$1" "$results/$1.json" "${flags[@]}"
      ;;
  esac
}

# jest PROJECT RESULT FLAG...: runs tests of one project; RESULT is the file that is told how each went.
jest() { npx --no-install jest --selectProjects "$1" --json --outputFile "$2" --testLocationInResults=false "${@:3}"; }

# measured PART: runs it; notes its status, its time, and the processor time of its processes. Each line says whose it is.
measured() {
  local part=$1 started seconds
  started=$(now_ms)
  say "$part ..."
  (
    set +e
    run_part "$part" 2>&1
    echo $? > "$results/$part.status"
    times > "$results/$part.times"
  ) | tee "$results/$part.out" | sed -u "s/^/$part | /"
  seconds=$(awk -v ms=$(($(now_ms) - started)) 'BEGIN { printf "%.1f", ms / 1000 }')
  echo "$part $(< "$results/$part.status") $seconds $(cpu_seconds "$results/$part.times")" >> "$results/parts"
  if [ "$(< "$results/$part.status")" = 0 ]; then say "$part passed after $seconds s"; else say "$part FAILED after $seconds s"; fi
}

# cpu_seconds FILE: what `times` says of children on its last line, as 1m2.5s 0m1.0s, in one sum.
cpu_seconds() { tail -n 1 "$1" | tr "ms" "  " | awk '{ printf "%.1f", $1 * 60 + $2 + $3 * 60 + $4 }'; }

# Jiffies in which a processor of this machine was busy, with whatever, and all of them.
processors() { awk '/^cpu / { for (i = 2; i <= 9; i++) all += $i; print all - $5 - $6, all }' /proc/stat; }

read -r busy_before all_before < <(processors)

# lane NICENESS PART...: runs those that are wanted, one after the other, at once with other lanes. Job control gives each
# lane a process group, which ends as one when this script is interrupted.
lane() {
  local niceness=$1
  shift
  set -m
  (
    [ "$niceness" = 0 ] || renice -n "$niceness" -p "$BASHPID" > /dev/null
    for part in "$@"; do ! is_wanted "$part" || measured "$part"; done
  ) &
  lanes+=("$!")
  set +m
}
lane 15 "${beside[@]}"
for part in "${alone[@]}"; do ! is_wanted "$part" || measured "$part"; done
lane 0 "${machine[@]}"
lane 0 "${clouds[@]}"
lane 0 "${computing[@]}"
wait "${lanes[@]}"
lanes=()
read -r busy all_now < <(processors)

# Three lanes on two processors: a few files that failed may have met a limit of time. They run once more, alone, and the
# report tells of both. Before a release everything must hold at once.
second_try() {
  local part file again
  local -A files=()
  while read -r part file; do files[$part]+="$file "; done < <(node -r esbuild-register test/report/main.ts "$results" again)
  for part in "${!files[@]}"; do
    say "$part: what failed, once more, alone ..."
    read -ra again <<< "${files[$part]}"
    jest "$part" "$results/$part.again.json" --runInBand --forceExit --runTestsByPath "${again[@]}" 2>&1 |
      sed -u "s/^/$part again | /" || true
  done
}
[ "$CAIRN_TEST_DEPTH" = deep ] || second_try

status=0
node -r esbuild-register test/report/main.ts "$results" "$root" || status=1
say "$CAIRN_TEST_DEPTH tests took $((SECONDS - began)) s;" \
  "this machine's $(nproc) processors were busy for $((100 * (busy - busy_before) / (all_now - all_before))) % of it"
exit $status
