"""Hostile messages are read with the fields they have, in bounded time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from abuse.hostile_case import Case, Expect, unlike
from abuse.hostile_mail import KINDS
from abuse.hostile_mutants import COUNT, mutants

from datasette_leaks.loaders.mail_message import parse_message

TESTS = Path(__file__).parents[1]
HANGS = 280  # seconds for all messages of a kind: a bound against hanging, not a measure


@pytest.mark.parametrize("kind", [*KINDS, "mutants"])
def test_hostile_messages_are_read(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "abuse.hostile_run", kind],
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}"},
        capture_output=True,
        text=True,
        timeout=HANGS,
    )
    assert done.returncode == 0, done.stderr
    wrong = json.loads(done.stdout)
    assert not wrong, "\n".join(f"{name}: {line}" for name in wrong for line in wrong[name])


def test_the_set_is_as_large_as_it_says() -> None:
    cases = [case for kind in KINDS.values() for case in kind]
    assert len({case.name for case in cases}) == len(cases) >= 150
    assert sum(case.expect is not None for case in cases) >= 60
    assert len(set(mutants())) > COUNT * 0.99
    assert next(mutants(7, 8)) == next(mutants(7, 8))


def test_what_is_not_as_expected_is_told() -> None:
    case = Case("", b"From: a@x.example\nSubject: s\n\n> text\n")
    wrong = Expect(subject="t", sender=None, starts="text", has_not=("text",), marks=("too_large",))
    assert len(unlike(parse_message(case.bytes()), wrong)) == 5
    assert not unlike(parse_message(case.bytes()), Expect(subject="s", has=("> text",)))
