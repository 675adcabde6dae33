#!/usr/bin/python3
"""Runs a network of torch_networks.py or torch_zoo_*.py in Debian's PyTorch, one thread, and writes every layer's output.

    /usr/bin/python3 tests/differential/oracle.py googlenet --weights W.safetensors --input X.npy --out OUT.npz

X: float32 [h, w, c] or [n, h, w, c], already preprocessed. OUT: arrays [n, h, w, c] by path and by head (main, main.logits).
With --random-weights SEED the weights are made up first and written to W, under deeper's paths.
"""
import argparse
import inspect
import json
import pathlib
import struct
import sys

import torch_networks  # first: it sets up OpenBLAS before numpy loads it
import numpy as np
import torch
import torch_zoo_classic
import torch_zoo_early
import torch_zoo_inception
import torch_zoo_residual
import torch_zoo_xception

MODULES = (torch_networks, torch_zoo_classic, torch_zoo_early, torch_zoo_inception, torch_zoo_residual, torch_zoo_xception)
NETWORKS = {name: function for module in MODULES for name, function in module.NETWORKS.items()}

CAFFE_NAMES = {  # of the BVLC GoogLeNet
    "conv1/7x7_s2/": "conv1/", "conv2/3x3_reduce/": "conv2_reduce/", "conv2/3x3/": "conv2/", "loss1/": "aux1/", "loss2/": "aux2/",
    "loss3/": "main/",
}


def read_safetensors(path):
    """Name -> float32 array. Only F32, which is all that these networks' files hold."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise SystemExit(f"{path}: {name} is {entry['dtype']}, not F32")
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
    return tensors


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, value in sorted(tensors.items()):
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + value.nbytes]}
        offset += value.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    values = b"".join(value.astype("<f4").tobytes() for _, value in sorted(tensors.items()))
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + values)


def renamed(name):
    for old, new in CAFFE_NAMES.items():
        if name.startswith(old):
            return new + name[len(old) :]
    return name


def scalar(text):
    """The bool, whole number or number that YAML's core schema sees in it, else the text."""
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def settings(network, assignments):
    """The keyword arguments that `--set name=value` gives; names that the network does not have are an error."""
    known = inspect.signature(NETWORKS[network]).parameters
    values = {}
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        if name in ("size", "channels"):
            continue  # the input's shape says it
        if name not in known or name in ("weights", "x", "aux"):
            raise SystemExit(f"oracle.py: {network} has no parameter {name}")
        values[name] = scalar(value)
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=sorted(NETWORKS))
    parser.add_argument("--weights", required=True)
    parser.add_argument("--random-weights", type=int, metavar="SEED")
    parser.add_argument("--input", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--set", action="append", default=[], metavar="P=V")
    parser.add_argument("--head", action="append", default=[], help="an optional head to compute too")
    options = parser.parse_args()

    torch.set_num_threads(1)
    x = np.load(options.input)
    x = x[None] if x.ndim == 3 else x
    arguments = settings(options.network, options.set)
    if options.head:
        arguments["aux"] = options.head
    if options.random_weights is not None:
        weights = torch_networks.RandomWeights(options.random_weights)
    else:
        weights = {renamed(name): value for name, value in read_safetensors(options.weights).items()}
    with torch.no_grad():
        result = NETWORKS[options.network](weights, x, **arguments)
    for head in options.head:
        if head not in result.heads:
            raise SystemExit(f"oracle.py: {options.network} has no head {head}")
    if options.random_weights is not None:
        write_safetensors(options.weights, weights)
    np.savez(options.out, **result.layers, **result.heads)


if __name__ == "__main__":
    sys.exit(main())
