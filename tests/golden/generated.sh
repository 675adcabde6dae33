#!/usr/bin/env bash
# The C++ that comes out, committed so that a change of it is read in review: generated/TARGET/NAME.{h,cpp}.
# usage: generated.sh update|check PATH/TO/deeper
#   update  writes generated/ anew
#   check   compares; holds lines, bytes and function lengths within budget; lets clang and GCC compile each file alone
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=$1
deeper=$(realpath "$2")
targets=(x86-64-v3 x86-64-v4)
networks=(inception_naive inception_reduced googlenet)
max_function_lines=25
failures=0

fail() {
  echo "generated: $*" >&2
  failures=$((failures + 1))
}

# At most this many lines and bytes of NAME.cpp: a tenth above what the longest had when that was last looked at.
budget_lines() { case $1 in googlenet) echo 2130 ;; inception_reduced) echo 345 ;; *) echo 265 ;; esac }
budget_bytes() { case $1 in googlenet) echo 143000 ;; inception_reduced) echo 19500 ;; *) echo 14100 ;; esac }

generate() {  # generate FOLDER: FOLDER/TARGET/NAME/ as `deeper build` leaves it, not compiled
  local target network
  for target in "${targets[@]}"; do
    for network in "${networks[@]}"; do
      "$deeper" build "dsl/networks/$network.yaml" --weights random:0 --target "$target" --sources-only -o "$1/$target/$network" >/dev/null
    done
  done
}

each() {  # each COMMAND FOLDER: COMMAND TARGET NETWORK FOLDER/TARGET/NETWORK for all of them
  local target network
  for target in "${targets[@]}"; do
    for network in "${networks[@]}"; do
      "$1" "$target" "$network" "$2/$target/$network"
    done
  done
}

update() {
  mkdir -p "generated/$1"
  cp "$3/$2.h" "$3/$2.cpp" "generated/$1/"
}

fresh() {
  local file
  for file in "$2.h" "$2.cpp"; do
    if ! diff -u "generated/$1/$file" "$3/$file" | head -40; then
      fail "generated/$1/$file is not what comes out now; if that is meant: ./dev generated"
    fi
  done
}

within_budget() {
  local file="$3/$2.cpp" lines bytes
  lines=$(wc -l <"$file")
  bytes=$(wc -c <"$file")
  [ "$lines" -lt "$(budget_lines "$2")" ] || fail "$1/$2.cpp: $lines lines"
  [ "$bytes" -lt "$(budget_bytes "$2")" ] || fail "$1/$2.cpp: $bytes bytes"
  awk -v limit=$max_function_lines -v file="$1/$2.cpp" '
    /^[a-z].*\) *(noexcept *)?\{$/ { begin = NR; name = $0 }
    /^\}/ && begin { if (NR - begin + 1 > limit) { print file ": " NR - begin + 1 " lines: " name; bad = 1 } if (NR - begin + 1 > longest) longest = NR - begin + 1; begin = 0 }
    END { if (!longest) { print file ": no function found"; bad = 1 } exit bad }' "$file" >&2 || fail "$1/$2.cpp: a function over $max_function_lines lines"
  echo "$1/$2.cpp: $lines lines, $bytes bytes"
}

compiles_alone() {
  local strict=(-Wall -Wextra -Werror -pedantic -fsyntax-only -I "$3") network=(-std=c++20 -ffp-contract=off -fno-math-errno -fno-exceptions -fno-rtti)
  local march=${1} compiler
  for compiler in "$clang" g++; do
    "$compiler" "${strict[@]}" "${network[@]}" -march="$march" -Wno-psabi "$3/$2.cpp" || fail "$1/$2.cpp: $compiler refuses it"
    "$compiler" "${strict[@]}" -std=c++11 -x c++ "$3/$2.h" -include stddef.h || fail "$1/$2.h: $compiler refuses it as C++11"
  done
  for compiler in "${clang/++/}" gcc; do
    "$compiler" "${strict[@]}" -std=c99 -x c "$3/$2.h" || fail "$1/$2.h: $compiler refuses it as C99"
  done
}

no_stray_words() {  # nothing in it may depend on the day, the machine or the branch
  if grep -nE "$(uname -n)|$PWD|$(date +%Y-%m-%d)" "$3/$2.h" "$3/$2.cpp" >&2; then fail "$1/$2 names this machine"; fi
  if grep -nE 'pragma (GCC|clang) diagnostic|NOLINT|__attribute__\(\(unused' "$3/$2.h" "$3/$2.cpp" >&2; then fail "$1/$2 silences a warning"; fi
}

no_strangers() {  # generated/ holds these files and no others
  local file target
  for file in generated/*/*; do
    target=$(basename "$(dirname "$file")")
    case " ${targets[*]} " in *" $target "*) ;; *) fail "$file: no such target here" ;; esac
    case " ${networks[*]} " in *" $(basename "${file%.*}") "*) ;; *) fail "$file: no such network here" ;; esac
  done
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
clang=$(command -v clang++-22 || command -v clang++-19)
generate "$folder"
case $mode in
  update) each update "$folder" ;;
  check)
    each fresh "$folder"
    each within_budget "$folder"
    each compiles_alone "$folder"
    each no_stray_words "$folder"
    no_strangers
    ;;
  *) echo "usage: generated.sh update|check PATH/TO/deeper" >&2; exit 2 ;;
esac
[ "$failures" = 0 ] || { echo "generated: $failures failures" >&2; exit 1; }
