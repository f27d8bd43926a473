"""Where quotations begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.analysis.extract_frame import quotations


def found(text: str) -> list[str]:
    """The quotations of a paragraph, with their marks."""
    return [text[quote.start : quote.end] for quote in quotations(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("He “left” and “came”.", ["“left”", "“came”"]),
        ('He "left" and "came".', ['"left"', '"came"']),
        ("''It sank,'' he said. ''Twice.''", ["''It sank,''", "''Twice.''"]),
        ("``It sank,'' he said.", ["``It sank,''"]),
        ("“He said ‘no’ to me,” she said.", ["“He said ‘no’ to me,”"]),
        ("''He said 'no,''' she said.", ["''He said 'no,'''"]),
        ("“They [the crew] left.”", ["“They [the crew] left.”"]),
        ("“One. Two.", ["“One. Two."]),
        ("“One, he said. “Two,” he said.", ["“One, he said.", "“Two,”"]),
        ("“It sank,“ he said.", ["“It sank,“"]),
        ('"It sank,” he said.', ['"It sank,”']),
        ("”It sank.” — A sailor", ["”It sank.”"]),
        ("The 5'10\" sailor's boat", []),
        ("'The boat's gone', he said.", ["'The boat's gone'"]),
        ("‘The boat’s gone’, he said.", ["‘The boat’s gone’"]),
        ("The sailors' boats and the crews' boats", []),
        ('"I will not, the mayor said. By three she had.', ['"I will not,']),
        ('<tweet id="4"/>', []),
        ('""', []),
    ],
)
def test_quotations_are_paired(text: str, quotes: list[str]) -> None:
    assert found(text) == quotes


@given(st.text(alphabet="ab “”‘’\"'`.,!\n", max_size=60))
def test_quotations_lie_within_the_paragraph_in_order(text: str) -> None:
    position = 0
    for quote in quotations(text, 0, len(text)):
        assert position <= quote.start < quote.inner <= quote.outer <= quote.end <= len(text)
        position = quote.end
