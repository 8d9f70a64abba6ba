# shellcheck shell=bash

# find_processes ARGUMENTS: pgrep's, without the processes of hosts within this machine (machine.sh).
find_processes() { pgrep --ns $$ --nslist pid "$@"; }
