"""A dossier whose article's text is not there is told, with the text that may have been meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_world import ARTICLE, DOSSIER, LETTER, load, new, write

from datasette_leaks.store.notes import find_notes

SAID = "dossier quay: the text of its article, “The Quay letters”, is not loaded"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new(tmp_path)


def test_only_a_dossier_without_its_text_is_told(tmp_path: Path, db: Database) -> None:
    paths = write(tmp_path, quay__yaml=DOSSIER, article__md=ARTICLE)
    report = load(db, paths["quay__yaml"])
    assert report.problems == ()
    assert [str(note) for note in report.notes] == [SAID]
    assert load(db, paths["quay__yaml"]).notes == report.notes  # also when nothing has changed
    assert load(db, paths["article__md"]).notes == ()
    assert find_notes(db) == []


def test_the_nearest_text_is_named(
    tmp_path: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    odd = ARTICLE.replace("Quay letters", "Key letters")
    paths = write(tmp_path, quay__yaml=DOSSIER, article__md=odd, b__md="# Otters\n\nSwim.\n")
    (note,) = load(db, *paths.values()).notes
    assert str(note) == (
        f"{SAID}. Nearest: “The Key letters” (article.md). "
        "Make the titles equal, or give both the same url"
    )


def test_an_article_of_no_dossier_is_named_whatever_its_title(tmp_path: Path, db: Database) -> None:
    paths = write(tmp_path, quay__yaml=DOSSIER, b__md="# Otters\n\nSwim.\n")
    (note,) = load(db, *paths.values()).notes
    assert "Nearest: “Otters”" in note.text


def test_a_text_of_another_document_is_not_meant(tmp_path: Path, db: Database) -> None:
    (note,) = load(db, *write(tmp_path, quay__yaml=DOSSIER, b__txt=LETTER).values()).notes
    assert str(note) == SAID


def test_a_title_that_fits_two_is_told(tmp_path: Path, db: Database) -> None:
    twin = "dossier: twin\ntitle: Twin\narticle: {id: twin-article, title: The Quay letters}\n"
    paths = write(tmp_path, quay__yaml=DOSSIER, twin__yaml=twin, article__md=ARTICLE)
    notes = load(db, paths["quay__yaml"], paths["twin__yaml"]).notes
    assert [note.dossier for note in notes] == ["quay", "twin"]
    notes = load(db, paths["article__md"]).notes
    assert len(notes) == 2
    assert all("Other documents have this title too" in note.text for note in notes)


def test_a_text_that_looks_renamed_and_edited_is_noted_once(tmp_path: Path) -> None:
    db = new(tmp_path)
    paths = write(tmp_path, a__md="# Same\n\nOne.\n", b__md="# Same\n\nTwo.\n", c__md="# C\n\nC.\n")
    assert load(db, *paths.values()).notes == ()  # two texts with one title, both there
    paths["a__md"].unlink()
    assert load(db, paths["b__md"]).notes == ()
    other = write(tmp_path, renamed__md="# Same\n\nOne, edited.\n", d__md="# D\n\nD.\n")
    (note,) = load(db, *other.values()).notes
    assert note.path == str(other["renamed__md"])
    assert f"of same, loaded from {os.path.relpath(paths['a__md'])}, which is gone" in note.text
    assert str(note).startswith(f"{note.path}: has the title")
    assert load(db, *other.values()).notes == ()
