"""GoogLeNet with batch norm, BN-Inception and Inception v2, as PyTorch functions, written from the papers and model files."""
import math

from torch_networks import Net, nchw, padded_tf
from torch.nn import functional as F


def googlenet_bn(weights, x, classes=1000, eps=1e-3, gamma=True):
    """arXiv 1409.4842 with batch norm, 3x3 for 5x5, and a 2x2 pool in front of 5a."""
    net = Net(weights, eps, gamma)
    x = net.pool("pool1", net.conv("conv1", nchw(x), 64, 7, stride=2, pad=3))
    x = net.pool("pool2", net.conv("conv3", net.conv("conv2", x, 64, 1), 192, 3, pad=1))
    x = net.inception("inception_3a", x, 64, 96, 128, 16, 32, 32, window=3)
    x = net.pool("pool3", net.inception("inception_3b", x, 128, 128, 192, 32, 96, 64, window=3))
    x = net.inception("inception_4a", x, 192, 96, 208, 16, 48, 64, window=3)
    x = net.inception("inception_4b", x, 160, 112, 224, 24, 64, 64, window=3)
    x = net.inception("inception_4c", x, 128, 128, 256, 24, 64, 64, window=3)
    x = net.inception("inception_4d", x, 112, 144, 288, 32, 64, 64, window=3)
    x = net.inception("inception_4e", x, 256, 160, 320, 32, 128, 128, window=3)
    x = net.record("pool4", F.max_pool2d(x, 2, stride=2, ceil_mode=True))
    x = net.inception("inception_5a", x, 256, 160, 320, 32, 128, 128, window=3)
    x = net.average("pool5", net.inception("inception_5b", x, 384, 192, 384, 48, 128, 128, window=3))
    net.softmax_head("main", net.dense("main/classifier", x, classes))
    return net.result


def double(net, path, x, b1, r3, b3, rd, bd, proj, pool="average", include_pad=False):
    """Figure 5 of arXiv 1502.03167: the 5x5 of the first module has become two 3x3."""
    if pool == "max":
        pooled = F.max_pool2d(x, 3, 1, 1)
    else:
        pooled = F.avg_pool2d(x, 3, 1, 1, count_include_pad=include_pad)
    return net.concat(path, net.chain(path, x, ("1x1", b1, 1)), net.chain(path, x, ("3x3_reduce", r3, 1), ("3x3", b3, 3)),
                      net.chain(path, x, ("double_3x3_reduce", rd, 1), ("double_3x3_1", bd, 3), ("double_3x3_2", bd, 3)),
                      net.chain(path, pooled, ("pool_proj", proj, 1)))


def double_stride2(net, path, x, r3, b3, rd, bd, pad, pooled):
    x = (net.chain(path, x, ("3x3_reduce", r3, 1)), net.chain(path, x, ("double_3x3_reduce", rd, 1), ("double_3x3_1", bd, 3)))
    return net.concat(path, net.conv(f"{path}/3x3", x[0], b3, 3, 2, pad), net.conv(f"{path}/double_3x3_2", x[1], bd, 3, 2, pad), pooled)


def bn_inception(weights, x, classes=1000, eps=1e-5, gamma=True):
    """The Caffe model: biases beside batch norms, averages that count the padding, max pool in 5b, symmetric pads at stride 2."""
    net = Net(weights, eps, gamma, bias_and_norm=True)

    def module(path, x, *counts, pool="average"):
        return double(net, path, x, *counts, pool=pool, include_pad=True)

    def halved(path, x, *counts):
        return double_stride2(net, path, x, *counts, pad=1, pooled=F.max_pool2d(x, 3, stride=2, ceil_mode=True))

    x = net.pool("pool1", net.conv("conv1", nchw(x), 64, 7, stride=2, pad=3))
    x = net.pool("pool2", net.conv("conv2", net.conv("conv2_reduce", x, 64, 1), 192, 3, pad=1))
    x = module("inception_3a", x, 64, 64, 64, 64, 96, 32)
    x = module("inception_3b", x, 64, 64, 96, 64, 96, 64)
    x = halved("inception_3c", x, 128, 160, 64, 96)
    x = module("inception_4a", x, 224, 64, 96, 96, 128, 128)
    x = module("inception_4b", x, 192, 96, 128, 96, 128, 128)
    x = module("inception_4c", x, 160, 128, 160, 128, 160, 128)
    x = module("inception_4d", x, 96, 128, 192, 160, 192, 128)
    x = halved("inception_4e", x, 128, 192, 192, 256)
    x = module("inception_5a", x, 352, 192, 320, 160, 224, 128)
    x = net.average("pool5", module("inception_5b", x, 352, 192, 320, 192, 224, 128, pool="max"))
    net.softmax_head("main", net.dense("main/classifier", x, classes))
    return net.result


def inception_v2(weights, x, classes=1000, eps=1e-3, gamma=True, width=100):
    """Slim's: everything padded as TensorFlow does, 8 depthwise outputs a colour in front, no norm there."""
    net = Net(weights, eps, gamma)

    def scaled(counts):
        return [math.floor(count * width / 100) for count in counts]

    def pool(x):
        return F.max_pool2d(padded_tf(x, (3, 3), 2, float("-inf")), 3, stride=2)

    def module(path, x, *counts, pool="average"):
        return double(net, path, x, *scaled(counts), pool=pool)

    def halved(path, x, *counts):
        return double_stride2(net, path, x, *scaled(counts), pad="same_tf", pooled=pool(x))

    c64, c192 = scaled([64, 192])
    x = net.separable("conv1", nchw(x), c64, (7, 7), stride=2, pad="same_tf", multiplier=8, relu=True, norm=False)
    x = net.conv("conv2", net.conv("conv2_reduce", net.record("pool1", pool(x)), c64, 1), c192, 3, pad=1)
    x = module("mixed_3b", net.record("pool2", pool(x)), 64, 64, 64, 64, 96, 32)
    x = halved("mixed_4a", module("mixed_3c", x, 64, 64, 96, 64, 96, 64), 128, 160, 64, 96)
    x = module("mixed_4b", x, 224, 64, 96, 96, 128, 128)
    x = module("mixed_4c", x, 192, 96, 128, 96, 128, 128)
    x = module("mixed_4d", x, 160, 128, 160, 128, 160, 96)
    x = module("mixed_4e", x, 96, 128, 192, 160, 192, 96)
    x = halved("mixed_5a", x, 128, 192, 192, 256)
    x = module("mixed_5b", x, 352, 192, 320, 160, 224, 128)
    x = net.average("pool5", module("mixed_5c", x, 352, 192, 320, 192, 224, 128, pool="max"))
    net.softmax_head("main", net.dense("main/classifier", x, classes))
    return net.result


NETWORKS = {"googlenet_bn": googlenet_bn, "bn_inception": bn_inception, "inception_v2": inception_v2}
