"""The dossier format: what a file says becomes records, and its schema agrees with them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from datasette_leaks.loaders import records
from datasette_leaks.loaders.dossier import (
    DossierLoader,
    Reference,
    parse,
    references,
    unknown_reference,
)
from datasette_leaks.loaders.dossier_schema import BOOLEANS, SCHEMA
from datasette_leaks.loaders.records import (
    Anchor,
    Assertion,
    Claim,
    ClaimRelation,
    Derivation,
    Dossier,
    Grade,
    SourceRelation,
)

ROOT = Path(__file__).parents[1]


def only(text: str) -> Dossier:
    """The one dossier of a text without mistakes."""
    (dossier,) = parse(text, "d.yaml")
    assert isinstance(dossier, Dossier), str(dossier)
    return dossier


def documented() -> str:
    """The example of every field in docs/dossier.md."""
    blocks: list[str] = re.findall(
        r"```yaml\n(.*?)```", (ROOT / "docs/dossier.md").read_text("utf-8"), re.S
    )
    return next(block for block in blocks if block.startswith("dossier: harbour"))


def test_the_documented_example() -> None:
    dossier = only(documented())
    assert (dossier.id, dossier.title) == ("harbour", "The Harbour letters")
    assert dossier.article is not None
    assert dossier.article.description.published == "2021-03-04"
    assert dossier.article.description.kind is None
    hb2, official, _, _, lawyer = dossier.sources
    assert (hb2.protected, hb2.named, hb2.aliases) == (True, True, ("the dock manager",))
    assert not official.named
    assert lawyer.grades == (
        Grade("B", "unknown", "reliability", "2020-12", "Ada Quill", "letter-17", "in the margin"),
    )
    assert lawyer.relations == (SourceRelation("dependent_on", "hb2", note="instructed by him"),)
    claim, _ = dossier.claims
    assert claim.at == Anchor("paid three inspectors", "look away")
    assert claim.relations == (ClaimRelation("narrower_than", "firm-corrupt"),)
    assert claim.reported_corroboration
    first, second, third, outside = dossier.assertions
    assert first.id == "inspectors-paid--hb2"
    assert first.reported_by == ("letter-archive", "tidewater-post")
    assert second.derives_from == (Derivation("inspectors-paid--hb2"),)
    assert second.state == "accepted"
    assert third.id == "lawyer-on-payments"
    assert (outside.id, outside.claim) == ("some-other-claim--port-firm-lawyer", "some-other-claim")
    assert documented().splitlines()[first.line - 1].strip() == "- source: hb2"
    assert documented().splitlines()[claim.line - 1].strip() == "- id: inspectors-paid"


def test_every_scalar_is_text() -> None:
    values = ("no", "2012", "2012-10-05", "1e3", "0x10", "null", "~", "true", "1:30", "12_0")
    for value in values:
        assert only(f"dossier: a\ntitle: {value}\n").title == value


def test_ids_may_look_like_numbers_or_truth() -> None:
    dossier = only("dossier: 2012\ntitle: a\nsources: [{id: true, name: no, kind: person}]\n")
    assert dossier.id == "2012"
    assert (dossier.sources[0].id, dossier.sources[0].name) == ("true", "no")


@pytest.mark.parametrize(
    "date",
    ["2012", "2012-10", "2012-02-29", "2012-10-05T11:00Z", "2012-10-05T11:00:00Z",
     "2012-10-05T11:00:00.123Z"],
)  # fmt: skip
def test_dates_keep_their_precision(date: str) -> None:
    dossier = only(f"dossier: a\ntitle: b\ndocuments: [{{id: c, published: {date}}}]\n")
    assert dossier.documents[0].description.published == date


CLAIMS = """
dossier: letters
title: Letters
article: {id: port}
claims:
  - id: a
    text: A
    supports: [b]
    narrower_than: [{claim: b, state: proposed, note: perhaps}, c]
    assertions:
      - {source: ada, stance: asserts}
      - {id: named, source: ada, stance: asserts}
      - {source: bo, stance: denies}
      - {source: ada, stance: retracts}
  - {id: b, text: B, narrower_than: [{claim: a, state: rejected}]}
