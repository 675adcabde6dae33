"""Inception v3 and v4 as PyTorch functions, written from arXiv 1512.00567 and 1602.07261."""
from torch_networks import Net, nchw
from torch_zoo_early import double
from torch.nn import functional as F


def halving_pool(x):
    """3x3 with stride 2, no padding: what does not fill a window is left out."""
    return F.max_pool2d(x, 3, stride=2)


def average_pool(x, include_pad=False):
    return F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=include_pad)


def stem_v3(net, x):
    """299x299 to 71x71; also that of the Inception-ResNets."""
    x = net.conv("stem/conv1", x, 32, 3, stride=2)
    x = net.conv("stem/conv2", x, 32, 3)
    x = net.record("stem/pool1", halving_pool(net.conv("stem/conv3", x, 64, 3, pad=1)))
    return net.record("stem", net.conv("stem/conv5", net.conv("stem/conv4", x, 80, 1), 192, 3))


def v3_a(net, path, x, b1, proj, include_pad=False):
    return net.concat(path, net.chain(path, x, ("1x1", b1, 1)), net.chain(path, x, ("5x5_reduce", 48, 1), ("5x5", 64, 5)),
                      net.chain(path, x, ("double_3x3_reduce", 64, 1), ("double_3x3_1", 96, 3), ("double_3x3_2", 96, 3)),
                      net.chain(path, average_pool(x, include_pad), ("pool_proj", proj, 1)))


def module_b(net, path, x, b1, single, double7, proj, include_pad=False):
    """`single`, `double7`: filters of the reduction and of each 1x7 and 7x1 behind it."""
    wide, tall = (1, 7), (7, 1)
    one = net.chain(path, x, ("7x7_reduce", single[0], 1), ("7x7_1x7", single[1], wide), ("7x7_7x1", single[2], tall))
    two = net.chain(path, x, ("double_7x7_reduce", double7[0], 1), ("double_7x7_7x1_1", double7[1], tall),
                    ("double_7x7_1x7_1", double7[2], wide), ("double_7x7_7x1_2", double7[3], tall), ("double_7x7_1x7_2", double7[4], wide))
    return net.concat(path, net.chain(path, x, ("1x1", b1, 1)), one, two,
                      net.chain(path, average_pool(x, include_pad), ("pool_proj", proj, 1)))


def v3_c(net, path, x, include_pad):
    one = net.chain(path, x, ("3x3_reduce", 384, 1))
    two = net.chain(path, x, ("double_3x3_reduce", 448, 1), ("double_3x3", 384, 3))
    return net.concat(path, net.chain(path, x, ("1x1", 320, 1)),
                      net.chain(path, one, ("3x3_1x3", 384, (1, 3))), net.chain(path, one, ("3x3_3x1", 384, (3, 1))),
                      net.chain(path, two, ("double_1x3", 384, (1, 3))), net.chain(path, two, ("double_3x1", 384, (3, 1))),
                      net.chain(path, average_pool(x, include_pad), ("pool_proj", 192, 1)))


def reduction_a(net, path, x, k, l, m, n):
    """Figure 7 of arXiv 1602.07261, its letters."""
    three = net.chain(path, x, ("double_3x3_reduce", k, 1), ("double_3x3_1", l, 3), ("double_3x3_2", m, 3, 2))
    return net.concat(path, net.chain(path, x, ("3x3", n, 3, 2)), three, halving_pool(x))


def reduction_b(net, path, x, three, seven):
    one = net.chain(path, x, ("3x3_reduce", three[0], 1), ("3x3", three[1], 3, 2))
    two = net.chain(path, x, ("7x7_reduce", seven[0], 1), ("7x7_1x7", seven[1], (1, 7)), ("7x7_7x1", seven[2], (7, 1)),
                    ("7x7_3x3", seven[3], 3, 2))
    return net.concat(path, one, two, halving_pool(x))


def v3_auxiliary(net, x, classes):
    x = net.conv("aux/reduce", F.avg_pool2d(x, 5, stride=3), 128, 1)
    x = F.adaptive_avg_pool2d(net.conv("aux/conv", x, 768, 5), 1)
    net.softmax_head("aux", net.dense("aux/classifier", x, classes))


