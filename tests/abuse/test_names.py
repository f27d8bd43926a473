"""Odd names of tables and databases beside, and of, a leaks database.

Expected: every page of the plugin and of Datasette answers, nothing of a name reaches a page
unescaped, and no schema changes.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from datasette.app import Datasette
from datasette.utils import tilde_encode
from datasette_fixtures import make_leaks_database, started

from datasette_leaks.compat import is_v1
from datasette_leaks.site.detect import is_leaks_database

NAMES = [
    'x"; drop table claims; --',
    "x'; drop table claims; --",
    "claims; delete from claims",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onmouseover='alert(1)",
    "{{ 7*7 }}",
    "{% raw %}",
    "it's [odd]",
    "[claims]",
    "`claims`",
    '"claims"',
    "with space",
    " leading",
    "trailing ",
    "tab\there",
    "new\nline",
    "a/b",
    "../../etc/passwd",
    "a?b=c&d=e",
    "a#fragment",
    "a%2Fb",
    "100%",
    "a~b",
    "a.json",
    "-",
    "-leaks",
    "Müller",
    "数据 🚢",
    "e\u0301 \u202e rtl",
    "select",
    "x" * 300,
    "%s%n{0}",
]

OURS = ["/leaks/-/leaks", "/leaks/-/leaks.json"]
DATASETTES = ["/leaks", "/leaks.json", "/leaks/claims_by_status"]


def schema(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()
    connection.close()
    return rows


def add_tables(path: Path, names: list[str]) -> None:
    connection = sqlite3.connect(path)
    for name in names:
        quoted = '"' + name.replace('"', '""') + '"'
        connection.execute(f"CREATE TABLE {quoted} ({quoted} TEXT)")
        connection.execute(f"INSERT INTO {quoted} VALUES (?)", [name])
    connection.commit()
    connection.close()


async def check(datasette: Datasette, path: str) -> None:
    """The page answers, and no name is on it as markup."""
    response = await datasette.client.get(path)
    assert response.status_code == 200, path
    if not path.endswith(".json"):
        assert not [name for name in NAMES if "<" in name and name in response.text], path


@pytest.mark.asyncio
async def test_odd_tables_beside_ours_on_our_pages(tmp_path: Path) -> None:
    leaks = make_leaks_database(tmp_path / "leaks.db")
    add_tables(leaks, NAMES)
    before = schema(leaks)
    datasette = await started(leaks)
    assert await is_leaks_database(datasette.databases["leaks"])
    for path in OURS:
        await check(datasette, path)
    assert schema(leaks) == before


@pytest.mark.asyncio
async def test_odd_tables_beside_ours_on_datasettes_pages(tmp_path: Path) -> None:
    leaks = make_leaks_database(tmp_path / "leaks.db")
    datasette = await started(leaks)
    # Datasette 0.65 itself cannot show a database that has a "]" in a name.
    names = [name for name in NAMES if is_v1(datasette) or "]" not in name]
    add_tables(leaks, names)
    before = schema(leaks)
    datasette = await started(leaks)
    for path in DATASETTES + [f"/leaks/{tilde_encode(name)}" for name in names]:
        await check(datasette, path)
    assert schema(leaks) == before


@pytest.mark.asyncio
async def test_odd_columns_in_our_tables(tmp_path: Path) -> None:
    leaks = make_leaks_database(tmp_path / "leaks.db")
    datasette = await started(leaks)
    connection = sqlite3.connect(leaks)
    for name in NAMES:
        if is_v1(datasette) or "]" not in name:
            quoted = '"' + name.replace('"', '""') + '"'
            connection.execute(f"ALTER TABLE claims_by_status ADD COLUMN {quoted} TEXT")
    connection.commit()
    connection.close()
    before = schema(leaks)
    datasette = await started(leaks)
    for path in OURS + DATASETTES:
        await check(datasette, path)
    assert schema(leaks) == before


@pytest.mark.asyncio
async def test_odd_names_of_a_leaks_database(tmp_path: Path) -> None:
    leaks = make_leaks_database(tmp_path / "leaks.db")
    before = schema(leaks)
    datasette = await started(leaks)
    database = type(datasette.databases["leaks"])
    for number, name in enumerate(NAMES):
        if name == "-":  # Datasette's own pages are there
            continue
        path = tmp_path / f"{number}.db"
        shutil.copy(leaks, path)
        datasette.add_database(database(datasette, path=str(path), is_mutable=True), name=name)
        for page in ("/-/leaks", "/-/leaks.json", "/claims/paid"):
            await check(datasette, datasette.urls.database(name) + page)
        assert schema(path) == before
        datasette.remove_database(name)