assertions:
  - {claim: far, source: ada, stance: echoes, derives_from: [far--ada--2]}
  - {claim: far, source: ada, stance: echoes, derives_from: [far--ada]}
"""


def test_assertions_without_an_id_are_counted_by_pair() -> None:
    assert [each.id for each in only(CLAIMS).assertions] == [
        "a--ada", "named", "a--bo", "a--ada--3", "far--ada", "far--ada--2",
    ]  # fmt: skip


def test_relations_come_in_the_order_of_the_file() -> None:
    assert only(CLAIMS).claims[0].relations == (
        ClaimRelation("supports", "b"),
        ClaimRelation("narrower_than", "b", "proposed", "perhaps"),
        ClaimRelation("narrower_than", "c"),
    )


def test_references_are_the_ids_that_others_must_define() -> None:
    text = """
dossier: a
title: A
article: {id: port, voice: post}
documents: [{id: letter, voice: ada}]
sources:
  - id: ada
    name: Ada
    kind: person
    grades: [{value: B, scale: unknown, document: memo}]
    relations: [{same_as: ada-b}]
claims:
  - id: paid
    text: It paid.
    at: {start: x, document: letter-2}
    same_as: [paid-b, paid-c]
    supports: [paid-d]
    assertions:
      - {source: ada, stance: asserts, said_in: letter, reported_by: [ada, wire]}
      - source: bo
        stance: echoes
        said_in: filing
        at: {start: y, document: letter-3}
        derives_from: [paid--ada, far--bo]
assertions:
  - {claim: far, source: ada, stance: denies}
