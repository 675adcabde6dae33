#!/bin/sh
# runtime_bits.sh FOLDER LEVEL=COMMAND...: every command prints a line a kernel case with the hash of its output; all must print
# the same. A level that exits with 77 cannot run here and is skipped aloud; with fewer than two the whole test is.
set -u
folder=$1
shift
mkdir -p "$folder"
first='' ran=0
for pair in "$@"; do
  level=${pair%%=*}
  ${pair#*=} >"$folder/$level.txt" 2>"$folder/$level.err"
  status=$?
  if [ $status = 77 ]; then
    echo "$level: SKIPPED, this CPU lacks it"
    continue
  fi
  if [ $status != 0 ]; then
    echo "$level: exit status $status"
    cat "$folder/$level.err"
    exit 1
  fi
  ran=$((ran + 1))
  if [ -z "$first" ]; then
    first=$level
  elif ! diff "$folder/$first.txt" "$folder/$level.txt"; then
    echo "$level differs from $first"
    exit 1
  fi
  echo "$level: $(wc -l <"$folder/$level.txt") cases"
done
[ $ran -ge 2 ] || exit 77
