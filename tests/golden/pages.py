#!/usr/bin/env python3
"""Pages that show commands and what they print: every command is run, and must print that.

    ```yaml NAME.yaml       writes that file
    ```yaml                 where it begins with `deeper: 1`, is checked
    ```console              `$ command` and its output; a line `...` stands for any lines
    ```cpp                  stands in a file below generated/, word for word

usage: pages.py PATH/TO/deeper PAGE...     in the folder of the project; each page has an empty folder, and `dsl` in it
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w+)[ ]?(\S*)\n(.*?)^```$", re.M | re.S)


def run(command, folder, deeper):
    environment = {**os.environ, "PATH": f"{deeper.parent}:{os.environ['PATH']}", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
    return done.stdout


def matches(shown, printed):
    """Whether the page's lines are those printed; `...` is any lines."""
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in shown.splitlines())
    return re.fullmatch(pattern, printed) is not None


def console(text, folder, deeper):
    """What is wrong with one block of commands."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, shown = part.split("\n", 1)
        printed = run(command, folder, deeper)
        if not matches(shown, printed):
            yield f"$ {command}\n" + "\n".join(difflib.unified_diff(shown.splitlines(), printed.splitlines(), "page", "now", lineterm=""))


def problems(page, deeper):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "dsl").symlink_to(pathlib.Path("dsl").resolve())
        for kind, file, text in FENCE.findall(page.read_text(encoding="utf-8")):
            if kind == "cpp" and not any(text in path.read_text(encoding="utf-8") for path in pathlib.Path("generated").rglob("*.cpp")):
                yield f"this C++ is in no file below generated/:\n{text}"
            if kind == "console":
                yield from console(text, folder, deeper)
            if kind == "yaml" and text.startswith("deeper: 1"):
                target = folder / (file or "unnamed.yaml")
                target.write_text(text)
                printed = run(f"deeper check {target.name} > /dev/null", folder, deeper)
                if printed:
                    yield f"this spec is not right:\n{text}{printed}"


def main():
    deeper, failures = pathlib.Path(sys.argv[1]).resolve(), 0
    for page in map(pathlib.Path, sys.argv[2:]):
        for problem in problems(page, deeper):
            failures += 1
            print(f"{page}: {problem}\n")
    print(f"{len(sys.argv) - 2} pages, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
