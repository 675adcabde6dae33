#!/usr/bin/env python3
"""Reports how long goldens are: short ones are read. Fails when the median passes 40 lines."""
import os
import statistics
import subprocess
import sys

listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", "tests/golden/*/*"], capture_output=True, text=True, check=True)
paths = [path for path in listed.stdout.splitlines() if os.path.exists(path)]
lengths = sorted(open(path, "rb").read().count(b"\n") for path in paths)
if not lengths:
    print("goldens: none")
    sys.exit(0)
median, p90 = statistics.median(lengths), lengths[int(len(lengths) * 0.9)]
print(f"goldens: {len(lengths)}, median {median:g} lines, p90 {p90}")
sys.exit(1 if median > 40 else 0)
