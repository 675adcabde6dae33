"""Names of files from strangers: no page and no message of deeper sends the terminal what steers it; goldens take them all the same."""
import json
import os
import pathlib
import re
import shutil
import tempfile
import unittest

import support

STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
EVIL = "e\x1b]0;owned\x07\x9b31m\x7f\u202egnp\u2066\r\nerror: owned"


class Shown(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.spec = self.folder / f"{EVIL}.yaml"
        text = (support.ZOO / "fashion.yaml").read_text()
        self.spec.write_text("".join(line for line in text.splitlines(True) if not line.startswith("goldens:")))
        for name in ("fashion.labels.txt", "fashion.safetensors"):
            shutil.copy(support.ZOO / name, self.folder)
        shutil.copytree(support.ZOO / "blocks", self.folder / "blocks")

    def clean(self, *arguments, status=None):
        environment = {**support.with_compiler_cache(), "XDG_CACHE_HOME": str(self.folder / "cache")}
        done = support.run(support.DEEPER, *arguments, status=status, cwd=self.folder, env=environment)
        for text in (done.out, done.err):
            self.assertIsNone(STEERING.search(text), ascii(text))
            self.assertNotRegex(text, r"(?m)^error: owned")
        return done

    def test_pages(self):
        build = ["--weights", "random:1", "--target", "x86-64-v3"]
        out = ["-o", self.folder / EVIL]
        for arguments in (["check", self.spec], ["expand", self.spec], ["explain", self.spec, *build[2:]], ["draw", self.spec],
                          *[["dump", self.spec, "--stage", stage] for stage in ("tree", "spec", "graph", "schedule")],
                          ["build", self.spec, *build, "--sources-only", *out]):
            with self.subTest(arguments=[ascii(str(part)) for part in arguments]):
                self.clean(*arguments, status=0)
                if arguments[0] != "draw":
                    json.loads(self.clean(*arguments, "--json", status=0).out)

    def test_messages(self):
        good = support.ZOO / "fashion.yaml"
        for arguments in (["check", EVIL], ["check", good, "--set", EVIL], ["check", good, "--head", EVIL], ["check", good, "--compare", EVIL],
                          ["check", "--" + EVIL], [EVIL], ["check", good, EVIL], ["dump", good, "--stage", EVIL],
                          ["dump", good, "--stage", "graph", "--after", EVIL], ["explain", good, "--target", EVIL],
                          ["explain", good, "--disable-pass", EVIL], ["draw", good, "-o", f"no/{EVIL}"],
                          ["build", good, "--weights", EVIL], ["build", good, "--weights", "random:" + EVIL],
                          ["build", good, "--weights", "random:1", "--labels", EVIL], ["build", good, "--weights", "random:1", "--labels", f"main={EVIL}"],
                          ["build", good, "--weights", "random:1", "-o", f"{self.spec}/{EVIL}"],
                          ["golden", "check", good, "--weights", EVIL], ["golden", "check", good, "--weights", "random:1", "--goldens", EVIL]):
            with self.subTest(arguments=[ascii(str(part)) for part in arguments]):
                done = self.clean(*arguments)
                self.assertIn(done.returncode, (1, 2), done.err)
                self.assertTrue(done.err)
                self.clean(*arguments, "--json")

    def test_goldens_of_such_pictures(self):
        """What `golden record` writes, `golden check` reads; a name that is no text is refused at once."""
        picture, other = self.folder / f"{EVIL.replace('/', '')}.pgm", self.folder / "it's \"one\".pgm"
        for path in (picture, other):
            shutil.copy(support.ZOO / "goldens/bag.pgm", path)
        weights = ["--weights", self.folder / "fashion.safetensors"]
        self.clean("golden", "record", self.spec, *weights, "-o", self.folder / "g", picture, other, status=0)
        check = ["golden", "check", self.spec, *weights, "--goldens", self.folder / "g/fashion.goldens.yaml"]
        self.clean(*check, status=0)
        names = [golden["input"] for golden in json.loads(self.clean(*check, "--json", status=0).out)["goldens"]]
        self.assertEqual([os.path.basename(name) for name in names], [picture.name, other.name])
        bad = os.fsencode(self.folder) + b"/\xff.pgm"
        shutil.copy(support.ZOO / "goldens/bag.pgm", bad)
        environment = {**support.with_compiler_cache(), "XDG_CACHE_HOME": str(self.folder / "cache")}
        done = support.run(support.DEEPER, "golden", "record", self.spec, *weights, "-o", self.folder / "h", os.fsdecode(bad), status=1, env=environment)
        self.assertIn("UTF-8", done.err)
        self.assertFalse((self.folder / "h").exists())


if __name__ == "__main__":
    support.main()
