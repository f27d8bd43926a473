"""The pages' data, their JSON twins, and who may see them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from mail_world import tables_read
from sqlite_utils import Database

from datasette_leaks.analysis.run import analyse
from datasette_leaks.site.article import article_page
from datasette_leaks.site.claim import claim_page
from datasette_leaks.site.overview import overview_page
from datasette_leaks.site.routes import ALSO, TABLES
from datasette_leaks.site.source import source_page
from datasette_leaks.site.vocabulary import DISCLAIMER
from datasette_leaks.store.connection import open_database

PAGES = (
    "/harbour/-/leaks",
    "/harbour/-/leaks/claims/three-inspectors-paid",
    "/harbour/-/leaks/sources/hb2",
    "/harbour/-/leaks/articles/harbour-article",
)


@pytest.fixture
def connection(example_db: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to the invented example."""
    opened = sqlite3.connect(f"file:{example_db}?mode=ro", uri=True)
    yield opened
    opened.close()


async def started(*paths: Path, **arguments: Any) -> Datasette:
    datasette = Datasette([str(path) for path in paths], **arguments)
    await datasette.invoke_startup()
    return datasette


def test_overview_counts_what_the_tables_hold(connection: sqlite3.Connection) -> None:
    page = overview_page(connection)
    by_status = dict(
        connection.execute("SELECT status, count(*) FROM claims_by_status GROUP BY status")
    )
    assert page.totals == by_status
    assert page.claims == sum(by_status.values())
    for row in page.matrix:
        cells = dict(
            connection.execute(
                "SELECT status, count(*) FROM claims_by_source WHERE source_id = ? GROUP BY 1",
                [row.source_id],
            )
        )
        assert row.statuses == cells
        assert row.claims == sum(cells.values())
    assert [line.status for line in page.disputed] == ["disputed"] * len(page.disputed)


def test_every_claim_has_a_page_that_agrees_with_its_row(connection: sqlite3.Connection) -> None:
    for claim, status, assertions, origins, against in connection.execute(
        "SELECT id, status, assertions, origins, against FROM claims_by_status"
    ).fetchall():
        page = claim_page(connection, claim)
        assert page is not None
        assert page.status == status
        counted = [item for item in page.evidence if item.side != "other"]
        assert len(counted) == assertions, claim
        groups = [(group.side, group.identified) for group in page.origin_groups]
        assert groups.count(("for", True)) == origins, claim
        # A group on both sides is shown on both and counted against nobody.
        both = {group.id for group in page.origin_groups if group.side == "for"}
        assert (
            len([g for g in page.origin_groups if g.side == "against" and g.id not in both])
            == against
        ), claim


def test_the_words_of_an_assertion_are_those_of_its_document(
    connection: sqlite3.Connection,
) -> None:
    page = claim_page(connection, "three-inspectors-paid")
    assert page is not None
    places = [item.place for item in page.evidence if item.place]
    assert places
    for place in places:
        (text,) = connection.execute(
            "SELECT text FROM documents WHERE slug = ?", [place.document.slug]
        ).fetchone()
        assert place.exact == text[place.start : place.end]
        before, after = place.before.removeprefix("… "), place.after.removesuffix(" …")
        assert text[: place.start].endswith(before)
        assert text[place.end :].startswith(after)
        assert "\n\n" not in before + after


def test_every_source_has_a_page(connection: sqlite3.Connection) -> None:
    for (source,) in connection.execute("SELECT id FROM sources").fetchall():
        page = source_page(connection, source)
        assert page is not None
        (claims,) = connection.execute(
            "SELECT count(*) FROM claims_by_source WHERE source_id = ?", [source]
        ).fetchone()
        assert page.claims_total == len(page.claims) == claims


def test_who_echoes_a_source_and_whom_it_echoes(connection: sqlite3.Connection) -> None:
    page = source_page(connection, "hb2")
    assert page is not None
    assert "lantern-wire" in [echo.source.id for echo in page.echoed_by]
    other = source_page(connection, "lantern-wire")
    assert other is not None
    assert "hb2" in [echo.source.id for echo in other.echoes]


