#!/usr/bin/python3
"""The zoo's PyTorch definitions against torchvision's own models, with the same made-up weights: outputs of heads and modules.

    /usr/bin/python3 tests/differential/torchvision_zoo.py        needs Debian's python3-torchvision (else exit status 77)

Maps are smaller than published, where the network can do with that, unless DEEPER_TEST_FULL=ON.
"""
import importlib.util
import os
import re
import sys
import unittest

if importlib.util.find_spec("torch") is None or importlib.util.find_spec("torchvision") is None:
    print("SKIPPED: no torchvision (Debian: python3-torchvision)")
    sys.exit(77)

import oracle  # first: it sets up OpenBLAS before numpy loads it
import numpy as np
import torch
import torchvision

FULL = os.environ.get("DEEPER_TEST_FULL") == "ON"
LIMIT = 2e-5  # of the tensor's largest value: the order of sums may differ, nothing else
BATCH_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"}
GOOGLENET_BRANCHES = {"branch1": "1x1", "branch2.0": "3x3_reduce", "branch2.1": "3x3", "branch3.0": "5x5_reduce", "branch3.1": "5x5",
                      "branch4.1": "pool_proj"}
V3_STEM = {"Conv2d_1a_3x3": "stem/conv1", "Conv2d_2a_3x3": "stem/conv2", "Conv2d_2b_3x3": "stem/conv3", "Conv2d_3b_1x1": "stem/conv4",
           "Conv2d_4a_3x3": "stem/conv5", "AuxLogits.conv0": "aux/reduce", "AuxLogits.conv1": "aux/conv", "AuxLogits.fc": "aux/classifier",
           "fc": "main/classifier"}
V3_A = {"branch1x1": "1x1", "branch5x5_1": "5x5_reduce", "branch5x5_2": "5x5", "branch3x3dbl_1": "double_3x3_reduce",
        "branch3x3dbl_2": "double_3x3_1", "branch3x3dbl_3": "double_3x3_2", "branch_pool": "pool_proj"}
V3_B = {"branch1x1": "1x1", "branch7x7_1": "7x7_reduce", "branch7x7_2": "7x7_1x7", "branch7x7_3": "7x7_7x1",
        "branch7x7dbl_1": "double_7x7_reduce", "branch7x7dbl_2": "double_7x7_7x1_1", "branch7x7dbl_3": "double_7x7_1x7_1",
        "branch7x7dbl_4": "double_7x7_7x1_2", "branch7x7dbl_5": "double_7x7_1x7_2", "branch_pool": "pool_proj"}
V3_C = {"branch1x1": "1x1", "branch3x3_1": "3x3_reduce", "branch3x3_2a": "3x3_1x3", "branch3x3_2b": "3x3_3x1",
        "branch3x3dbl_1": "double_3x3_reduce", "branch3x3dbl_2": "double_3x3", "branch3x3dbl_3a": "double_1x3",
        "branch3x3dbl_3b": "double_3x1", "branch_pool": "pool_proj"}
V3_REDUCTION_A = {"branch3x3": "3x3", "branch3x3dbl_1": "double_3x3_reduce", "branch3x3dbl_2": "double_3x3_1",
                  "branch3x3dbl_3": "double_3x3_2"}
V3_REDUCTION_B = {"branch3x3_1": "3x3_reduce", "branch3x3_2": "3x3", "branch7x7x3_1": "7x7_reduce", "branch7x7x3_2": "7x7_1x7",
                  "branch7x7x3_3": "7x7_7x1", "branch7x7x3_4": "7x7_3x3"}
V3_MODULES = {"5b": V3_A, "5c": V3_A, "5d": V3_A, "6a": V3_REDUCTION_A, "6b": V3_B, "6c": V3_B, "6d": V3_B, "6e": V3_B,
              "7a": V3_REDUCTION_B, "7b": V3_C, "7c": V3_C}
FIRES = {3: "fire2", 4: "fire3", 6: "fire4", 7: "fire5", 9: "fire6", 10: "fire7", 11: "fire8", 12: "fire9"}  # by place in `features`


def googlenet_path(module):
    if found := re.fullmatch(r"inception(\d[a-e])(?:\.(.+))?", module):
        path = f"inception_{found[1]}"
        return path if found[2] is None else f"{path}/{GOOGLENET_BRANCHES.get(found[2])}"
    return {"fc": "main/classifier"}.get(module, module)


