"""What the family is measured against, as PyTorch functions: AlexNet, Network in Network, SqueezeNet."""
from torch_networks import Net, nchw
from torch.nn import functional as F


def alexnet(weights, x, classes=1000):
    """The model of Krizhevsky et al. (2012) in Caffe's two groups; one norm behind each of the first two convolutions."""
    net = Net(weights)
    x = net.pool("pool1", net.norm("norm1", net.conv("conv1", nchw(x), 96, 11, stride=4)))
    x = net.pool("pool2", net.norm("norm2", net.conv("conv2", x, 256, 5, pad=2, groups=2)))
    x = net.conv("conv3", x, 384, 3, pad=1)
    x = net.conv("conv4", x, 384, 3, pad=1, groups=2)
    x = net.pool("pool5", net.conv("conv5", x, 256, 3, pad=1, groups=2))
    x = net.dense("fc7", net.dense("fc6", x, 4096, relu=True), 4096, relu=True)
    net.softmax_head("main", net.dense("main/fc8", x, classes))
    return net.result


def network_in_network(weights, x, classes=1000):
    """arXiv 1312.4400: each convolution is followed by two 1x1, and a map a class is averaged."""
    net = Net(weights)

    def mlpconv(path, x, kernel, stride, pad, out, out1, out2):
        x = net.conv(f"{path}/conv", x, out, kernel, stride, pad)
        return net.record(path, net.conv(f"{path}/cccp2", net.conv(f"{path}/cccp1", x, out1, 1), out2, 1))

    x = net.pool("pool1", mlpconv("mlpconv1", nchw(x), 11, 4, 0, 96, 96, 96))
    x = net.pool("pool2", mlpconv("mlpconv2", x, 5, 1, 2, 256, 256, 256))
    x = net.pool("pool3", mlpconv("mlpconv3", x, 3, 1, 1, 384, 384, 384))
    x = net.average("pool4", mlpconv("mlpconv4", x, 3, 1, 1, 1024, 1024, classes))
    net.softmax_head("main", x)
    return net.result


def squeezenet(weights, x, classes=1000):
    """arXiv 1602.07360, version 1.1."""
    net = Net(weights)

    def fire(path, x, squeeze, expand1, expand3):
        x = net.conv(f"{path}/squeeze1x1", x, squeeze, 1)
        return net.concat(path, net.conv(f"{path}/expand1x1", x, expand1, 1), net.conv(f"{path}/expand3x3", x, expand3, 3, pad=1))

    x = net.pool("pool1", net.conv("conv1", nchw(x), 64, 3, stride=2))
    x = net.pool("pool3", fire("fire3", fire("fire2", x, 16, 64, 64), 16, 64, 64))
    x = net.pool("pool5", fire("fire5", fire("fire4", x, 32, 128, 128), 32, 128, 128))
    x = fire("fire7", fire("fire6", x, 48, 192, 192), 48, 192, 192)
    x = fire("fire9", fire("fire8", x, 64, 256, 256), 64, 256, 256)
    net.softmax_head("main", F.adaptive_avg_pool2d(net.conv("main/conv10", x, classes, 1), 1))
    return net.result


NETWORKS = {"alexnet": alexnet, "network_in_network": network_in_network, "squeezenet": squeezenet}
