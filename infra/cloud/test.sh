#!/bin/bash
# Sets this machine up and runs everything that must hold: types, style and layering, unit tests, tests with real parts,
# the same on PostgreSQL, the simulation, and whole clouds with stock clients. What cannot run on this machine is skipped aloud and counted.
# usage: test.sh [types|lint|unit|sim|integration|postgres|e2e]...     (default: all)
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(types lint unit sim integration postgres e2e)
began=$SECONDS
"$here/setup.sh" core host clients guest-image postgres
cd "$root"
if [[ " ${parts[*]} " == *" integration "* || " ${parts[*]} " == *" e2e "* ]]; then
  images=${CAIRN_IMAGES:-/var/cache/cairn/guest-image}
  "$root/infra/guest-image/build.sh" "$images"
  export CAIRN_IMAGES=$images
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

run_part() {
  case $1 in
    types) npm run --silent typecheck ;;
    lint) npm run --silent lint ;;
    unit | sim | integration | postgres | e2e)
      local flags=()
      # sim has its own processes. A test that failed may have left a connection open: that must not hold up the rest for ever.
      [[ $1 == unit ]] || flags=(--runInBand --forceExit)
      npx --no-install jest --selectProjects "$1" "${flags[@]}" --json --outputFile "$results/$1.json" --testLocationInResults=false
      ;;
    *) die "no part of the tests is called $1" ;;
  esac
}

failed=()
for part in "${parts[@]}"; do
  say "$part ..."
  started=$SECONDS
  if run_part "$part"; then
    say "$part passed after $((SECONDS - started)) s"
  else
    failed+=("$part")
    say "$part FAILED after $((SECONDS - started)) s"
  fi
done

# Every test that was skipped, by name, so that nobody takes silence for success.
passed=0 broken=0 skipped=0
for file in "$results"/*.json; do
  [ -e "$file" ] || continue
  jq -r '.testResults[].assertionResults[] | select(.status == "pending") | "[cairn] skipped: " + .fullName' "$file"
  read -r p b s < <(jq -r '[.numPassedTests, .numFailedTests + .numRuntimeErrorTestSuites, .numPendingTests] | join(" ")' "$file")
  passed=$((passed + p)) broken=$((broken + b)) skipped=$((skipped + s))
done
say "tests took $((SECONDS - began)) s"
[ ${#failed[@]} -eq 0 ] || say "failed: ${failed[*]}"
echo "$passed passed, $broken failed, $skipped skipped"
[ ${#failed[@]} -eq 0 ]
