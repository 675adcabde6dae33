"""`deeper check --fix-expect` on the zoo: another default size, all numbers mended, and back again to the very same bytes."""
import os
import pathlib
import re
import shutil
import tempfile
import unittest

import support

TINY = """deeper: 1
name: tiny
params: {classes: 3}
input: {shape: [4, 4, 2]}
layers: [{id: a, conv: {kernel: 1, out: 5}, expect: {params: 1}}]
heads:
  main: {from: a, labels: names.txt, layers: [{global_pool: {kind: average}}, {id: fc, dense: {out: $classes}}, {softmax: {}}]}
"""


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.spec = self.folder / "tiny.yaml"

    def check(self, spec, *arguments, status=0):
        return support.run(support.DEEPER, "check", spec, *arguments, status=status, cwd=self.folder)


class FixExpect(Folder):
    def test_the_zoo_there_and_back(self):
        shutil.copytree(support.ZOO / "blocks", self.folder / "blocks")
        for path in sorted(support.ZOO.glob("*.yaml")):
            text = path.read_text()
            size = re.search(r"(?m)^  size: (\d+)", text)
            if not size or "expect" not in text:
                continue
            with self.subTest(network=path.stem):
                spec = self.folder / path.name
                pixels = int(size[1])
                other = text.replace(size[0], f"  size: {pixels - 32 if pixels > 100 else pixels + 32}")
                spec.write_text(other)
                for labels in path.parent.glob("*.txt"):
                    shutil.copy(labels, self.folder)
                failed = self.check(spec, status=1).err
                self.assertEqual(len(re.findall(r"(?m)^\S+: error: ", failed)), 1, failed)
                self.assertIn("--fix-expect", failed)
                self.check(spec, "--fix-expect")
                self.check(spec)
                self.assertEqual(re.sub(r"\d+", "", spec.read_text()), re.sub(r"\d+", "", text), "more than numbers was changed")
                spec.write_text(spec.read_text().replace(re.search(r"(?m)^  size: \d+", other)[0], size[0]))
                self.check(spec, "--fix-expect")
                self.assertEqual(spec.read_bytes(), path.read_bytes())

    def test_odd_files(self):
        for name, text in (("CRLF", TINY.replace("\n", "\r\n")), ("no end of line", TINY.rstrip()), ("order mark", "\ufeff" + TINY),
                           ("wide letters", TINY.replace("{id: a", "{ id:   a").replace("layers: [", "layers: [ # ü😀\n   "))):
            with self.subTest(name):
                (self.folder / "names.txt").write_text("a\nb\nc\n")
                self.spec.write_bytes(text.encode())
                self.check("tiny.yaml", "--fix-expect")
                self.assertEqual(self.spec.read_bytes(), text.replace("params: 1}", "params: 15}").encode())

    def test_what_stays(self):
        """Links and modes; and nothing is written where anything is wrong, or where no file is."""
        self.spec.write_text(TINY.replace("labels: names.txt, ", ""))
        self.spec.chmod(0o640)
        (self.folder / "link.yaml").symlink_to("tiny.yaml")
        self.check("link.yaml", "--fix-expect")
        self.assertTrue((self.folder / "link.yaml").is_symlink())
        self.assertIn("params: 15", self.spec.read_text())
        self.assertEqual(self.spec.stat().st_mode & 0o777, 0o640)
        for text in (TINY.replace("kernel: 1", "kernel: 9"), TINY.replace("kernel: 1", "kernal: 1"), TINY.replace("params: 1}", "params: '1'}")):
            self.spec.write_text(text)
            self.check("tiny.yaml", "--fix-expect", status=1)
            self.assertEqual(self.spec.read_text(), text)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["link.yaml", "tiny.yaml"])
        os.mkdir(self.folder / "folder.yaml")
        self.check("folder.yaml", "--fix-expect", status=1)

    def test_an_included_file_is_not_ours_to_change(self):
        (self.folder / "blocks.yaml").write_text("deeper: 1\nblocks:\n  b: {layers: [{id: x, conv: {kernel: 1, out: 5}, expect: {params: 1}}]}\n")
        self.spec.write_text("deeper: 1\nname: tiny\ninclude: [blocks.yaml]\ninput: {shape: [4, 4, 2]}\nlayers: [{id: u, use: b, expect: {params: 2}}]\nheads: {main: {from: u}}\n")
        before = self.spec.read_text()
        self.assertIn("blocks.yaml:3:", self.check("tiny.yaml", "--fix-expect", status=1).err)
        self.assertEqual(self.spec.read_text(), before)


class Labels(Folder):
    def test_their_count(self):
        good = TINY.replace("params: 1}", "params: 15}")
        for names, text, words in (("a\nb\n", good, "names.txt has 2 lines, but head `main` has 3 classes"), (None, good, "No such file"),
                                   ("a\nb\nc\nd\n", good, "4 lines"), ("a\x1bb\nb\nc\n", good, "control character")):
            with self.subTest(words):
                self.spec.write_text(text)
                (self.folder / "names.txt").unlink(missing_ok=True)
                if names:
                    (self.folder / "names.txt").write_text(names)
                said = self.check("tiny.yaml", status=1).err
                self.assertIn(words, said)
                if "control" not in words:
                    self.assertRegex(said, r"tiny\.yaml:7:27: error: ")  # where they are named
        (self.folder / "names.txt").write_text("a\nb\nc\n")
        self.assertEqual(self.check("tiny.yaml").err, "")
        done = self.check("tiny.yaml", "--set", "classes=4")  # that is another network: --labels can name others
        self.assertIn("note: names.txt has 3 lines, but head `main` has 4 classes", done.err)

    def test_the_note_for_none_comes_with_a_build_alone(self):
        self.spec.write_text(TINY.replace("labels: names.txt, ", "").replace("params: 1}", "params: 15}"))
        out = self.folder / "out"
        build = ["build", self.spec, "--weights", "random:1", "--sources-only", "-o", out]
        self.assertEqual(support.run(support.DEEPER, *build, "--target", "x86-64-v3", "--target", "aarch64").err.count("has no labels"), 1)
        for command in (["check"], ["expand"], ["explain"], ["dump", "--stage", "schedule"]):
            self.assertNotIn("labels", support.run(support.DEEPER, command[0], self.spec, *command[1:]).err)
        (self.folder / "x.ppm").write_bytes(b"P6 4 4 255\n" + bytes(48))
        np_input = self.folder / "x.npy"
        support.np.save(np_input, support.np.zeros((4, 4, 2), "f4"))
        environment = {**support.with_compiler_cache(), "XDG_CACHE_HOME": str(self.folder / "cache")}
        done = support.run(support.DEEPER, "golden", "record", self.spec, "--weights", "random:1", "-o", self.folder, "--tensor", np_input, status=None, env=environment)
        self.assertNotIn("labels", done.err)


if __name__ == "__main__":
    support.main()
