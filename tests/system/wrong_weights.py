"""Weights that do not fit: every tensor that is wrong is named in one run, nothing is written."""
import json
import pathlib
import struct
import tempfile
import unittest

import support
import numpy as np


class WrongWeights(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.tensors = {name: np.array(value) for name, value in support.read_safetensors(support.FASHION_WEIGHTS).items()}
        self.weights = self.folder / "wrong.safetensors"

    def refused(self, data=None):
        """What `build` says about the tensors, or about a file with these bytes."""
        if data is None:
            support.write_safetensors(self.weights, self.tensors)
        else:
            self.weights.write_bytes(data)
        before = sorted(self.folder.iterdir())
        command = [support.DEEPER, "build", support.ZOO / "fashion.yaml", "--weights", self.weights, "-o", self.folder / "out"]
        done = support.run(*command, status=1, timeout=20)
        self.assertEqual(sorted(self.folder.iterdir()), before, "something was written")
        self.assertNotEqual(done.err, "")
        return done.err

    def test_all_at_once(self):
        """Missing, extra, of another shape, not finite: one run names them all."""
        names = list(self.tensors)
        weight = "conv2/weight"
        self.tensors["conv2/wieght"] = self.tensors.pop(weight)
        self.tensors["nonsense/bias"] = np.zeros(3, "f4")
        shape = "inception_4a/3x3/weight"
        self.tensors[shape] = self.tensors[shape][:, :, :2]
        nan, infinite = "inception_3a/5x5/bn/beta", "inception_5a/1x1/weight"
        self.assertLessEqual({weight, shape, nan, infinite}, set(names))
        self.tensors[nan].ravel()[1] = np.nan
        self.tensors[infinite].ravel()[-1] = -np.inf
        text = self.refused()
        for name in (weight, "conv2/wieght", "nonsense/bias", shape, nan, infinite):
            self.assertIn(name, text)
        self.assertRegex(text, r"64.32.2.3")
        self.assertRegex(text, r"64.32.3.3")

    def test_as_json(self):
        self.tensors["extra/weight"] = np.zeros(2, "f4")
        del self.tensors["main/classifier/bias"]
        support.write_safetensors(self.weights, self.tensors)
        command = [support.DEEPER, "build", support.ZOO / "fashion.yaml", "--weights", self.weights, "-o", self.folder / "out", "--json"]
        document = json.loads(support.run(*command, status=1).out)
        self.assertEqual(document["deeper"], 1)
        text = json.dumps(document["errors"])
        self.assertIn("extra/weight", text)
        self.assertIn("main/classifier/bias", text)
        for error in document["errors"]:
            self.assertLessEqual({"id", "file", "line", "column", "severity", "message", "notes", "help"}, set(error))

    def test_truncated(self):
        whole = support.FASHION_WEIGHTS.read_bytes()
        for length in (0, 4, 8, 100, len(whole) // 2, len(whole) - 1):
            with self.subTest(length=length):
                self.assertIn("wrong.safetensors", self.refused(whole[:length]))

    def test_something_behind_the_end(self):
        self.assertIn("wrong.safetensors", self.refused(support.FASHION_WEIGHTS.read_bytes() + b"\0"))

    def test_headers_that_lie(self):
        def file(header, body=b""):
            text = header if isinstance(header, bytes) else json.dumps(header).encode()
            return struct.pack("<Q", len(text)) + text + body

        entry = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
        lies = {
            "length": struct.pack("<Q", 1 << 62) + b"{}",
            "a header of 4 GB": struct.pack("<Q", 1 << 32) + b"{" * 64,
            "size": file({"a": {**entry, "shape": [1 << 40]}}, bytes(8)),
            "product": file({"a": {**entry, "shape": [1 << 32, 1 << 32, 1 << 32]}}, bytes(8)),
            "negative": file({"a": {**entry, "shape": [-2]}}, bytes(8)),
            "overlap": file({"a": entry, "b": entry}, bytes(8)),
            "gap": file({"a": entry, "b": {**entry, "data_offsets": [12, 20]}}, bytes(20)),
            "backwards": file({"a": {**entry, "data_offsets": [8, 0]}}, bytes(8)),
            "type": file({"a": {**entry, "dtype": "F31"}}, bytes(8)),
            "no object": file([1, 2]),
            "no json": file(b"{\"a\": "),
            "deep": file(b"[" * 100000),
            "not UTF-8": file(b"{\"\xff\xfe\": {}}"),
        }
        for name, data in lies.items():
            with self.subTest(name=name):
                self.assertIn("wrong.safetensors", self.refused(data))

    def test_no_file_and_a_folder(self):
        for weights in (self.folder / "missing.safetensors", self.folder, "random:many", "random:"):
            with self.subTest(weights=str(weights)):
                command = [support.DEEPER, "build", support.ZOO / "fashion.yaml", "--weights", weights, "-o", self.folder / "out"]
                done = support.run(*command, status=None)
                self.assertIn(done.returncode, (1, 2))
                self.assertIn(str(weights), done.err)
                self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    support.main()
