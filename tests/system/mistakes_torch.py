"""The network of mistakes.py in PyTorch, as its author would have it: WEIGHTS PICTURE OUT.npz."""
import sys

import support  # first: it chooses the kernels of numpy's and PyTorch's library
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image


def main(weights, picture, out):
    t = {name: torch.from_numpy(np.array(value)) for name, value in support.read_safetensors(weights).items()}
    pixels = np.asarray(Image.open(picture).convert("RGB").resize((12, 12), Image.BILINEAR), np.float32)
    values = {"input": torch.from_numpy((pixels - np.float32([120, 110, 100])) * np.float32(0.02)).permute(2, 0, 1)[None]}

    def conv(path, x, **how):
        return F.conv2d(x, t[path + "/weight"], t.get(path + "/bias"), **how)

    def norm(path, x):
        return F.batch_norm(x, t[path + "/mean"], t[path + "/var"], t[path + "/gamma"], t[path + "/beta"], eps=1e-3)

    def keep(name, x):
        values[name] = x
        return x

    x = keep("stem", F.relu(norm("stem/bn", conv("stem", values["input"], padding=1))))
    x = keep("norm", F.local_response_norm(x, 5, 0.5, 0.75, 1.0))
    x = keep("bn", norm("bn", x))
    x = keep("wide", F.relu6(conv("wide", x, padding=2, dilation=2)))
    x = keep("sep/depthwise", conv("sep/depthwise", x, padding=1, groups=8))
    x = keep("sep", conv("sep/pointwise", x))
    x = keep("sep2/depthwise", conv("sep2/depthwise", F.relu(x), padding=1, groups=8))
    x = keep("sep2", conv("sep2/pointwise", x))
    x = keep("pool", F.max_pool2d(x, 3, 2, ceil_mode=True))
    a = keep("a", F.relu(conv("a", x)))
    b = keep("b", F.relu(conv("b", x, padding=1)))
    c = keep("average_pool", F.avg_pool2d(x, 3, 1, 1, count_include_pad=False))
    c = keep("proj", F.relu(conv("proj", c)))
    x = keep("mix", torch.cat([a, b, c], 1))
    x = keep("squeeze", conv("squeeze", x))
    x = keep("res", F.relu(x + 0.5 * conv("res/up", x, padding=1)))
    x = keep("down1", F.relu(conv("down1", x, stride=2)))
    x = keep("down2", F.relu(conv("down2", x, padding=1)))
    x = keep("shrink", F.avg_pool2d(x, 2, 1))
    x = keep("main.logits", F.linear(x.flatten(1), t["main/classifier/weight"], t["main/classifier/bias"]))
    keep("main/classifier", x)
    keep("main", F.softmax(x, 1))
    np.savez(out, **{name: value.numpy() for name, value in values.items()})


main(*sys.argv[1:])
