"""A megabyte of each hostile article is read to its end, and nothing is found outside of it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hostile_text import NAMES, hostile

SIZE = 1_000_000  # code points
HANGS = 300  # seconds; the slowest takes some 20 of one processor
READ = """
import sys
from datasette_leaks.analysis.extract_rules import Rules
text = sys.stdin.buffer.read().decode()
rows = Rules().extract(text, (), ()).attributions
assert all(0 <= row.start < row.end <= len(text) for row in rows)
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_megabyte_is_read(name: str) -> None:
    text = hostile(name, SIZE).encode()
    subprocess.run([sys.executable, "-c", READ], input=text, check=True, timeout=HANGS)
