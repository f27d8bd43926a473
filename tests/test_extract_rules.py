"""The engine ``rules``: what it finds, and what holds for all that it finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_leaks.analysis.attribution import KINDS, Attribution, Extraction
from datasette_leaks.analysis.extract_rules import Rules
from datasette_leaks.loaders.records import Link, Passage


def draft(text: str) -> Extraction:
    """All that is found in a text without passages or links."""
    return Rules().extract(text, (), ())


def rows(text: str) -> list[tuple[str, str]]:
    """The words attributed, each with the speaker's."""
    return [(text[one.start : one.end], one.speaker) for one in draft(text).attributions]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“It sank,” Weil said.", [("“It sank,”", "Weil")]),
        ("“It sank,” said Weil.", [("“It sank,”", "Weil")]),
        ("Weil said: “It sank.”", [("“It sank.”", "Weil")]),
        ("Said Weil: “It sank.”", [("“It sank.”", "Weil")]),
        ("“It sank,” Weil on Friday told a room of clerks.", [("“It sank,”", "Weil")]),
        ("“It sank,” Weil yodelled to the room.", [("“It sank,”", "Weil")]),
        ("“It sank.” — Ann Weil", [("“It sank.”", "Ann Weil")]),
        ("Weil told them that it sank.", [("that it sank", "Weil")]),
        ("It sank, Weil said.", [("It sank", "Weil")]),
        ("It sank, said Weil.", [("It sank", "Weil")]),
        ("It sank, according to Weil.", [("It sank", "Weil")]),
        ("According to a log, it sank.", [("it sank", "a log")]),
        ("It sank, as Weil put it.", [("It sank", "Weil")]),
        ("Weil, a diver, claimed in court filings that it sank.", [("that it sank", "Weil")]),
        ("Weil, who lives in Bonn, says that it sank.", [("that it sank", "Weil")]),
        ("Weil (D-Mo.) says it has sunk.", [("it has sunk", "Weil (D-Mo.)")]),
        ("Weil claimed, among other things, that it sank.", [("that it sank", "Weil")]),
        ("They doubt Weil's claim that it sank.", [("that it sank", "Weil's")]),
        ("Weil is sure that it sank.", [("that it sank", "Weil")]),
        ("It was described by Weil as “rotten”.", [("“rotten”", "Weil")]),
        ("Weil was told on Monday.", []),
        ("A book called “The Salt Road” is out.", [("“The Salt Road”", "")]),
        ("Weil left, saying that it sank.", [("that it sank", "Weil")]),
        ("Though he said that it sank, Weil left.", [("that it sank", "he")]),
    ],
)
def test_speaker_and_statement(text: str, found: list[tuple[str, str]]) -> None:
    assert rows(text) == found


def test_a_quotation_goes_on_with_its_speaker() -> None:
    text = "“It sank,” Weil said. “Twice.”\n\n“And once more.”"
    assert [speaker for _, speaker in rows(text)] == ["Weil", "Weil", "Weil"]


def test_a_colon_gives_the_next_paragraph_to_the_speaker() -> None:
    assert rows("Weil wrote:\n\n“It sank.”") == [("“It sank.”", "Weil")]


def test_cues_inside_quoted_words_are_no_cues() -> None:
    text = "“He said that she denied it,” Weil said."
    extraction = draft(text)
    assert [one.speaker for one in extraction.attributions] == ["Weil"]
    assert extraction.relations == ()


def test_furniture_and_code_are_left_out() -> None:
    text = "By Weil said it sank.\n\nWeil said it sank."
    passages = [Passage("furniture", 0, 21, role="byline"), Passage("paragraph", 23, 41)]
    found = Rules().extract(text, passages, ()).attributions
    assert [one.start for one in found] == [33]


def test_a_wrapped_passage_is_one_paragraph() -> None:
    text = "“It\nsank,” Weil\nsaid."
    found = Rules().extract(text, [Passage("paragraph", 0, len(text))], ()).attributions
    assert [(text[one.start : one.end], one.speaker) for one in found] == [("“It\nsank,”", "Weil")]


def one(text: str, links: tuple[Link, ...] = ()) -> Attribution:
    """The only row of a text."""
    [found] = Rules().extract(text, (), links).attributions
    return found


def test_the_link_on_the_cue_is_the_cited_source() -> None:
    text = "It sank, Weil wrote."
    assert one(text, (Link(14, 19, "https://a.example/", "citation"),)).link == "https://a.example/"
    assert one(text, (Link(14, 19, "https://a.example/", "byline"),)).link is None
    assert one(text).link is None


def test_hedges_are_told() -> None:
    assert one("Weil said that it allegedly sank.").hedges == ("allegedly",)


def test_confidence_is_by_rule() -> None:
    assert one("“It sank,” Weil said.").confidence > 0.9
    assert one("Weil denounced the clerks.").confidence < 0.6


def test_nothing_is_found_in_nothing() -> None:
    assert draft("") == Extraction()
    assert Rules().available() is None


ALPHABET = (
    "“ ” \" ' ( ) , . : — said Weil he the source that claimed by according to who and is was of"
    " echoed confirmed identified as US7 documents [ ] Mr. dubbed"
)
WORDS = st.sampled_from([*ALPHABET.split(), "\n", "\n\n"])


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_rows_lie_in_the_text_and_are_what_they_say(text: str) -> None:
    found = draft(text)
    assert found == draft(text)
    starts = [(row.start, row.end) for row in found.attributions]
    assert starts == sorted(starts)
    sources = {source.id for source in found.sources}
    assert len(sources) == len(found.sources)
    for row in found.attributions:
        assert 0 <= row.start < row.end <= len(text)
        assert row.kind in KINDS
        assert row.source is None or row.source in sources
        if row.speaker_start is not None:
            assert text[row.speaker_start : row.speaker_end] == row.speaker
        if row.cue_start is not None:
            assert text[row.cue_start : row.cue_end] == row.cue
    for relation in found.relations:
        assert text[relation.start : relation.end] == relation.cue
    for mention in found.mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.source in sources
