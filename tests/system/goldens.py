"""`deeper golden record` and `check`: passes on what was recorded, names the first step that diverges, and why."""
import json
import pathlib
import re
import shutil
import tempfile
import unittest

import support
import numpy as np


class Goldens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        cls.record()

    @classmethod
    def record(cls):
        """A copy of the zoo whose fashion.yaml names goldens of a picture and of a tensor."""
        shutil.copytree(support.ZOO, cls.folder / "zoo", ignore=shutil.ignore_patterns("goldens"))
        cls.spec = cls.folder / "zoo/fashion.yaml"
        text = "".join(line for line in cls.spec.read_text().splitlines(True) if not line.startswith("goldens:"))
        cls.spec.write_text(text)
        picture = cls.folder / "picture.pgm"
        picture.write_bytes(b"P5 28 28 255\n" + bytes((x * y) % 256 for y in range(28) for x in range(28)))
        tensor = cls.folder / "tensor.npy"
        np.save(tensor, support.images(1, 28, 28, 1))
        cls.recorded = cls.deeper("record", "--weights", support.FASHION_WEIGHTS, "-o", cls.folder / "zoo/goldens", picture, tensor)
        cls.unchanged = cls.spec.read_text() == text
        cls.spec.write_text(text + "\ngoldens: goldens/fashion.goldens.yaml\n")
        cls.goldens = cls.folder / "zoo/goldens/fashion.goldens.yaml"

    @classmethod
    def deeper(cls, what, *arguments, status=0):
        environment = {**support.with_compiler_cache(), "XDG_CACHE_HOME": str(support.CACHE / "golden-cache")}
        return support.run(support.DEEPER, "golden", what, cls.spec, *arguments, status=status, env=environment)

    def changed_weights(self, path, factor):
        tensors = {name: np.array(value) for name, value in support.read_safetensors(support.FASHION_WEIGHTS).items()}
        tensors[path] = tensors[path] * np.float32(factor)
        file = self.folder / "changed.safetensors"
        support.write_safetensors(file, tensors)
        return file

    def test_recording_leaves_the_spec_alone(self):
        self.assertTrue(self.unchanged)
        names = {path.name for path in self.goldens.parent.iterdir()}
        self.assertGreaterEqual(len([name for name in names if name.endswith(".npy")]), 2)
        text = self.goldens.read_text()
        for word in ("tolerance", "input", "inception_4a/3x3"):
            self.assertIn(word, text)

    def test_what_was_recorded_passes(self):
        self.deeper("check", "--weights", support.FASHION_WEIGHTS)

    def test_on_another_target_bit_for_bit(self):
        support.need_target("x86-64-v3")
        text = self.goldens.read_text()
        bits = re.sub(r"tolerance: .*", "tolerance: bits", text)
        self.assertNotEqual(bits, text)
        self.addCleanup(self.goldens.write_text, text)
        self.goldens.write_text(bits)
        self.deeper("check", "--weights", support.FASHION_WEIGHTS)
        self.deeper("check", "--weights", support.FASHION_WEIGHTS, "--target", "x86-64-v3")
        # one unit in the last place of one weight is within the other tolerance, but not the same bits
        file = self.changed_weights("conv2/weight", 1 + 2**-23)
        self.deeper("check", "--weights", file, status=4)
        self.goldens.write_text(text)
        self.deeper("check", "--weights", file)

    def test_a_failure_names_the_first_step_that_diverges(self):
        file = self.changed_weights("inception_4a/3x3/weight", 1.01)
        done = self.deeper("check", "--weights", file, status=4)
        text = done.out + done.err
        self.assertIn("inception_4a/3x3", text)
        self.assertRegex(text, r"(fashion|inception_v1)\.yaml:\d+")
        self.assertIn("main", text)
        for other in ("inception_4a/1x1", "inception_3a/", "inception_4b"):
            self.assertNotIn(other, text.replace("inception_4a/3x3", ""), "a step that is right, or only follows")

    def test_as_json(self):
        passed = json.loads(self.deeper("check", "--weights", support.FASHION_WEIGHTS, "--json").out)
        self.assertEqual((passed["deeper"], passed["passed"], passed["failed"]), (1, 2, 0))
        file = self.changed_weights("inception_5a/pool_proj/weight", 1.1)
        failed = json.loads(self.deeper("check", "--weights", file, "--json", status=4).out)
        self.assertGreaterEqual(failed["failed"], 1)
        self.assertEqual(failed["passed"] + failed["failed"], 2)
        self.assertEqual(len(failed["goldens"]), 2)
        for golden in failed["goldens"]:
            self.assertLessEqual({"input", "ok", "largest_difference", "first_step", "top1"}, set(golden))
            if not golden["ok"]:
                self.assertIn("inception_5a/pool_proj", json.dumps(golden["first_step"]))
                self.assertGreater(golden["largest_difference"], 1e-4)

    def test_the_program_carries_them(self):
        out = self.folder / "out"
        support.run(support.DEEPER, "build", self.spec, "--weights", support.FASHION_WEIGHTS, "-o", out, env=support.with_compiler_cache())
        done = support.run(out / "fashion", "--self-test", timeout=10)
        self.assertEqual([line.split()[0] for line in done.out.splitlines()], ["ok", "ok"])

    def test_goldens_of_other_weights_are_told_apart(self):
        """A build with other weights must not carry goldens that do not hold for it: its self-test passes or says so."""
        out = self.folder / "other"
        file = self.changed_weights("conv1/weight", 1.5)
        support.run(support.DEEPER, "build", self.spec, "--weights", file, "-o", out, env=support.with_compiler_cache())
        done = support.run(out / "fashion", "--self-test", status=None, timeout=10)
        self.assertIn(done.returncode, (0, 1))
        self.assertRegex(done.out + done.err, r"(?i)no golden|0 golden|nothing")

    def test_damaged_files(self):
        text = self.goldens.read_text()
        self.addCleanup(self.goldens.write_text, text)
        for wrong in ("", "][", text[: len(text) // 2], text.replace("input:", "inptu:")):
            self.goldens.write_text(wrong)
            done = self.deeper("check", "--weights", support.FASHION_WEIGHTS, status=1)
            self.assertIn("fashion.goldens.yaml", done.err)
        self.goldens.unlink()
        self.assertIn("fashion.goldens.yaml", self.deeper("check", "--weights", support.FASHION_WEIGHTS, status=1).err)


if __name__ == "__main__":
    support.main()
