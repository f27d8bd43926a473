"""The questions that compat answers, on both Datasettes; and the start-up warning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from datasette.version import __version__
from datasette_fixtures import make_leaks_database, started

from datasette_leaks import compat
from datasette_leaks.site.detect import is_leaks_database
from datasette_leaks.site.warnings import ignored

EDITOR = {"id": "editor"}
ONLY_EDITOR = {"allow": {"id": "editor"}}


@pytest.fixture
def leaks(tmp_path: Path) -> Path:
    return make_leaks_database(tmp_path / "leaks.db")


def database(settings: dict[str, Any]) -> dict[str, Any]:
    return {"databases": {"leaks": settings}}


@pytest.mark.asyncio
async def test_the_version_is_told(leaks: Path) -> None:
    assert compat.is_v1(await started(leaks)) == (not __version__.startswith("0."))


CASES = [
    # settings; may anybody, may the editor view the database; the same for the table sources
    ({}, (True, True), (True, True)),
    (ONLY_EDITOR, (False, True), (False, True)),
    (database(ONLY_EDITOR), (False, True), (False, True)),
    (database({"tables": {"sources": ONLY_EDITOR}}), (True, True), (False, True)),
    (database({"allow": False}), (False, False), (False, False)),
]


@pytest.mark.asyncio
@pytest.mark.parametrize(("settings", "views_database", "views_table"), CASES)
async def test_who_may_view(
    leaks: Path,
    settings: dict[str, Any],
    views_database: tuple[bool, bool],
    views_table: tuple[bool, bool],
) -> None:
    datasette = await started(leaks, metadata=settings)
    for actor, database_expected, table_expected in zip(
        (None, EDITOR), views_database, views_table, strict=True
    ):
        assert await compat.allowed_view(datasette, actor, "leaks") == database_expected
        assert await compat.allowed_view(datasette, actor, "leaks", "sources") == table_expected
        # Datasette's own pages agree.
        cookies = {"ds_actor": datasette.sign({"a": actor}, "actor")} if actor else {}
        for path, expected in (("leaks", database_expected), ("leaks/sources", table_expected)):
            response = await datasette.client.get(f"/{path}", cookies=cookies)
            assert response.status_code == (200 if expected else 403)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("settings", "anybody", "editor"),
    [
        ({}, True, True),
        (database({"allow_sql": {"id": "editor"}}), False, True),
        (database({"allow_sql": False}), False, False),
        (database(ONLY_EDITOR), False, True),
    ],
)
async def test_who_may_run_sql(
    leaks: Path, settings: dict[str, Any], anybody: bool, editor: bool
) -> None:
    datasette = await started(leaks)
    key = "config" if compat.is_v1(datasette) else "metadata"
    datasette = await started(leaks, **{key: settings})
    assert await compat.allowed_sql(datasette, None, "leaks") == anybody
    assert await compat.allowed_sql(datasette, EDITOR, "leaks") == editor


@pytest.mark.asyncio
async def test_what_is_written_of_a_database(leaks: Path) -> None:
    written = {"title": "The letters", "license": "CC0", "tables": {"claims": {"title": "x"}}}
    datasette = await started(leaks, metadata=database(written))
    assert await compat.database_metadata(datasette, "leaks") == {
        "title": "The letters",
        "license": "CC0",
    }
    assert await compat.database_metadata(datasette, "other") == {}


@pytest.mark.asyncio
@pytest.mark.parametrize("immutable", [False, True])
async def test_leaks_databases_are_told_from_others(leaks: Path, immutable: bool) -> None:
    datasette = await started(
        *([] if immutable else [leaks]), immutables=[str(leaks)] * immutable, memory=True
    )
    assert await is_leaks_database(datasette.databases["leaks"])
    assert not await is_leaks_database(datasette.databases["_memory"])


def test_what_is_ignored_is_found_at_every_level() -> None:
    metadata = {
        "title": "T",
        "allow_sql": False,
        "settings": {},
        "databases": {
            "leaks": {"allow_sql": False, "queries": {}, "tables": {"t": {"permissions": {}}}},
            "empty": None,
        },
    }
    assert ignored(metadata, {}) == [
        "allow_sql",
        "settings",
        "databases.leaks.allow_sql",
        "databases.leaks.queries",
        "databases.leaks.tables.t.permissions",
    ]
    config = {"allow_sql": False, "databases": {"leaks": {"queries": {}}}}
    assert ignored(metadata, config) == [
        "settings",
        "databases.leaks.allow_sql",
        "databases.leaks.tables.t.permissions",
    ]
    assert ignored({"databases": {"leaks": {"tables": {"t": {"sort": "a"}}}}}, {}) == []


@pytest.mark.asyncio
async def test_an_open_lock_is_told_at_start(
    leaks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = database({"allow_sql": False})
    datasette = await started(leaks, metadata=settings)
    open_lock = await compat.allowed_sql(datasette, None, "leaks")
    warned = capsys.readouterr().err
    assert open_lock == compat.is_v1(datasette)
    assert ("databases.leaks.allow_sql" in warned and "datasette.yaml" in warned) == open_lock
    if open_lock:
        datasette = await started(leaks, metadata=settings, config=settings)
        assert not await compat.allowed_sql(datasette, None, "leaks")
        assert capsys.readouterr().err == ""
