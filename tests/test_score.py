"""Precision, recall and F1 of drafted attributions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.analysis.score import (
    Figures,
    Pair,
    Row,
    match,
    same_speaker,
    score,
    stretches,
)

TEXT = 'The dock "is rotten," Kask said. "Nobody looked," she added. It will close, officials say.'
GOLD = [
    Row(0, 21, "mixed", "Kask", "named"),
    Row(33, 49, "direct", "she", "named"),
    Row(61, 74, "indirect", "officials", "collective"),
]


def test_gold_against_itself_is_perfect() -> None:
    report = score([Pair(TEXT, GOLD, GOLD)])
    for track in (report.quotes, report.statements, report.exact):
        assert track.span.f1 == track.speaker.f1 == 1
    assert report.quotes.span.wanted == 2
    assert report.kinds["indirect"] == Figures(1, 1, 1)
    assert report.types == {"named": Figures(2, 2, 2), "collective": Figures(1, 1, 1)}


def test_a_wrong_speaker_counts_for_the_span_only() -> None:
    draft = [Row(0, 21, "mixed", "Lund"), *GOLD[1:]]
    report = score([Pair(TEXT, draft, GOLD)])
    assert report.statements.span.found == 3
    assert report.statements.speaker.found == 2
    assert report.types["named"].precision == 0.5


def test_half_a_statement_is_found_but_not_exact() -> None:
    report = score([Pair(TEXT, [Row(61, 70, "indirect", "officials")], GOLD[2:])])
    assert report.statements.speaker.f1 == 1
    assert report.exact.span.f1 == 0


def test_less_than_half_is_not_found() -> None:
    assert match([Row(61, 66, "indirect")], GOLD[2:], 0.5) == []


def test_each_row_is_matched_once_and_the_right_speaker_first() -> None:
    draft = [Row(33, 49, "direct", "Lund"), Row(33, 49, "direct", "she")]
    assert match(draft, GOLD[1:2], 0.8) == [(draft[1], GOLD[1])]


def test_scare_quotes_attribute_nothing() -> None:
    report = score([Pair(TEXT, [Row(9, 21, "scare")], [])])
    assert report.statements.span == Figures(0, 0, 0)


def test_stretches_lie_between_marks_and_belong_to_the_smallest_row() -> None:
    wide = Row(0, len(TEXT), "mixed", "Lund")
    assert [(TEXT[row.start : row.end], row.speaker) for row in stretches(TEXT, [wide, *GOLD])] == [
        ('"is rotten,"', "Kask"),
        ('"Nobody looked,"', "she"),
    ]


def test_an_open_quotation_ends_with_its_paragraph() -> None:
    text = "“One.\n\n“Two,” he said."
    found = stretches(text, [Row(0, 13, "direct", "he")])
    assert [text[row.start : row.end] for row in found] == ["“One.", "“Two,”"]


def test_speakers_are_compared_by_their_words() -> None:
    assert same_speaker("Kask", "Marit Kask, the harbour master")
    assert same_speaker("the harbour master Marit Kask of Varn", "Kask")
    assert same_speaker("", "")
    assert not same_speaker("", "Kask")
    assert not same_speaker("he", "she")
    assert not same_speaker("he", "he who wrote it")
    assert not same_speaker("a man who met Marit Kask in a bar in Varn", "Kask")


ROWS = st.lists(
    st.builds(
        lambda start, size, speaker: Row(start, start + size, "indirect", speaker),
        st.integers(0, 80),
        st.integers(1, 40),
        st.sampled_from(["", "he", "Kask", "Marit Kask"]),
    ),
    max_size=8,
)


@given(draft=ROWS, gold=ROWS)
def test_figures_stay_within_their_bounds(draft: list[Row], gold: list[Row]) -> None:
    report = score([Pair(TEXT, draft, gold)])
    for track in (report.quotes, report.statements, report.exact):
        assert track.speaker.found <= track.span.found
        assert track.span.found <= min(track.span.drafted, track.span.wanted)
    assert report.exact.span.found <= report.statements.span.found
    again = score([Pair(TEXT, list(reversed(draft)), gold)])
    assert again.statements.span.wanted == report.statements.span.wanted