def test_reading_view_holds_the_text_and_every_mark(connection: sqlite3.Connection) -> None:
    page = article_page(connection, "harbour-article")
    assert page is not None
    text, document = connection.execute(
        "SELECT text, id FROM documents WHERE slug = 'harbour-article'"
    ).fetchone()
    drawn = [
        "".join(piece.text for piece in pieces) for block in page.blocks for pieces in block.items
    ]
    passages = connection.execute(
        'SELECT start, "end" FROM passages WHERE document_id = ? ORDER BY position', [document]
    )
    assert drawn == [text[start:end] for start, end in passages]
    numbers = {note.claim_id: note.number for note in page.notes}
    for claim, start, end in connection.execute(
        'SELECT id, start, "end" FROM claims WHERE document_id = ?', [document]
    ).fetchall():
        marked = "".join(
            piece.text
            for block in page.blocks
            for pieces in block.items
            for piece in pieces
            if str(numbers[claim]) in piece.claims.split()
        )
        assert text[start:end].replace("\n\n", "") in marked
    beside = [note.number for block in page.blocks for note in block.notes]
    assert sorted(beside + [note.number for note in page.unplaced]) == sorted(numbers.values())


def test_a_cited_document_has_a_page_without_text(connection: sqlite3.Connection) -> None:
    page = article_page(connection, "berth-4-report")
    assert page is not None
    assert not page.loaded
    assert page.blocks == []


@pytest.mark.parametrize("page", [overview_page, claim_page, source_page, article_page])
def test_no_page_reads_a_whole_large_table(connection: sqlite3.Connection, page: Any) -> None:
    large = ("claims", "assertions", "claims_by_status", "claims_by_source", "derivations")
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    keys = {claim_page: "hush-order", source_page: "hb2", article_page: "harbour-article"}
    page(connection, *([keys[page]] if page in keys else []))
    connection.set_trace_callback(None)
    for statement in seen:
        if statement.startswith(("SELECT", "\nSELECT", "WITH", "\nWITH")):
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
                scanned = row[3].removeprefix("SCAN ").split(" ")[0]
                assert not (row[3].startswith("SCAN") and scanned in large), (row[3], statement)


@pytest.mark.asyncio
@pytest.mark.parametrize("path", PAGES)
async def test_pages_answer_as_html_and_json(example_db: Path, path: str) -> None:
    datasette = await started(example_db)
    html = await datasette.client.get(path)
    assert html.status_code == 200
    assert "default-src 'none'" in html.headers["content-security-policy"]
    assert DISCLAIMER in html.text
    response = await datasette.client.get(f"{path}.json")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"
    data = response.json()
    assert data["ok"] is True
    assert data["notice"] == DISCLAIMER
    assert data["database"] == "harbour"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/harbour/-/leaks/claims/no-such-claim",
        "/harbour/-/leaks/sources/no-such-source",
        "/harbour/-/leaks/articles/no-such-article",
        "/harbour/-/leaks/documents/999999",
        "/nowhere/-/leaks",
    ],
)
async def test_what_is_not_there_is_404(example_db: Path, path: str) -> None:
    datasette = await started(example_db)
    assert (await datasette.client.get(path)).status_code == 404
    if "documents" not in path:
        response = await datasette.client.get(f"{path}.json")
        assert response.status_code == 404
        assert response.json()["ok"] is False


