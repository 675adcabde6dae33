#!/usr/bin/python3
"""Reads the machine code of the kernels, target by target.

In the innermost loop of every register tile the multiply-add at full width occurs exactly as often as the tile has
accumulators; nothing is called, stored or taken from the stack there. No object needs a C++ library, and objects of
different levels define no function in common (the linker would keep one of them for both).
"""
import os
import re
import subprocess
import sys
import tempfile

FLAGS = ["-std=c++20", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden"]
# target: (flags, pixels of the tile, multiply-add, store)
TARGETS = {
    "x86-64-v4": (["--target=x86_64-linux-gnu", "-march=x86-64-v4"], 14, r"vfmadd\d+ps\s.*%zmm", r"\S+\s.*,\s*-?\w*\(%\w+.*\)$"),
    "x86-64-v3": (["--target=x86_64-linux-gnu", "-march=x86-64-v3"], 6, r"vfmadd\d+ps\s.*%ymm", r"\S+\s.*,\s*-?\w*\(%\w+.*\)$"),
    "aarch64": (["--target=aarch64-linux-gnu", "-march=armv8-a"], 12, r"fmla\s+v\d+\.4s", r"st[a-z]*\s"),
}
JUMP = re.compile(r"(?:j[a-z]+|b\.[a-z]+|cbn?z|tbn?z)\s.*?0x([0-9a-f]+)\b")
CALL = re.compile(r"(?:call[a-z]*|bl|blr)\s")
STACK = re.compile(r"%[er]sp|\[sp")


def functions(objdump, path):
    """Name -> list of (address, instruction)."""
    text = subprocess.run([objdump, "-d", "-C", "--no-show-raw-insn", path], check=True, capture_output=True, text=True).stdout
    found, current = {}, None
    for line in text.splitlines():
        if match := re.match(r"^[0-9a-f]+ <(.*)>:$", line):
            current = found.setdefault(match.group(1), [])
        elif (match := re.match(r"^\s*([0-9a-f]+):\s+(.*)$", line)) and current is not None:
            instruction = re.sub(r"\s*(#|//|<).*$", "", match.group(2)).replace("\t", " ").strip()
            current.append((int(match.group(1), 16), instruction))
    return found


def innermost_loop(code, multiply_add):
    """The shortest backward jump's range that holds a multiply-add."""
    loops = []
    for address, instruction in code:
        match = JUMP.match(instruction)
        if match and code[0][0] <= int(match.group(1), 16) <= address:
            body = [text for at, text in code if int(match.group(1), 16) <= at <= address]
            if any(multiply_add.match(text) for text in body):
                loops.append(body)
    return min(loops, key=len) if loops else []


def tile_faults(name, code, multiply_add, store):
    rows, pixels, vectors = map(int, re.search(r"conv_tile<(\d+), (\d+), (\d+)", name).groups())
    body = innermost_loop(code, multiply_add)
    count = sum(bool(multiply_add.match(text)) for text in body)
    if count != rows * pixels * vectors:
        yield f"{count} multiply-adds in the loop, {rows * pixels * vectors} expected"
    for text in body:
        if CALL.match(text) or store.match(text) or STACK.search(text):
            yield f"in the loop: {text}"
    print(f"  {rows}x{pixels}x{vectors}: {count} multiply-adds of {len(body)} instructions")


def check_target(target, cxx, objdump, root, folder):
    flags, pixels, multiply_add, store = TARGETS[target]
    path = os.path.join(folder, target + ".o")
    source = os.path.join(root, "tests/unit/runtime_instructions.cpp")
    subprocess.run([cxx, *FLAGS, *flags, f"-DTILE_PIXELS={pixels}", "-I", root, "-c", source, "-o", path], check=True)
    print(target)
    tiles = {name: code for name, code in functions(objdump, path).items() if "conv_tile<" in name}
    if len(tiles) < 6:
        yield f"{target}: only {len(tiles)} tiles found"
    for name, code in tiles.items():
        for fault in tile_faults(name, code, re.compile(multiply_add), re.compile(store)):
            yield f"{target}: {name[:60]}: {fault}"


def symbols(nm, path):
    """(kind, name) of every symbol."""
    text = subprocess.run([nm, "-P", path], check=True, capture_output=True, text=True).stdout
    return [(line.split()[1], line.split()[0]) for line in text.splitlines()]


def check_symbols(nm, folder, targets):
    defined = {}
    for target in targets:
        table = symbols(nm, os.path.join(folder, target + ".o"))
        for kind, name in table:
            if kind == "U" and re.match(r"_Z|__cxa|__gxx|_Unwind", name):
                yield f"{target}: needs {name} of a C++ library"
        defined[target] = {name for kind, name in table if kind in "TW" and "use_everything" not in name}
    for first in targets:
        for second in targets:
            for name in sorted(defined[first] & defined[second]) if first < second else []:
                yield f"{first} and {second} both define {name}"


def main():
    cxx, objdump, nm, root, *targets = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        faults = [fault for target in targets for fault in check_target(target, cxx, objdump, root, folder)]
        faults += check_symbols(nm, folder, targets)
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
