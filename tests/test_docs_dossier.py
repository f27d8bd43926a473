"""docs/dossier.md: its examples load as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlite_utils import Database
from store_world import load, new, write

from datasette_leaks.analysis.run import analyse
from datasette_leaks.loaders.dossier_schema import SCHEMA
from datasette_leaks.store.integrity import check

PAGE = (Path(__file__).parents[1] / "docs" / "dossier.md").read_text("utf-8")


def block(language: str, begin: str) -> str:
    """The one block of the page that begins so."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (found,) = (str(each) for each in blocks if each.startswith(begin))
    return found


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new(tmp_path)


def test_the_small_one_loads_with_its_article(tmp_path: Path, db: Database) -> None:
    article, dossier = block("markdown", "# Pier 9"), block("yaml", "dossier: pier")
    assert len(dossier.splitlines()) <= 24
    report = load(db, *write(tmp_path, pier__md=article, pier__yaml=dossier).values())
    assert (report.problems, report.notes) == ((), ())
    analyse(db)
    assert check(db) == []
    # What the page says of them.
    assert dict(db.conn.execute("SELECT id, status FROM claims_by_status")) == {
        "cracked": "single_source",
        "gone-by-spring": "disputed",
    }
    places = "SELECT count(*) FROM assertions WHERE start IS NULL"
    assert db.conn.execute(places).fetchone() == (0,)


def test_every_field_loads_with_the_dossier_it_refers_to(tmp_path: Path, db: Database) -> None:
    every, pilots = block("yaml", "dossier: harbour"), block("yaml", "dossier: pilots")
    report = load(db, *write(tmp_path, every__yaml=every, pilots__yaml=pilots).values())
    assert report.problems == ()
    assert [note.dossier for note in report.notes] == ["harbour", "pilots"]
    assert check(db) == []


def test_every_field_is_there() -> None:
    used: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            used.update(value)
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, dict | list):
                walk(each)

    walk(yaml.safe_load(block("yaml", "dossier: harbour")))
    named = set(re.findall(r"\b(\w+)\b", PAGE))
    schemas = [SCHEMA, *(each for each in SCHEMA["$defs"].values() if "properties" in each)]
    fields = {name for schema in schemas for name in schema["properties"]}
    # Other relations are named in a comment; those with a state stand in a block of their own.
    others = {"same_as", "in_tension_with", "supports", "restates"}
    assert fields - used == others
    assert others <= named
