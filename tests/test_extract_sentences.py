"""Sentences of words, and the letters of the words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.analysis.extract_frame import quotations
from datasette_leaks.analysis.extract_sentences import LONGEST, sentences
from datasette_leaks.analysis.extract_tags import Sentence


def cut(text: str) -> list[Sentence]:
    """The sentences of one paragraph."""
    return list(sentences(text, 0, len(text), quotations(text, 0, len(text))))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Sen. Ann Lee (D-Mo.) left. She came back.", 2),
        ("The U.S. Navy left the U.S. It came back.", 2),
        ("J. R. Weil left.", 1),
        ("“Who left?” Weil asked. Nobody.", 2),
        ("“Who left?” Weil left.", 2),
        ("“It sank,” he said. “Twice.” Nobody left.", 3),
        ("“It sank,” said Weil of Weil Inc. in Bonn.", 1),
    ],
)
def test_sentences_are_cut(text: str, count: int) -> None:
    assert len(cut(text)) == count


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("The agency claims that it left.", "DNKTRV."),
        ("The claims of the agency left.", "DNPDNV."),
        ("Others say it sank.", "RKRN."),
        ("He's said it.", "RKR."),
        ("On Monday Weil said no.", "PMXKD."),
        ("Weil Says Boat Is Gone", "XKXAV"),
    ],
)
def test_words_have_letters(text: str, tags: str) -> None:
    assert "".join(cut(text)[0].tags) == tags


def test_a_quotation_is_one_word() -> None:
    sentence = cut("“He said it sank,” Weil said.")[0]
    assert "".join(sentence.tags) == "QXK."


def test_a_stretch_without_a_full_stop_is_cut() -> None:
    assert [len(one) for one in cut("word " * (LONGEST + 1))] == [LONGEST, 1]


@given(st.text(alphabet="aB. ,“”\"'!?()-:é\n7", max_size=80))
def test_words_stand_where_they_are_said_to(text: str) -> None:
    position = 0
    for sentence in cut(text):
        assert len(sentence.tags) == len(sentence.lows) == len(sentence)
        for start, end in zip(sentence.starts, sentence.ends, strict=True):
            assert position <= start < end <= len(text)
            position = end
