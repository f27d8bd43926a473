"""docs/sql.md: every query gives rows, every address answers, on both Datasettes."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from datasette_fixtures import started

from datasette_leaks.site import sql_functions
from datasette_leaks.site.queries import QUERIES

PAGE = (Path(__file__).parents[1] / "docs" / "sql.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


QUERY_TEXTS = blocks("sql")
ADDRESSES = [line for block in blocks("json-address") for line in block.splitlines()]


def test_the_page_is_a_tour() -> None:
    assert len(QUERY_TEXTS) >= 12
    assert len(ADDRESSES) >= 8


@pytest.mark.parametrize("sql", QUERY_TEXTS)
def test_every_query_finds_something(example_db: Path, sql: str) -> None:
    connection = sqlite3.connect(example_db)
    sql_functions.register(connection)
    rows = connection.execute(sql).fetchall()
    connection.close()
    assert rows
    assert all(any(value is not None for value in row) for row in rows)


@pytest.mark.asyncio
async def test_datasette_runs_every_query(example_db: Path) -> None:
    datasette = await started(example_db)
    for sql in QUERY_TEXTS:
        response = await datasette.client.get(
            "/harbour.json",
            params={"sql": sql, "_shape": "array"},
            follow_redirects=True,
        )
        assert response.status_code == 200, response.text
        assert response.json()


@pytest.mark.asyncio
async def test_every_address_answers_alike(example_db: Path) -> None:
    datasette = await started(example_db)
    for address in ADDRESSES:
        response = await datasette.client.get(address, follow_redirects=True)
        assert response.status_code == 200, address
        answer: Any = response.json()
        if "_shape=objects" in address:
            answer = answer["rows"]
        assert answer, address
        assert all(isinstance(row, dict) for row in answer)


@pytest.mark.asyncio
async def test_labels_and_pages(example_db: Path) -> None:
    datasette = await started(example_db)
    address = "/harbour/claims_by_source.json?source_id=hb2&_labels=on&_size=1&_shape=objects"
    first = (await datasette.client.get(address)).json()
    assert first["rows"][0]["source_id"] == {"value": "hb2", "label": "HB2"}
    response = await datasette.client.get(address + "&_next=" + first["next"])
    assert response.json()["rows"] != first["rows"]


def test_every_canned_query_is_listed() -> None:
    listed = re.findall(r"^\| `/harbour/(\w+)", PAGE, re.MULTILINE)
    assert listed == list(QUERIES)
