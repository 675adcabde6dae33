"""`deeper golden record` and `check`: passes on what was recorded, names the first step that diverges, and why."""
import json
import os
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
        picture = cls.folder / "zoo/picture.pgm"
        picture.write_bytes(b"P5 28 28 255\n" + bytes((x * y) % 256 for y in range(28) for x in range(28)))
        tensor = cls.folder / "zoo/tensor.npy"
        np.save(tensor, support.images(1, 28, 28, 1))
        cls.recorded = cls.deeper("record", "--weights", support.FASHION_WEIGHTS, "-o", cls.folder / "zoo/goldens", picture, tensor)
        cls.unchanged = cls.spec.read_text() == text
        cls.spec.write_text(text + "\ngoldens: goldens/fashion.goldens.yaml\n")
        cls.goldens = cls.folder / "zoo/goldens/fashion.goldens.yaml"

    @classmethod
    def deeper(cls, what, *arguments, status=0, without_compiler=False, **options):
        environment = {**support.with_compiler_cache(), "XDG_CACHE_HOME": str(support.CACHE / "golden-cache")}
        if without_compiler:
            environment |= {"DEEPER_CLANG": "/nowhere/clang", "XDG_CACHE_HOME": str(cls.folder / "empty-cache")}
        return support.run(support.DEEPER, "golden", what, cls.spec, *arguments, status=status, env=environment, **options)

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

    def test_names_inputs_by_where_they_lie_from_the_goldens(self):
        """Also where the folder was not there before recording, and is named by a relative path."""
        self.assertIn("input: '../picture.pgm'", self.goldens.read_text())
        shutil.copy(self.folder / "zoo/picture.pgm", self.folder)
        for folder in ("new", "new/er/still", "."):
            with self.subTest(folder):
                self.deeper("record", "--weights", support.FASHION_WEIGHTS, "-o", folder, "picture.pgm", cwd=self.folder)
                up = "../" * (len(folder.split("/")) if folder != "." else 0)
                self.assertIn(f"input: '{up}picture.pgm'", (self.folder / folder / "fashion.goldens.yaml").read_text())

    def test_tells_of_inputs_that_a_network_may_not_name(self):
        """Outside the network's folder: `golden check` takes them with --goldens only, which recording says."""
        shutil.copy(self.folder / "zoo/picture.pgm", self.folder)
        for picture, told in (("zoo/picture.pgm", False), ("picture.pgm", True)):
            done = self.deeper("record", "--weights", support.FASHION_WEIGHTS, "-o", self.folder / "zoo/told", self.folder / picture)
            self.assertEqual("leaves the folder of" in done.err and "--goldens" in done.err, told, done.err)

    def test_refuses_before_it_compiles(self):
        """There is no compiler here, which only a build would miss."""
        other = self.folder / "other.goldens.yaml"
        texts = {"holds for classes=11": ("params:\n", "params:\n  classes: '11'\n"), "holds for the network other": ("network: 'fashion'", "network: 'other'")}
        spec = self.spec.read_text()
        self.addCleanup(self.spec.write_text, spec)
        self.spec.write_text(spec.replace("\ninput:", "\nparams: {classes: 10}\ninput:", 1))
        for message, (before, after) in texts.items():
            with self.subTest(message):
                text = self.goldens.read_text().replace("params: {}", "params:")
                self.assertIn(before, text + "\n")
                other.write_text((text + "\n").replace(before, after))
                done = self.deeper("check", "--weights", support.FASHION_WEIGHTS, "--goldens", other, status=1, without_compiler=True)
                self.assertIn(message, done.err)
        done = self.deeper("check", "--weights", support.FASHION_WEIGHTS, "--goldens", self.folder / "none.yaml", status=1, without_compiler=True)
        self.assertIn("none.yaml", done.err)
        self.assertNotIn("compiler", done.err)

    def test_another_class_alone_is_told_as_such(self):
        text = self.goldens.read_text()
        self.addCleanup(self.goldens.write_text, text)
        self.goldens.write_text(re.sub(r"top1: (\d+)", lambda m: f"top1: {(int(m[1]) + 1) % 10}", text))
        done = self.deeper("check", "--weights", support.FASHION_WEIGHTS, status=4)
        self.assertRegex(done.err, r"`main` answers class \d, \d was recorded")
        self.assertIn("no value differs", done.err)
        self.assertNotIn("`input`", done.err)
        failed = json.loads(self.deeper("check", "--weights", support.FASHION_WEIGHTS, "--json", status=4).out)
        for golden in failed["goldens"]:
            self.assertEqual((golden["ok"], golden["first_step"], golden["largest_difference"]), (False, None, 0))
            self.assertEqual(golden["recorded_top1"], (golden["top1"] + 1) % 10)

    def test_goldens_of_an_earlier_version(self):
        """Without probes, shapes, spec and tensors: they hold, fail where they must, and say what they lack."""
        text = self.goldens.read_text()
        self.addCleanup(self.goldens.write_text, text)
        old = re.sub(r"(?m)^(spec|tensors): .*\n", "", re.sub(r"(shape|probe): [^,]*, ", "", text))
        self.goldens.write_text(old)
        self.deeper("check", "--weights", support.FASHION_WEIGHTS)
        done = self.deeper("check", "--weights", self.changed_weights("inception_4a/3x3/weight", 1.01), status=4)
        self.assertIn("`inception_4a/3x3` is the first step", done.err)
        self.assertIn("earlier version", done.err)

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
        self.assertIn("bits differ from `inception_4a/3x3` on", text)
        self.assertIn("`inception_4a/3x3/weight` changed: ", text)
        self.assertIn("as if multiplied by 1.01", text)
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

    def test_goldens_that_lead_elsewhere(self):
        """Of a network that names them: what they name is its own. With --goldens inputs may be anywhere, arrays may not."""
        text = self.goldens.read_text()
        self.addCleanup(self.goldens.write_text, text)
        for name in ("/etc/passwd", "../../../etc/passwd"):
            self.goldens.write_text(text.replace("'../picture.pgm'", f"'{name}'"))
            done = self.deeper("check", "--weights", support.FASHION_WEIGHTS, status=1)
            self.assertRegex(done.err, r"fashion\.goldens\.yaml:\d+:\d+: error: `[./]*/etc/passwd` (is an absolute path|leaves the folder)")
            done = self.deeper("check", "--weights", support.FASHION_WEIGHTS, "--goldens", self.goldens, status=1)
            self.assertRegex(done.err, "is not the file that was recorded|cannot read the input")
        self.goldens.write_text(text.replace("tensor: '", "tensor: '../../"))
        done = self.deeper("check", "--weights", support.FASHION_WEIGHTS, "--goldens", self.goldens, status=1)
        self.assertIn("leaves the folder of this file", done.err)
        os.mkfifo(self.folder / "pipe")
        done = self.deeper("check", "--weights", support.FASHION_WEIGHTS, "--goldens", self.folder / "pipe", status=1)
        self.assertIn("is not a regular file", done.err)

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
