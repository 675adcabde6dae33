#!/usr/bin/env python3
"""Prints those of the paths on standard input that a compile_commands.json knows: clang-tidy cannot judge the others."""
import json
import os
import sys

known = {os.path.realpath(os.path.join(entry["directory"], entry["file"])) for entry in json.load(open(sys.argv[1]))}
for line in sys.stdin:
    path = line.strip()
    if path and os.path.realpath(path) in known:
        print(path)
