#!/bin/sh
# runtime_cpu.sh QEMU LEVEL_RUN: the CPU check against emulated CPUs (qemu 7.2 emulates no AVX-512).
set -u
qemu=$1 run=$2 failed=0
expect() {  # expect CPU FEATURE STATUS
  "$qemu" -cpu "$1" "$run" "$2" true >/dev/null 2>&1
  status=$?
  [ $status = "$3" ] || { echo "$1, $2: exit status $status, expected $3"; failed=1; }
}
expect qemu64 x86_64_v2 77
expect Nehalem x86_64_v2 0
expect Nehalem x86_64_v3 77
expect max x86_64_v3 0
expect max,-fma x86_64_v3 77
expect max,-movbe x86_64_v3 77
expect max,-fma avx2 0
expect max x86_64_v4 77
expect max avx512f 77
expect max rvv 77
exit $failed