def inception_v3(weights, x, aux=(), classes=1000, eps=1e-3, gamma=True, average="exclude_pad"):
    """As published with weights: one 5x5 stays in each of the first modules."""
    if average not in ("exclude_pad", "include_pad"):
        raise ValueError(f"average is {average}, not exclude_pad or include_pad")
    net, include = Net(weights, eps, gamma), average == "include_pad"
    x = net.record("pool2", halving_pool(stem_v3(net, nchw(x))))
    for path, proj in (("mixed_5b", 32), ("mixed_5c", 64), ("mixed_5d", 64)):
        x = v3_a(net, path, x, 64, proj, include)
    x = reduction_a(net, "mixed_6a", x, k=64, l=96, m=96, n=384)
    for path, c in (("mixed_6b", 128), ("mixed_6c", 160), ("mixed_6d", 160), ("mixed_6e", 192)):
        x = module_b(net, path, x, 192, (c, c, 192), (c, c, c, c, 192), 192, include)
    if "aux" in aux:
        v3_auxiliary(net, x, classes)
    x = reduction_b(net, "mixed_7a", x, (192, 320), (192, 192, 192, 192))
    x = v3_c(net, "mixed_7c", v3_c(net, "mixed_7b", x, include), include)
    net.softmax_head("main", net.dense("main/classifier", net.average("pool3", x), classes))
    return net.result


def stem_v4(net, x):
    """Figure 3 of arXiv 1602.07261."""
    x = net.conv("stem/conv2", net.conv("stem/conv1", x, 32, 3, stride=2), 32, 3)
    x = net.conv("stem/conv3", x, 64, 3, pad=1)
    x = net.concat("stem/fork1", halving_pool(x), net.conv("stem/fork1_3x3", x, 96, 3, stride=2))
    one = net.conv("stem/fork2_3x3", net.chain("stem", x, ("fork2_3x3_reduce", 64, 1)), 96, 3)
    two = net.chain("stem", x, ("fork2_7x7_reduce", 64, 1), ("fork2_1x7", 64, (1, 7)), ("fork2_7x1", 64, (7, 1)))
    x = net.concat("stem/fork2", one, net.conv("stem/fork2_7x7_3x3", two, 96, 3))
    x = net.concat("stem/fork3", net.conv("stem/fork3_3x3", x, 192, 3, stride=2), halving_pool(x))
    return net.record("stem", x)


def v4_c(net, path, x):
    """Figure 6 of arXiv 1602.07261."""
    one = net.chain(path, x, ("3x3_reduce", 384, 1))
    two = net.chain(path, x, ("double_reduce", 384, 1), ("double_3x1", 448, (3, 1)), ("double_1x3", 512, (1, 3)))
    return net.concat(path, net.chain(path, x, ("1x1", 256, 1)),
                      net.chain(path, one, ("3x3_1x3", 256, (1, 3))), net.chain(path, one, ("3x3_3x1", 256, (3, 1))),
                      net.chain(path, two, ("double_out_1x3", 256, (1, 3))), net.chain(path, two, ("double_out_3x1", 256, (3, 1))),
                      net.chain(path, average_pool(x), ("pool_proj", 256, 1)))


def inception_v4(weights, x, classes=1000, a=4, b=7, c=3, eps=1e-3, gamma=True):
    net = Net(weights, eps, gamma)
    x = stem_v4(net, nchw(x))
    for index in range(a):
        x = double(net, f"inception_a_{index + 1}", x, 96, 64, 96, 64, 96, 96)
    x = reduction_a(net, "reduction_a", x, k=192, l=224, m=256, n=384)
    for index in range(b):
        x = module_b(net, f"inception_b_{index + 1}", x, 384, (192, 224, 256), (192, 192, 224, 224, 256), 128)
    x = reduction_b(net, "reduction_b", x, (192, 192), (256, 256, 320, 320))
    for index in range(c):
        x = v4_c(net, f"inception_c_{index + 1}", x)
    net.softmax_head("main", net.dense("main/classifier", net.average("pool", x), classes))
    return net.result


NETWORKS = {"inception_v3": inception_v3, "inception_v4": inception_v4}
