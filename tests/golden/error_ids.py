#!/usr/bin/env python3
"""Diagnostic ids: each that is used is listed in dsl/diagnostic_ids.h, each that is listed is used, and shown by a golden.

Exempt from goldens of specs is what needs more than a spec; its reason says where it is tested.
"""
import pathlib
import re
import sys

WEIGHTS = "needs a weights file: tests/unit/weights_*.cpp"
COMMAND = "of the command line: tests/unit/compile_*.cpp, tests/unit/cli_*.cpp, tests/system"
EXEMPT = {
    "bad-size": "the reader tells these first, as out-of-range; for specs made in memory: tests/unit/ir_*.cpp",
    "weights-unreadable": WEIGHTS, "weights-malformed": WEIGHTS, "weight-missing": WEIGHTS, "weight-unused": WEIGHTS,
    "weight-shape": WEIGHTS, "weight-not-finite": WEIGHTS, "weight-twice": WEIGHTS,
    "weight-type": WEIGHTS, "weight-ignored": WEIGHTS, "weights-passed-over": WEIGHTS, "weight-rule-idle": WEIGHTS,
    "weight-variance": WEIGHTS, "weight-overflow": WEIGHTS,
    "unknown-target": COMMAND, "target-unavailable": COMMAND, "unknown-pass": COMMAND, "bad-weights-option": COMMAND,
    "bad-labels": COMMAND, "cannot-fix-expect": COMMAND, "no-labels": COMMAND, "no-compiler": COMMAND, "output-folder": COMMAND, "cache-folder": COMMAND, "cannot-write": COMMAND, "interrupted": COMMAND,
    "bad-goldens": COMMAND, "no-goldens": COMMAND, "golden-differs": COMMAND, "program-failed": COMMAND,
    "internal-program": "our mistake, has no input",
    "internal-runtime": "our mistake, has no input", "internal-verify": "our mistake, has no input",
    "internal-compile": "our mistake, has no input",
}


def sources():
    for folder in ("dsl", "codegen"):
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix in (".cpp", ".h") and path.name != "diagnostic_ids.h":
                yield path.read_text(encoding="utf-8")


def main():
    listed = re.findall(r'^    \{"([a-z0-9-]+)", "', pathlib.Path("dsl/diagnostic_ids.h").read_text(encoding="utf-8"), re.M)
    text = "".join(sources())
    named = dict(re.findall(r'string_view (\w+) = "([a-z-]+)";', pathlib.Path("codegen/ir/diagnostic_ids.h").read_text(encoding="utf-8")))
    literal = set(re.findall(r'[.>](?:error|warning|note)\(\s*"([a-z0-9-]+)"', text))
    used = literal | {named[name] for name in re.findall(r"\bids::(\w+)", text)}
    shown = set()
    for path in pathlib.Path("tests/golden/errors").glob("*.txt"):
        for ids in re.findall(r"^ids: (.*)$", path.read_text(encoding="utf-8"), re.M):
            shown.update(ids.split(", "))
    quoted = set(re.findall(r'"([a-z][a-z0-9-]+)"', text))  # ids handed on through functions
    failures = [f"{each}: listed twice" for each in sorted(set(listed)) if listed.count(each) > 1]
    failures += [f"{each}: used, but not in dsl/diagnostic_ids.h" for each in sorted(used - set(listed))]
    failures += [f"{each}: listed, but not used" for each in listed if each not in used | quoted]
    failures += [f"{each}: in no golden of tests/golden/errors" for each in listed if each not in shown and each not in EXEMPT]
    failures += [f"{each}: exempt, but not listed" for each in EXEMPT if each not in listed]
    print("\n".join(failures) if failures else f"{len(listed)} ids: all used, {len(shown)} shown by goldens, the others have a reason")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
