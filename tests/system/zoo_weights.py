"""Each network's preprocessing is that of the weights whose names it maps: against what was published, and torchvision's own names."""
import importlib.util
import json
import pathlib
import tempfile
import unittest

import support
import numpy as np

CAFFE = {"channels": "bgr", "mean": [104, 117, 123], "scale": [1, 1, 1]}
HALF = {"channels": "rgb", "mean": [127.5] * 3, "scale": [0.00784313725490196] * 3}
IMAGENET = {"channels": "rgb", "mean": [123.675, 116.28, 103.53], "scale": [0.0171247538, 0.0175070028, 0.0174291939]}

# (network, settings): what its pictures become, where that is published, a name of those weights and the path it must have.
WORLDS = {
    ("alexnet", ()): (CAFFE, (256, 227), "BVLC/caffe models/bvlc_alexnet/train_val.prototxt, mean file",
                      {"fc8/weight": "main/fc8/weight", "conv1/bias": "conv1/bias"}),
    ("googlenet", ()): (CAFFE, (256, 224), "BVLC/caffe models/bvlc_googlenet/train_val.prototxt, mean_value",
                        {"conv1/7x7_s2/weight": "conv1/weight", "loss3/classifier/bias": "main/classifier/bias",
                         "inception_3a/pool_proj/weight": "inception_3a/pool_proj/weight"}),
    ("network_in_network", ()): (CAFFE, (256, 224), "Caffe Model Zoo, Network in Network ImageNet, train_val.prototxt",
                                 {"cccp8-1024/weight": "mlpconv4/cccp2/weight", "conv2/weight": "mlpconv2/conv/weight"}),
    ("squeezenet", ()): (CAFFE, (256, 224), "forresti/SqueezeNet SqueezeNet_v1.1/train_val.prototxt, mean_value",
                         {"conv10/weight": "main/conv10/weight", "fire2/squeeze1x1/bias": "fire2/squeeze1x1/bias"}),
    ("squeezenet", ("weights=torchvision",)): (IMAGENET, (256, 224), "pytorch/vision SqueezeNet1_1_Weights.IMAGENET1K_V1.transforms",
                                               {"classifier.1.weight": "main/conv10/weight", "features.12.squeeze.bias": "fire9/squeeze1x1/bias"}),
    ("googlenet_bn", ()): (HALF, (256, 224), "pytorch/vision GoogLeNet_Weights.IMAGENET1K_V1.transforms, then googlenet.py _transform_input",
                           {"inception5b.branch3.1.bn.running_var": "inception_5b/5x5/bn/var", "fc.bias": "main/classifier/bias"}),
    ("inception_v3", ("weights=torchvision",)): (HALF, (342, 299), "pytorch/vision Inception_V3_Weights.IMAGENET1K_V1.transforms, _transform_input",
                                                 {"Mixed_7b.branch3x3dbl_2.conv.weight": "mixed_7b/double_3x3/weight",
                                                  "Mixed_5b.branch3x3dbl_2.bn.bias": "mixed_5b/double_3x3_1/bn/beta"}),
}


def flow(text):
    """A flow mapping of `expand` as JSON has it."""
    return json.loads("{" + ",".join(f'"{key}":{value}' for key, value in
                                     (part.split(": ", 1) for part in split_top(text.strip()[1:-1]))) + "}")


def split_top(text):
    parts, depth = [""], 0
    for character in text:
        depth += (character == "[") - (character == "]")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    for part in parts:
        key, value = part.strip().split(": ", 1)
        yield f"{key}: {value if value[0] in '[0123456789' else json.dumps(value)}"


class ZooWeights(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.file = pathlib.Path(temporary.name) / "theirs.safetensors"

    def weights(self, network, settings, *more, status=0):
        sets = [word for setting in settings for word in ("--set", setting)]
        done = support.run(support.DEEPER, "weights", support.ZOO / f"{network}.yaml", *sets, *more, "--json", status=status)
        return json.loads(done.out)

    def test_preprocessing_is_that_of_the_names(self):
        for (network, settings), (values, sizes, source, _) in WORLDS.items():
            with self.subTest(network=network, settings=settings, source=source):
                sets = [word for setting in settings for word in ("--set", setting)]
                text = support.run(support.DEEPER, "expand", support.ZOO / f"{network}.yaml", *sets).out
                line = next(line for line in text.splitlines() if line.startswith("  preprocess: "))
                found = flow(line.removeprefix("  preprocess: "))
                self.assertEqual({key: found[key] for key in values}, values)
                self.assertEqual((found["resize"], found["crop"]), (sizes[0], [sizes[1], sizes[1]]))

    def test_names(self):
        for (network, settings), (_, _, source, names) in WORLDS.items():
            with self.subTest(network=network, settings=settings, source=source):
                shapes = {each["path"]: each["shape"] for each in self.weights(network, settings)["tensors"]}
                support.write_safetensors(self.file, {name: np.zeros(shapes[path], "f4") for name, path in names.items()})
                report = self.weights(network, settings, self.file, status=1)
                found = {each["path"]: (each["name"], each["found_by"]) for each in report["tensors"]}
                for name, path in names.items():
                    self.assertEqual(found[path], (name, "name"))
                self.assertEqual(report["left_over"], [])

    @unittest.skipIf(importlib.util.find_spec("torchvision") is None, "SKIPPED: no torchvision (Debian: python3-torchvision)")
    def test_torchvisions_own_state_dicts_fit(self):
        import torchvision
        models = {"squeezenet": lambda: torchvision.models.squeezenet1_1(weights=None),
                  "googlenet_bn": lambda: torchvision.models.googlenet(weights=None, init_weights=False),
                  "inception_v3": lambda: torchvision.models.inception_v3(weights=None, init_weights=False)}
        for network, make in models.items():
            with self.subTest(network=network):
                state = {name: value.numpy() for name, value in make().state_dict().items()}
                floats = {name: value for name, value in state.items() if value.dtype == np.float32}
                self.save(floats, [name for name in state if name not in floats])
                settings = () if network == "googlenet_bn" else ("weights=torchvision",)
                report = self.weights(network, settings, self.file)
                self.assertTrue(report["fits"])
                counters = [name for name in state if name not in floats and not (network == "googlenet_bn" and name.startswith("aux"))]
                self.assertEqual(len(report["passed_over"]), len(counters))
                self.assertEqual({each["found_by"] for each in report["tensors"]}, {"name"})

    def save(self, floats, counters):
        """As safetensors.torch.save_file does: counters are int64 without a shape."""
        import struct
        header, data, at = {}, [], 0
        for name in counters:
            header[name] = {"dtype": "I64", "shape": [], "data_offsets": [at, at + 8]}
            data.append(bytes(8))
            at += 8
        for name, value in floats.items():
            header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [at, at + value.nbytes]}
            data.append(np.ascontiguousarray(value).tobytes())
            at += value.nbytes
        text = json.dumps(header).encode()
        self.file.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data))


if __name__ == "__main__":
    support.main()
