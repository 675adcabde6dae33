"""An engine that is not PyTorch agrees: the networks as ONNX in OpenCV's dnn, heads compared with those of our programs.

PyTorch only writes the files here; OpenCV reads them and computes by kernels of its own. How far two engines may differ: the sum
of K products of independent signs, added one after the other in float32, is off by u sqrt(K / 6) of its usual size (u = 2^-24).
Layers in a row add theirs as squares do, and both engines have theirs: u sqrt(sum of K / 3). The longest way through inception_v3
has K = 51,000 in sum, through inception_v4 90,000, which makes LIMIT (the residual modules' shares are scaled down by 0.1 to 0.3).
Measured is a fifth of it, as both engines add in lanes; a padded average that counts its padding in one of them makes 7e-2.
"""
import importlib.util
import os
import pathlib
import shutil
import tempfile
import unittest

import support  # first: it sets up OpenBLAS before numpy loads it
import numpy as np

FULL = os.environ.get("DEEPER_TEST_FULL") == "ON"
LIMIT = 1e-5  # of the tensor's largest value


# At the sizes they are published for, and at smaller ones (zoo_networks.py says why these), where more windows hang over the edge.
ALWAYS_FULL = {"inception_v3": 299, "xception": 299}
ONLY_IF_FULL = {"bn_inception": 224, "googlenet_bn": 224, "inception_v2": 224, "inception_resnet_v2": 299, "inception_v4": 299}
REDUCED = {
    "bn_inception": ("size=64",),
    "googlenet_bn": ("size=70", "gamma=false"),
    "inception_v2": ("size=57", "width=50"),
    "inception_v3": ("size=107", "average=include_pad"),
    "inception_v4": ("size=107", "a=2", "b=1", "c=2", "gamma=false", "classes=1001"),
    "inception_resnet_v2": ("size=107", "a=2", "b=2", "c=1", "gamma=false"),
    "squeezenet": ("size=64", "classes=10"),
    "xception": ("size=107", "middle=2", "eps=0.00001"),
}


class OtherEngine(unittest.TestCase):
    def setUp(self):
        support.need_torch()
        if importlib.util.find_spec("cv2") is None:
            raise unittest.SkipTest("no OpenCV (Debian: python3-opencv)")
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def agree(self, name, x, weights, sets=(), made_up=False, extra=()):
        model = self.export(name, x, weights, sets, made_up)
        network = support.build(support.ZOO / f"{name}.yaml", weights, sets, extra=extra)
        heads = ("main", "main.logits")
        ours = network.dump(x, *heads, folder=self.folder)
        theirs = self.opencv(model, x, heads)
        logits = np.abs(ours["main.logits"].ravel() - theirs["main.logits"].ravel()).max()
        for head in heads:
            # A softmax answers to the absolute size of what enters it: changes of d there change each p by less than 2 d p.
            limit = LIMIT if head == "main.logits" else max(LIMIT, 2 * logits + 1e-6)
            measured = support.relative_difference(ours[head], theirs[head])
            print(f"{name} {'x'.join(map(str, x.shape[1:]))} {head}: {measured:.1e} of the largest value, limit {limit:.1e}")
            self.assertLessEqual(measured, limit, f"{name} {head}")
        self.assertEqual(ours["main"].argmax(), theirs["main"].argmax())
        return network

    def export(self, name, x, weights, sets, made_up):
        file = self.folder / f"{name}.onnx"
        options = [part for pair in sets for part in ("--set", pair)] + (["--random-weights", "1"] if made_up else [])
        support.run("/usr/bin/python3", support.ROOT / "tests/differential/export_onnx.py", name, "--weights", weights,
                    "--shape", *x.shape, "--out", file, *options)
        return file

    def opencv(self, file, x, heads):
        import cv2
        cv2.setNumThreads(1)
        network = cv2.dnn.readNetFromONNX(str(file))
        network.setInput(np.ascontiguousarray(x.transpose(0, 3, 1, 2)))
        return dict(zip(heads, network.forward(heads)))

    def made_up(self, name, size, sets=()):
        x = support.images(11, 1, size, size, 3)
        return self.agree(name, x, self.folder / "made_up.safetensors", sets, made_up=True)

    def test_googlenet(self):
        """Trained and on a picture, where there are weights."""
        models = support.models()
        if models is None:
            self.made_up("googlenet", 224)
            return
        labels = ["--labels", models / "labels.txt"]
        weights, picture = models / "googlenet.safetensors", sorted((models / "pixels").glob("*.png"))[0]
        network = support.build(support.ZOO / "googlenet.yaml", weights, extra=labels)
        network.run("--pixels", "--dump", f"input={self.folder / 'pixels.npy'}", picture)
        self.agree("googlenet", np.load(self.folder / "pixels.npy").reshape(1, 224, 224, 3), weights, extra=labels)


def reduced_test(name, sets):
    def test(self):
        if not FULL:
            raise unittest.SkipTest("only with DEEPER_TEST_FULL=ON")
        self.made_up(name, int(sets[0].removeprefix("size=")), sets)

    return test


def full_test(name, size, only_if_full):
    def test(self):
        if only_if_full and not FULL:
            raise unittest.SkipTest("at full size only with DEEPER_TEST_FULL=ON")
        # The setting says nothing new, but keeps the folder apart from zoo_networks.py's, which goes away.
        network = self.made_up(name, size, (f"size={size}",) if only_if_full else ())
        if only_if_full:  # hundreds of megabytes each
            shutil.rmtree(network.folder)

    return test


for name, sets in REDUCED.items():
    setattr(OtherEngine, f"test_{name}_reduced", reduced_test(name, sets))
for name, size in (ALWAYS_FULL | ONLY_IF_FULL).items():
    setattr(OtherEngine, f"test_{name}_at_full_size", full_test(name, size, name in ONLY_IF_FULL))


if __name__ == "__main__":
    support.main()
