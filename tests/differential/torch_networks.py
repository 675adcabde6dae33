"""The networks of dsl/networks as PyTorch functions, written from the papers and not from the YAML.

Each takes `weights` (path -> array, OIHW; names are deeper's paths) and `x` (float32 [n, height, width, channels]) and returns
a `Result`: every head's values and every named layer's output, all NHWC (a vector is [n, 1, 1, channels]).
"""
import os
import zlib

os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")  # Debian's OpenBLAS may pick broken kernels on very new CPUs
import numpy as np
import torch
from torch.nn import functional as F


class Result:
    """`heads`: main, main.logits (what enters the last softmax), ...; `layers`: path -> output."""

    def __init__(self):
        self.heads = {}
        self.layers = {}


class RandomWeights(dict):
    """Makes each tensor when it is first asked for: He-scaled weights, the rest as a trained net might have it.

    A tensor depends on the seed and on its path only.
    """

    def __init__(self, seed):
        super().__init__()
        self.seed = seed

    def make(self, path, shape):
        random = np.random.default_rng([self.seed, zlib.crc32(path.encode())])
        kind = path.rsplit("/", 1)[1]
        if kind == "weight":
            value = random.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        elif kind in ("gamma", "var"):
            value = random.uniform(0.9, 1.1, shape)
        else:
            value = random.uniform(-0.1, 0.1, shape)
        self[path] = value.astype(np.float32)


class Net:
    """The parts the networks are made of. Tensors are NCHW here; what is recorded is NHWC."""

    def __init__(self, weights, batch_norm_eps=None):
        self.weights = weights
        self.eps = batch_norm_eps  # None: convolutions have a bias and no batch norm
        self.result = Result()

    def tensor(self, path, *shape):
        if isinstance(self.weights, RandomWeights) and path not in self.weights:
            self.weights.make(path, shape)
        value = np.asarray(self.weights[path])
        if value.shape != shape:
            raise ValueError(f"{path} is {value.shape}, but the network needs {shape}")
        return torch.from_numpy(np.array(value, np.float32))  # a copy: what comes from a file is read-only

    def record(self, path, x):
        self.result.layers[path] = nhwc(x)
        return x

    def conv(self, path, x, out, kernel, stride=1, pad=0, relu=True):
        weight = self.tensor(f"{path}/weight", out, x.shape[1], kernel, kernel)
        if self.eps is None:
            x = F.conv2d(x, weight, self.tensor(f"{path}/bias", out), stride, pad)
        else:
            gamma, beta, mean, var = (self.tensor(f"{path}/bn/{name}", out) for name in ("gamma", "beta", "mean", "var"))
            x = F.batch_norm(F.conv2d(x, weight, None, stride, pad), mean, var, gamma, beta, eps=self.eps)
        return self.record(path, F.relu(x) if relu else x)

    def dense(self, path, x, out, relu=False):
        """Fully connected over all of an image's values, channel by channel as Caffe flattens them."""
        x = x.flatten(1)
        x = F.linear(x, self.tensor(f"{path}/weight", out, x.shape[1]), self.tensor(f"{path}/bias", out))
        return self.record(path, F.relu(x) if relu else x)

    def pool(self, path, x):
        """The 3x3 max pool with stride 2 between the stages; a window may overhang right and below, as in Caffe."""
        return self.record(path, F.max_pool2d(x, 3, stride=2, ceil_mode=True))

    def norm(self, path, x):
        return self.record(path, F.local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=1.0))

    def inception(self, path, x, b1, r3, b3, r5, b5, proj, proj_relu=True):
        """Figure 2 (b) of arXiv 1409.4842."""
        first = self.conv(f"{path}/1x1", x, b1, 1)
        second = self.conv(f"{path}/3x3", self.conv(f"{path}/3x3_reduce", x, r3, 1), b3, 3, pad=1)
        third = self.conv(f"{path}/5x5", self.conv(f"{path}/5x5_reduce", x, r5, 1), b5, 5, pad=2)
        pooled = F.max_pool2d(x, 3, stride=1, padding=1)
        fourth = self.conv(f"{path}/pool_proj", pooled, proj, 1, relu=proj_relu)
        return self.record(path, torch.cat([first, second, third, fourth], 1))

    def head(self, name, x):
        """An output without a softmax."""
        self.result.heads[name] = nhwc(x)

    def softmax_head(self, name, logits):
        self.result.heads[f"{name}.logits"] = nhwc(logits)
        self.result.heads[name] = nhwc(F.softmax(logits, 1))


def nhwc(x):
    if x.dim() == 2:
        x = x[:, :, None, None]
    return x.permute(0, 2, 3, 1).contiguous().numpy()


