"""Mistakes that others have made with these networks, made here on purpose: the comparison with PyTorch sees every one of them.

Each case builds a network whose description has one of the traps stepped into, with the weights of the right one, and asks for
logits that differ by five times what zoo_networks.py and networks.py allow, at the sizes where these compare. tests/README.md
has the list of traps.
"""
import pathlib
import shutil
import tempfile
import unittest

import support
import zoo_networks

SEEN = 5 * zoo_networks.LIMIT
GOOGLENET = ("size=64", "classes=10")
POOL1 = "  - {id: pool1, max_pool: {kernel: 3, stride: 2, rounding: ceil}, expect: {out: [56, 56, 64]}}\n"
NORM1 = "  - {id: norm1, lrn: {size: 5, alpha: 1.0e-4, beta: 0.75, k: 1}}\n"


class Traps(unittest.TestCase):
    def setUp(self):
        support.need_torch()
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        shutil.copytree(support.ZOO, self.folder / "zoo", ignore=shutil.ignore_patterns("goldens"))

    def right(self, name):
        """Settings, input, what PyTorch makes of it, weights: as the tests of the network that is right have them."""
        if name == "googlenet":
            sets, x, heads = GOOGLENET, support.images(8, 1, 64, 64, 3) * 50, ()
        else:
            case = zoo_networks.CASES[name]
            size = int(case.small[0].removeprefix("size="))
            sets, x, heads = case.small, support.images(9, 1, size, size, case.channels), case.optional_small
        return sets, x, *support.oracle(name, None, x, list(sets), list(heads))

    def build(self, name, sets, weights, status=0):
        settings = [part for pair in sets for part in ("--set", pair)]
        return support.run(support.DEEPER, "build", self.folder / f"zoo/{name}.yaml", "--weights", weights, *settings,
                           "-o", self.folder / "out", status=status, env=support.with_compiler_cache())

    def stepped_into(self, name, *changes, file=None):
        """`changes`: (what stands in the description, what the mistake makes of it)."""
        path = self.folder / "zoo" / (file or f"{name}.yaml")
        text = path.read_text()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        path.write_text(text)
        sets, x, expected, weights = self.right(name)
        self.build(name, sets, weights)
        shown = support.Network(self.folder / "out", name).dump(x, "main.logits", folder=self.folder)
        difference = support.relative_difference(shown["main.logits"], expected["main.logits"])
        print(f"{difference:.1e} of the largest logit")
        self.assertGreater(difference, SEEN)

    def test_lrn_alpha_that_is_not_divided_by_the_size(self):
        self.stepped_into("googlenet", ("beta: 0.75, k: 1}", "beta: 0.75, k: 1, alpha_mode: per_element}"))

    def test_lrn_before_the_pool(self):
        self.stepped_into("googlenet", (POOL1 + NORM1, NORM1 + POOL1))

    def test_pools_of_googlenet_that_round_down(self):
        self.stepped_into("googlenet", ("rounding: ceil", "rounding: floor"))

    def test_the_papers_fourth_pool_in_torchvisions_googlenet(self):
        self.stepped_into("googlenet_bn", ("pool4, max_pool: {kernel: 2", "pool4, max_pool: {kernel: 3"))

    def test_averages_of_bn_inception_that_leave_the_padding_out(self):
        self.stepped_into("bn_inception", ("include_pad", "exclude_pad"))

    def test_averages_of_inception_v4_that_count_the_padding(self):
        self.stepped_into("inception_v4", ("defaults:\n", "defaults:\n  pool: {average: include_pad}\n"))

    def test_an_average_in_the_last_module_of_bn_inception(self):
        self.stepped_into("bn_inception", (", pool: max", ""))

    def test_tensorflows_padding_as_if_it_were_even(self):
        self.stepped_into("inception_v2", ("pad: same_tf, width", "pad: 1, width"))

    def test_another_eps(self):
        self.stepped_into("googlenet_bn", ("eps: 1.0e-3", "eps: 1.0e-5"))

    def test_the_last_residual_module_scaled_as_the_others(self):
        self.stepped_into("inception_resnet_v2", ("scale: 1, activation: none", "scale: 0.2, activation: none"))

    def test_the_last_residual_module_activated_as_the_others(self):
        self.stepped_into("inception_resnet_v2", ("scale: 1, activation: none", "scale: 1"))

    def test_relu_behind_xceptions_convolutions(self):
        """The first module has none in front, but stands behind a relu: one more would change nothing."""
        self.stepped_into("xception", ("pre: $pre", "activation: relu"), ("pre: relu", "activation: relu"), file="blocks/xception.yaml")

    def test_relu_between_xceptions_halves(self):
        self.stepped_into("xception", ("pad: same, pre:", "pad: same, between: relu, pre:"), file="blocks/xception.yaml")

    def test_batch_norms_without_gamma(self):
        sets, _, _, weights = self.right("googlenet_bn")
        self.assertIn("gamma=false", sets)
        done = self.build("googlenet_bn", [pair for pair in sets if pair != "gamma=false"], weights, status=1)
        self.assertIn("conv1/bn/gamma", done.err)

    def test_a_thousand_classes_and_one(self):
        sets, _, _, weights = self.right("inception_v4")
        self.assertIn("classes=1001", sets)
        done = self.build("inception_v4", [pair for pair in sets if pair != "classes=1001"], weights, status=1)
        self.assertRegex(done.err, r"main/classifier/weight[\s\S]*1001")


if __name__ == "__main__":
    support.main()
