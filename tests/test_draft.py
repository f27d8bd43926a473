"""A draft: what an engine found becomes a dossier, all of it proposed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from draft_world import CORDAGE, FX2, HAND, document, found, related, said, span
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.analysis.attribution import DraftSource, Extraction
from datasette_leaks.analysis.draft import Draft, Taken, as_yaml, draft
from datasette_leaks.analysis.draft_check import checked
from datasette_leaks.analysis.draft_sources import document_kind
from datasette_leaks.analysis.draft_statements import claim_text, statements, trimmed
from datasette_leaks.analysis.extract_rules import Rules
from datasette_leaks.loaders.anchors import AnchorFinder
from datasette_leaks.loaders.dossier import parse
from datasette_leaks.loaders.records import (
    Assertion,
    Claim,
    Description,
    Document,
    Dossier,
    Drafted,
    Problem,
    SourceFile,
)


def drafted(tmp_path: Path, **changed: Any) -> Dossier:
    about = document(tmp_path)
    return draft(about, replace(found(about.text), **changed), "rules", Taken()).dossier


def make(about: Document, *rows: Any, sources: tuple[DraftSource, ...] = ()) -> Draft:
    return draft(about, Extraction(rows, (), (), sources), "rules", Taken())


def test_a_draft_is_a_dossier_without_a_mistake(tmp_path: Path) -> None:
    about = document(tmp_path)
    made = draft(about, found(about.text), "rules", Taken())
    parsed = parse(as_yaml(made, "ferry.md", "rules", "1"), "draft.yaml")
    assert parsed == [made.dossier]


def test_its_head_says_what_it_is(tmp_path: Path) -> None:
    about = document(tmp_path)
    made = draft(about, found(about.text), "rules", Taken())
    head = as_yaml(made, "/home/ada/leaks/ferry\n.md", "rules", "7")
    comment = head.partition("\ndossier:")[0]
    assert "A draft of ferry .md by the engine rules, version 7" in comment
    assert "state: proposed" in comment
    assert "never whether it is true" in comment
    assert "ada" not in head.partition("title:")[0]
    assert all(line.startswith("#") for line in comment.rstrip().splitlines())


def test_every_row_is_proposed_and_says_who_drafted_it(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    rows: list[Claim | Assertion] = [*made.claims, *made.assertions]
    assert {row.state for row in rows} == {"proposed"}
    assert {each.state for row in made.assertions for each in row.derives_from} == {"proposed"}
    assert all(row.drafted and row.drafted.engine == "rules" for row in rows)
    assert made.claims[0].drafted == Drafted("rules", "said", 0.9)
    assert {source.id: source.drafted for source in made.sources}["fx2"] == Drafted(
        "rules", "code", 0.9
    )


def test_each_place_resolves_to_its_words(tmp_path: Path) -> None:
    about = document(tmp_path)
    finder = AnchorFinder(about.text)
    made = drafted(tmp_path)
    for claim in made.claims:
        assert claim.at is not None
        place = finder.find(claim.at)
        assert isinstance(place, tuple)
        assert claim_text(about.text, place) == claim.text


def test_a_claim_for_each_sentence_of_a_quotation(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    assert [claim.text for claim in made.claims] == [
        "The pump is broken.",
        "We told nobody about it in June.",
        "The pump had failed twice.",
        "The ferry had sailed with water in its hold.",
        "It calls the crew heroes.",  # quoted words alone stand for their sentence
        "“Nobody came,” a dock hand told us.",  # so do two words
    ]
    assert made.claims[0].id == "the-pump-is-broken"


def test_stance_cue_hedge_and_document_of_an_assertion(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    told = {row.id: row for row in made.assertions}
    wrote = told["the-pump-is-broken--cordage"]
    assert (wrote.stance, wrote.cue, wrote.said_in) == ("asserts", "wrote", "wrote")
    assert wrote.reported_by == ("the-tidewater-post",)
    assert told["the-pump-had-failed-twice--fx2"].hedge == "so-called"
    assert told["the-ferry-had-sailed-with-water--authority"].stance == "denies"
    (letter,) = made.documents
    assert (letter.description.kind, letter.description.url) == (
        "web_page",
        "https://fathom.example/7",
    )


def test_a_denial_that_is_negated_is_left_to_the_editor(tmp_path: Path) -> None:
    about = document(tmp_path, "# A\n\nThe firm has never denied that the pump was broken.\n")
    row = said(about.text, "that the pump was broken", cue="denied", source="cordage")
    (one,) = make(about, row, sources=(CORDAGE,)).dossier.assertions
    assert one.stance == "asserts"
    assert one.note
    assert "denied" in one.note


def test_echoes_say_what_they_echo(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    (echo,) = [row for row in made.assertions if row.stance == "echoes"]
    assert (echo.claim, echo.source, echo.cue) == (
        "the-pump-had-failed-twice",
        "cordage",
        "echoed by",
    )
    assert [each.assertion for each in echo.derives_from] == ["the-pump-had-failed-twice--fx2"]
    assert echo.at is not None
    assert echo.at.start.startswith("The finding was echoed by")


def test_a_confirmation_by_nobody_is_a_flag(tmp_path: Path) -> None:
    about = document(tmp_path)
    confirmed = related(about.text, "corroborates", "echoed by", None, "fx2", "The finding")
    made = drafted(tmp_path, relations=(confirmed,))
    assert [claim.id for claim in made.claims if claim.reported_corroboration] == [
        "the-pump-had-failed-twice"
    ]


def test_a_target_that_is_not_heard_itself_supports_what_is_said_beside_it(tmp_path: Path) -> None:
    about = document(tmp_path)
    others = DraftSource("others", "earlier reports", "document")
    confirmed = related(about.text, "corroborates", "echoed by", "fx2", "others")
    extra = found(about.text)
    made = drafted(tmp_path, relations=(confirmed,), sources=(*extra.sources, others))
    (row,) = [row for row in made.assertions if row.source == "others"]
    assert (row.claim, row.stance) == ("the-pump-had-failed-twice", "asserts")


def test_first_to_report_is_a_carrier_and_no_stance(tmp_path: Path) -> None:
    about = document(tmp_path)
    first = related(about.text, "provenance", "echoed by", "cordage", None)
    made = drafted(tmp_path, relations=(first,))
    assert [row.stance for row in made.assertions if row.source == "cordage"] == ["asserts"] * 2
    assert "reported_by" in (made.sources[0].description or "")


def test_kinds_of_sources(tmp_path: Path) -> None:
    made = drafted(tmp_path)
    told = {source.id: (source.kind, source.named) for source in made.sources}
    assert told == {
        "cordage": ("person", True),
        "fx2": ("coded_source", True),
        "authority": ("agency", True),
        "hand": ("person", False),
        "the-tidewater-post": ("outlet", True),
    }
    assert made.article is not None
    assert made.article.description.voice == "the-tidewater-post"


def test_a_name_that_the_text_gives_for_a_code_is_not_written_down(tmp_path: Path) -> None:
    about = document(tmp_path)
    made = draft(about, found(about.text), "rules", Taken())
    coded = next(source for source in made.dossier.sources if source.id == "fx2")
    assert coded.aliases == ("the manager", "FX02")
    assert not coded.protected
    assert "protected" in (coded.description or "")
    assert "Ola Quay" not in as_yaml(made, "ferry.md", "rules", "1")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("the e-mail", "email"),
        ("a report on the court filing", "court_filing"),
        ("the audit", "report"),
        ("the paper", "other"),
    ],
)
def test_kinds_of_documents(words: str, kind: str) -> None:
    assert document_kind(words) == kind


def test_a_document_that_speaks_is_cited_and_has_its_voice(tmp_path: Path) -> None:
    about = document(tmp_path, "# A\n\nThe court filings say that the pump was broken.\n")
    filings = DraftSource("filings", "court filings", "document")
    row = said(about.text, "that the pump was broken", cue="say", source="filings")
    made = make(about, row, sources=(filings,)).dossier
    (cited,) = made.documents
    assert (cited.description.kind, cited.description.voice) == ("court_filing", "filings")
    assert made.assertions[0].said_in == cited.id
    assert made.sources[0].kind == "official_record"


def test_a_single_name_without_a_first_name_or_a_title_is_an_organisation(tmp_path: Path) -> None:
    text = "# A\n\nLater, Mr Quay said that all is well. Brackwater said that it is not.\n"
    about = document(tmp_path, text)
    rows = [
        said(about.text, "that all is well", source="quay"),
        said(about.text, "that it is not", source="brackwater"),
    ]
    sources = tuple(DraftSource(name.lower(), name, "named") for name in ("Quay", "Brackwater"))
    made = make(about, *rows, sources=sources).dossier
    assert [source.kind for source in made.sources] == ["person", "organisation"]


def test_one_statement_attributed_twice_is_one_claim(tmp_path: Path) -> None:
    about = document(tmp_path)
    whole = "that the pump had failed twice"
    rows = [
        said(about.text, whole, source="fx2", cue="said"),
        said(about.text, "the pump had failed twice", source="hand"),  # two who say it
        said(about.text, "failed twice", source="hand"),  # part of it
        said(about.text, "pump had failed twice", source="fx2"),  # the same again
    ]
    made = make(about, *rows, sources=(FX2, HAND))
    assert len(made.dossier.claims) == 1
    assert [row.source for row in made.dossier.assertions] == ["fx2", "hand"]
    assert made.left_out == {"within another": 2}


def test_unsure_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    about = document(tmp_path)
    row = said(about.text, "that the pump had failed twice", source="fx2", confidence=0.3)
    made = make(about, row, sources=(FX2,))
    assert (made.dossier.claims, made.left_out) == ((), {"unsure": 1})
    kept = draft(about, Extraction((row,), sources=(FX2,)), "rules", Taken(), least=0.3)
    assert len(kept.dossier.claims) == 1


def test_what_no_anchor_points_at_is_left_out_and_counted(tmp_path: Path) -> None:
    about = document(tmp_path, "# A\n\n" + "so it was so it was so it was " * 20 + "\n")
    start = about.text.index("so it was", 300)
    row = replace(said(about.text, "A", source="fx2"), start=start, end=start + 9 + 21)
    made = make(about, row, sources=(FX2,))
    assert (made.dossier.claims, made.left_out) == ((), {"without an anchor": 1})


def test_a_quotation_of_nobody_is_a_claim_without_an_assertion(tmp_path: Path) -> None:
    about = document(tmp_path)
    row = said(about.text, "“The pump is broken. We told nobody about it in June,”", kind="direct")
    made = make(about, row).dossier
    assert len(made.claims) == 2
    assert made.assertions == ()
    assert made.claims[0].note == "Nobody is found who says it."


def test_drafts_of_one_call_have_no_ids_in_common(tmp_path: Path) -> None:
    about = document(tmp_path)
    taken = Taken()
    texts = [
        as_yaml(draft(about, found(about.text), "rules", taken), "ferry.md", "rules", "1")
        for _ in range(2)
    ]
    parsed = parse("---\n".join(texts), "drafts.yaml")
    assert not [each for each in parsed if isinstance(each, Problem)]
    one, other = [each for each in parsed if isinstance(each, Dossier)]
    for kind in ("sources", "claims", "assertions", "documents"):
        ids = [{row.id for row in getattr(each, kind)} for each in (one, other)]
        assert not ids[0] & ids[1]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("“It leaks,”", "It leaks"),
        ('"It leaks."', "It leaks."),
        ("''It leaks,''", "It leaks"),
        ("‘It leaks’", "It leaks"),
        ("it leaks,’”", "it leaks"),
        ("“”", "“”"),
    ],
)
def test_marks_at_the_ends_are_no_part_of_a_statement(words: str, left: str) -> None:
    start, end = trimmed(f"x {words} y", 2, 2 + len(words))
    assert f"x {words} y"[start:end] == left


@given(st.text("a “”‘’'\",;.` ", min_size=1))
def test_a_trimmed_span_is_inside_and_not_empty(words: str) -> None:
    start, end = trimmed(words, 0, len(words))
    assert 0 <= start < end <= len(words)


def test_statements_come_in_text_order(tmp_path: Path) -> None:
    about = document(tmp_path)
    rows = found(about.text).attributions[::-1]
    made = statements(about.text, about.passages, rows, 0.0, Counter())
    places = [each.span for each in made]
    assert places == sorted(places)
    assert made[2].span == span(about.text, "the pump had failed twice")


pieces = st.sampled_from(
    ["“", "”", '"', "'", "’", " said ", " wrote ", " that ", "Nils Cordage", "FX2", "the port",
     "analysts", "it was so", ". ", ", ", "\n\n", "according to ", "denied", "echoed by ", "[a]",
     "\x07", "\x1b", "\u202e", "\ufeff", "\u0085", "#", ": ", "- ", "é", "𝄞", "\u0301", "…"]
)  # fmt: skip


@given(st.lists(pieces | st.text(max_size=3), max_size=40))
def test_whatever_the_text_its_draft_has_no_mistake(parts: list[str]) -> None:
    text = "".join(parts)
    file = SourceFile("a.txt", 0, "0", "text/plain", "utf-8")
    about = Document("a", Description("article", title="A"), text, file)
    extraction, dropped = checked(text, Rules().extract(text, (), ()))
    assert dropped == 0
    made = draft(about, extraction, "rules", Taken(), least=0)
    assert parse(as_yaml(made, "a.txt", "rules", "1"), "draft.yaml") == [made.dossier]


def test_the_sentence_of_a_short_quotation_keeps_its_marks() -> None:
    text = "“Not yet,” said Bob Stone. Ms Tarn wrote: “No.”"
    assert claim_text(text, (0, 26)) == "“Not yet,” said Bob Stone."
    assert claim_text(text, (27, len(text))) == "Ms Tarn wrote: “No.”"
    assert claim_text(text, (1, 8)) == "Not yet."
