"""Echoes, confirmations, denials and provenance, with their direction."""

from __future__ import annotations

import pytest

from datasette_leaks.analysis.extract_rules import Rules


def related(text: str) -> list[tuple[str, str, str, bool]]:
    """Each relation's kind, the words it goes from and to, and whether it is hedged."""
    return [
        (
            one.kind,
            text[one.from_start : one.from_end] if one.from_start is not None else "",
            text[one.to_start : one.to_end] if one.to_start is not None else "",
            one.hedged,
        )
        for one in Rules().extract(text, (), ()).relations
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Weil echoed the pilot.", [("echoes", "Weil", "the pilot", False)]),
        ("The pilot was echoed by Weil.", [("echoes", "Weil", "The pilot", False)]),
        (
            "“It sank,” Weil said, echoing claims made by divers.",
            [("echoes", "Weil", "divers", False)],
        ),
        (
            "The log seems to confirm accusations made last year by a diver.",
            [("corroborates", "The log", "a diver", True)],
        ),
        (
            "The logs re-confirm what divers had suspected.",
            [("corroborates", "The logs", "divers", False)],
        ),
        ("Weil denied the claims.", [("denies", "Weil", "the claims", False)]),
        (
            "The report was criticized and even ridiculed by divers.",
            [("disputes", "divers", "The report", False)] * 2,
        ),
        (
            "The leak, first reported by the Observer, is old.",
            [("provenance", "the Observer", "The leak", False)],
        ),
        (
            "“Weil's claim is odd, but the Observer has already documented a leak,” she said.",
            [("corroborates", "Observer", "Weil", False)],
        ),
        ("Weil confirmed that it sank.", []),
        ("“Weil denied it,” she said.", []),
        ("The echo died.", []),
    ],
)
def test_direction(text: str, found: list[tuple[str, str, str, bool]]) -> None:
    assert related(text) == found


def test_two_cues_of_one_sentence() -> None:
    text = "The claim was echoed by the pilot and served to confirm earlier reports of a leak."
    assert related(text) == [
        ("echoes", "the pilot", "The claim", False),
        ("corroborates", "The claim", "reports of a leak", False),
    ]