def nchw(x):
    return torch.from_numpy(np.ascontiguousarray(np.asarray(x, np.float32).transpose(0, 3, 1, 2)))


def inception_naive(weights, x, pool="max"):
    """Figure 2 (a) with 64, 128 and 32 filters; the average leaves the padding out."""
    net, x = Net(weights), nchw(x)
    if pool == "max":
        pooled = F.max_pool2d(x, 3, stride=1, padding=1)
    elif pool == "average":
        pooled = F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)
    else:
        raise ValueError(f"pool is {pool}, not max or average")
    parts = [net.conv("module/1x1", x, 64, 1), net.conv("module/3x3", x, 128, 3, pad=1), net.conv("module/5x5", x, 32, 5, pad=2)]
    net.head("main", net.record("module", torch.cat(parts + [pooled], 1)))
    return net.result


def inception_reduced(weights, x, b1=64, r3=96, b3=128, r5=16, b5=32, proj=32, proj_activation="relu"):
    if proj_activation not in ("relu", "none"):
        raise ValueError(f"proj_activation is {proj_activation}, not relu or none")
    net = Net(weights)
    net.head("main", net.inception("module", nchw(x), b1, r3, b3, r5, b5, proj, proj_activation == "relu"))
    net.result.heads["tap"] = net.result.layers["module/pool_proj"]
    return net.result


def googlenet_auxiliary(net, name, x, classes):
    x = net.conv(f"{name}/conv", F.avg_pool2d(x, 5, stride=3), 128, 1)
    x = net.dense(f"{name}/fc", x, 1024, relu=True)
    net.softmax_head(name, net.dense(f"{name}/classifier", x, classes))


def googlenet(weights, x, aux=(), classes=1000):
    """Table 1 of arXiv 1409.4842. `aux`: the auxiliary heads to compute, of "aux1" and "aux2"; any input size."""
    net = Net(weights)
    x = net.norm("norm1", net.pool("pool1", net.conv("conv1", nchw(x), 64, 7, stride=2, pad=3)))
    x = net.conv("conv2", net.conv("conv2_reduce", x, 64, 1), 192, 3, pad=1)
    x = net.pool("pool2", net.norm("norm2", x))
    x = net.inception("inception_3a", x, 64, 96, 128, 16, 32, 32)
    x = net.inception("inception_3b", x, 128, 128, 192, 32, 96, 64)
    x = net.pool("pool3", x)
    x = net.inception("inception_4a", x, 192, 96, 208, 16, 48, 64)
    if "aux1" in aux:
        googlenet_auxiliary(net, "aux1", x, classes)
    x = net.inception("inception_4b", x, 160, 112, 224, 24, 64, 64)
    x = net.inception("inception_4c", x, 128, 128, 256, 24, 64, 64)
    x = net.inception("inception_4d", x, 112, 144, 288, 32, 64, 64)
    if "aux2" in aux:
        googlenet_auxiliary(net, "aux2", x, classes)
    x = net.inception("inception_4e", x, 256, 160, 320, 32, 128, 128)
    x = net.pool("pool4", x)
    x = net.inception("inception_5a", x, 256, 160, 320, 32, 128, 128)
    x = net.inception("inception_5b", x, 384, 192, 384, 48, 128, 128)
    x = net.record("pool5", F.adaptive_avg_pool2d(x, 1))
    net.softmax_head("main", net.dense("main/classifier", x, classes))
    return net.result


def fashion(weights, x, aux=()):
    """The small net that tests/train/train_fashion.py trains: batch norm (eps 0.001) behind every convolution."""
    net = Net(weights, batch_norm_eps=1e-3)
    x = net.pool("pool1", net.conv("conv1", nchw(x), 24, 3, pad=1))
    x = net.conv("conv2", net.conv("conv2_reduce", x, 24, 1), 40, 3, pad=1)
    x = net.inception("inception_3a", x, 24, 16, 32, 8, 16, 16)
    x = net.inception("inception_4a", net.pool("pool3", x), 40, 32, 64, 8, 16, 24)
    if "aux" in aux:
        side = net.conv("aux/conv", F.avg_pool2d(x, 3, stride=2), 32, 1)
        side = net.dense("aux/fc", side, 64, relu=True)
        net.softmax_head("aux", net.dense("aux/classifier", side, 10))
    x = net.inception("inception_4b", x, 48, 32, 64, 8, 16, 32)
    x = net.inception("inception_5a", net.pool("pool4", x), 64, 48, 128, 16, 32, 32)
    x = net.record("pool5", F.adaptive_avg_pool2d(x, 1))
    net.softmax_head("main", net.dense("main/classifier", x, 10))
    return net.result


NETWORKS = {"inception_naive": inception_naive, "inception_reduced": inception_reduced, "googlenet": googlenet, "fashion": fashion}
