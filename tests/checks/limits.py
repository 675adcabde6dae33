#!/usr/bin/env python3
"""Fails when a limit that SECURITY.md states is not the code's, or its constant is not where it says."""
import re
import sys

ROW = re.compile(r"^\| ([^|]+) \| ([\d,]+) \| `(\w+)` (\S+) \|$", re.M)


def value(expression):
    """Of `int64_t{1} << 31`, `100'000'000`, `400L << 20`."""
    plain = re.sub(r"\b\w+\{(\d+)\}", r"\1", expression.replace("'", ""))
    factors = [int(re.fullmatch(r"\s*(\d+)[uUlL]*\s*", part)[1]) for part in plain.split("<<")]
    result = factors[0]
    for shift in factors[1:]:
        result <<= shift
    return result


def wrong():
    rows = ROW.findall(open("SECURITY.md", encoding="utf-8").read())
    if len(rows) < 10:
        yield "SECURITY.md: its table of limits is not found"
    for what, stated, name, path in rows:
        try:
            text = open(path, encoding="utf-8").read()
        except OSError as error:
            yield f"SECURITY.md: {what}: {error}"
            continue
        found = re.findall(rf"constexpr [\w:]+ {name} = ([^;,]+)[;,]", text)
        if len(found) != 1:
            yield f"SECURITY.md: {what}: {path} has {len(found)} constants `{name}`"
        elif value(found[0]) != int(stated.replace(",", "")):
            yield f"SECURITY.md: {what}: {stated} is stated, {path} has {value(found[0]):,}"


def main():
    failures = [*wrong()]
    print("\n".join(failures) if failures else "limits: SECURITY.md states the code's")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
