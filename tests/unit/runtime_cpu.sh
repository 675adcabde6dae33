#!/bin/sh
# runtime_cpu.sh QEMU LEVEL_RUN: the CPU check against emulated CPUs of each level (qemu 7.2 emulates no AVX-512).
set -u
qemu=$1 run=$2 failed=0
expect() {  # expect CPU LEVEL STATUS
  "$qemu" -cpu "$1" "$run" "$2" true >/dev/null 2>&1
  status=$?
  [ $status = "$3" ] || { echo "$1, $2: exit status $status, expected $3"; failed=1; }
}
expect qemu64 x86-64-v2 77
expect Nehalem x86-64-v2 0
expect Nehalem x86-64-v3 77
expect max x86-64-v3 0
expect max x86-64-v4 77
expect max aarch64 0
exit $failed