@pytest.mark.asyncio
async def test_another_database_shows_no_trace(example_db: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    Database(other).table("claims").insert({"id": 1, "text": "of something else"})
    datasette = await started(example_db, other)
    assert (await datasette.client.get("/other/-/leaks")).status_code == 404
    for path in ("/other", "/other/claims", "/other/claims/1"):
        response = await datasette.client.get(path)
        assert response.status_code == 200
        assert "leaks" not in response.text


@pytest.mark.parametrize(
    ("kind", "load", "sql"),
    [
        ("overview", lambda connection, _, also: overview_page(connection, also), "SELECT 1"),
        ("claim", lambda connection, key, _: claim_page(connection, key), "SELECT id FROM claims"),
        ("source", source_page, "SELECT id FROM sources"),
        ("article", article_page, "SELECT slug FROM documents"),
    ],
)
def test_the_tables_of_a_page_are_those_it_reads(
    connection: sqlite3.Connection, kind: str, load: Any, sql: str
) -> None:
    keys = [row[0] for row in connection.execute(sql)]
    for also in ((), ALSO.get(kind, ())):
        read = {
            table
            for key in keys
            for table in tables_read(connection, partial(load, connection, key, also))
        }
        assert read <= {*TABLES[kind], *also}
        assert read >= {*TABLES[kind]}


@pytest.mark.asyncio
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_pages_are_only_read(example_db: Path, method: str) -> None:
    datasette = await started(example_db)
    response = await datasette.client.request(method, PAGES[0])
    assert response.status_code in (403, 405)  # 403: the guard or Datasette refuses it before us


@pytest.mark.asyncio
async def test_json_twins_follow_cors(example_db: Path) -> None:
    for cors in (False, True):
        datasette = await started(example_db, cors=cors)
        headers = (await datasette.client.get(f"{PAGES[0]}.json")).headers
        assert headers.get("access-control-allow-origin") == ("*" if cors else None)
        html = (await datasette.client.get(PAGES[0])).headers
        assert "access-control-allow-origin" not in html


@pytest.mark.asyncio
async def test_a_page_says_when_it_does_not_show_all(
    example_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasette_leaks.site.claim.EVIDENCE_SHOWN", 2)
    datasette = await started(example_db)
    html = (await datasette.client.get(PAGES[1])).text
    assert "The first 2 of" in html
    # Those who deny it are among the rest, so the page may not say that nobody does.
    assert "Nobody is recorded as denying or disputing" not in html
    assert "Nothing among the assertions shown." in html


@pytest.mark.asyncio
async def test_a_copy_without_a_table_has_no_page_that_reads_it(
    example_db: Path, tmp_path: Path
) -> None:
    path = tmp_path / "harbour.db"
    shutil.copy(example_db, path)
    database = Database(path)
    database.table("source_grades").drop()
    database.close()
    datasette = await started(path)
    statuses = [(await datasette.client.get(page)).status_code for page in PAGES]
    assert statuses == [200, 200, 404, 200]


@pytest.mark.asyncio
@pytest.mark.parametrize("path", PAGES)
async def test_who_may_not_view_a_table_may_not_view_the_pages(example_db: Path, path: str) -> None:
    metadata = {"databases": {"harbour": {"tables": {"sources": {"allow": False}}}}}
    datasette = await started(example_db, metadata=metadata)
    assert (await datasette.client.get(path)).status_code == 403
    assert (await datasette.client.get(f"{path}.json")).status_code == 403


@pytest.mark.asyncio
async def test_a_page_is_drawn_anew_when_the_database_has_changed(
    example_db: Path, tmp_path: Path
) -> None:
    path = tmp_path / "harbour.db"
    shutil.copy(example_db, path)
    datasette = await started(path)
    address = "/harbour/-/leaks/articles/harbour-article"
    before = (await datasette.client.get(address)).text
    database = Database(path)
    with database.atomic():
        database.table("claims").update("hush-order", {"text": "Somebody ordered silence."})
    analyse(database)
    database.close()
    for _ in range(9):  # whichever of Datasette's threads answers
        after = (await datasette.client.get(address)).text
        assert "Somebody ordered silence." in after
    assert "Somebody ordered silence." not in before


@pytest.mark.asyncio
async def test_cells_of_native_tables_lead_to_the_pages(example_db: Path) -> None:
    datasette = await started(example_db)
    by_source = (await datasette.client.get("/harbour/claims_by_source?source_id=hb2")).text
    assert 'href="/harbour/-/leaks/claims/three-inspectors-paid"' in by_source
    assert 'href="/harbour/-/leaks/sources/hb2"' in by_source
    assert 'class="leaks-status leaks-s-disputed"' in by_source
    by_status = (await datasette.client.get("/harbour/claims_by_status?status=disputed")).text
    assert 'href="/harbour/-/leaks/claims/three-inspectors-paid"' in by_status
    assert 'href="/harbour/-/leaks/documents/' in by_status


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/harbour", "/harbour/claims_by_status", "/harbour/sources"])
async def test_menus_lead_to_the_overview(example_db: Path, path: str) -> None:
    datasette = await started(example_db)
    html = (await datasette.client.get(path)).text
    assert 'href="/harbour/-/leaks"' in html
    # On the database's page there is a line in sight, too, on both Datasettes.
    assert html.count("leaks-entry") == (path == "/harbour")


@pytest.mark.asyncio
async def test_pages_work_in_immutable_mode_and_under_a_prefix(example_db: Path) -> None:
    datasette = await started(immutables=[str(example_db)], settings={"base_url": "/news/"})
    for path in PAGES:
        response = await datasette.client.get(path)
        assert response.status_code == 200
        assert 'href="/harbour' not in response.text
        assert 'href="/news/harbour/' in response.text


@pytest.mark.asyncio
async def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    open_database(path, create=True).close()
    datasette = await started(path)
    response = await datasette.client.get("/empty/-/leaks")
    assert response.status_code == 200
    assert "datasette leaks load empty.db" in response.text
