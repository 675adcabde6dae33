#!/usr/bin/env python3
"""What the command line prints, word for word: each case holds its input and everything that comes out.

    # What it shows.
    command: check net.yaml --json
    status: 1
    --- file net.yaml
    ...
    --- stdout
    ...
    --- stderr
    ...

usage: run_cli.py PATH/TO/deeper FOLDER [CASE...]     UPDATE_GOLDEN=1 rewrites status, stdout and stderr
Several commands run one after the other in one folder; their outputs follow each other. `--- files` lists what they left.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

PART = re.compile(r"^--- (.+)$", re.M)


def read_case(text):
    """(head lines, {part name: text}) with the parts in order."""
    pieces = PART.split(text)
    return pieces[0], dict(zip(pieces[1::2], (piece[1:] for piece in pieces[2::2])))


def headers(head, key):
    return re.findall(rf"^{key}: (.+)$", head, re.M)


def run_case(deeper, head, parts):
    """Status line, standard output, standard error, files left."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for part, text in parts.items():
            if part.startswith("file "):
                path = folder / part.removeprefix("file ")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        given = set(folder.rglob("*"))
        status, out, err = [], "", ""
        environment = {"PATH": os.environ["PATH"], "HOME": name, "LC_ALL": "C.UTF-8", **({"DEEPER_CLANG": os.environ["DEEPER_CLANG"]} if "DEEPER_CLANG" in os.environ else {})}
        for command in headers(head, "command"):
            done = subprocess.run([deeper, *shlex.split(command)], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
            status.append(str(done.returncode))
            out += done.stdout
            err += done.stderr
        left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path not in given and path.is_file())
        return {"status": " ".join(status), "stdout": out, "stderr": err, "files": "".join(f"{path}\n" for path in left)}


def written(head, parts, found):
    """The case as an update would write it."""
    head = re.sub(r"^status: .*\n", "", head, flags=re.M).rstrip("\n") + f"\nstatus: {found['status']}\n"
    text = head
    for part, content in parts.items():
        if part not in ("stdout", "stderr", "files"):
            text += f"--- {part}\n{content}"
    for part in ("stdout", "stderr", "files"):
        if found[part]:
            text += f"--- {part}\n{found[part]}"
    return text


def main():
    deeper, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    chosen = set(sys.argv[3:])
    failures = ran = 0
    for path in sorted(folder.glob("*.txt")):
        if chosen and path.stem not in chosen:
            continue
        ran += 1
        before = path.read_text()
        head, parts = read_case(before)
        after = written(head, parts, run_case(deeper, head, parts))
        if before == after:
            continue
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(after)
            print(f"updated {path.name}")
            continue
        failures += 1
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(after)
            file.flush()
            subprocess.run(["diff", "-u", "--label", path.name, "--label", "now", str(path), file.name])
        print(f"rerun: {sys.argv[0]} {deeper} {folder} {path.stem}     (UPDATE_GOLDEN=1 rewrites it)")
    print(f"{ran - failures} of {ran} cases hold")
    return 1 if failures or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
