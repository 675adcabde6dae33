#!/usr/bin/python3
"""Trains dsl/networks/fashion.yaml on Debian's dataset-fashion-mnist and writes its weights as safetensors.

    /usr/bin/python3 tests/train/train_fashion.py --out dsl/networks/fashion.safetensors

Needs Debian's python3-torch and dataset-fashion-mnist. Takes about half an hour on two cores. Nobody has to run it to use
deeper: the weights are committed. The ten thousand test images are looked at once, after the last step.
"""
import argparse
import copy
import gzip
import json
import math
import os
import pathlib
import struct
import time

os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")  # Debian's OpenBLAS may pick broken kernels on very new CPUs
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

MEAN, SCALE = 72.94, 0.0111  # gray levels; the same two numbers stand under `preprocess` in fashion.yaml
EPS = 1e-3  # of every batch norm
AUX_WEIGHT = 0.3  # of the auxiliary loss, as in the paper
PAD = 2  # pixels that a training image may shift in each direction


def read_idx(path):
    """The array of an idx.gz file of unsigned bytes."""
    data = gzip.decompress(pathlib.Path(path).read_bytes())
    zero, kind, rank = struct.unpack(">HBB", data[:4])
    if zero != 0 or kind != 8:
        raise SystemExit(f"{path}: not an idx file of bytes")
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load(folder, part):
    """Images as uint8 [n, 1, 28, 28] and classes as int64 [n]; part is "train" or "t10k"."""
    images = torch.from_numpy(read_idx(f"{folder}/{part}-images-idx3-ubyte.gz").copy()).unsqueeze(1)
    return images, torch.from_numpy(read_idx(f"{folder}/{part}-labels-idx1-ubyte.gz").astype(np.int64))


class Conv(nn.Module):
    """Convolution without bias, batch norm, relu."""

    def __init__(self, inputs, out, kernel):
        super().__init__()
        self.conv = nn.Conv2d(inputs, out, kernel, padding=kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(out, eps=EPS)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)), inplace=True)


class Inception(nn.Module):
    """The dimension-reduced module; module names are the ids of blocks/inception_v1.yaml."""

    def __init__(self, inputs, b1, r3, b3, r5, b5, proj):
        super().__init__()
        self.add_module("1x1", Conv(inputs, b1, 1))
        self.add_module("3x3_reduce", Conv(inputs, r3, 1))
        self.add_module("3x3", Conv(r3, b3, 3))
        self.add_module("5x5_reduce", Conv(inputs, r5, 1))
        self.add_module("5x5", Conv(r5, b5, 5))
        self.add_module("pool_proj", Conv(inputs, proj, 1))
        self.outputs = b1 + b3 + b5 + proj

    def forward(self, x):
        m = self._modules
        pooled = F.max_pool2d(x, 3, stride=1, padding=1)
        return torch.cat([m["1x1"](x), m["3x3"](m["3x3_reduce"](x)), m["5x5"](m["5x5_reduce"](x)), m["pool_proj"](pooled)], 1)


