"""The same bits with any number of threads, for every target, and from one build to the next."""
import hashlib
import os
import pathlib
import subprocess
import tempfile
import unittest

import support

SIZES = {"fashion": (28, 28, 1), "googlenet": (64, 64, 3)}


def network(name, target=None, extra=()):
    if name == "fashion":
        return support.build(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS, target=target, extra=extra)
    return support.build(support.ZOO / "googlenet.yaml", support.googlenet_weights(), ["size=64"], target=target, extra=extra)


class Bits(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def values(self, name, built, arguments=()):
        """Heads of three inputs and every layer of the first, as bytes by name."""
        x = support.images(11, 3, *SIZES[name]) * (1 if name == "fashion" else 50)
        arrays = built.dump(x, "main", "main.logits", folder=self.folder, arguments=arguments)
        arrays.update(built.layers(x[0], self.folder, arguments))
        return {key: (value.shape, value.tobytes()) for key, value in arrays.items()}

    def same(self, expected, actual):
        self.assertEqual(list(expected), list(actual))
        different = [key for key in expected if expected[key] != actual[key]]
        self.assertEqual(different, [], "outputs whose bits differ")
        self.assertGreater(len(expected), 10)


class Threads(Bits):
    def test_one_two_and_three(self):
        for name in SIZES:
            built = network(name)
            expected = self.values(name, built, ["--threads", "1"])
            for threads in ("2", "3"):
                with self.subTest(name=name, threads=threads):
                    self.same(expected, self.values(name, built, ["--threads", threads]))

    def test_a_second_run(self):
        for name in SIZES:
            built = network(name)
            self.same(self.values(name, built, ["--threads", "2"]), self.values(name, built, ["--threads", "2"]))


class Targets(Bits):
    def agree(self, first, second):
        support.need_target(first)
        support.need_target(second)
        for name in SIZES:
            with self.subTest(name=name):
                self.same(self.values(name, network(name, first)), self.values(name, network(name, second)))


class WideVectors(Targets):
    def test_x86_64_v3_and_v4(self):
        self.agree("x86-64-v3", "x86-64-v4")


class Aarch64(Targets):
    def test_x86_64_v3_and_aarch64(self):
        self.agree("x86-64-v3", "aarch64")

    def test_photos_of_the_formats_that_it_reads(self):
        """Resizing too: a PPM gives the same probabilities there as here."""
        support.need_target("x86-64-v3")
        support.need_target("aarch64")
        pixels = support.images(12, 90, 120, 3)
        path = self.folder / "noise.ppm"
        path.write_bytes(b"P6 120 90 255\n" + (pixels * 60 + 128).clip(0, 255).astype("uint8").tobytes())
        texts = [network("fashion", target).run("--json", path).out for target in ("x86-64-v3", "aarch64")]
        self.assertEqual(texts[0], texts[1])


class Riscv64(Targets):
    def test_fashion(self):
        support.need_target("x86-64-v3")
        support.need_target("riscv64")
        self.same(self.values("fashion", network("fashion", "x86-64-v3")), self.values("fashion", network("fashion", "riscv64")))


def contents(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


class Builds(Bits):
    def test_the_same_bytes_from_one_build_to_the_next(self):
        """Another folder, working directory, locale, time zone and umask change nothing of what is left."""
        first = support.build(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS)
        other = self.folder / "else where" / "fashion"
        other.parent.mkdir()
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo", "TMPDIR": str(self.folder), "HOME": str(self.folder)}
        spec = os.path.relpath(support.ZOO / "fashion.yaml", self.folder)
        weights = os.path.relpath(support.FASHION_WEIGHTS, self.folder)
        support.run(support.DEEPER, "build", spec, "--weights", weights, "-o", other, cwd=self.folder, env=environment)
        expected, actual = contents(first.folder), contents(other)
        self.assertEqual(sorted(expected), sorted(actual))
        self.assertEqual([name for name in expected if expected[name] != actual[name]], [], "files whose bytes differ")
        self.assertLessEqual({"fashion", "fashion.cpp", "fashion.h", "fashion.weights", "libfashion.a"}, set(expected))

    def test_the_source_names_no_machine(self):
        first = support.build(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS)
        words = [str(support.ROOT), os.uname().nodename, str(pathlib.Path.home())]
        for name in ("fashion.cpp", "fashion.h", "CMakeLists.txt", "manifest.json"):
            text = (first.folder / name).read_text()
            for word in words:
                self.assertNotIn(word, text, name)
        strings = subprocess.run(["strings", first.program], capture_output=True, text=True, check=True).stdout
        self.assertNotIn(str(support.ROOT), strings)


if __name__ == "__main__":
    support.main()
