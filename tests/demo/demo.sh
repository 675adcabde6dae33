#!/usr/bin/env bash
# The main job on the embedded default: build `fashion`, prove it, classify with it; then GoogLeNet where its weights are.
# usage: demo.sh PATH/TO/deeper     (./dev demo calls it; results stay in build/demo)
set -euo pipefail
cd "$(dirname "$0")/../.."
deeper=$1
out=build/demo
python=/usr/bin/python3  # Debian's own, which has the packages that setup installs
mkdir -p "$out"

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }

fashion() {
  step "1. what the network is: deeper check dsl/networks/fashion.yaml"
  "$deeper" check dsl/networks/fashion.yaml
  step "2. to C++ and to a program: deeper build dsl/networks/fashion.yaml --weights dsl/networks/fashion.safetensors -o $out/fashion"
  "$deeper" build dsl/networks/fashion.yaml --weights dsl/networks/fashion.safetensors -o "$out/fashion"
  ls -l "$out/fashion"
  step "3. does it still compute what was recorded: fashion --self-test"
  "$out/fashion/fashion" --self-test
  step "4. ten pictures of the test set"
  $python tests/train/fashion_images.py demo "$out/images"
  "$out/fashion/fashion" --topk 1 "$out"/images/*.pgm
  "$out/fashion/fashion" --topk 1 --json "$out"/images/*.pgm | $python tests/demo/contact_sheet.py "$out/fashion.png"
  step "5. all 10,000 pictures of the test set: fashion --eval"
  [ -f "$out/test/list.tsv" ] || $python tests/train/fashion_images.py all "$out/test"
  "$out/fashion/fashion" --eval "$out/test/list.tsv"
}

googlenet() {
  local models=${DEEPER_MODELS:-../shared/models/googlenet}
  step "6. GoogLeNet"
  if [ ! -f "$models/googlenet.safetensors" ]; then
    echo "skipped: no googlenet.safetensors in $models (set DEEPER_MODELS to the folder that has it)"
    return
  fi
  "$deeper" build dsl/networks/googlenet.yaml --weights "$models/googlenet.safetensors" --labels "$models/labels.txt" -o "$out/googlenet"
  "$out/googlenet/googlenet" --topk 3 "$models"/images/*
  "$out/googlenet/googlenet" --topk 1 --json "$models"/images/* | $python tests/demo/contact_sheet.py "$out/googlenet.png"
}

fashion
googlenet