"""
    assert [(each.kind, each.id, each.line, each.field) for each in references(only(text))] == [
        ("source", "post", 4, "article.voice"),
        ("document", "memo", 7, "sources.ada.grades[0].document"),
        ("source", "ada-b", 7, "sources.ada.relations[0].same_as"),
        ("document", "letter-2", 13, "claims.paid.at.document"),
        ("claim", "paid-b", 13, "claims.paid.same_as[0]"),
        ("claim", "paid-c", 13, "claims.paid.same_as[1]"),
        ("claim", "paid-d", 13, "claims.paid.supports[0]"),
        ("source", "wire", 19, "claims.paid.assertions[0].reported_by[1]"),
        ("source", "bo", 20, "claims.paid.assertions[1].source"),
        ("document", "letter-3", 20, "claims.paid.assertions[1].at.document"),
        ("document", "filing", 20, "claims.paid.assertions[1].said_in"),
        ("assertion", "far--bo", 20, "claims.paid.assertions[1].derives_from[1]"),
        ("claim", "far", 26, "assertions[0].claim"),
    ]


def test_an_unknown_reference_is_told_with_a_suggestion() -> None:
    reference = Reference("source", "ada-quil", "d.yaml", 7, "claims.paid.assertions[0].source")
    told = str(unknown_reference(reference, ["ada-quill", "bo"]))
    assert told.startswith("d.yaml, line 7, claims.paid.assertions[0].source: no source has the id")
    assert "Did you mean ada-quill?" in told
    assert "Did you mean" not in str(unknown_reference(reference, ["bo"]))


def test_a_circle_of_derivations_is_no_mistake() -> None:
    only(
        "dossier: a\ntitle: A\nassertions:\n"
        "- {claim: c, source: x, stance: echoes, derives_from: [c--y]}\n"
        "- {claim: c, source: y, stance: echoes, derives_from: [c--x]}\n"
    )


def test_a_stream_gives_its_dossiers_in_order(tmp_path: Path) -> None:
    data = (
        b"\xef\xbb\xbfdossier: a\r\ntitle: A\r\n---\r\ndossier: b\r\ntitle: B\r\nnote: |\r\n  x\r\n"
    )
    path = tmp_path / "two.YML"
    path.write_bytes(data)
    first, second = DossierLoader().load(path)
    assert isinstance(first, Dossier)
    assert isinstance(second, Dossier)
    assert (first.id, second.id, second.note) == ("a", "b", "x\n")
    assert first.sha256 == second.sha256 == hashlib.sha256(data).hexdigest()
    assert first.path == str(path)


def test_a_file_that_cannot_be_read_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none\.yaml"):
        list(DossierLoader().load(tmp_path / "none.yaml"))


# --- the schema --------------------------------------------------------------------------------


def properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["$defs"][name]["properties"]
    return found


def test_the_schema_is_one_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    bare = []

    def walk(schema: Any, path: str) -> None:
        if isinstance(schema, dict):
            for name, field in schema.get("properties", {}).items():
                if not field.get("description"):
                    bare.append(f"{path}.{name}")
            for name, below in schema.items():
                walk(below, f"{path}.{name}")
        elif isinstance(schema, list):
            for below in schema:
                walk(below, path)

    walk(SCHEMA, "")
    assert bare == []
    assert {"named", "protected", "reported_corroboration", "paraphrase_exceeds_quote"} == BOOLEANS


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        (properties("document")["kind"], records.DOCUMENT_KINDS),
        (properties("source")["kind"], records.SOURCE_KINDS),
        (properties("grade")["scale"], records.GRADE_SCALES),
        (properties("grade")["aspect"], records.GRADE_ASPECTS),
        (properties("claim")["kind"], records.CLAIM_KINDS),
        (properties("claim")["independence"], records.INDEPENDENCE),
        (properties("assertion")["basis"], records.BASES),
        (SCHEMA["$defs"]["stance"], records.STANCES),
        (SCHEMA["$defs"]["state"], records.STATES),
    ],
)
def test_enumerations_are_those_of_the_records(schema: Any, values: tuple[str, ...]) -> None:
    assert tuple(schema["enum"]) == values


def names(record: Any, *without: str) -> set[str]:
    return {each.name for each in fields(record)} - {"line", *without}


def test_fields_are_those_of_the_records() -> None:
    assert set(properties("anchor")) == names(Anchor)
    assert set(properties("grade")) == names(Grade)
    assert set(properties("document")) == names(records.Description) | {"id"}
    assert set(properties("source")) == names(records.Source)
    assert set(properties("source_relation")) == {
        *records.SOURCE_RELATION_KINDS,
        *names(SourceRelation, "kind", "source"),
    }
    assert set(properties("outside_assertion")) == names(Assertion)
    assert set(properties("assertion")) == names(Assertion, "claim")
    assert set(properties("claim")) == {
        *names(Claim, "relations"),
        *records.CLAIM_RELATION_KINDS,
        "assertions",
    }


@pytest.mark.parametrize("name", ["source", "claim", "assertion", "grade"])
def test_defaults_are_those_of_the_records(name: str) -> None:
    record: Any = getattr(records, name.capitalize())
    defaults = {each.name: each.default for each in fields(record)}
    for field, schema in properties(name).items():
        if "default" in schema:
            assert schema["default"] == defaults[field], field


DRAFTED = """
dossier: a
title: A
article: {id: a}
claims: [{id: c, text: T, drafted: %s}]
"""


@pytest.mark.parametrize("confidence", ["0", "1", "0.5", "0.9375", "1.0"])
def test_who_drafted_a_row_and_how_sure_it_is(confidence: str) -> None:
    said = f"{{engine: rules, rule: cue-that, confidence: {confidence}}}"
    (claim,) = only(DRAFTED % said).claims
    assert claim.drafted == records.Drafted("rules", "cue-that", float(confidence))


@pytest.mark.parametrize(
    ("said", "place", "expected"),
    [
        ("{engine: rules, rule: x, confidence: 1.5}", "drafted.confidence", "from 0 to 1"),
        ("{engine: rules, rule: x, confidence: high}", "drafted.confidence", "from 0 to 1"),
        ("{engine: rules, rule: x, confidence: 1e-1}", "drafted.confidence", "from 0 to 1"),
        ("{engine: rules, confidence: 1}", "drafted", "who drafted it"),
        ("rules", "drafted", "who drafted it"),
    ],
)
def test_a_mistake_in_who_drafted_it(said: str, place: str, expected: str) -> None:
    (problem,) = parse(DRAFTED % said, "d.yaml")
    assert isinstance(problem, records.Problem)
    assert problem.place.endswith(f"claims.c.{place}")
    assert expected in problem.expected
