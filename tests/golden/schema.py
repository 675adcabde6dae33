#!/usr/bin/env python3
"""dsl/schema.json: fresh, valid draft-07, and right about specs that are right and specs that are wrong.

usage: schema.py PATH/TO/deeper, in the folder of the project     UPDATE_GOLDEN=1 writes dsl/schema.json
"""
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"SKIPPED: {missing} (python3-jsonschema, python3-yaml)")
    sys.exit(77)

DEEPER = pathlib.Path(sys.argv[1]).resolve()
SCHEMA = pathlib.Path("dsl/schema.json")
ZOO = pathlib.Path("dsl/networks")
ERRORS = pathlib.Path("tests/golden/errors")

# What `check` finds wrong and the schema lets pass, with the reason. Everything else in tests/golden/errors is rejected, as
# YAML or by the schema.
UNSEEN = {
    "needs names: of blocks, params, arguments, layers": """
        argument_type block_scope duplicate_id in_block input_id missing_argument missing_id_branch no_blocks parameter
        parameter_without_value recursion two_residuals unknown_argument unknown_block unused_block""",
    "needs values: of params and arguments": "expression_overflow in_use parameter_type",
    "needs defaults: what a layer leaves out may stand there": "missing_key",
    "needs shapes and sizes": """
        branch_shapes branch_shapes_add build_branch_block build_branch_stride build_huge_input build_huge_network
        build_window channels crop crop_too_large fill fraction_alone letterbox_resize letterbox_size expansion_bomb expansion_of_nothing deep_blocks expect_failed
        expect_override flatten groups huge huge_weights pad_pool pad_same repeat_bomb residual_shapes resize window""",
    "needs other files": """
        include_content include_duplicate_block include_escapes include_missing include_version include_yaml
        labels_escape goldens_escape""",
    "needs the names of the system's functions": "network_name_taken",
    "needs the command line": "set set_value unknown_head",
    "of the text, which a YAML reader does not keep": "anchor duplicate_key tag too_large version_last",
    "has no spec": "folder missing_file",
}


class Yaml12(yaml.SafeLoader):
    """Scalars as in YAML 1.2's core schema: `yes`, `on` and `1:30` are text."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+0123456789."),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
# 010 is ten here; octal has its 0o.
Yaml12.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value, 0 if node.value[:2] in ("0o", "0x") else 10))
Yaml12.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(re.sub(r"\.(?=[ni])", "", node.value.lower())))


def as_json(value):
    """Keys as JSON has them."""
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    return [as_json(inner) for inner in value] if isinstance(value, list) else value


def read(text):
    return as_json(yaml.load(text, Yaml12))


def flow(value):
    """The value as YAML in one line; text with a `$` stays plain, quotes would take its meaning."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return value if isinstance(value, str) and "$" in value else json.dumps(value)


def places(value, path=()):
    """Paths of all values but the root."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(inner, (*path, key))


def changed(text, path, new):
    """The spec with another value at a path; `...` takes the key away."""
    spec = json.loads(text)
    holder = spec
    for key in path[:-1]:
        holder = holder[key]
    if new is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return spec


def at(spec, path):
    for key in path:
        spec = spec[key]
    return spec


def change(spec, chance):
    """A place, and what to put there: anything, or what the same key has elsewhere, which is right more often."""
    paths = list(places(spec))
    path = chance.choice(paths)
    alike = [at(spec, other) for other in paths if other[-1] == path[-1]]
    values = [..., None, 0, 1, 2.5, -1, "x", "same", "relu", "none", "$classes", "$classes // 10", "2 * 3", True, [], [1, 1], {}]
    return path, chance.choice(alike if chance.random() < 0.5 else values)


def error_cases():
    """(name, bytes of the spec or None) of every golden of wrong specs."""
    for path in sorted(ERRORS.glob("fail_*.txt")):
        head, *parts = re.split(r"^--- ", path.read_text(encoding="utf-8"), flags=re.M)
        spec = next((part.removeprefix("spec\n") for part in parts if part.startswith("spec\n")), None)
        data = None if spec is None else spec.encode()
        if data is not None and "escapes:" in head:
            data = re.sub(rb"\\x([0-9a-f]{2})", lambda hexes: bytes([int(hexes[1], 16)]), data)
        yield path.stem.removeprefix("fail_"), data


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = subprocess.run([DEEPER, "schema"], capture_output=True, text=True, check=True).stdout
        cls.validator = jsonschema.Draft7Validator(json.loads(cls.text))

    def complaints(self, spec):
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in self.validator.iter_errors(spec)]

    def test_is_fresh(self):
        if os.environ.get("UPDATE_GOLDEN"):
            SCHEMA.write_text(self.text)
        self.assertEqual(SCHEMA.read_text(), self.text, "deeper schema > dsl/schema.json")

    def test_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(json.loads(self.text))

    def test_every_key_is_described(self):
        for name, definition in json.loads(self.text)["definitions"].items():
            for key, value in definition.get("properties", {}).items():
                if name.startswith("keys_"):
                    self.assertIn("description", value, f"{name}: {key}")

    def test_zoo(self):
        files = [path for path in sorted(ZOO.rglob("*.yaml")) if "goldens" not in path.parts]
        self.assertGreater(len(files), 20)
        for path in files:
            with self.subTest(path.name):
                self.assertEqual(self.complaints(read(path.read_text())), [])
            if path.parent == ZOO:
                first = path.read_text().splitlines()[0]
                self.assertEqual(first, "# yaml-language-server: $schema=../schema.json", f"first line of {path}, for editors")

    def test_blocks_of_a_file_for_includes(self):
        self.assertTrue(self.complaints({"deeper": 1, "blocks": {}, "params": {}}), "holds nothing but blocks")

    def test_wrong_specs(self):
        unseen = {name: reason for reason, names in UNSEEN.items() for name in names.split()}
        self.assertEqual(len(unseen), sum(len(names.split()) for names in UNSEEN.values()), "named twice")
        passing = set()
        for name, data in error_cases():
            try:
                if data is None or not self.complaints(read(data)):
                    passing.add(name)
            except yaml.YAMLError:
                pass  # an editor underlines it without any schema
        self.assertEqual(passing - set(unseen), set(), "the schema lets these pass: name the reason, or mend it")
        self.assertEqual(set(unseen) - passing, set(), "these are seen: take them off the list")

    def test_nothing_good_is_rejected(self):
        """Specs changed at one place: what `check` takes, the schema takes."""
        chance = random.Random(1)
        taken = 0
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ZOO / "blocks", pathlib.Path(folder) / "blocks")
            for name in ("fashion", "meso_inception4", "tiny_xception", "inception_naive"):
                text = json.dumps(read((ZOO / f"{name}.yaml").read_text()))
                for path, new in [change(json.loads(text), chance) for _ in range(60)]:
                    spec = changed(text, path, new)
                    (pathlib.Path(folder) / "net.yaml").write_text(flow(spec) + "\n")
                    done = subprocess.run([DEEPER, "check", "net.yaml"], cwd=folder, capture_output=True, text=True)
                    if done.returncode == 0:
                        taken += 1
                        self.assertEqual(self.complaints(read(flow(spec))), [], f"{name}, changed at {path}")
        self.assertGreater(taken, 20, "too few changes that check takes: this shows little")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2)
