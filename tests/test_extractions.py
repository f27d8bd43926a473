"""Runs of engines in the database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from draft_world import document, found
from sqlite_utils import Database

from datasette_leaks.drafting import table_rows
from datasette_leaks.loaders.records import Document
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import StoreError, open_database
from datasette_leaks.store.extractions import Run, find_document, record
from datasette_leaks.store.integrity import check
from datasette_leaks.store.loading import load_paths

RUN = Run("rules", "1", {}, "2026-01-02T03:04:05Z", 2)


@pytest.fixture
def about(tmp_path: Path) -> Document:
    return document(tmp_path)


@pytest.fixture
def db(tmp_path: Path, about: Document) -> Database:
    db = open_database(tmp_path / "x.db", create=True)
    load_paths(db, [Path(about.file.path)], all_loaders())
    return db


def kept(db: Database) -> list[dict[str, Any]]:
    return list(db["extractions"].rows)


def test_a_run_and_its_attributions(db: Database, about: Document) -> None:
    rows = table_rows(found(about.text))
    record(db, find_document(db, about, "ferry.md"), RUN, rows)
    (run,) = kept(db)
    assert (run["engine"], run["version"], run["options"]) == ("rules", "1", "{}")
    assert (run["ran_at"], run["dropped"]) == ("2026-01-02T03:04:05Z", 2)
    stored = list(db["attributions"].rows_where(order_by="position"))
    assert [row["position"] for row in stored] == list(range(len(rows)))
    assert [about.text[row["start"] : row["end"]] for row in stored][1] == (
        "that the pump had failed twice"
    )
    assert (stored[1]["source"], stored[1]["source_type"], stored[1]["hedges"]) == (
        "fx2",
        "named",
        '["so-called"]',
    )
    assert stored[0]["link"] == "https://fathom.example/7"
    assert check(db) == []


def test_the_same_run_replaces_and_another_stands_beside(db: Database, about: Document) -> None:
    id_ = find_document(db, about, "ferry.md")
    rows = table_rows(found(about.text))
    record(db, id_, RUN, rows)
    record(db, id_, replace(RUN, dropped=0), rows[:2])
    assert [run["dropped"] for run in kept(db)] == [0]
    assert db["attributions"].count == 2
    for other in (
        replace(RUN, version="2"),
        replace(RUN, engine="llm"),
        replace(RUN, options={"model": "x"}),
    ):
        record(db, id_, other, rows)
    assert len(kept(db)) == 4


def test_options_in_another_order_are_the_same_run(db: Database, about: Document) -> None:
    id_ = find_document(db, about, "ferry.md")
    record(db, id_, replace(RUN, options={"a": "1", "b": "2"}), [])
    record(db, id_, replace(RUN, options={"b": "2", "a": "1"}), [])
    assert [run["options"] for run in kept(db)] == ['{"a": "1", "b": "2"}']


def test_a_run_is_written_whole_or_not_at_all(db: Database, about: Document) -> None:
    id_ = find_document(db, about, "ferry.md")
    rows = table_rows(found(about.text))
    record(db, id_, RUN, rows)
    with pytest.raises(Exception, match="CHECK"):
        record(db, id_, replace(RUN, dropped=9), [rows[0], {**rows[1], "kind": "sung"}])
    assert [run["dropped"] for run in kept(db)] == [2]
    assert db["attributions"].count == len(rows)


def test_runs_go_when_the_text_changes(db: Database, about: Document, tmp_path: Path) -> None:
    record(db, find_document(db, about, "ferry.md"), RUN, table_rows(found(about.text)))
    path = Path(about.file.path)
    load_paths(db, [path], all_loaders())
    assert len(kept(db)) == 1
    path.write_text(path.read_text(encoding="utf-8").replace("twice", "once"), encoding="utf-8")
    load_paths(db, [path], all_loaders())
    assert kept(db) == []
    assert db["attributions"].count == 0


def test_a_text_that_is_not_loaded_is_refused(db: Database, about: Document) -> None:
    with pytest.raises(StoreError, match=r"ferry\.md: is loaded with another text\. Load it"):
        find_document(db, replace(about, text=about.text + "More."), "ferry.md")
    other = replace(about, slug="other", file=replace(about.file, sha256="0" * 64))
    with pytest.raises(StoreError, match=r"ferry\.md: is not loaded\. Load it first"):
        find_document(db, other, "ferry.md")


def test_the_same_text_in_another_file_is_found_by_its_slug(db: Database, about: Document) -> None:
    moved = replace(about, file=replace(about.file, path="elsewhere.md", sha256="0" * 64))
    assert find_document(db, moved, "elsewhere.md") == find_document(db, about, "ferry.md")


def test_a_span_outside_the_text_is_a_problem(db: Database, about: Document) -> None:
    record(db, find_document(db, about, "ferry.md"), RUN, table_rows(found(about.text)))
    db.execute('UPDATE attributions SET "end" = 99999 WHERE position = 3')
    db.conn.commit()
    (problem,) = check(db)
    assert problem.place.startswith("attributions, id 4")
