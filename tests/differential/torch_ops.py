#!/usr/bin/python3
"""Evaluates single operators in Debian's PyTorch, in double precision: checks the reference in tests/reference.

    /usr/bin/python3 tests/differential/torch_ops.py --cases cases.json --inputs in.npz --out out.npz

cases.json: [{"name": "case7", "op": "conv", "inputs": {"x": "case7.x", "weight": "case7.weight"}, "attrs": {"stride": [2, 2]}}];
the inputs' values are keys of in.npz, and out.npz holds one array a case, by its name. Activations are NHWC [n, h, w, c] (or
[h, w, c]; the result then has no n either), convolution weights OIHW, dense weights [out, in]. Sizes are [height, width] or one
number; `pad` is a number, [h, w], [top, left, bottom, right], "same", "same_tf" or "valid". What an op takes (inputs | attrs):

  conv         x weight [bias]              | stride pad dilation groups activation slope
  pool         x                            | kind kernel stride pad rounding average
  global_pool  x                            | kind
  lrn          x                            | size alpha beta k alpha_mode
  batch_norm   x mean var beta [gamma]      | eps
  dense        x weight [bias]              | flatten activation slope
  activation   x                            | kind slope
  softmax      x                            |
  l2_normalize x                            | eps
  add          a b                          | scale activation slope          a + scale * b
  concat       (any names, in their order)  |
"""
import argparse
import json
import os
import sys

os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")  # Debian's OpenBLAS may pick broken kernels on very new CPUs
import numpy as np
import torch
from torch.nn import functional as F

