"""Derived tables that somebody has dropped are told, and made again."""

from __future__ import annotations

from pathlib import Path

from store_world import ARTICLE, DOSSIER, everything, load, new, write

from datasette_leaks.analysis.run import analyse, stale
from datasette_leaks.store.derived import DERIVED
from datasette_leaks.store.integrity import check


def test_derived_tables_that_were_dropped_are_made_again(tmp_path: Path) -> None:
    db = new(tmp_path)
    paths = write(tmp_path, quay__yaml=DOSSIER, article__md=ARTICLE)
    load(db, *paths.values())
    analyse(db)
    before = everything(db)
    for name in DERIVED:
        db.conn.execute(f"DROP TABLE {name}")
        assert stale(db) == [f"{name} is missing"]
        assert analyse(db).changed
        assert stale(db) == []
        assert not analyse(db).changed
    assert sorted(everything(db)) == sorted(before)


def test_a_load_makes_dropped_tables_again(tmp_path: Path) -> None:
    db = new(tmp_path)
    paths = write(tmp_path, quay__yaml=DOSSIER, article__md=ARTICLE)
    load(db, paths["article__md"])
    for name in DERIVED:
        db.conn.execute(f"DROP TABLE {name}")
    assert load(db, paths["quay__yaml"]).problems == ()
    assert analyse(db).claims == 2


def test_another_table_that_is_missing_is_told(tmp_path: Path) -> None:
    db = new(tmp_path)
    load(db, *write(tmp_path, quay__yaml=DOSSIER, article__md=ARTICLE).values())
    db.conn.execute("DROP TABLE links")
    assert [(problem.place, problem.found) for problem in check(db)] == [
        ("links", "the table is missing")
    ]
