"""What the tests of the toy program share; each is called as  TEST.py FOLDER OF toy_program AND toy_weights [unittest arguments]."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import numpy as np
    from PIL import Image
except ImportError as missing:
    print(f"SKIPPED: {missing} (Debian: python3-numpy, python3-pil)")
    sys.exit(77)

BUILT = pathlib.Path(sys.argv.pop(1)).resolve()
MEAN, SCALE = np.float32([10, 20, 30]), np.float32([0.5, 1, 2])
LABELS = ["rot", "grün", 'blau "3"']


def pixels(seed):
    return np.random.default_rng(seed).integers(0, 256, (8, 8, 3), np.uint8)


def logits(tensor):
    return tensor.reshape(-1, 3).astype(np.float64).mean(axis=0)


def softmax(values):
    e = np.exp(values - values.max())
    return e / e.sum()


class Program(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        shutil.copy(BUILT / "toy_program", self.folder / "toy")
        subprocess.run([BUILT / "toy_weights", self.folder / "toy.weights"], check=True)

    def run_toy(self, *arguments, status=0, **options):
        command = [self.folder / "toy", *arguments]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, timeout=60, **options)
        done.out, done.err = done.stdout.decode(), done.stderr.decode("utf-8", "replace")
        if status is not None:
            self.assertEqual(done.returncode, status, done.out + done.err)
        return done

    def json(self, *arguments, **options):
        text = self.run_toy("--json", *arguments, **options).out
        self.assertTrue(text.startswith('{"deeper": 1, '), text)
        self.assertEqual(text.count("\n"), 1)
        return json.loads(text)

    def picture(self, name, seed):
        Image.fromarray(pixels(seed)).save(self.folder / name)
        return name

    def wrong(self, *arguments, words, status=1):
        done = self.run_toy(*arguments, status=status)
        self.assertIn(words, done.err)
        self.assertEqual(done.out, "")

    def litter(self):
        return [path.name for path in self.folder.iterdir() if ".part" in path.name]