INFINITY = float("inf")


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def pads(rule, size, kernel, stride, dilation=(1, 1)):
    """((top, bottom), (left, right)) of a rule for an input of `size`."""
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation)]
    if rule == "valid":
        rule = 0
    if rule == "same_tf":
        totals = [max((-(-n // s) - 1) * s + r - n, 0) for n, s, r in zip(size, stride, reach)]
        return tuple((total // 2, total - total // 2) for total in totals)
    if rule == "same":
        return tuple((r // 2, r // 2) for r in reach)
    if not isinstance(rule, int) and len(rule) == 4:
        return (rule[0], rule[2]), (rule[1], rule[3])
    return tuple((p, p) for p in pair(rule))


def padded(x, pad, value=0.0):
    (top, bottom), (left, right) = pad
    return F.pad(x, (left, right, top, bottom), value=value)


def activate(x, kind, slope=0.0):
    functions = {
        "none": lambda: x,
        "relu": lambda: F.relu(x),
        "relu6": lambda: F.relu6(x),
        "leaky_relu": lambda: F.leaky_relu(x, slope),
        "sigmoid": lambda: torch.sigmoid(x),
        "tanh": lambda: torch.tanh(x),
        "silu": lambda: F.silu(x),
        "hard_swish": lambda: F.hardswish(x),
        "softmax": lambda: F.softmax(x, 1),
    }
    return functions[kind]()


def conv(x, weight, bias=None, stride=1, pad="valid", dilation=1, groups=1, activation="none", slope=0.0):
    stride, dilation = pair(stride), pair(dilation)
    x = padded(x, pads(pad, x.shape[2:], weight.shape[2:], stride, dilation))
    return activate(F.conv2d(x, weight, bias, stride, 0, dilation, groups), activation, slope)


def windows(length, kernel, stride, pad, ceil):
    """Number of windows along one side; with ceil the last one starts inside the input or the padding before it."""
    span = length + sum(pad) - kernel
    count = (-(-span // stride) if ceil else span // stride) + 1
    if ceil and (count - 1) * stride >= length + pad[0]:
        count -= 1
    return count


def pool(x, kind, kernel, stride, pad="valid", rounding="floor", average="exclude_pad"):
    kernel, stride = pair(kernel), pair(stride)
    pad = pads(pad, x.shape[2:], kernel, stride)
    ceil, include = rounding == "ceil", average == "include_pad"
    if all(before == after and 2 * before <= k for (before, after), k in zip(pad, kernel)):
        sizes = [before for before, _ in pad]
        if kind == "max":
            return F.max_pool2d(x, kernel, stride, sizes, ceil_mode=ceil)
        return F.avg_pool2d(x, kernel, stride, sizes, ceil_mode=ceil, count_include_pad=include)
    return pool_of_padded(x, kind, kernel, stride, pad, ceil, include)


def pool_of_padded(x, kind, kernel, stride, pad, ceil, include):
    """For paddings that PyTorch's own pools refuse: pads first, and counts what an average may count by pooling ones."""
    sides = list(zip(x.shape[2:], kernel, stride, pad))
    counts = [windows(n, k, s, p, ceil) for n, k, s, p in sides]
    overhang = [(0, max((count - 1) * s + k - n - sum(p), 0)) for count, (n, k, s, p) in zip(counts, sides)]
    if kind == "max":
        whole = F.max_pool2d(padded(padded(x, pad, -INFINITY), overhang, -INFINITY), kernel, stride)
    else:
        ones = padded(padded(torch.ones_like(x), pad, 1.0 if include else 0.0), overhang)
        whole = F.avg_pool2d(padded(padded(x, pad), overhang), kernel, stride) / F.avg_pool2d(ones, kernel, stride)
    return whole[:, :, : counts[0], : counts[1]]


def global_pool(x, kind):
    return F.adaptive_max_pool2d(x, 1) if kind == "max" else F.adaptive_avg_pool2d(x, 1)


def lrn(x, size=5, alpha=1e-4, beta=0.75, k=1.0, alpha_mode="per_window"):
    """PyTorch divides alpha by the window's size."""
    return F.local_response_norm(x, size, alpha * size if alpha_mode == "per_element" else alpha, beta, k)


def batch_norm(x, mean, var, beta, gamma=None, eps=1e-3):
    return F.batch_norm(x, mean, var, gamma, beta, eps=eps)


def dense(x, weight, bias=None, flatten="chw", activation="none", slope=0.0):
    x = (x if flatten == "chw" else x.permute(0, 2, 3, 1)).flatten(1)
    return activate(F.linear(x, weight, bias), activation, slope)[:, :, None, None]


def softmax(x):
    return F.softmax(x, 1)


def l2_normalize(x, eps=1e-12):
    return F.normalize(x, dim=1, eps=eps)


def add(a, b, scale=1.0, activation="none", slope=0.0):
    return activate(torch.add(a, b, alpha=scale), activation, slope)


def concat(**parts):
    return torch.cat(list(parts.values()), 1)


OPS = {"conv": conv, "pool": pool, "global_pool": global_pool, "lrn": lrn, "batch_norm": batch_norm, "dense": dense,
       "activation": activate, "softmax": softmax, "l2_normalize": l2_normalize, "add": add, "concat": concat}
PARAMETERS = {"weight", "bias", "mean", "var", "beta", "gamma"}  # inputs that are no activations


def evaluate(case, arrays):
    inputs, batched = {}, True
    for name, key in case["inputs"].items():
        value = np.asarray(arrays[key], np.float64)
        if name in PARAMETERS and case["op"] != "concat":
            inputs[name] = torch.from_numpy(value)
            continue
        batched = value.ndim == 4
        value = value if batched else value[None]
        inputs[name] = torch.from_numpy(np.ascontiguousarray(value.transpose(0, 3, 1, 2)))
    result = OPS[case["op"]](**inputs, **case.get("attrs", {})).permute(0, 2, 3, 1).contiguous().numpy()
    return result if batched else result[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", required=True)
    parser.add_argument("--inputs", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with open(options.cases, encoding="utf-8") as file:
        cases = json.load(file)
    with np.load(options.inputs) as arrays, torch.no_grad():
        results = {}
        for case in cases:
            try:
                results[case["name"]] = evaluate(case, arrays)
            except (KeyError, RuntimeError, TypeError) as error:
                sys.exit(f"torch_ops.py: {case.get('name')}: {error!r}")
    np.savez(options.out, **results)


if __name__ == "__main__":
    main()
