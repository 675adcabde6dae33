"""Builds that go wrong: a folder that is not ours, no room, a signal. The old output stays intact, or the new one is whole."""
import hashlib
import os
import pathlib
import resource
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import unittest

import support


def contents(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


class BuildFaults(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.out = self.folder / "out"

    def command(self, weights="random:1", out=None):
        return [str(support.DEEPER), "build", str(support.ZOO / "fashion.yaml"), "--weights", str(weights), "-o", str(out or self.out)]

    def build(self, weights="random:1", **options):
        """With the compiler's cache, which makes it quick."""
        return support.run(*self.command(weights), env=support.with_compiler_cache(), **options)

    def only(self, *names):
        """Nothing but these is left in the temporary folder."""
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), sorted(names))

    def test_a_folder_that_is_not_ours(self):
        self.out.mkdir()
        (self.out / "thesis.txt").write_text("ten years of work")
        done = support.run(*self.command(), status=1)
        self.assertIn(str(self.out), done.err)
        self.assertEqual(contents(self.out), {"thesis.txt": hashlib.sha256(b"ten years of work").hexdigest()})
        self.only("out")

    def test_an_empty_folder_is_taken(self):
        self.out.mkdir()
        self.build()
        self.assertTrue((self.out / "fashion").exists())

    def test_a_source_that_was_edited(self):
        """Somebody's work is in it now."""
        command = self.command() + ["--sources-only"]
        support.run(*command)
        support.run(*command)
        source = self.out / "fashion.cpp"
        source.write_text(source.read_text() + "// mine\n")
        before = contents(self.out)
        done = support.run(*command, status=1)
        self.assertIn("its fashion.cpp was changed since deeper wrote it", done.err)
        self.assertEqual(contents(self.out), before)
        source.unlink()
        support.run(*command)

    def test_pictures_go_where_they_are_sent(self):
        """`draw -o` on devices, pipes and links, in a folder of our own: as root it could replace those of the machine."""
        draw = [support.DEEPER, "draw", support.ZOO / "fashion.yaml", "-o"]
        device = self.folder / "full"
        try:
            os.mknod(device, 0o600 | stat.S_IFCHR, os.makedev(1, 7))
        except PermissionError:
            device = pathlib.Path("/dev/full")
        support.run(*draw, device, status=1)
        self.assertTrue(device.is_char_device())
        link, target = self.folder / "link.svg", self.folder / "target.svg"
        link.symlink_to("target.svg")
        target.write_text("old")
        target.chmod(0o604)
        support.run(*draw, link)
        self.assertTrue(link.is_symlink())
        self.assertTrue(target.read_text().startswith("<"))
        self.assertEqual(target.stat().st_mode & 0o777, 0o604)
        done = support.run(*draw, "/dev/stdout")
        self.assertEqual(done.out, target.read_text())
        before = sorted(self.folder.iterdir())
        done = support.run(*draw, target, status=1, preexec_fn=lambda: limit_files(100))
        self.assertIn("File too large", done.err)
        self.assertEqual(sorted(self.folder.iterdir()), before)

    def test_folders_named_like_ours(self):
        precious = [self.folder / name / "thesis.txt" for name in (".deeper-2024-01-01/precious", ".deeper-", ".deeper-build-1-0", ".deeper-build-x/output")]
        for path in precious:
            path.parent.mkdir(parents=True)
            path.write_text("ten years of work")
        (self.folder / ".deeper-build-x/deeper-build").write_text("folder\nthesis.txt\n")
        support.run(*self.command(), "--sources-only")
        self.assertEqual([path.read_text() for path in precious], ["ten years of work"] * len(precious))

    def test_a_path_below_a_file(self):
        (self.folder / "file").write_text("x")
        done = support.run(*self.command(out=self.folder / "file/out"), status=1)
        self.assertIn("file", done.err)
        self.only("file")

    def test_a_path_that_is_a_file(self):
        self.out.write_text("x")
        done = support.run(*self.command(), status=1)
        self.assertIn(str(self.out), done.err)
        self.assertEqual(self.out.read_text(), "x")

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_folder_that_may_not_be_written(self):
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        done = support.run(*self.command(), status=1)
        self.assertIn(str(self.out), done.err)

    def test_no_room(self):
        """A file size limit stands for a full disk; whatever does not fit, the old output stays."""
        self.build()
        before = contents(self.out)
        for limit in (1 << 10, 40 << 10, 300 << 10):
            with self.subTest(limit=limit):
                done = support.run(*self.command("random:2"), status=None, preexec_fn=lambda: limit_files(limit))
                self.assertEqual(done.returncode, 1, done.err)
                self.assertNotEqual(done.err, "")
                self.assertEqual(contents(self.out), before)
                self.only("out")

    def test_quotas(self):
        """Whichever file does not fit, of ours, the compiler's or the linker's: status 1, in time, and nothing is left."""
        tiny = self.folder / "tiny.yaml"
        tiny.write_text("deeper: 1\nname: tiny\ninput: {shape: [4, 4, 3]}\nlayers:\n  - {id: a, conv: {kernel: 1, out: 4}}\nheads:\n  main: {from: a, layers: []}\n")
        command = [support.DEEPER, "build", tiny, "--weights", "random:1", "-o", self.out]
        support.run(*command, env=support.with_compiler_cache())
        size = (self.out / "tiny").stat().st_size
        shutil.rmtree(self.out)
        for limit in (1 << 9, 30 << 10, 100 << 10, size - 4096):
            for ignored in (True, False):
                with self.subTest(limit=limit, ignored=ignored):
                    done = support.run(*command, status=1, env=support.with_compiler_cache(), preexec_fn=lambda: limit_files(limit, ignored))
                    self.assertNotIn("mistake of deeper", done.err)
                    self.only("tiny.yaml")

    def test_compilers_that_cannot_be_started(self):
        """Told as what it is, not as a compiler that is none."""
        for what, limit in (("NOFILE", 8), ("AS", 200 << 20), ("AS", 100 << 20)):
            with self.subTest(what=what, limit=limit):
                number = getattr(resource, f"RLIMIT_{what}")
                done = support.run(*self.command(), status=None, preexec_fn=lambda: resource.setrlimit(number, (limit, limit)))
                self.assertNotIn("is not a clang", done.err)
                self.assertIn(done.returncode, (1,) if what == "NOFILE" else (0, 1))  # how much a compiler needs is its own affair
                if done.returncode == 1:
                    self.assertRegex(done.err, "Too many open files|status 127|out of memory|annot allocate|killed by signal|failed to map")
                    self.only()
                else:
                    shutil.rmtree(self.out)
        done = support.run(*self.command(), status=1, env={**os.environ, "DEEPER_CLANG": "/bin/false"})
        self.assertRegex(done.err, "is not a clang|false --version ended with status 1")

    def interrupted(self, how, delay, environment=None):
        """Exit status of a build over an old one that gets a signal after `delay` seconds."""
        process = subprocess.Popen(self.command("random:2"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.send_signal(how)
        status = process.wait(60)
        self.all_gone(process.pid)
        return status

    def all_gone(self, group):
        """Compilers of a deeper that was killed end by themselves; until then they write below its folder."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return
            time.sleep(0.02)
        self.fail("processes of a killed build are left")

    def test_signals(self):
        """At any moment of the build; TERM and INT leave no litter, KILL leaves at most a folder that the next build removes."""
        self.build("random:2")
        new = contents(self.out)
        begin = time.monotonic()
        self.build("random:1")
        seconds = time.monotonic() - begin
        old = contents(self.out)
        self.assertNotEqual(old, new)
        moments = [(signal.SIGTERM, 0.05), (signal.SIGINT, 0.3), (signal.SIGTERM, 0.6), (signal.SIGINT, 0.95), (signal.SIGKILL, 0.5), (signal.SIGKILL, 0.98)]
        for how, share in moments:
            with self.subTest(signal=how.name, share=share):
                status = self.interrupted(how, share * seconds, support.with_compiler_cache())
                now = contents(self.out)
                self.assertIn(now, (old, new))
                if how != signal.SIGKILL:
                    self.only("out")
                    self.assertIn(status, (-how, 128 + how, 0, 1))
                if now == new:
                    self.build("random:1")
                else:
                    self.assertNotEqual(status, 0)

    def test_signals_while_the_compiler_runs(self):
        """With no cache at all: half a second in, clang is at work."""
        self.build("random:1")
        old = contents(self.out)
        for how in (signal.SIGTERM, signal.SIGINT):
            self.assertNotEqual(self.interrupted(how, 0.5, {**os.environ, "DEEPER_NO_CACHE": "1"}), 0)
            self.assertEqual(contents(self.out), old)
            self.only("out")

    def test_a_build_after_a_kill(self):
        self.build()
        self.interrupted(signal.SIGKILL, 0.3)
        self.build("random:3")
        subprocess.run([self.out / "fashion", "--verify"], check=True, capture_output=True)
        self.only("out")

    def test_two_builds_at_once(self):
        """One folder, two builds: the last one to finish wins, whole."""
        quick = support.with_compiler_cache()
        processes = [subprocess.Popen(self.command(f"random:{seed}"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=quick) for seed in (1, 2)]
        self.assertEqual([process.wait(120) for process in processes], [0, 0])
        subprocess.run([self.out / "fashion", "--verify"], check=True, capture_output=True)
        self.only("out")


def limit_files(limit, ignored=True):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN if ignored else signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


if __name__ == "__main__":
    support.main()