def v3_path(module):
    if found := re.fullmatch(r"Mixed_(\d[a-e])(?:\.(.+))?", module):
        path = f"mixed_{found[1]}"
        return path if found[2] is None else f"{path}/{V3_MODULES[found[1]].get(found[2])}"
    return V3_STEM.get(module)


def squeezenet_path(module):
    if found := re.fullmatch(r"features\.(\d+)(?:\.(squeeze|expand1x1|expand3x3))?", module):
        if found[1] == "0":
            return "conv1"
        part = {"squeeze": "squeeze1x1"}.get(found[2], found[2])
        return FIRES.get(int(found[1])) if part is None else f"{FIRES[int(found[1])]}/{part}"
    return {"classifier.1": "main/conv10"}.get(module)


def weight_path(name, path_of):
    """Our name of a weight of torchvision's: `X.conv.weight`, `X.bn.running_mean` or `X.weight`."""
    module, kind = name.rsplit(".", 1)
    if module.endswith(".bn"):
        return f"{path_of(module.removesuffix('.bn'))}/bn/{BATCH_NORM[kind]}"
    return f"{path_of(module.removesuffix('.conv'))}/{kind}"


class Torchvision(unittest.TestCase):
    def agree(self, name, model, path_of, size, logits, compared, **settings):
        """Modules whose class is in `compared` by what they put out, and the heads."""
        x = np.random.default_rng(3).standard_normal((2, size, size, 3)).astype(np.float32)
        weights = oracle.torch_networks.RandomWeights(5)
        with torch.no_grad():
            ours = oracle.NETWORKS[name](weights, x, **settings)
            self.load(model, weights, path_of)
            outputs = self.outputs(model, path_of, compared)
            heads = logits(model(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())))
        for head, value in heads.items():
            self.close(head, ours.heads[head], value)
        self.assertGreaterEqual(len(outputs), 8)
        for path, value in outputs.items():
            self.close(path, ours.layers[path], value)

    def load(self, model, weights, path_of):
        used, state = set(), model.state_dict()
        for name, value in state.items():
            if name.endswith("num_batches_tracked"):
                continue
            path = weight_path(name, path_of)
            value.copy_(torch.from_numpy(weights[path]))
            used.add(path)
        self.assertEqual(used, set(weights), "both have the same weights")
        model.eval()

    def outputs(self, model, path_of, compared):
        outputs = {}
        for name, module in model.named_modules():
            path = path_of(name) if type(module).__name__ in compared else None
            if path is not None:
                module.register_forward_hook(lambda _module, _in, out, path=path: outputs.__setitem__(path, out.clone()))
        return outputs

    def close(self, name, ours, theirs):
        theirs = oracle.torch_networks.nhwc(theirs)
        self.assertEqual(ours.shape, theirs.shape, name)
        self.assertLessEqual(np.abs(ours - theirs).max(), LIMIT * np.abs(theirs).max(), name)

    def test_googlenet_bn(self):
        model = torchvision.models.googlenet(weights=None, aux_logits=False, init_weights=False)
        compared = {"BasicConv2d", "Inception"}
        self.agree("googlenet_bn", model, googlenet_path, 224 if FULL else 112, lambda out: {"main.logits": out}, compared)

    def test_inception_v3(self):
        model = torchvision.models.inception_v3(weights=None, aux_logits=True, init_weights=False)
        compared = {"BasicConv2d", "InceptionA", "InceptionB", "InceptionC", "InceptionD", "InceptionE"}
        # The auxiliary head runs only in training, where batch norm would not use the moving statistics.
        auxiliary = {}
        model.Mixed_6e.register_forward_hook(lambda _module, _in, out: auxiliary.__setitem__("aux.logits", model.AuxLogits(out)))
        self.agree("inception_v3", model, v3_path, 299, lambda out: {"main.logits": out, **auxiliary}, compared, average="include_pad",
                   aux=["aux"])

    def test_squeezenet(self):
        model = torchvision.models.squeezenet1_1(weights=None)
        self.agree("squeezenet", model, squeezenet_path, 224 if FULL else 97, lambda out: {"main.logits": out}, {"Fire"})


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main(verbosity=2)