class Main(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.classifier = nn.Linear(inputs, 10)

    def forward(self, x):
        return self.classifier(F.dropout(x.mean((2, 3)), 0.2, self.training))


class Aux(nn.Module):
    """The auxiliary classifier: pool, 1x1, two dense layers."""

    def __init__(self, inputs):
        super().__init__()
        self.conv = Conv(inputs, 32, 1)
        self.fc = nn.Linear(32 * 3 * 3, 64)
        self.classifier = nn.Linear(64, 10)

    def forward(self, x):
        x = self.conv(F.avg_pool2d(x, 3, stride=2))
        return self.classifier(F.dropout(F.relu(self.fc(x.flatten(1))), 0.5, self.training))


class Fashion(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = Conv(1, 24, 3)
        self.conv2_reduce = Conv(24, 24, 1)
        self.conv2 = Conv(24, 40, 3)
        self.inception_3a = Inception(40, 24, 16, 32, 8, 16, 16)
        self.inception_4a = Inception(88, 40, 32, 64, 8, 16, 24)
        self.inception_4b = Inception(144, 48, 32, 64, 8, 16, 32)
        self.inception_5a = Inception(160, 64, 48, 128, 16, 32, 32)
        self.aux = Aux(self.inception_4a.outputs)
        self.main = Main(self.inception_5a.outputs)

    def forward(self, x):
        """Logits of the main head and, while training, of the auxiliary one."""
        x = F.max_pool2d(self.conv1(x), 3, stride=2, ceil_mode=True)
        x = self.inception_3a(self.conv2(self.conv2_reduce(x)))
        side = self.inception_4a(F.max_pool2d(x, 3, stride=2, ceil_mode=True))
        x = F.max_pool2d(self.inception_4b(side), 3, stride=2, ceil_mode=True)
        return self.main(self.inception_5a(x)), self.aux(side) if self.training else None


def paths(model):
    """The network's tensors by their path in fashion.yaml; the auxiliary head is left out."""
    words = {"conv.weight": "weight", "bn.weight": "bn/gamma", "bn.bias": "bn/beta", "bn.running_mean": "bn/mean",
             "bn.running_var": "bn/var"}
    tensors = {}
    for name, tensor in model.state_dict().items():
        if name.startswith("aux.") or name.endswith("num_batches_tracked"):
            continue
        for torch_name, word in words.items():
            if name.endswith("." + torch_name):
                name = name[: -len(torch_name)] + word
        tensors[name.replace(".", "/")] = tensor.detach().contiguous().numpy().astype("<f4")
    return tensors


def write_safetensors(path, tensors):
    """Header length (8 bytes, little endian), JSON header, raw tensors; sorted by name."""
    header, offset = {}, 0
    for name in sorted(tensors):
        end = offset + tensors[name].nbytes
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in sorted(tensors):
            file.write(tensors[name].tobytes())


def normalize(images):
    return ((images.float() - MEAN) * SCALE).contiguous(memory_format=torch.channels_last)


def augment(images, generator):
    """Random flip and shift of uint8 [n, 1, 28, 28]; what moves in from outside is black."""
    n = len(images)
    flip = torch.rand(n, generator=generator) < 0.5
    images = torch.where(flip[:, None, None, None], images.flip(3), images)
    padded = F.pad(images, (PAD, PAD, PAD, PAD))[:, 0]
    shift = torch.randint(0, 2 * PAD + 1, (2, n, 1), generator=generator)
    rows, columns = shift + torch.arange(28)
    return padded[torch.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]].unsqueeze(1)


def accuracy(model, images, classes):
    model.eval()
    with torch.no_grad():
        hits = sum((model(normalize(images[i : i + 500]))[0].argmax(1) == classes[i : i + 500]).sum().item()
                   for i in range(0, len(images), 500))
    return hits / len(images)


def move_average(average, model, decay):
    """Exponential moving average of the weights and of the batch norms' statistics."""
    with torch.no_grad():
        for mean, now in zip(average.state_dict().values(), model.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - decay)
            else:
                mean.copy_(now)


def learning_rate(progress, peak):
    """Linear warm-up over the first tenth, then half a cosine down to zero."""
    return peak * (progress / 0.1 if progress < 0.1 else 0.5 + 0.5 * math.cos(math.pi * (progress - 0.1) / 0.9))


def train(options, images, classes):
    model = Fashion().to(memory_format=torch.channels_last)
    average = copy.deepcopy(model)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.SGD([{"params": decayed, "weight_decay": 5e-4}, {"params": others, "weight_decay": 0}], lr=0,
                                momentum=0.9, nesterov=True)
    generator = torch.Generator().manual_seed(options.seed)
    started, step, batches = time.monotonic(), 0, len(images) // options.batch
    for epoch in range(options.epochs):
        model.train()
        total = 0.0
        for chosen in torch.randperm(len(images), generator=generator)[: batches * options.batch].split(options.batch):
            # Short of time the schedule runs faster, so that it always ends with a small rate.
            progress = max(step / (batches * options.epochs), (time.monotonic() - started) / (60 * options.minutes))
            if progress >= 1:
                break
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(progress, options.rate)
            main, aux = model(normalize(augment(images[chosen], generator)))
            loss = F.cross_entropy(main, classes[chosen], label_smoothing=0.05)
            loss = loss + AUX_WEIGHT * F.cross_entropy(aux, classes[chosen], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            move_average(average, model, min(options.average, (1 + step) / (10 + step)))
            total += loss.item()
            step += 1
        print(f"epoch {epoch + 1}: loss {total / batches:.4f}, progress {progress:.3f}, {time.monotonic() - started:.0f} s",
              flush=True)
    return average


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist", help="folder of the idx.gz files")
    parser.add_argument("--out", default="fashion.safetensors")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=40, help="time limit; the schedule is shortened to meet it")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=0.1, help="highest learning rate")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the moving average of the weights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--hold-out", type=int, default=0, help="train without the last N training images and test on them")
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    images, classes = load(options.data, "train")
    if options.hold_out:
        test = images[-options.hold_out :], classes[-options.hold_out :]
        images, classes = images[: -options.hold_out], classes[: -options.hold_out]
    else:
        test = load(options.data, "t10k")
    model = train(options, images, classes)
    tensors = paths(model)
    write_safetensors(options.out, tensors)
    print(f"{options.out}: {sum(t.size for n, t in tensors.items() if not n.endswith(('/mean', '/var')))} parameters")
    print(f"top-1 {100 * accuracy(model, *test):.2f} % of {len(test[0])} images", flush=True)


if __name__ == "__main__":
    main()
