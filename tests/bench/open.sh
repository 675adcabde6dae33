#!/usr/bin/env bash
# Opens GoogLeNet's weights and makes a context, timed beside the touching of the weights' pages. A bench, not a test.
# usage: open.sh PATH/TO/deeper WEIGHTS
set -euo pipefail
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" build "$here/../../dsl/networks/googlenet.yaml" --weights "$2" -o "$folder/googlenet" >/dev/null
cc -O2 -Wall -Wextra -Werror -I "$folder/googlenet" -o "$folder/open" "$here/open.c" "$folder/googlenet/libgooglenet.a" -lm -lpthread
"$folder/open" "$folder/googlenet/googlenet.weights"
