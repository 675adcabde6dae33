"""The Xceptions and MesoInception-4 as PyTorch functions, written from arXiv 1610.02357, 1710.07557 and 1809.00888."""
import torch
from torch_networks import Net, nchw, padded_tf
from torch.nn import functional as F


def strided(net, path, x, first, out, pre=True):
    """Two separable convolutions and a pool, beside them a strided 1x1; relu stands in front of a convolution."""
    shortcut = net.conv(f"{path}/shortcut", x, out, 1, stride=2, relu=False)
    y = net.separable(f"{path}/sep1", F.relu(x) if pre else x, first, 3)
    y = net.separable(f"{path}/sep2", F.relu(y), out, 3)
    y = F.max_pool2d(padded_tf(y, (3, 3), 2, float("-inf")), 3, stride=2)
    return net.record(path, shortcut + y)


def middle_flow(net, path, x):
    y = x
    for name in ("sep1", "sep2", "sep3"):
        y = net.separable(f"{path}/{name}", F.relu(y), x.shape[1], 3)
    return net.record(path, x + y)


def xception(weights, x, classes=1000, middle=8, eps=1e-3, gamma=True):
    net = Net(weights, eps, gamma)
    x = net.conv("conv2", net.conv("conv1", nchw(x), 32, 3, stride=2), 64, 3)
    x = strided(net, "entry1", x, 128, 128, pre=False)
    x = strided(net, "entry3", strided(net, "entry2", x, 256, 256), 728, 728)
    for index in range(middle):
        x = middle_flow(net, f"middle_{index + 1}", x)
    x = strided(net, "exit", x, 728, 1024)
    x = net.separable("sep4", net.separable("sep3", x, 1536, 3, relu=True), 2048, 3, relu=True)
    net.softmax_head("main", net.dense("main/classifier", net.average("pool", x), classes))
    return net.result


def mini_xception(weights, x, classes=7, eps=1e-3, gamma=True):
    """Relu behind the first separable convolution of a module, none in front; a map a class is averaged."""
    net = Net(weights, eps, gamma)
    x = net.conv("conv2", net.conv("conv1", nchw(x), 8, 3), 8, 3)
    for index, out in enumerate((16, 32, 64, 128)):
        x = strided(net, f"module{index + 1}", x, out, out, pre=False)
    x = net.conv("main/classifier", x, classes, 3, pad=1, relu=False, norm=False)
    net.softmax_head("main", F.adaptive_avg_pool2d(x, 1))
    return net.result


def tiny_xception(weights, x, classes=2, middle=4, width=32, eps=1e-3, gamma=True):
    """Two heads on one trunk: a class, and a number as it comes."""
    net = Net(weights, eps, gamma)
    x = net.conv("conv1", nchw(x), width // 2, 3, stride=2, pad="same_tf")
    x = strided(net, "entry1", x, width, width, pre=False)
    x = strided(net, "entry3", strided(net, "entry2", x, 2 * width, 2 * width), 4 * width, 4 * width)
    for index in range(middle):
        x = middle_flow(net, f"middle_{index + 1}", x)
    x = net.average("pool", net.separable("exit", F.relu(x), 8 * width, 3, relu=True))
    net.softmax_head("main", net.dense("main/classifier", x, classes))
    net.head("value", net.dense("value/number", x, 1))
    return net.result


def meso_module(net, path, x, b1, b3, dilated2, dilated3):
    """Branches of ever wider windows; the batch norm stands behind the joined, activated branches."""
    parts = [net.conv(f"{path}/1x1", x, b1, 1, norm=False)]
    for name, out, dilation in (("3x3", b3, 1), ("dilated2", dilated2, 2), ("dilated3", dilated3, 3)):
        y = net.conv(f"{path}/{name}_reduce", x, out, 1, norm=False)
        parts.append(net.conv(f"{path}/{name}", y, out, 3, pad=dilation, dilation=dilation, norm=False))
    x = net.record(f"{path}/bn", net.batch_norm(f"{path}/bn", torch.cat(parts, 1)))
    return net.record(path, x)


def meso_inception4(weights, x, eps=1e-3, gamma=True):
    net = Net(weights, eps, gamma)

    def pool(path, x, size):
        return net.record(path, F.max_pool2d(padded_tf(x, (size, size), size, float("-inf")), size))

    x = pool("pool1", meso_module(net, "inception1", nchw(x), 1, 4, 4, 2), 2)
    x = pool("pool2", meso_module(net, "inception2", x, 2, 4, 4, 2), 2)
    for index, size in ((3, 2), (4, 4)):
        x = net.conv(f"conv{index}", x, 16, 5, pad=2, norm=False)
        x = pool(f"pool{index}", net.record(f"bn{index}", net.batch_norm(f"bn{index}", x)), size)
    x = x.permute(0, 2, 3, 1).flatten(1)  # rows, columns, channels: Keras' order
    x = F.linear(x, net.tensor("main/fc/weight", 16, x.shape[1]), net.tensor("main/fc/bias", 16))
    x = net.record("main/fc", F.leaky_relu(x, 0.1))
    x = F.linear(x, net.tensor("main/classifier/weight", 1, 16), net.tensor("main/classifier/bias", 1))
    net.head("main", net.record("main/classifier", torch.sigmoid(x)))
    return net.result


NETWORKS = {"xception": xception, "mini_xception": mini_xception, "tiny_xception": tiny_xception, "meso_inception4": meso_inception4}
