"""A dossier written and read again, and documents that texts and dossiers share."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from sqlite_utils import Database
from store_world import content, document
from strategies import dossiers

from datasette_leaks.loaders.records import (
    Anchor,
    Cited,
    Claim,
    Description,
    Document,
    Dossier,
)
from datasette_leaks.store.catalogue import Catalogue
from datasette_leaks.store.connection import open_database, writing
from datasette_leaks.store.documents import write_document
from datasette_leaks.store.dossier_rows import read_dossier
from datasette_leaks.store.dossiers import DossierWritten, write_dossier
from datasette_leaks.store.integrity import check
from datasette_leaks.store.links import resolve_links
from datasette_leaks.store.load_log import begin_load
from datasette_leaks.store.places import resolve


def put(db: Database, *records: Document | Dossier) -> DossierWritten | None:
    """Write records as a load would; gives what became of the last dossier."""
    written = None
    with writing(db):
        catalogue = Catalogue(db)
        for record in records:
            if isinstance(record, Dossier):
                written = write_dossier(db, catalogue, record)
            else:
                load_id = begin_load(db, record.file.path, "test", "0", record.file.sha256)
                id = write_document(db, catalogue, record, load_id).id
                resolve(db, documents=[id])
        resolve_links(db, catalogue)
    return written


@pytest.fixture
def db() -> Database:
    return open_database(":memory:", create=True)


@given(dossiers())
def test_a_dossier_is_read_as_it_was_written(dossier: Dossier) -> None:
    db = open_database(":memory:", create=True)
    assert put(db, dossier) == DossierWritten(changed=True)
    assert read_dossier(db, dossier.id) == dossier
    assert check(db) == []
    assert put(db, dossier) == DossierWritten(changed=False)
    db.close()


@given(dossiers(), dossiers())
def test_a_new_version_leaves_nothing_of_the_old(old: Dossier, new: Dossier) -> None:
    new = replace(new, id=old.id)
    changed, fresh = (open_database(":memory:", create=True) for _ in range(2))
    put(changed, old)
    put(changed, new)
    put(fresh, new)
    assert content(changed) == content(fresh)
    assert check(changed) == []
    changed.close()
    fresh.close()


def about(id: str, dossier: str = "d", anchor: str | None = None, **said: str) -> Dossier:
    """A dossier about one article, with one claim when an anchor is given."""
    claims = (Claim(f"{dossier}-claim", "C.", at=Anchor(anchor)),) if anchor else ()
    article = Cited(id, Description(**said))
    return Dossier(dossier, "D", f"{dossier}.yaml", article=article, claims=claims)


MATCHES = {
    "slug": (document("One two.", slug="x"), about("x", anchor="two")),
    "url": (
        document("One two.", url="https://A.example/p/#top"),
        about("x", url="http://a.example/p", anchor="two"),
    ),
    "title": (document("One two.", title="‘A’ title"), about("x", title="a TITLE", anchor="two")),
    "slug before url": (
        document("One two.", slug="x", url="https://a.example/q"),
        about("x", url="https://a.example/p", anchor="two"),
    ),
    "nothing": (document("One two.", title="B"), about("x", title="A")),
    "the second dossier": (
        document("One two.", title="B"),
        about("x", title="A"),
        about("x", "e", title="B", anchor="two"),
    ),
    "two with one title": (
        document("One two.", title="A"),
        about("x", title="A"),
        about("y", "e", title="A"),
    ),
}


@pytest.mark.parametrize("name", sorted(set(MATCHES) - {"two with one title"}))
def test_text_and_dossiers_find_each_other_in_any_order(name: str) -> None:
    text, *told = MATCHES[name]
    seen = []
    for place in range(len(told) + 1):
        records = [*told[:place], text, *told[place:]]
        db = open_database(":memory:", create=True)
        for record in records:
            put(db, record)
        assert check(db) == []
        seen.append(content(db))
    assert all(each == seen[0] for each in seen)


def test_a_title_that_two_documents_have_matches_neither(db: Database) -> None:
    text, *told = MATCHES["two with one title"]
    put(db, *told, text)
    assert [row["text"] for row in db["documents"].rows] == [None, None, "One two."]


def test_a_text_keeps_its_number_when_its_dossier_comes(db: Database) -> None:
    put(db, document("Other.", path="o.md", slug="o"), document("One two.", title="A"))
    put(db, about("x", title="A"))
    assert db.table("documents").get(2)["slug"] == "x"


def test_the_dossier_speaks_before_the_file_and_the_articles_before_others(db: Database) -> None:
    put(db, document("One.", slug="x", title="File", author="File", language="en"))
    other = Dossier(
        "a", "A", "a.yaml", documents=(Cited("x", Description(title="Other", url="u")),)
    )
    put(db, other, about("x", "b", title="Article"))
    row = db.table("documents").get(1)
    told = [row[name] for name in ("title", "url", "author", "language", "kind")]
    assert told == ["Article", "u", "File", "en", "article"]


def test_a_claim_moves_with_its_assertions(db: Database) -> None:
    put(db, document("One two three.", slug="x"), about("x", anchor="two"))
    written = put(db, about("x", anchor="three"))
    assert written == DossierWritten(changed=True)
    claim = db.table("claims").get("d-claim")
    assert (claim["start"], claim["end"]) == (8, 13)


def test_spans_outside_a_text_are_refused(db: Database) -> None:
    text = document("One.")
    broken = replace(text, passages=(replace(text.passages[0], end=5),))
    with pytest.raises(ValueError, match="outside the text of 4 characters"):
        put(db, broken)
    with pytest.raises(ValueError, match="surrogate"):
        put(db, replace(text, text="One\ud800"))
