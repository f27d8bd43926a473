"""The pages of a document in the database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_world import document, new

from datasette_leaks.loaders.records import Document, Page
from datasette_leaks.store.catalogue import Catalogue
from datasette_leaks.store.connection import writing
from datasette_leaks.store.documents import find_fault, insert_document, move_text, write_document
from datasette_leaks.store.integrity import check
from datasette_leaks.store.load_log import begin_load

FILING = replace(
    document("Sheet one.\n\nSheet two.", "filing", "filing.pdf"),
    pages=(Page(1, 0, 10), Page(2, 12, 22)),
)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new(tmp_path)


def put(db: Database, record: Document) -> int:
    with writing(db):
        load = begin_load(db, record.file.path, "pdf", "0", record.file.sha256)
        return write_document(db, Catalogue(db), record, load).id


def pages(db: Database) -> list[tuple[int, int, int, int]]:
    sql = 'SELECT document_id, number, start, "end" FROM document_pages ORDER BY 1, 2'
    return list(db.conn.execute(sql))


def test_they_are_rows(db: Database) -> None:
    id = put(db, FILING)
    assert pages(db) == [(id, 1, 0, 10), (id, 2, 12, 22)]
    assert check(db) == []


def test_a_changed_file_has_other_pages(db: Database) -> None:
    put(db, FILING)
    changed = replace(document("Sheet 1.", "filing", "filing.pdf"), pages=(Page(1, 0, 8),))
    id = put(db, changed)
    assert pages(db) == [(id, 1, 0, 8)]


def test_they_move_with_their_text(db: Database) -> None:
    source = put(db, FILING)
    with writing(db):
        target = insert_document(db, "cited")
        move_text(db, source, target)
    assert pages(db) == [(target, 1, 0, 10), (target, 2, 12, 22)]


def test_a_page_outside_the_text_is_refused() -> None:
    assert find_fault(replace(FILING, pages=(Page(1, 0, 99),))) is not None


def test_a_page_moved_outside_the_text_is_found(db: Database) -> None:
    put(db, FILING)
    db.conn.execute('UPDATE document_pages SET "end" = 99 WHERE number = 2')
    (problem,) = check(db)
    assert problem.place == "document_pages, id 2 (document filing)"
