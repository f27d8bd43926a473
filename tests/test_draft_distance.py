"""The distance of a draft from what people wrote, by which the draft of the seed is measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from draft_world import document, found

from datasette_leaks.analysis.draft import Taken, draft
from datasette_leaks.loaders.records import Anchor, Document, Dossier
from tools.draft_distance import Distance, distance


@pytest.fixture
def about(tmp_path: Path) -> Document:
    return document(tmp_path)


@pytest.fixture
def made(about: Document) -> Dossier:
    return draft(about, found(about.text), "rules", Taken()).dossier


def test_a_dossier_is_no_way_from_itself(about: Document, made: Dossier) -> None:
    count = len(made.assertions)
    assert distance(about, made, made) == Distance(count, count, count, 0, 0, 0, 0)


def test_another_source_or_stance_is_a_change(about: Document, made: Dossier) -> None:
    first, second, *rest = made.assertions
    wrong = replace(
        made,
        assertions=(replace(first, source="hand"), replace(second, stance="denies"), *rest),
    )
    figures = distance(about, wrong, made)
    assert (figures.changed, figures.dropped, figures.added) == (2, 0, 0)
    assert figures.wrong == figures.work == 2 / len(made.assertions)


def test_what_is_only_drafted_is_dropped_and_what_is_only_written_added(
    about: Document, made: Dossier
) -> None:
    less = replace(made, assertions=made.assertions[1:])
    assert distance(about, made, less).dropped == 1
    figures = distance(about, less, made)
    assert (figures.added, figures.own_voice) == (1, 0)
    assert figures.wrong == 0
    assert figures.work == pytest.approx(1 / len(made.assertions))


def test_what_the_article_says_for_itself_is_told_apart(about: Document, made: Dossier) -> None:
    own = replace(made.assertions[0], source="the-tidewater-post")
    figures = distance(about, replace(made, assertions=()), replace(made, assertions=(own,)))
    assert (figures.added, figures.own_voice) == (1, 1)


def test_a_source_is_known_by_its_names_too(about: Document, made: Dossier) -> None:
    renamed = [
        replace(each, id="nils", name="Mr Cordage") if each.id == "cordage" else each
        for each in made.sources
    ]
    rows = [
        replace(each, source="nils") if each.source == "cordage" else each
        for each in made.assertions
    ]
    other = replace(made, sources=tuple(renamed), assertions=tuple(rows))
    assert distance(about, made, other).kept == len(made.assertions)


def test_a_place_that_only_touches_is_a_change(about: Document, made: Dossier) -> None:
    failed = next(claim for claim in made.claims if claim.id == "the-pump-had-failed-twice")
    start = "identified by a rival paper as Ola Quay, said that the pump"
    moved = replace(failed, at=Anchor(start))
    claims = tuple(moved if claim is failed else claim for claim in made.claims)
    figures = distance(about, replace(made, claims=claims), made)
    assert (figures.kept, figures.changed) == (len(made.assertions) - 1, 1)
