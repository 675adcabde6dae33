"""Faults of the system under the program: weights that change below it, limits, signals, streams that are closed or full."""
import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

from program_support import BUILT, Program

def sanitized(folder):
    data = (folder / "toy").read_bytes()
    return b"__asan" in data or b"__tsan" in data


class Faults(Program):
    def setUp(self):
        super().setUp()
        self.picture("a.png", 1)

    def started(self, *arguments, **options):
        """Running, with more to read from a pipe that we hold: so it stands at a known place."""
        reader, writer = os.pipe()
        process = subprocess.Popen([self.folder / "toy", *arguments, f"/dev/fd/{reader}", "a.png"], cwd=self.folder, pass_fds=[reader],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        os.close(reader)
        for _ in range(1000):  # until it waits for the pipe
            if "pipe" in pathlib.Path(f"/proc/{process.pid}/wchan").read_text() or self.litter():
                break
            time.sleep(0.01)
        time.sleep(0.1)
        return process, writer

    def finish(self, process, writer):
        with os.fdopen(writer, "wb") as pipe:
            pipe.write((self.folder / "a.png").read_bytes())
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err


class WeightsThatChange(Faults):
    def changed(self, change, *arguments):
        process, writer = self.started(*arguments)
        change(self.folder / "toy.weights")
        status, out, err = self.finish(process, writer)
        self.assertEqual(self.litter(), [])
        return status, out, err

    def test_written_in_place(self):
        """The bytes of other weights, or the same ones with a new date; at once, or behind a cut."""
        def other(path):
            data = bytearray(path.read_bytes())
            data[-200:-190] = b"x" * 10
            with open(path, "r+b") as file:
                file.write(data)

        def rewritten(path):
            path.write_bytes(path.read_bytes())

        def longer(path):
            with open(path, "ab") as file:
                file.write(b"more")

        for change in (other, rewritten, longer):
            with self.subTest(change=change.__name__):
                subprocess.run([BUILT / "toy_weights", self.folder / "toy.weights"], check=True)
                status, out, err = self.changed(change, "--dump", "main=main.npy")
                self.assertEqual((status, out), (1, ""))
                self.assertIn("toy.weights was written to", err)
                self.assertFalse((self.folder / "main.npy").exists())
                subprocess.run([BUILT / "toy_weights", self.folder / "toy.weights"], check=True)
                status, out, err = self.changed(change, "--json")
                self.assertEqual((status, json.loads(out)["errors"][0]["id"]), (1, "weights-changed"))

    def test_cut_off(self):
        """A page that is no more: a message and one JSON object, not a bus error; in threads too."""
        for arguments in (["--dump", "main=main.npy", "--layers", "layers.npz"], ["--json"], ["--threads", "3"], ["--json", "--threads", "3"]):
            with self.subTest(arguments=arguments):
                subprocess.run([BUILT / "toy_weights", self.folder / "toy.weights"], check=True)
                status, out, err = self.changed(lambda path: os.truncate(path, 0), *arguments)
                self.assertEqual(status, 1, err)
                if "--json" in arguments:
                    self.assertEqual(json.loads(out)["errors"][0]["id"], "weights-changed")
                    self.assertEqual(err, "")
                else:
                    self.assertIn("toy.weights was written to", err)

    def test_replaced_under_its_name(self):
        """As it should be done: the program goes on with what it opened."""
        def replaced(path):
            subprocess.run([BUILT / "toy_weights", self.folder / "new", "wrong"], check=True)
            os.rename(self.folder / "new", path)

        before = self.run_toy("--head=main", "a.png").out
        for change in (replaced, os.unlink):
            status, out, err = self.changed(change, "--head=main")
            self.assertEqual((status, err), (0, ""))
            self.assertEqual(out.splitlines()[-3:], before.splitlines())
            subprocess.run([BUILT / "toy_weights", self.folder / "toy.weights"], check=True)

    def test_no_regular_file(self):
        os.mkfifo(self.folder / "fifo")
        for path in ("fifo", "/dev/zero", "/dev/null", "/proc/self/maps"):
            self.wrong("--weights", path, "a.png", words=path)


class Signals(Faults):
    def test_none_leaves_a_file_behind(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGXCPU):
            with self.subTest(signal=number.name):
                process, writer = self.started("--dump", "main=main.npy", "--dump", "input=input.npy")
                self.assertEqual(len(self.litter()), 2)
                process.send_signal(number)
                process.wait(60)
                status = self.close(process, writer)
                self.assertEqual(status, -number)
                self.assertEqual(self.litter(), [])
                self.assertFalse((self.folder / "main.npy").exists())

    def close(self, process, writer):
        os.close(writer)
        process.communicate()
        return process.returncode

    def test_an_ignored_one_stays_ignored(self):
        process, writer = self.started("--dump", "main=main.npy", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process.send_signal(signal.SIGHUP)
        self.assertEqual(self.finish(process, writer)[0], 0)
        self.assertTrue((self.folder / "main.npy").exists())

    def test_a_reader_that_goes_away(self):
        process, writer = self.started("--dump", "main=main.npy", "--json", "--head=map", *["a.png"] * 200)
        process.stdout.close()
        os.close(writer)
        process.wait(60)
        process.stderr.close()
        self.assertEqual(process.returncode, -signal.SIGPIPE)
        self.assertEqual(self.litter(), [])


class Limits(Faults):
    def sh(self, command, status):
        done = subprocess.run(["/bin/sh", "-c", command], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertEqual(self.litter(), [])
        return done

    def test_file_size(self):
        """Nothing of SIGXFSZ: the limit is told, and an older file stays."""
        (self.folder / "old.npy").write_text("old")
        for output in ("--dump map=old.npy", "--dump input=old.npy", "--layers old.npy", "--dump main=new.npy --dump map=old.npy"):
            done = self.sh(f"ulimit -f 1; exec ./toy {output} {'a.png ' * (1 if 'layers' in output else 9)}", 1)
            self.assertIn("old.npy: File too large", done.stderr)
            self.assertEqual((self.folder / "old.npy").read_text(), "old")
        done = self.sh(f"ulimit -f 1; exec ./toy --json {'a.png ' * 20} > out.json", 1)
        self.assertIn("standard output: File too large", done.stderr)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_closed_and_full_streams(self):
        self.sh("exec ./toy --dump main=main.npy a.png >&-", 1)
        self.assertEqual((self.folder / "main.npy").read_bytes()[:6], b"\x93NUMPY")
        for redirection in (">/dev/full", ">&-", ">&- 2>&-", ">&- 2>&- <&-"):
            for arguments in ("a.png", "--json a.png", "--dump main=main.npy --dump map=map.npy a.png", "--help", "--version", "--self-test"):
                with self.subTest(redirection=redirection, arguments=arguments):
                    self.sh(f"exec ./toy {arguments} {redirection}", 1)
        self.sh("exec ./toy --dump main=main.npy missing.png a.png 2>&-", 1)
        self.assertNotIn(b"missing", (self.folder / "main.npy").read_bytes())
        self.sh("exec ./toy - <&-", 1)

    def test_little_stack(self):
        if sanitized(self.folder):
            self.skipTest("built with a sanitizer, which needs stack")
        dumps = " ".join(f"--dump map={i}.npy" for i in range(16))
        for command in ("a.png", "--json a.png", "--threads 3 a.png", "--eval list", "--self-test", "--bench 2", dumps + " a.png",
                        "--layers l.npz a.png", "missing.png"):
            (self.folder / "list").write_text("a.png\t1\n")
            self.sh(f"ulimit -s 64; exec ./toy {command}", 1 if "missing" in command else 0)

    def test_little_memory(self):
        """Whatever cannot be had is told; what works, works."""
        if sanitized(self.folder):
            self.skipTest("built with a sanitizer, which reserves address space")
        seen = set()
        for kilobytes in (5000, 6000, 7000, 8000, 10000, 14000, 20000, 100000):
            done = subprocess.run(["/bin/sh", "-c", f"ulimit -v {kilobytes}; exec ./toy --threads 2 --dump main=m.npy a.png"], cwd=self.folder,
                                  capture_output=True, text=True, timeout=60)
            seen.add(done.returncode)
            if done.returncode not in (0, 127):  # 127: not even the C library fits
                self.assertEqual(done.returncode, 1, (kilobytes, done.stderr))
                self.assertIn("toy: ", done.stderr)
            self.assertEqual(self.litter(), [])
        self.assertIn(0, seen)

    def test_a_target_that_is_a_link(self):
        (self.folder / "real").mkdir()
        (self.folder / "link.npy").symlink_to("real/main.npy")
        done = self.run_toy("--dump", "main=link.npy", "a.png", status=1)
        self.assertIn("link.npy: No such file", done.err)
        (self.folder / "real/main.npy").write_text("old")
        self.run_toy("--dump", "main=link.npy", "a.png")
        self.assertTrue((self.folder / "link.npy").is_symlink())
        self.assertEqual((self.folder / "real/main.npy").read_bytes()[:6], b"\x93NUMPY")

    def test_one_file_for_two_outputs(self):
        for arguments in (["--dump", "main=x", "--dump", "map=x"], ["--dump", "main=x", "--layers", "x"]):
            self.wrong(*arguments, "a.png", words="x is named twice", status=2)


if __name__ == "__main__":
    unittest.main()
