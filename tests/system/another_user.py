"""Everything as an ordinary user in a fresh folder: no rights beyond it, nothing there yet, relative names as people write them.

Root becomes another user for this (setpriv), with copies of what it may not reach otherwise; anybody else stays who he is.
"""
import os
import pathlib
import shutil
import tempfile
import unittest

import support

OTHER_USER = 65534  # `nobody` in Debian; any number without rights will do


class AnotherUser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.prefix = []
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        if os.geteuid() == 0:
            cls.prefix = ["setpriv", f"--reuid={OTHER_USER}", f"--regid={OTHER_USER}", "--clear-groups"]
        cls.home = cls.folder / "home"
        shutil.copytree(support.ZOO, cls.home)
        shutil.copy(support.DEEPER, cls.folder / "deeper")
        (cls.folder / "deeper").chmod(0o755)
        cls.image = cls.home / "image.ppm"
        cls.image.write_bytes(b"P5 28 28 255\n" + bytes(range(256)) * 3 + bytes(16))
        if cls.prefix:
            cls.folder.chmod(0o755)
            for path in (cls.home, *cls.home.rglob("*")):
                os.chown(path, OTHER_USER, OTHER_USER)
            cls.need_to_become_another()

    @classmethod
    def need_to_become_another(cls):
        if not shutil.which("setpriv"):
            raise unittest.SkipTest("root without setpriv (Debian: util-linux) cannot become another user")
        if support.run(*cls.prefix, cls.folder / "deeper", "--version", cwd=cls.home, status=None).returncode != 0:
            raise unittest.SkipTest("another user cannot run what is in " + str(cls.folder.parent))

    def setUp(self):
        before = {path.name for path in self.home.iterdir()}
        self.addCleanup(lambda: [shutil.rmtree(path) if path.is_dir() else path.unlink() for path in self.home.iterdir() if path.name not in before])

    def deeper(self, *arguments, status=0, **options):
        options.setdefault("cwd", self.home)
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.home), "TMPDIR": str(self.home)}
        return support.run(*self.prefix, self.folder / "deeper", *arguments, status=status, env=environment, **options)

    def weights(self):
        return "--weights", "fashion.safetensors"

    def test_who(self):
        """The test would prove nothing as root."""
        self.assertNotEqual(int(support.run(*self.prefix, "id", "-u").out), 0)

    def test_build_beside_the_file(self):
        self.deeper("build", "fashion.yaml", *self.weights())
        done = support.run(*self.prefix, self.home / "fashion/fashion", self.image, cwd=self.home)
        self.assertIn("%", done.out)
        self.assertEqual([path.name for path in self.home.iterdir() if path.name.startswith(".deeper")], [])

    def test_names_of_folders(self):
        (self.home / "link").symlink_to("pointed")
        names = ("out", "name/", "./dot", "./a/../b", "new/parent/out", str(self.home / "absolute"), "link")
        for name in names:
            with self.subTest(name=name):
                self.deeper("build", "fashion.yaml", *self.weights(), "--sources-only", "-o", name)
                self.deeper("build", "fashion.yaml", *self.weights(), "--sources-only", "-o", name)  # over itself
        for name in ("out", "name", "dot", "b", "new/parent/out", "absolute", "pointed"):
            self.assertTrue((self.home / name / "manifest.json").exists(), name)
        self.assertFalse((self.home / "a").exists())
        self.assertTrue((self.home / "link").is_symlink())
        self.deeper("build", "fashion.yaml", *self.weights(), "--sources-only", "--target", "x86-64-v3", "--target", "aarch64", "-o", "both")
        self.assertTrue((self.home / "both/aarch64/manifest.json").exists())

    def test_places_that_others_own(self):
        for name in ("/deeper-test-output", str(self.folder / "out")):
            with self.subTest(name=name):
                done = self.deeper("build", "fashion.yaml", *self.weights(), "--sources-only", "-o", name, status=1)
                self.assertIn(f"cannot create {name}: Permission denied", done.err)
        done = self.deeper("draw", "fashion.yaml", "-o", str(self.folder / "f.svg"), status=1)
        self.assertIn("Permission denied", done.err)

    def test_run_record_check_draw(self):
        self.deeper("check", "fashion.yaml")
        self.deeper("draw", "fashion.yaml", "-o", "fashion.svg")
        self.assertTrue((self.home / "fashion.svg").read_text().startswith("<"))
        done = self.deeper("run", "fashion.yaml", *self.weights(), "image.ppm")
        self.assertIn("%", done.out)
        self.deeper("golden", "record", "fashion.yaml", *self.weights(), "-o", "goldens/new", "image.ppm")
        self.deeper("golden", "check", "fashion.yaml", *self.weights(), "--goldens", "goldens/new/fashion.goldens.yaml")


if __name__ == "__main__":
    support.main()
