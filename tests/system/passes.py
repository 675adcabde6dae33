"""Every pass switched off in turn, and all at once: no output changes beyond rounding (1e-5 of the tensor's largest value)."""
import pathlib
import re
import tempfile
import unittest

import support

LIMIT = 1e-5
RESIDUAL = support.HERE / "networks/residual.yaml"


def pass_names():
    """As the compiler itself lists them when asked for one that it does not have."""
    done = support.run(support.DEEPER, "build", RESIDUAL, "--weights", "random:1", "-o", "/nonexistent/x", "--disable-pass", "no-such-pass", status=None)
    if done.returncode not in (1, 2):
        raise AssertionError(f"an unknown pass: exit status {done.returncode}")
    source = (support.ROOT / "codegen/passes/pipeline.cpp").read_text()
    names = re.findall(r'\{"([a-z0-9-]+)",', source)
    for name in names:
        if name not in done.err:
            raise AssertionError(f"the message about an unknown pass does not offer {name}:\n{done.err}")
    return names


class Passes(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def values(self, network, x, heads):
        values = network.dump(x, *heads, folder=self.folder)
        return values, network.layers(x[0], self.folder)

    def unchanged(self, spec, weights, x, heads, sets=(), alone=True):
        """alone: each pass by itself; else only all of them at once."""
        expected, layers = self.values(support.build(spec, weights, sets), x, heads)
        names = pass_names()
        for disabled in ([[name] for name in names] if alone else []) + [names]:
            with self.subTest(spec=spec.stem, disabled=disabled):
                extra = [part for name in disabled for part in ("--disable-pass", name)]
                other, other_layers = self.values(support.build(spec, weights, sets, extra=extra), x, heads)
                for head in heads:
                    self.assertLessEqual(support.relative_difference(other[head], expected[head]), LIMIT, head)
                both = set(layers) & set(other_layers)
                self.assertGreaterEqual(len(both), len(layers) * 0.7, "layers that can be compared")
                for path in both:
                    self.assertLessEqual(support.relative_difference(other_layers[path], layers[path]), LIMIT, path)

    def test_fashion(self):
        self.unchanged(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS, support.images(1, 2, 28, 28, 1), ["main", "main.logits"])

    def test_residual(self):
        self.unchanged(RESIDUAL, "random:1", support.images(2, 2, 15, 13, 5), ["main", "main.logits", "tap"])

    def test_reduced(self):
        x = support.images(3, 2, 28, 28, 192)
        self.unchanged(support.ZOO / "inception_reduced.yaml", "random:1", x, ["main", "tap"], ["proj_activation=none"], alone=False)

    def test_naive(self):
        x = support.images(4, 1, 224, 224, 3)
        self.unchanged(support.ZOO / "inception_naive.yaml", "random:1", x, ["main"], ["pool=average"], alone=False)

    def test_googlenet(self):
        x = support.images(5, 2, 64, 64, 3) * 50
        self.unchanged(support.ZOO / "googlenet.yaml", support.googlenet_weights(), x, ["main", "main.logits"], ["size=64"])

    def test_an_unknown_pass(self):
        self.assertGreaterEqual(len(pass_names()), 6)


if __name__ == "__main__":
    support.main()
