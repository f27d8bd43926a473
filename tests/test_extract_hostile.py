"""The rules take a number of steps that grows with the text and no faster, whatever it holds."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hostile_text import NAMES, hostile

from datasette_leaks.analysis import extract_rules
from datasette_leaks.analysis.extract_rules import Rules
from datasette_leaks.loaders.records import Link

SMALL, LARGE = 2_000, 8_000  # code points
MOST = 300  # lines of code run for one code point; ordinary prose takes some 20
FOLDER = str(Path(extract_rules.__file__).parent)


def steps(text: str, links: list[Link]) -> int:
    """Lines of the rules' code that were run: what their time depends on, on any machine."""
    count = 0

    def line(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += 1
        return line

    def call(frame: FrameType, event: str, arg: object) -> Any:
        return line if frame.f_code.co_filename.startswith(FOLDER) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        Rules().extract(text, (), links)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", NAMES)
def test_steps_grow_with_the_text(name: str) -> None:
    small, large = (steps(hostile(name, size), []) for size in (SMALL, LARGE))
    assert large < 1.25 * LARGE / SMALL * small
    assert large < MOST * LARGE


def test_a_link_over_half_the_text_is_not_asked_at_every_row() -> None:
    def linked(size: int) -> int:
        text = hostile("he said", size)
        short = [Link(at, at + 1, "https://a.example/", "citation") for at in range(0, size, 50)]
        return steps(text, [Link(0, size // 2, "https://b.example/", "citation"), *short])

    assert linked(LARGE) < 1.25 * LARGE / SMALL * linked(SMALL)
