"""Exported dossiers read back the same, and look as if a person had written them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import AWKWARD, dossiers

from datasette_leaks.loaders.dossier import parse
from datasette_leaks.loaders.dossier_export import dump
from datasette_leaks.loaders.records import (
    Anchor,
    Assertion,
    Cited,
    Claim,
    ClaimRelation,
    Derivation,
    Description,
    Dossier,
    Grade,
    Source,
    SourceRelation,
)

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*/*.yaml"))
AS_A_PERSON_WRITES = """\
dossier: harbour
title: The Harbour letters

article:
  id: port
  title: 'Port: paid'
  published: 2021-03
  voice: post

documents:
  - id: letter-17
    kind: email
    published: 2020

sources:
  - id: post
    name: The Tidewater Post
    kind: outlet
    aliases: [the Post, 'no']

  - id: hb2
    name: HB2
    kind: coded_source
    named: false
    protected: true
    grades:
      - {value: B, scale: unknown, date: 2020-12-01}
    relations:
      - {dependent_on: post, state: proposed, note: paid by it}

claims:
  - id: corrupt
    text: Das Geschäft war faul 🙂.

  - id: paid
    text: It paid.
    at: {start: paid three, end: look away}
    narrower_than: [corrupt]
    note: |-
      One.
      Two.
    assertions:
      - source: hb2
        stance: asserts
        said_on: 2020-11-09
      - source: post
        stance: echoes
        reported_by: [hb2, post]
        derives_from: [paid--hb2]
        note: >-
          word word word word word word word word word word word word word word word word word word
          word word word end

assertions:
  - id: own
    claim: elsewhere
    source: post
    stance: echoes
    derives_from:
      - {assertion: paid--hb2, state: proposed}
      - paid--post
"""
EMPTY = Dossier(id="letters", title="Letters", path="dossier.yaml")


@given(dossiers())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_dossier_reads_back_the_same(dossier: Dossier) -> None:
    assert parse(dump(dossier), "dossier.yaml") == [dossier]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_reads_back_the_same_wherever_it_stands(text: str) -> None:
    dossier = replace(
        EMPTY,
        title=text,
        note=text,
        article=Cited("letter", Description(title=text)),
        sources=(
            Source(
                "ada", text, "person", (text, text), grades=(Grade(text, "unknown", note=text),)
            ),
        ),
        claims=(Claim("paid", text, at=Anchor(text, text), note=text),),
        assertions=(Assertion("paid--ada", "paid", "ada", "asserts", text, note=text),),
    )
    assert parse(dump(dossier), "dossier.yaml") == [dossier]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_examples_read_back_the_same(path: Path) -> None:
    read = parse(path.read_text(encoding="utf-8"), str(path))
    assert isinstance(read[0], Dossier)
    assert parse(dump(read[0]), str(path)) == read


def test_it_looks_as_if_a_person_had_written_it() -> None:
    dossier = Dossier(
        id="harbour",
        title="The Harbour letters",
        path="",
        article=Cited("port", Description(title="Port: paid", published="2021-03", voice="post")),
        documents=(Cited("letter-17", Description(kind="email", published="2020")),),
        sources=(
            Source("post", "The Tidewater Post", "outlet", aliases=("the Post", "no")),
            Source(
                "hb2", "HB2", "coded_source", named=False, protected=True,
                grades=(Grade("B", "unknown", date="2020-12-01"),),
                relations=(SourceRelation("dependent_on", "post", "proposed", "paid by it"),),
            ),
        ),
        claims=(
            Claim("corrupt", "Das Geschäft war faul 🙂."),
            Claim(
                "paid", "It paid.", at=Anchor("paid three", "look away"), note="One.\nTwo.",
                relations=(ClaimRelation("narrower_than", "corrupt"),),
            ),
        ),
        assertions=(
            Assertion("paid--hb2", "paid", "hb2", "asserts", said_on="2020-11-09"),
            Assertion(
                "paid--post", "paid", "post", "echoes", reported_by=("hb2", "post"),
                derives_from=(Derivation("paid--hb2"),), note="word " * 21 + "end",
            ),
            Assertion(
                "own", "elsewhere", "post", "echoes",
                derives_from=(Derivation("paid--hb2", "proposed"), Derivation("paid--post")),
            ),
        ),
    )  # fmt: skip
    assert dump(dossier) == AS_A_PERSON_WRITES
    assert parse(dump(dossier), "") == [dossier]


def test_a_date_with_a_time_reads_back_inside_braces() -> None:
    grade = Grade("B", "unknown", date="2000-01-01T00:00:00Z")
    dossier = replace(EMPTY, sources=(Source("ada", "Ada", "person", grades=(grade,)),))
    assert parse(dump(dossier), "dossier.yaml") == [dossier]


def test_relations_of_one_kind_come_together() -> None:
    dossier = replace(
        EMPTY,
        article=Cited("letter", Description()),
        claims=(
            Claim(
                "paid",
                "It paid.",
                relations=(
                    ClaimRelation("supports", "a"),
                    ClaimRelation("same_as", "b"),
                    ClaimRelation("supports", "c"),
                ),
            ),
        ),
    )
    read = parse(dump(dossier), "dossier.yaml")[0]
    assert isinstance(read, Dossier)
    assert [each.claim for each in read.claims[0].relations] == ["a", "c", "b"]
