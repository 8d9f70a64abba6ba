#!/bin/bash
# Puts the files of a process aside that could not start with them, where the log can give again what they held: the
# supervisor and the systemd units call it around each of its lives. Once, until it has been ready again.
# usage: put-aside.sh begin NAME                            notes where its log ends
#        put-aside.sh end NAME [STATUS [SIZE OF ITS LOG]]   succeeds when something was put aside: start it again at once
# STATUS is that of its exit, by default systemd's EXIT_STATUS; the size is the log's when it began, by default as noted.
set -uo pipefail
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

name=${2:?which process?}
noted=$run/$name.log-size done_once=$run/$name.put-aside
case $1 in
  begin)
    log_size "$name" > "$noted"
    exit
    ;;
  end) status=${3:-${EXIT_STATUS:-}} size=${4:-$(cat "$noted" 2> /dev/null || echo 0)} ;;
  *) die "usage: put-aside.sh begin|end NAME [STATUS [SIZE OF ITS LOG]]" ;;
esac

if was_ready "$name" "$size"; then
  rm -f "$done_once"
  exit 1
fi
case $name in redis | postgres) files=$state/$name ;; *) exit 1 ;; esac
# It ended by itself, with an error, and the disk has room to make the same again.
[ -d "$files" ] && [ ! -e "$done_once" ] && [[ $status =~ ^[1-9][0-9]?$ ]] && [ "$(free_mib)" -ge 64 ] || exit 1
: > "$done_once" && rm -rf "$files.damaged" && mv "$files" "$files.damaged" || exit 1
text="it could not start with its files: they are in $files.damaged, and what they held is made again"
notice "$name" "$text"
echo "[cairn] $name: $text" >> "$logs/$name.log"
