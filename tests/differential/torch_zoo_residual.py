"""Inception-ResNet v1 and v2 as PyTorch functions, written from arXiv 1602.07261."""
import torch
from torch_networks import Net, nchw, nhwc
from torch_zoo_inception import halving_pool, reduction_a, stem_v3, v3_a
from torch.nn import functional as F


def residual(net, path, x, scale, branches, relu=True):
    """x + scale * (1x1 of the joined branches), then relu; the 1x1 has a bias, no norm, no activation."""
    up = net.conv(f"{path}/up", torch.cat(branches, 1), x.shape[1], 1, relu=False, norm=False)
    x = x + scale * up
    return net.record(path, F.relu(x) if relu else x)


def block35(net, path, x, d2, d3):
    return residual(net, path, x, 0.17, [
        net.chain(path, x, ("1x1", 32, 1)), net.chain(path, x, ("3x3_reduce", 32, 1), ("3x3", 32, 3)),
        net.chain(path, x, ("double_3x3_reduce", 32, 1), ("double_3x3_1", d2, 3), ("double_3x3_2", d3, 3))])


def block17(net, path, x, b1, r7, m7, b7):
    return residual(net, path, x, 0.1, [
        net.chain(path, x, ("1x1", b1, 1)), net.chain(path, x, ("7x7_reduce", r7, 1), ("7x7_1x7", m7, (1, 7)), ("7x7_7x1", b7, (7, 1)))])


def block8(net, path, x, m3, b3, scale=0.2, relu=True):
    return residual(net, path, x, scale, [
        net.chain(path, x, ("1x1", 192, 1)),
        net.chain(path, x, ("3x3_reduce", 192, 1), ("3x3_1x3", m3, (1, 3)), ("3x3_3x1", b3, (3, 1)))], relu)


def reduction_b(net, path, x, first, second, middle, third):
    """Figures 13 and 18; every branch begins with 256 filters of 1x1."""
    return net.concat(path, net.chain(path, x, ("first_reduce", 256, 1), ("first", first, 3, 2)),
                      net.chain(path, x, ("second_reduce", 256, 1), ("second", second, 3, 2)),
                      net.chain(path, x, ("third_reduce", 256, 1), ("third_3x3", middle, 3), ("third", third, 3, 2)), halving_pool(x))


def embedding_of(net, x, length):
    x = F.linear(x.flatten(1), net.tensor("embedding/weight", length, x.shape[1]))
    return net.record("embedding", net.batch_norm("embedding/bn", x))


def inception_resnet_v1(weights, x, aux=(), embedding=512, classes=8631, a=5, b=10, c=5, eps=1e-3, gamma=True):
    """As face recognition uses it. `aux`: of "raw" and "classifier"."""
    net = Net(weights, eps, gamma)
    x = net.conv("conv6", stem_v3(net, nchw(x)), 256, 3, stride=2)
    for index in range(a):
        x = block35(net, f"block35_{index + 1}", x, 32, 32)
    x = reduction_a(net, "reduction_a", x, k=192, l=192, m=256, n=384)
    for index in range(b):
        x = block17(net, f"block17_{index + 1}", x, 128, 128, 128, 128)
    x = reduction_b(net, "reduction_b", x, 384, 256, 256, 256)
    for index in range(c):
        x = block8(net, f"block8_{index + 1}", x, 192, 192)
    x = net.average("pool", block8(net, "block8_last", x, 192, 192, scale=1, relu=False))
    x = embedding_of(net, x, embedding)
    net.head("main", F.normalize(x, dim=1))
    if "raw" in aux:
        net.result.heads["raw"] = nhwc(x)
    if "classifier" in aux:
        net.softmax_head("classifier", net.dense("classifier/logits", x, classes))
    return net.result


def inception_resnet_v2(weights, x, classes=1000, a=10, b=20, c=9, eps=1e-3, gamma=True):
    net = Net(weights, eps, gamma)
    x = net.record("pool2", halving_pool(stem_v3(net, nchw(x))))
    x = v3_a(net, "mixed_5b", x, 96, 64)
    for index in range(a):
        x = block35(net, f"block35_{index + 1}", x, 48, 64)
    x = reduction_a(net, "reduction_a", x, k=256, l=256, m=384, n=384)
    for index in range(b):
        x = block17(net, f"block17_{index + 1}", x, 192, 128, 160, 192)
    x = reduction_b(net, "reduction_b", x, 384, 288, 288, 320)
    for index in range(c):
        x = block8(net, f"block8_{index + 1}", x, 224, 256)
    x = block8(net, "block8_last", x, 224, 256, scale=1, relu=False)
    x = net.average("pool", net.conv("conv7", x, 1536, 1))
    net.softmax_head("main", net.dense("main/classifier", x, classes))
    return net.result


NETWORKS = {"inception_resnet_v1": inception_resnet_v1, "inception_resnet_v2": inception_resnet_v2}
