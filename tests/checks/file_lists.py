#!/usr/bin/env python3
"""Fails when a source file is in no build list, an op or pass has no golden, or a file names this machine."""
import os
import re
import subprocess
import sys


def tracked(*patterns):
    run = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", *patterns], capture_output=True, text=True, check=True)
    return [path for path in run.stdout.splitlines() if os.path.exists(path)]


def unlisted():
    lists = ""
    for path in tracked("*CMakeLists.txt", "*.cmake"):
        lists += open(path, encoding="utf-8").read()
    for path in tracked("dsl/*.cpp", "codegen/*.cpp", "tests/*.cpp"):
        if not re.search(r"(?<![\w.])" + re.escape(os.path.basename(path)) + r"(?!\w)", lists):
            yield f"{path}: in no CMake list"


def passes_without_golden():
    pipeline = "codegen/passes/pipeline.cpp"
    if not os.path.exists(pipeline):
        return
    goldens = "".join(open(p, encoding="utf-8").read() for p in tracked("tests/golden/passes/*"))
    for name in re.findall(r'\{"([a-z0-9-]+)",', open(pipeline, encoding="utf-8").read()):
        if name not in goldens:
            yield f"{pipeline}: pass {name} has no golden under tests/golden/passes"


def machine_words():
    words = re.compile(r"/(?:wor[k]|hom[e]|roo[t])/[a-z]|deb\.debia[n]\.org|registry\.npmj[s]", re.I)
    for path in tracked():
        try:
            text = open(path, encoding="utf-8").read()
        except (UnicodeDecodeError, IsADirectoryError):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if words.search(line):
                yield f"{path}:{number}: names a machine or a host"


def main():
    failures = [*unlisted(), *passes_without_golden(), *machine_words()]
    print("\n".join(failures) if failures else "file lists: every source is built, every pass has a golden")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
