#!/usr/bin/env python3
"""Fails on a source file over 400 lines or a function over 40, but for the dated list in exemptions.txt.

C++ functions are measured by Universal Ctags' end field, Python's by its own parser, shell's by the closing brace.
"""
import ast
import json
import pathlib
import re
import subprocess
import sys
import tempfile

MAX_FILE, MAX_FUNCTION = 400, 40


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", *patterns], capture_output=True, text=True, check=True)
    return [p for p in listed.stdout.splitlines() if not p.startswith("generated/")]


def exemptions():
    allowed = {}
    for line in open("tests/checks/exemptions.txt", encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            place, lines, _since, reason = (part.strip() for part in line.split("|"))
            assert reason, f"exemptions.txt: {place} has no reason"
            allowed[place] = int(lines)
    return allowed


def readable(text):
    """What Universal Ctags stumbles over, said plainly, line for line."""
    return re.sub(r"^namespace rt::inline \w+ \{", "namespace rt {", text, flags=re.M).replace("RT_INLINE ", "inline ")


def cpp_functions(paths):
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            copy = pathlib.Path(folder, path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(readable(pathlib.Path(path).read_text(encoding="utf-8")), encoding="utf-8")
        run = subprocess.run(["ctags", "--output-format=json", "--fields=+ne", "--kinds-C++=f", "--languages=C++", "--langmap=C++:.h.cpp", "-L", "-", "-f", "-"],
                             input="\n".join(paths), capture_output=True, text=True, check=True, cwd=folder)
    for line in run.stdout.splitlines():
        tag = json.loads(line)
        if "end" in tag:
            yield tag["path"], tag["name"], tag["end"] - tag["line"] + 1


def has_bodies(path):
    """A function's head and its opening brace on one line: clang-format leaves most of them so."""
    heads = re.finditer(r"^(?:\w[\w:<>,&*\[\] ]*[ &*])(\w+)\([^;{}]*\)(?: const| noexcept)* \{", pathlib.Path(path).read_text(encoding="utf-8"), re.M)
    return any(head.group(1) not in ("if", "for", "while", "switch", "TEST_CASE") for head in heads)


def python_functions(path):
    for node in ast.walk(ast.parse(open(path, encoding="utf-8").read())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield path, node.name, node.end_lineno - node.lineno + 1


def shell_functions(path):
    name, begin = None, 0
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        match = re.match(r"^(\w+)\(\) \{", line)
        if match:
            name, begin = match.group(1), number
        elif line.rstrip() == "}" and name:
            yield path, name, number - begin + 1
            name = None


def main():
    allowed, used, found = exemptions(), set(), []
    cpp = tracked("*.h", "*.cpp")
    python, shell = tracked("*.py"), tracked("*.sh", "dev", ".ci/run")
    for path in cpp + python + shell + tracked("*.cmake", "CMakeLists.txt"):
        lines = sum(1 for _ in open(path, encoding="utf-8"))
        found.append((path, lines, MAX_FILE))
    functions = list(cpp_functions(cpp))
    seen = {path for path, _, _ in functions}
    blind = [f"{path}: has functions, but none was found to be measured" for path in cpp if path not in seen and has_bodies(path)]
    for path in python:
        functions += python_functions(path)
    for path in shell:
        functions += shell_functions(path)
    found += [(f"{path}:{name}", lines, MAX_FUNCTION) for path, name, lines in functions]
    failures = blind
    for place, lines, limit in found:
        if lines > limit:
            if lines <= allowed.get(place, 0):
                used.add(place)
            else:
                failures.append(f"{place}: {lines} lines, at most {limit}")
    failures += [f"exemptions.txt: {place} is no longer needed" for place in set(allowed) - used]
    print("\n".join(failures) if failures else f"sizes: {len(cpp)} C++ files, {len(functions)} functions within bounds")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
