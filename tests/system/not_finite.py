"""A network whose numbers run over gives no answer: an error for that picture in every mode of the program, never a rank."""
import json
import pathlib
import struct
import tempfile
import unittest

import support
import numpy as np

HEADER = struct.Struct("<8sIIQ64s32s64s6Q")  # runtime/blob.h, up to the hashes


def fashion():
    return support.build(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS)


def residual():
    return support.build(support.HERE / "networks/residual.yaml", "random:1")


class NotFinite(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.picture = self.folder / "picture.pgm"
        self.picture.write_bytes(b"P5 28 28 255\n" + bytes(range(256)) * 3 + bytes(16))

    def damaged(self, network, value, places):
        """The network's weights with some floats replaced; `places`: shares of the whole."""
        data = bytearray(network.blob.read_bytes())
        offset, size = HEADER.unpack_from(data)[7:9]
        weights = np.frombuffer(data, "<f4", size // 4, offset)
        used = np.flatnonzero(weights)
        for place in places:
            weights[used[int(place * (len(used) - 1))]] = value
        path = self.folder / "damaged.weights"
        path.write_bytes(data)
        return path

    def test_weights_that_are_no_numbers(self):
        """Anywhere, from the first convolution to the last bias; one or two thousand of them."""
        network = fashion()
        for name, value, places in (("first", np.nan, [0]), ("early", np.nan, [0.1]), ("middle", -np.nan, [0.5]), ("late", np.nan, [0.9]),
                                    ("last", np.nan, [1]), ("infinite", np.inf, [0.3]), ("many", np.nan, np.linspace(0.01, 0.99, 2000))):
            with self.subTest(name):
                arguments = ("--weights", self.damaged(network, value, places), self.picture)
                done = network.run(*arguments, status=1)
                self.assertEqual(done.out, "")
                self.assertRegex(done.err, r"^fashion: .*picture\.pgm: output \d of head main is NaN")
                (result,) = self.json(network, *arguments)["results"]
                self.assertIsNone(result["top"])
                self.assertEqual((result["image"], result["head"], result["error"]["id"]), (str(self.picture), "main", "not-finite"))

    def json(self, network, *arguments):
        return json.loads(network.run("--json", *arguments, status=1).out)

    def test_one_of_three_tensors(self):
        """Each has a row in the dumps; those that can be answered are."""
        network = fashion()
        x = support.images(5, 3, 28, 28, 1)
        for value in (np.nan, np.inf):
            x[1, 13, 9, 0] = value
            np.save(self.folder / "x.npy", x)
            main = self.folder / "main.npy"
            done = network.run("--tensor", self.folder / "x.npy", "--dump", f"main={main}", status=1)
            self.assertEqual(len(done.err.splitlines()), 1)
            self.assertNotIn("nan", done.out.lower())
            self.assertEqual(np.isfinite(np.load(main)).all(1).tolist(), [True, False, True])
            results = self.json(network, "--tensor", self.folder / "x.npy")["results"]
            self.assertEqual([result.get("error", {}).get("id") for result in results], [None, "not-finite", None])
            self.assertEqual([len(result["top"] or []) for result in results], [3, 0, 3])

    def test_layers_are_written_all_the_same(self):
        network = fashion()
        x = support.images(5, 28, 28, 1)
        x[13, 9, 0] = np.nan
        np.save(self.folder / "x.npy", x)
        network.run("--tensor", self.folder / "x.npy", "--layers", self.folder / "layers.npz", status=1)
        with np.load(self.folder / "layers.npz") as layers:
            seen = [bool(np.isnan(layers[name]).any()) for name in layers.files]
        self.assertGreater(len(seen), 10)
        self.assertTrue(all(seen), "a layer lost the NaN")

    def test_a_head_of_values_beside_one_of_classes(self):
        network = residual()
        x = support.images(6, 15, 13, 5)
        np.save(self.folder / "x.npy", x)
        network.run("--tensor", self.folder / "x.npy")
        x[14, 12, 4] = np.nan
        np.save(self.folder / "x.npy", x)
        main, tap = self.json(network, "--tensor", self.folder / "x.npy")["results"]
        self.assertEqual([main["error"]["id"], tap["error"]["id"]], ["not-finite"] * 2)
        self.assertIsNone(main["top"])
        missing = [value is None for value in tap["values"]]
        self.assertTrue(any(missing) and not all(missing))
        done = network.run("--tensor", self.folder / "x.npy", status=1)
        self.assertEqual(done.out, "")
        self.assertRegex(done.err, r"head main is NaN(.|\n)*head tap is NaN")

    def test_eval_counts_it_as_wrong_and_as_an_error(self):
        network = fashion()
        lines = self.folder / "list.tsv"
        lines.write_text("".join(f"{self.picture}\t{label}\n" for label in (0, 0, 3, 9)))
        weights = self.damaged(network, np.nan, [0.2])
        result = self.json(network, "--weights", weights, "--eval", lines)
        self.assertEqual((result["images"], result["top1"], result["top5"]), (4, 0, 0))
        self.assertEqual([error["id"] for error in result["errors"]], ["not-finite"] * 4)
        done = network.run("--weights", weights, "--eval", lines, status=1)
        self.assertRegex(done.out, r"4 images: top-1 0\.00 %, top-5 0\.00 %.*; 4 of them without an answer\n$")
        self.assertEqual(len(done.err.splitlines()), 4)

    def test_the_self_test_fails(self):
        network = fashion()
        for value in (np.nan, np.inf):
            done = network.run("--weights", self.damaged(network, value, [0.4]), "--self-test", status=4)
            self.assertIn("FAILED", done.out)

    def test_the_library_says_so(self):
        network = fashion()
        program = self.folder / "classify"
        support.run("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", network.folder, support.HERE / "example/classify.c", "-L", network.folder,
                    "-lfashion_image", "-lfashion", "-ljpeg", "-lpng", "-lz", "-lm", "-lpthread", "-o", program)
        said = support.run(program, self.damaged(network, np.nan, [0.4]), self.picture).out
        self.assertRegex(said, r"^error the network's output is not finite: there is no answer: output \d is NaN\n$")

    def test_goldens_name_the_step(self):
        """`golden check` runs the same program: the difference is what it reports, not the missing answer."""
        tensors = support.read_safetensors(support.FASHION_WEIGHTS)
        name = next(name for name in tensors if name.endswith("5x5/weight"))
        tensors[name] = np.full_like(tensors[name], 3e38)
        weights = self.folder / "huge.safetensors"
        support.write_safetensors(weights, tensors)
        done = support.run(support.DEEPER, "golden", "check", support.ZOO / "fashion.yaml", "--weights", weights, status=None)
        self.assertIn(done.returncode, (1, 4), done.err)
        if done.returncode == 1:  # the fold runs over already
            self.assertIn(name, done.err)
        else:
            self.assertIn("is the first step that differs", done.err)


class Refused(unittest.TestCase):
    """Weights that cannot make numbers: named by `build`, which leaves nothing."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.tensors = {name: np.array(value) for name, value in support.read_safetensors(support.FASHION_WEIGHTS).items()}
        self.norm = next(name for name in self.tensors if name.endswith("/bn/var"))[: -len("var")]

    def refused(self):
        path = self.folder / "w.safetensors"
        support.write_safetensors(path, self.tensors)
        done = support.run(support.DEEPER, "build", support.ZOO / "fashion.yaml", "--weights", path, "-o", self.folder / "out", status=1)
        self.assertFalse((self.folder / "out").exists())
        return done.err

    def test_mean_and_variance_exchanged(self):
        for name in [name for name in self.tensors if name.endswith("/bn/var")]:
            mean = name[: -len("var")] + "mean"
            self.tensors[name], self.tensors[mean] = self.tensors[mean], self.tensors[name]
        text = self.refused()
        self.assertRegex(text, r"`\S+/bn/var` is -\d\S* at element \d+")
        self.assertIn("nowhere negative: mean and variance were probably exchanged", text)
        self.assertLess(len(text.splitlines()), 80)

    def test_one_negative_variance(self):
        self.tensors[self.norm + "var"].ravel()[3] = -0.5
        self.assertRegex(self.refused(), rf"fashion\.yaml:\d+:\d+: error: `{self.norm}var` is -0.5 at element 3")

    def test_a_factor_that_overflows(self):
        self.tensors[self.norm + "gamma"].ravel()[2] = 3e38
        self.tensors[self.norm + "var"].ravel()[2] = 1e-4
        self.assertRegex(self.refused(), rf"`{self.norm}gamma` / sqrt\(`{self.norm}var` \+ \S+\) is -?inf at element \[2, ")

    def test_a_bias_that_overflows(self):
        self.tensors[self.norm + "mean"].ravel()[1] = 3e38
        self.tensors[self.norm + "var"].ravel()[1] = 0
        self.assertRegex(self.refused(), rf"`{self.norm}mean` \* .* is -?inf at element 1")


if __name__ == "__main__":
    support.main()
