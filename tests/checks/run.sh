#!/usr/bin/env bash
# Checks of the tree itself, part of ./dev test: sizes, file lists, words that do not belong here.
set -euo pipefail
cd "$(dirname "$0")/../.."
status=0
python3 tests/checks/sizes.py || status=1
python3 tests/checks/file_lists.py || status=1
python3 tests/checks/golden_lengths.py || status=1
python3 tests/checks/limits.py || status=1
exit $status
