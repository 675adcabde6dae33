"""Every network of the zoo against PyTorch: heads, and every layer and module, 2e-5 of the tensor's largest value.

Weights are made up (He-scaled). Each network runs at a reduced size, where all of its layers still have something to do, and
some with other parameters than the defaults; two run at full size always, all of them with DEEPER_TEST_FULL=ON.
"""
import dataclasses
import os
import pathlib
import re
import shutil
import tempfile
import unittest

import support  # first: it sets up OpenBLAS before numpy loads it
import numpy as np

FULL = os.environ.get("DEEPER_TEST_FULL") == "ON"
LIMIT = 2e-5


@dataclasses.dataclass(frozen=True)
class Case:
    size: int  # height and width of the network's default input
    small: tuple  # settings of the reduced network; its size is the first
    channels: int = 3
    heads: tuple = ("main", "main.logits")
    optional: tuple = ()  # heads that exist at full size only
    optional_small: tuple = ()  # heads to add at the reduced size
    always_full: bool = False
    swallowed: str = ""  # layers (a regular expression) whose bare output a program never has: what follows is added to it as it appears


UP = r"block\d+_\w+/up"  # the residual modules' last convolution, in front of the sum
BEFORE_RELU = r"(entry\d|exit|module\d)/sep1|middle_\d+/sep[123]"  # a relu or a sum follows

CASES = {
    "alexnet": Case(227, ("size=67", "classes=10")),  # maps 15 7 3 1
    "bn_inception": Case(224, ("size=64",)),  # 32 16 8 4 2: they must be even
    "googlenet_bn": Case(224, ("size=70", "gamma=false")),  # 35 18 9 5 3: windows that hang over
    "inception_resnet_v1": Case(160, ("size=107", "a=2", "b=2", "c=1", "embedding=96", "classes=20"),  # 53 51 25 23 11 5 2
                                heads=("main",), optional=("raw", "classifier"), optional_small=("raw", "classifier"), swallowed=UP),
    "inception_resnet_v2": Case(299, ("size=107", "a=2", "b=2", "c=1", "gamma=false"), swallowed=UP),  # 53 51 25 23 11 5 2
    "inception_v2": Case(224, ("size=57", "width=50")),  # 29 15 8 4 2: odd and even maps under TensorFlow's padding
    "inception_v3": Case(299, ("size=107", "average=include_pad"), optional=("aux",), always_full=True),  # 53 51 25 23 11 5 2
    "inception_v4": Case(299, ("size=107", "a=2", "b=1", "c=2", "gamma=false", "classes=1001")),  # 53 51 25 23 11 5 2
    "meso_inception4": Case(256, ("size=65",), heads=("main",), swallowed="conv[34]|inception[12]/(1x1|3x3|dilated[23])"),  # 65 33 17 9 3
    "mini_xception": Case(64, ("size=50", "classes=3"), channels=1, swallowed=BEFORE_RELU),  # 46 23 12 6 3
    "network_in_network": Case(224, ("size=99", "classes=10")),  # 23 11 5 2
    "squeezenet": Case(224, ("size=64", "classes=10")),  # 31 15 7 3
    "tiny_xception": Case(112, ("size=49", "width=16", "middle=2"), heads=("main", "main.logits", "value"),  # 25 13 7 4
                          swallowed=f"{BEFORE_RELU}|middle_[24]"),  # the last of 2 and of 4
    "xception": Case(299, ("size=107", "middle=2", "eps=0.00001"), always_full=True, swallowed=BEFORE_RELU),  # 53 51 26 13 7 4
}


def softmax_heads(heads):
    """What an optional head adds: `aux` and `classifier` end in a softmax, `raw` does not."""
    return [name for head in heads for name in ((head,) if head == "raw" else (head, f"{head}.logits"))]


class Zoo(unittest.TestCase):
    def setUp(self):
        support.need_torch()
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def agree(self, name, sets, optional, keep):
        case = CASES[name]
        size = int(sets[0].removeprefix("size=")) if sets else case.size
        x = support.images(9, 1, size, size, case.channels)
        expected, weights = support.oracle(name, None, x, list(sets), list(optional))
        extra = [part for head in optional for part in ("--head", head)]
        network = support.build(support.ZOO / f"{name}.yaml", weights, sets, extra=extra)
        if not keep:  # hundreds of megabytes each
            self.addCleanup(shutil.rmtree, network.folder)
            self.addCleanup(weights.unlink)
            self.addCleanup(weights.with_suffix(".npz").unlink)
        heads = [*case.heads, *softmax_heads(optional)]
        shown = network.dump(x, *heads, folder=self.folder)
        for head, value in shown.items():
            logits = f"{head}.logits"
            self.close(head, value, expected[head], self.softmax_limit(shown[logits], expected[logits]) if logits in shown else LIMIT)
        layers = network.layers(x[0], self.folder)
        known = set(expected) - set(heads)
        self.assertGreater(len(known & set(layers)), 10)
        hidden = sorted(path for path in known - set(layers) if not re.fullmatch(case.swallowed, path))
        self.assertEqual(hidden, [], "layers that the program does not show")
        for path in known & set(layers):
            self.close(path, layers[path], expected[path])

    def softmax_limit(self, actual, expected):
        """A softmax answers to the absolute size of what enters it: changes of at most d there change each p by less than 2 d p
        (d small), beside its own rounding. With logits of 30, 1e-5 is 5 units in their last place."""
        return max(LIMIT, 2 * np.abs(actual.ravel() - expected.ravel()).max() + 1e-6)

    def close(self, path, actual, expected, limit=LIMIT):
        self.assertLessEqual(support.relative_difference(actual, expected), limit, path)


def small_test(name, case):
    return lambda self: self.agree(name, case.small, case.optional_small, keep=True)


def full_test(name, case):
    def test(self):
        if not (FULL or case.always_full):
            raise unittest.SkipTest("at full size only with DEEPER_TEST_FULL=ON")
        self.agree(name, (), case.optional, keep=case.always_full)

    return test


for name, case in CASES.items():
    setattr(Zoo, f"test_{name}_reduced", small_test(name, case))
    setattr(Zoo, f"test_{name}_at_full_size", full_test(name, case))


class Cases(unittest.TestCase):
    def test_no_network_is_forgotten(self):
        in_networks_py = {"fashion", "googlenet", "inception_naive", "inception_reduced"}
        self.assertEqual({path.stem for path in support.ZOO.glob("*.yaml")}, set(CASES) | in_networks_py)


if __name__ == "__main__":
    support.main()
