"""The engine spacy on parses made by hand, so that no model is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

import pytest
from parse_doc import Parsed

from datasette_leaks.analysis import engine_spacy
from datasette_leaks.analysis.attribution import Attribution, EngineError
from datasette_leaks.analysis.engine_spacy import INSTALL, Spacy, finder
from datasette_leaks.analysis.extract_rules import Find, Rules


def parsed(*words: str) -> list[Any]:
    """Parses from words written as text/POS/dependency/number of the head.

    One with a stand-in for spaCy's Doc; one with that Doc too where spaCy is installed.
    """
    parts = [word.rsplit("/", 3) for word in words]
    given: Any = {
        "words": [part[0] for part in parts],
        "pos": [part[1] for part in parts],
        "deps": [part[2] for part in parts],
        "heads": [int(part[3]) for part in parts],
    }
    docs: list[Any] = [Parsed(**given)]
    if find_spec("spacy") is not None:
        import spacy
        from spacy.tokens import Doc

        docs.append(Doc(spacy.blank("en").vocab, **given))
    return docs


class Given(Spacy):
    """The engine with parses that are given, one for each paragraph."""

    def __init__(self, *docs: Any) -> None:
        super().__init__()
        self.docs = docs

    def finders(self, text: str, paragraphs: Sequence[tuple[int, int]]) -> Iterator[Find]:
        return (finder(doc, start) for (start, _), doc in zip(paragraphs, self.docs, strict=True))


def rows(docs: list[Any]) -> list[tuple[str, str, str]]:
    """Words, speaker and rule of what is found in the text of the parses, which agree."""
    found = []
    for doc in docs:
        given = Given(doc).extract(doc.text, (), ()).attributions
        found.append([(doc.text[row.start : row.end], row.speaker, row.rule) for row in given])
    assert all(each == found[0] for each in found)
    return found[0]


def by_rules(text: str) -> Sequence[Attribution]:
    return Rules().extract(text, (), ()).attributions


def test_a_verb_for_the_rules_is_a_noun_for_the_parse() -> None:
    docs = parsed(
        "Police/NOUN/nsubj/1", "attack/NOUN/ROOT/1", "the/DET/det/3", "harbour/NOUN/dobj/1"
    )
    assert [row.rule for row in by_rules(docs[0].text)] == ["cue-object"]
    assert rows(docs) == []


def test_the_subject_of_another_verb_speaks() -> None:
    docs = parsed(
        "They/PRON/nsubj/3", "should/AUX/aux/3", "rather/ADV/advmod/3", "leave/VERB/ROOT/3",
        "than/ADP/cc/3", "criticize/VERB/conj/3", "him/PRON/dobj/5",
    )  # fmt: skip
    assert [row.speaker for row in by_rules(docs[0].text)] == [""]
    assert rows(docs) == [("him", "They", "cue-object")]


def test_who_issued_the_statement_speaks() -> None:
    docs = parsed(
        "The/DET/det/1", "town/NOUN/nsubj/2", "released/VERB/ROOT/2", "a/DET/det/4",
        "statement/NOUN/dobj/2", "Monday/PROPN/npadvmod/2", "saying/VERB/acl/4",
        "that/SCONJ/mark/9", "it/PRON/nsubj/9", "slept/VERB/ccomp/6",
    )  # fmt: skip
    assert rows(docs) == [("that it slept", "The town", "cue-that")]


def test_a_belief_within_a_statement_is_the_statement() -> None:
    docs = parsed(
        "Lee/PROPN/nsubj/1", "said/VERB/ROOT/1", "he/PRON/nsubj/3", "believes/VERB/ccomp/1",
        "it/PRON/nsubj/5", "sank/VERB/ccomp/3",
    )  # fmt: skip
    assert len(by_rules(docs[0].text)) == 2
    assert rows(docs) == [("he believes it sank", "Lee", "cue-clause")]


def test_what_nobody_says_has_no_speaker() -> None:
    docs = parsed(
        "Lee/PROPN/nsubjpass/2", "is/AUX/auxpass/2", "expected/VERB/ROOT/2", "to/PART/aux/4",
        "resign/VERB/xcomp/2",
    )  # fmt: skip
    assert rows(docs) == [("Lee", "", "passive-to"), ("to resign", "", "passive-to")]


def test_a_quotation_without_a_cue_is_its_verbs() -> None:
    docs = parsed(
        "Lee/PROPN/nsubj/1", "bellowed/VERB/ROOT/1", ",/PUNCT/punct/1", "“/PUNCT/punct/4",
        "Leave/VERB/ccomp/1", "my/PRON/poss/6", "harbour/NOUN/dobj/4", "now/ADV/advmod/4",
        "”/PUNCT/punct/4",
    )  # fmt: skip
    assert [row.rule for row in by_rules(docs[0].text)] == ["sentence-subject"]
    assert [(speaker, rule) for _, speaker, rule in rows(docs)] == [("Lee", "quote-clause")]


def test_without_a_parse_the_rules_decide() -> None:
    text = 'Lee, the clerk, said it sank. "I saw it," he added.'
    found = Given(*parsed()[:1]).extract(text, (), ()).attributions
    assert [(row.start, row.end, row.speaker) for row in found] == [
        (row.start, row.end, row.speaker) for row in by_rules(text)
    ]


def test_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_spacy, "find_spec", lambda name: None)
    assert Spacy().available() == f"spaCy is not installed: {INSTALL}"
    monkeypatch.setattr(engine_spacy, "find_spec", lambda name: name == "spacy" or None)
    assert Spacy().available() == f"spaCy has no English model here: {INSTALL}"
    assert Spacy("en_mine").available() == f"spaCy has no en_mine here: {INSTALL}"
    with pytest.raises(EngineError, match="no English model"):
        Spacy().extract("He said so.", (), ())


def test_the_model_is_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_spacy, "find_spec", lambda name: name in ("spacy", "en_mine"))
    assert Spacy().configured({"model": "en_mine"}).available() is None
    with pytest.raises(ValueError, match="no option size"):
        Spacy().configured({"size": "big"})
