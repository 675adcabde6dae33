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
            followed_by_relu = not path.endswith("/depthwise/weight")
            value = random.standard_normal(shape) * np.sqrt((2 if followed_by_relu else 1) / np.prod(shape[1:]))
        elif kind in ("gamma", "var"):
            value = random.uniform(0.9, 1.1, shape)
        else:
            value = random.uniform(-0.1, 0.1, shape)
        self[path] = value.astype(np.float32)


class Net:
    """The parts the networks are made of. Tensors are NCHW here; what is recorded is NHWC."""

    def __init__(self, weights, batch_norm_eps=None, gamma=True, bias_and_norm=False):
        self.weights = weights
        self.eps = batch_norm_eps  # None: convolutions have a bias and no batch norm
        self.gamma = gamma  # False: batch norms without a factor per channel, as in Keras and slim
        self.bias_and_norm = bias_and_norm  # a bias beside the batch norm, as Caffe's models have it
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

    def batch_norm(self, folder, x):
        count = x.shape[1]
        gamma = self.tensor(f"{folder}/gamma", count) if self.gamma else None
        beta, mean, var = (self.tensor(f"{folder}/{name}", count) for name in ("beta", "mean", "var"))
        return F.batch_norm(x, mean, var, gamma, beta, eps=self.eps)

    def bare_conv(self, path, x, out, kernel, stride=1, pad=0, groups=1, dilation=1, bias=False):
        """`pad`: pixels, (rows, columns), "same", or "same_tf" (the output is ceil(input / stride), the odd one behind)."""
        kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
        weight = self.tensor(f"{path}/weight", out, x.shape[1] // groups, *kernel)
        if pad == "same_tf":
            x, pad = padded_tf(x, kernel, stride), 0
        elif pad == "same":
            pad = padding_same(kernel, stride, dilation)
        bias = self.tensor(f"{path}/bias", out) if bias else None
        return F.conv2d(x, weight, bias, stride, pad, dilation, groups)

    def conv(self, path, x, out, kernel, stride=1, pad=0, relu=True, norm=True, **options):
        """Convolution, then batch norm where the network has it, then relu; `norm` False: a bias in the norm's place."""
        norm = norm and self.eps is not None
        x = self.bare_conv(path, x, out, kernel, stride, pad, bias=not norm or self.bias_and_norm, **options)
        x = self.batch_norm(f"{path}/bn", x) if norm else x
        return self.record(path, F.relu(x) if relu else x)

    def separable(self, path, x, out, kernel, stride=1, pad="same", multiplier=1, relu=False, norm=True):
        """Depthwise, then 1x1, with nothing between; batch norm (or a bias) and relu behind the 1x1."""
        middle = x.shape[1] * multiplier
        x = self.bare_conv(f"{path}/depthwise", x, middle, kernel, stride, pad, groups=x.shape[1])
        x = self.bare_conv(f"{path}/pointwise", x, out, 1, bias=not norm)
        x = self.batch_norm(f"{path}/pointwise/bn", x) if norm else x
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
        return self.record(path, LocalResponseNorm.apply(x))

    def inception(self, path, x, b1, r3, b3, r5, b5, proj, proj_relu=True, window=5):
        """Figure 2 (b) of arXiv 1409.4842; `window` is that of the 5x5."""
        first = self.conv(f"{path}/1x1", x, b1, 1)
        second = self.conv(f"{path}/3x3", self.conv(f"{path}/3x3_reduce", x, r3, 1), b3, 3, pad=1)
        third = self.conv(f"{path}/5x5", self.conv(f"{path}/5x5_reduce", x, r5, 1), b5, window, pad="same")
        pooled = F.max_pool2d(x, 3, stride=1, padding=1)
        fourth = self.conv(f"{path}/pool_proj", pooled, proj, 1, relu=proj_relu)
        return self.record(path, torch.cat([first, second, third, fourth], 1))

    def chain(self, path, x, *convolutions):
        """Convolutions in a row, each (name, out, kernel) or (name, out, kernel, stride), of unchanged size where stride is 1."""
        for name, out, kernel, *stride in convolutions:
            x = self.conv(f"{path}/{name}", x, out, kernel, *(stride or (1, "same")))
        return x

    def concat(self, path, *branches):
        return self.record(path, torch.cat(branches, 1))

    def average(self, path, x):
        """Over the whole map."""
        return self.record(path, F.adaptive_avg_pool2d(x, 1))

    def head(self, name, x):
        """An output without a softmax."""
        self.result.heads[name] = nhwc(x)

    def softmax_head(self, name, logits):
        self.result.heads[f"{name}.logits"] = nhwc(logits)
        self.result.heads[name] = nhwc(F.softmax(logits, 1))


class LocalResponseNorm(torch.autograd.Function):
    """As in the GoogLeNet paper's model. PyTorch would export it as its dozen steps; ONNX has a word for it."""

    SIZE, ALPHA, BETA, K = 5, 1e-4, 0.75, 1.0  # alpha / size is the factor of the sum of squares

    @classmethod
    def forward(cls, _context, x):
        return F.local_response_norm(x, cls.SIZE, cls.ALPHA, cls.BETA, cls.K)

    @classmethod
    def symbolic(cls, graph, x):
        return graph.op("LRN", x, size_i=cls.SIZE, alpha_f=cls.ALPHA, beta_f=cls.BETA, bias_f=cls.K)


def padding_same(kernel, stride, dilation):
    """In numbers: PyTorch's own padding="same" is the same thing, but nothing that it could export."""
    if stride != 1 or any(k % 2 == 0 for k in kernel):
        raise ValueError(f"pad 'same' with stride {stride} and kernel {kernel}")
    return tuple(dilation * (k - 1) // 2 for k in kernel)


def padded_tf(x, kernel, stride, value=0.0):
    """TensorFlow's SAME: as much padding as ceil(input / stride) windows need, the smaller half on top and left."""
    (top, bottom), (left, right) = ((total // 2, total - total // 2)
                                    for total in (max((-(-int(n) // stride) - 1) * stride + k - int(n), 0)
                                                  for n, k in zip(x.shape[2:], kernel)))
    return F.pad(x, (left, right, top, bottom), value=value)


def nhwc(x):
    if torch.jit.is_tracing():
        return x
    if x.dim() == 2:
        x = x[:, :, None, None]
    return x.permute(0, 2, 3, 1).contiguous().numpy()


def nchw(x):
    """Under a tracer (export_onnx.py) `x` is PyTorch's own already, and results stay so."""
    if torch.jit.is_tracing():
        return x
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


# The others are in torch_zoo_*.py.
NETWORKS = {"inception_naive": inception_naive, "inception_reduced": inception_reduced, "googlenet": googlenet, "fashion": fashion}
