#!/usr/bin/env python3
"""`./dev test` runs every stage, whichever fail, and says at its end what did: with stand-ins for all that it calls."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CTEST = """#!/bin/sh
mkdir -p build/$2/Testing/Temporary
echo "SKIPPED case of $2: no such thing here" > build/$2/Testing/Temporary/LastTest.log
echo "1/5 Test #1: a ...***Skipped 0.1 sec"
case " $FAIL " in *" $2-tests "*) echo "80% tests passed, 1 tests failed out of 5"; exit 8;; esac
echo "100% tests passed, 0 tests failed out of 5"
"""
CMAKE = """#!/bin/sh
case " $FAIL " in *" $3-build "*) exit 1;; esac
[ "$1" != --preset ] || mkdir -p build/$2
"""


class DevTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        shutil.copy(ROOT / "dev", self.folder / "dev")
        (self.folder / "tests/checks").mkdir(parents=True)
        self.script("tests/checks/run.sh", "#!/bin/sh\ncase \" $FAIL \" in *' sizes '*) exit 1;; esac\n")
        self.script("tests/checks/listed_sources.py", "#!/bin/sh\ncat\n")
        (self.folder / "a.cpp").write_text("")
        self.script("bin/cmake", CMAKE)
        self.script("bin/ctest", CTEST)
        self.script("bin/dpkg-query", "#!/bin/sh\necho install ok installed\n")
        for version in (19, 22):
            self.script(f"bin/clang++-{version}", "#!/bin/sh\n")
            self.script(f"bin/clang-format-{version}", "#!/bin/sh\ncase \" $FAIL \" in *' format '*) exit 1;; esac\n")
            self.script(f"bin/clang-tidy-{version}", "#!/bin/sh\ncase \" $FAIL \" in *' tidy '*) exit 1;; esac\n")
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
        for command in (["init", "-q"], ["add", "dev", "tests"], ["commit", "-q", "-m", "a"], ["add", "a.cpp"], ["commit", "-q", "-m", "b"]):
            subprocess.run([*git, *command], cwd=self.folder, check=True, capture_output=True)

    def script(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def dev_test(self, *fail):
        environment = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "FAIL": " ".join(fail)}
        done = subprocess.run(["./dev", "test"], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60)
        stages = [line for line in done.stdout.splitlines() if line.startswith("stages: ")]
        self.assertEqual(done.stdout.splitlines()[-1:], stages, done.stdout + done.stderr)
        self.assertEqual(done.returncode, 1 if fail else 0, done.stdout + done.stderr)
        return done

    def test_all_is_well(self):
        done = self.dev_test()
        self.assertRegex(done.stdout, r"\nstages: \d+ passed, 0 failed\n$")
        self.assertIn("tests: 8 passed, 0 failed, 2 skipped", done.stdout)
        self.assertIn("SKIPPED case of release: no such thing here", done.stdout)

    def test_each_failure_stops_nothing_else(self):
        total = int(self.dev_test().stdout.split("stages: ")[1].split()[0])
        for fail, named in (("format", "format"), ("sizes", "sizes"), ("tidy", "clang-tidy"), ("release-tests", "tests"),
                            ("asan-ubsan-tests", "unit tests"), ("asan-ubsan-build", "unit tests")):
            with self.subTest(fail=fail):
                done = self.dev_test(fail)
                failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED: ")]
                self.assertTrue(failed and failed[0].startswith(f"FAILED: {named}"), done.stdout + done.stderr)
                self.assertTrue(done.stdout.endswith(f"stages: {total - len(failed)} passed, {len(failed)} failed\n"), done.stdout)

    def test_several(self):
        done = self.dev_test("format", "tidy", "release-tests")
        self.assertEqual(done.stdout.count("FAILED: "), 3)
        self.assertIn("tests: 7 passed, 1 failed, 2 skipped", done.stdout)

    def test_no_tests_of_a_build_that_failed(self):
        done = self.dev_test("release-build")
        self.assertIn("FAILED: release build\n", done.stdout)
        self.assertIn("FAILED: tests\n", done.stdout)
        self.assertNotIn("case of release", done.stdout)
        self.assertIn("tests: 4 passed, 0 failed, 1 skipped", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
