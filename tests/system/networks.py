"""Every layer and every head of the networks of dsl/networks against PyTorch: 2e-5 of the tensor's largest value."""
import pathlib
import tempfile
import unittest

import support

LIMIT = 2e-5


class Networks(unittest.TestCase):
    def setUp(self):
        support.need_torch()
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def agree(self, spec, weights, x, heads, sets=(), optional_heads=()):
        """x: [n, h, w, c]. Heads of all images, layers of the first one."""
        expected, weights = support.oracle(spec, weights, x, sets, optional_heads)
        extra = [part for head in optional_heads for part in ("--head", head)]
        network = support.build(support.ZOO / f"{spec}.yaml", weights, sets, extra=extra)
        for head, value in network.dump(x, *heads, folder=self.folder).items():
            self.assertEqual(value.dtype, "float32")
            self.assertEqual(len(value), len(x), f"{head}: one row an image")
            self.close(head, value, expected[head])
        layers = network.layers(x[0], self.folder)
        known = set(expected) - {name for head in heads for name in (head, f"{head}.logits")}
        self.assertLessEqual(known, set(layers), "layers that the program does not show")
        for path in known:
            self.close(path, layers[path], expected[path][:1])

    def close(self, name, actual, expected):
        difference = support.relative_difference(actual, expected)
        self.assertLessEqual(difference, LIMIT, name)

    def test_naive_module_with_max_pool(self):
        self.agree("inception_naive", None, support.images(1, 1, 224, 224, 3), ["main"], ["pool=max"])

    def test_naive_module_with_average_pool(self):
        self.agree("inception_naive", None, support.images(1, 1, 224, 224, 3), ["main"], ["pool=average"])

    def test_reduced_module_with_activated_projection(self):
        self.agree("inception_reduced", None, support.images(2, 2, 28, 28, 192), ["main", "tap"])

    def test_reduced_module_with_linear_projection(self):
        self.agree("inception_reduced", None, support.images(2, 2, 28, 28, 192), ["main", "tap"], ["proj_activation=none"])

    def test_reduced_module_with_odd_counts(self):
        sets = ["size=9", "channels=13", "b1=7", "r3=5", "b3=19", "r5=3", "b5=33", "proj=1"]
        self.agree("inception_reduced", None, support.images(3, 2, 9, 9, 13), ["main", "tap"], sets)

    def test_fashion(self):
        x = support.images(4, 5, 28, 28, 1)
        self.agree("fashion", support.FASHION_WEIGHTS, x, ["main", "main.logits"])

    def test_googlenet(self):
        x = support.images(5, 2, 224, 224, 3) * 50
        self.agree("googlenet", support.googlenet_weights(), x, ["main", "main.logits"])

    def test_googlenet_with_auxiliary_heads(self):
        x = support.images(6, 1, 224, 224, 3) * 50
        heads = ["main", "main.logits", "aux1", "aux1.logits", "aux2", "aux2.logits"]
        self.agree("googlenet", None, x, heads, optional_heads=["aux1", "aux2"])

    def test_ten_classes(self):
        x = support.images(8, 1, 64, 64, 3) * 50
        self.agree("googlenet", None, x, ["main", "main.logits"], ["size=64", "classes=10"])


if __name__ == "__main__":
    support.main()
