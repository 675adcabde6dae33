#!/usr/bin/python3
"""Writes a network of torch_networks.py or torch_zoo_*.py as ONNX, weights inside, for engines that are not ours to run.

    /usr/bin/python3 tests/differential/export_onnx.py googlenet --weights W.safetensors --shape 1 224 224 3 --out OUT.onnx

The input is float32 [n, c, h, w]; the outputs have the heads' names (main, main.logits).
With --random-weights SEED the weights are made up first and written to W, under deeper's paths.
"""
import argparse
import io
import pathlib
import sys
import warnings

import oracle  # first: it sets up OpenBLAS before numpy loads it
import torch

OPSET = 11  # the first with all that the networks need, and old enough for everyone


class Exported(torch.nn.Module):
    """The function as PyTorch's tracer wants it; weights become constants of the model."""

    def __init__(self, function, weights, settings):
        super().__init__()
        self.function, self.weights, self.settings = function, weights, settings
        self.heads = []

    def forward(self, x):
        heads = self.function(self.weights, x, **self.settings).heads
        self.heads = list(heads)
        return tuple(heads.values())


def exported(model, x):
    """The file's bytes. The names of the heads are known after one run only."""
    model.heads = list(model.function(model.weights, x.permute(0, 2, 3, 1).numpy(), **model.settings).heads)
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that sizes and weights are constants is what we want
        torch.onnx.export(model, x, file, opset_version=OPSET, input_names=["input"], output_names=model.heads)
    return anonymous(file.getvalue())


def anonymous(data):
    """Under another producer's name: OpenCV 4.6 takes every padded average of a model by `pytorch` for one that counts the
    padding, whatever the model says of it."""
    field = b"\x12\x07pytorch"  # ModelProto.producer_name
    if data.count(field, 0, 100) != 1:
        raise SystemExit("export_onnx.py: no producer in the model's first bytes")
    return data.replace(field, b"\x12\x07unnamed", 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=sorted(oracle.NETWORKS))
    parser.add_argument("--weights", required=True)
    parser.add_argument("--random-weights", type=int, metavar="SEED")
    parser.add_argument("--shape", required=True, nargs=4, type=int, metavar="N", help="n h w c")
    parser.add_argument("--out", required=True)
    parser.add_argument("--set", action="append", default=[], metavar="P=V")
    options = parser.parse_args()

    torch.set_num_threads(1)
    if options.random_weights is not None:
        weights = oracle.torch_networks.RandomWeights(options.random_weights)
    else:
        weights = {oracle.renamed(name): value for name, value in oracle.read_safetensors(options.weights).items()}
    settings = oracle.settings(options.network, options.set)
    n, h, w, c = options.shape
    with torch.no_grad():
        data = exported(Exported(oracle.NETWORKS[options.network], weights, settings), torch.zeros(n, c, h, w))
    pathlib.Path(options.out).write_bytes(data)
    if options.random_weights is not None:
        oracle.write_safetensors(options.weights, weights)


if __name__ == "__main__":
    sys.exit(main())
