"""The queue of proposals, and how the other pages show what nobody has accepted."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from datasette_fixtures import started
from hypothesis import given
from hypothesis import strategies as st
from mail_world import reading, scanned, tables_read
from proposal_world import make_draft_database

from datasette_leaks.site.article import article_page
from datasette_leaks.site.claim import claim_page
from datasette_leaks.site.links import Links
from datasette_leaks.site.overview import overview_page
from datasette_leaks.site.proposals import (
    ClaimRef,
    ProposedAssertion,
    ProposedClaim,
    ProposedClaimRelation,
    ProposedDerivation,
    ProposedSourceRelation,
)
from datasette_leaks.site.queue import SHOWN, Facet, QueuePage, queue_page
from datasette_leaks.site.queue import TABLES as KINDS
from datasette_leaks.site.routes import TABLES
from datasette_leaks.site.vocabulary import DISCLAIMER, PROPOSALS

QUEUE = "/silt/-/leaks/queue"
PAGES = {
    "overview": "/silt/-/leaks",
    "article": "/silt/-/leaks/articles/silt-article",
    "claim": "/silt/-/leaks/claims/gravel",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_draft_database(tmp_path_factory.mktemp("draft") / "silt.db")


@pytest.fixture
def conn(database: Path) -> Iterator[sqlite3.Connection]:
    with reading(database) as opened:
        yield opened


@pytest.fixture(scope="module")
def many(database: Path) -> Iterator[sqlite3.Connection]:
    """A copy in memory, whose assertions a test may replace."""
    with closing(sqlite3.connect(":memory:")) as copy, reading(database) as opened:
        opened.backup(copy)
        yield copy


def assertions(page: QueuePage) -> list[ProposedAssertion]:
    found = [item for item in page.proposals if isinstance(item, ProposedAssertion)]
    assert len(found) == len(page.proposals)
    return found


def ids(page: QueuePage) -> list[str | int]:
    return [item.id for item in page.proposals]


def facet(page: QueuePage, name: str) -> Facet:
    return next(item for item in page.facets if item.name == name)


def test_the_least_sure_come_first_and_what_counts_is_not_listed(conn: sqlite3.Connection) -> None:
    page = queue_page(conn)
    by_confidence = ["paid--auditors", "gravel--times", "gravel--auditors", "paid--spokeswoman"]
    assert ids(page) == by_confidence
    assert ids(queue_page(conn, {"sort": "highest"})) == by_confidence[::-1]
    assert page.counts == {
        "assertions": 4, "claims": 2, "derivations": 1, "claim-relations": 1, "source-relations": 1,
    }  # fmt: skip
    assert (page.total, page.more, page.start, page.after) == (4, False, True, None)


def test_a_proposal_has_what_an_editor_needs(conn: sqlite3.Connection) -> None:
    by_person, echo, auditors, _ = assertions(queue_page(conn))
    assert by_person.drafted is None
    assert by_person.note == "Do they say that it was twice?"
    assert echo.drafted is not None
    assert (echo.drafted.engine, echo.drafted.rule, echo.drafted.confidence) == (
        "fable", "echo-cue", 0.55,
    )  # fmt: skip
    assert (echo.source.name, echo.stance, echo.cue) == ("The Estuary Times", "echoes", "echoed")
    assert echo.claim == ClaimRef("gravel", "The second payment was booked as gravel.", "proposed")
    assert (auditors.cue, auditors.hedge) == ("According to", "booked as")
    place = auditors.place
    assert place is not None
    (text,) = conn.execute("SELECT text FROM documents WHERE slug = 'silt-article'").fetchone()
    assert text[place.start : place.end] == place.exact == "the second payment was booked as gravel"
    assert place.before == "According to two auditors, "
    line = Path(auditors.written.path).name, auditors.written.line
    (stored,) = conn.execute("SELECT line FROM assertions WHERE id = 'gravel--auditors'").fetchone()
    assert line == ("silt.yaml", stored)


def test_every_kind_is_listed(conn: sqlite3.Connection) -> None:
    found = {kind: queue_page(conn, {"kind": kind}).proposals for kind in KINDS}
    ledger, gravel = found["claims"]
    assert isinstance(ledger, ProposedClaim)
    assert ledger.id == "ledger"
    assert ledger.article.slug == "silt-article"
    assert ledger.place is not None
    assert ledger.place.exact == "She declined to show the ledger"
    assert gravel.id == "gravel"
    (derivation,) = found["derivations"]
    assert isinstance(derivation, ProposedDerivation)
    assert (derivation.source.id, derivation.from_source.id) == ("times", "auditors")
    (of_claims,) = found["claim-relations"]
    assert isinstance(of_claims, ProposedClaimRelation)
    assert (of_claims.claim.id, of_claims.relation, of_claims.other.id) == (
        "gravel", "narrower_than", "paid",
    )  # fmt: skip
    (of_sources,) = found["source-relations"]
    assert isinstance(of_sources, ProposedSourceRelation)
    assert (of_sources.source.id, of_sources.relation, of_sources.other.id) == (
        "auditors", "dependent_on", "hb7",
    )  # fmt: skip
    assert queue_page(conn, {"kind": "nonsense"}) == queue_page(conn)
    assert PROPOSALS.keys() == KINDS.keys()


def test_facets_count_and_narrow(conn: sqlite3.Connection) -> None:
    page = queue_page(conn)
    for name in ("article", "engine", "rule"):
        assert facet(page, name).chosen is None
        for value in facet(page, name).values:
            narrowed = queue_page(conn, {name: value.value})
            assert narrowed.total == len(narrowed.proposals) == value.number
            chosen = facet(narrowed, name).chosen
            assert chosen is not None
            assert (chosen.label, chosen.number) == (value.label, value.number)
    assert [(v.value, v.label, v.number) for v in facet(page, "engine").values] == [
        ("rules", "rules", 2),
        ("-", "a person", 1),
        ("fable", "fable", 1),
    ]
    both = queue_page(conn, {"engine": "rules", "rule": "according-to", "article": "silt-article"})
    assert ids(both) == ["gravel--auditors"]
    assert both.query == {
        "kind": "assertions", "article": "silt-article", "engine": "rules", "rule": "according-to",
    }  # fmt: skip
    assert queue_page(conn, {"article": "nowhere"}).proposals == []
    assert queue_page(conn, {"rule": "' OR 1 --"}).proposals == []


def replace_assertions(conn: sqlite3.Connection, confidences: Sequence[float | None]) -> None:
    """So many proposed assertions of one claim; their ids are not in the order of confidence."""
    conn.execute("DELETE FROM assertions")
    conn.executemany(
        """
        INSERT INTO assertions (id, claim_id, source_id, stance, basis, state, dossier_id, position,
          line, engine, rule, confidence)
        VALUES (?, 'paid', 'hb7', 'asserts', 'unstated', 'proposed', 'silt', ?, 1, ?, ?, ?)
        """,
        [
            (
                f"a:{number * 7919 % 1000:03}", number, None if sure is None else "rules",
                None if sure is None else f"rule-{number % 3}", sure,
            )
            for number, sure in enumerate(confidences)
        ],
    )  # fmt: skip


def all_pages(conn: sqlite3.Connection, asked: dict[str, str | None]) -> list[QueuePage]:
    pages = [queue_page(conn, asked)]
    while pages[-1].after is not None:
        pages.append(queue_page(conn, {**asked, "after": pages[-1].after}))
        assert len(pages) < 10, "the same pages come again"
    return pages


@given(
    st.lists(
        st.none() | st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1), max_size=3 * SHOWN + 2
    ),
    st.sampled_from(["lowest", "highest"]),
)
def test_pages_hold_each_proposal_once_in_order(
    many: sqlite3.Connection, confidences: list[float | None], sort: str
) -> None:
    replace_assertions(many, confidences)
    pages = all_pages(many, {"sort": sort, "kind": "assertions"})
    order = "DESC" if sort == "highest" else "ASC"
    rows = many.execute(f"SELECT id FROM assertions ORDER BY confidence {order}, id {order}")
    assert [key for page in pages for key in ids(page)] == [row[0] for row in rows]
    assert all(len(page.proposals) == SHOWN for page in pages[:-1])
    assert {page.total for page in pages} == {len(confidences)}


@pytest.mark.parametrize("sort", ["lowest", "highest"])
def test_pages_go_on_behind_what_a_person_proposed(many: sqlite3.Connection, sort: str) -> None:
    replace_assertions(many, [None] * (2 * SHOWN + 1) + [0.5])
    pages = all_pages(many, {"sort": sort})
    assert len({key for page in pages for key in ids(page)}) == 2 * SHOWN + 2


def test_what_is_accepted_meanwhile_loses_nothing_else(many: sqlite3.Connection) -> None:
    replace_assertions(many, [0.5] * (SHOWN + 3))
    first = queue_page(many)
    last = first.proposals[-1].id
    many.execute("UPDATE assertions SET state = 'accepted' WHERE id = ?", [last])
    assert len(queue_page(many, {"after": first.after}).proposals) == 3


def test_only_so_many_are_counted(
    many: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasette_leaks.site.queue.COUNTED", 10)
    replace_assertions(many, [0.1] * 20 + [0.9] * 5)
    page = queue_page(many)
    assert (page.total, page.more, page.counts["assertions"]) == (10, True, 10)
    replace_assertions(many, [0.1] * 10)
    page = queue_page(many)
    assert (page.total, page.more, page.counts["assertions"]) == (10, False, 10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "after",
    ["", ":", "x", "0.5", "0.5:", "half:a", "nan:a", "inf:a", ":a'b", "0:²", "1:" + "9" * 40],
)
def test_odd_places_are_no_error(conn: sqlite3.Connection, kind: str, after: str) -> None:
    page = queue_page(conn, {"kind": kind, "after": after})
    assert len(page.proposals) <= 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sort", ["lowest", "highest"])
@pytest.mark.parametrize("after", [None, "0.6:a", ":a"])
def test_no_large_table_is_read_whole(
    conn: sqlite3.Connection, kind: str, sort: str, after: str | None
) -> None:
    for narrowed in ({}, {"engine": "rules", "rule": "pronoun"}, {"article": "silt-article"}):
        asked = {"kind": kind, "sort": sort, "after": after, **narrowed}
        assert scanned(conn, partial(queue_page, conn, asked)) == []


def test_a_page_looks_up_its_place_in_the_index(conn: sqlite3.Connection) -> None:
    steps: list[str] = []
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    queue_page(conn, {"after": "0.6:a", "sort": "highest", "kind": "assertions"})
    conn.set_trace_callback(None)
    for statement in statements:
        if "(confidence, id)" in statement:
            steps += [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert steps == [
        "SEARCH assertions USING COVERING INDEX assertions_proposed ((confidence,id)<(?,?))"
    ]


def test_the_tables_of_the_page_are_those_it_reads(conn: sqlite3.Connection) -> None:
    asked: list[dict[str, str | None]] = [{"kind": kind} for kind in KINDS]
    asked.append({"article": "silt-article"})
    read = {table for each in asked for table in tables_read(conn, partial(queue_page, conn, each))}
    assert read == {*TABLES["queue"]}


def test_the_reading_view_shows_the_draft_in_place(conn: sqlite3.Connection) -> None:
    page = article_page(conn, "silt-article")
    assert page is not None
    proposed = {
        piece.text
        for block in page.blocks
        for pieces in block.items
        for piece in pieces
        if piece.proposed
    }
    assert proposed == {
        "Nobody was paid twice", "She declined to show the ledger", "the second payment",
        " was booked as gravel", "The Estuary Times echoed",
    }  # fmt: skip
    notes = {note.claim_id: note for note in page.notes}
    assert [notes[claim].proposed for claim in ("paid", "gravel", "ledger")] == [False, True, True]
    assert all(note.waits for note in page.notes)
    voices = {voice.source_id: voice for voice in notes["paid"].voices}
    assert {key: voice.proposed for key, voice in voices.items()} == {
        "hb7": False, "spokeswoman": True, "auditors": True,
    }  # fmt: skip
    drafted = notes["ledger"].drafted
    assert drafted is not None
    assert drafted.rule == "pronoun"
    assert page.statuses == {"single_source": 1}  # what is proposed has no status to count


def test_of_two_assertions_alike_the_accepted_one_is_named(many: sqlite3.Connection) -> None:
    replace_assertions(many, [0.5, 0.6])
    many.execute("UPDATE assertions SET state = 'accepted' WHERE confidence = 0.6")
    page = article_page(many, "silt-article")
    assert page is not None
    (voice,) = next(note for note in page.notes if note.claim_id == "paid").voices
    assert not voice.proposed


def test_a_claim_page_says_who_drafted_what(conn: sqlite3.Connection) -> None:
    page = claim_page(conn, "gravel")
    assert page is not None
    assert page.drafted is not None
    assert page.heading.startswith("Claim, proposed: ")
    assert {item.id: item.drafted and item.drafted.engine for item in page.evidence} == {
        "gravel--auditors": "rules",
        "gravel--times": "fable",
    }


def text_of(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html.partition("<main")[2]).split())


@pytest.mark.asyncio
async def test_the_queue_answers(database: Path) -> None:
    datasette = await started(database)
    html = (await datasette.client.get(QUEUE)).text
    assert DISCLAIMER in html
    assert 'href="/silt/-/leaks/articles/silt-article#said-gravel--times"' in html
    assert "drafted by rules (cue-subject), confidence 0.93" in html
    assert "Proposed by a person" in html
    assert "datasette leaks load silt.db" in html
    assert "<code>silt.yaml</code>, line " in html
    for kind in KINDS:
        assert (await datasette.client.get(f"{QUEUE}?kind={kind}")).status_code == 200
    data = (await datasette.client.get(f"{QUEUE}.json?kind=claims&sort=highest")).json()
    assert [item["id"] for item in data["proposals"]] == ["gravel", "ledger"]
    assert data["notice"] == DISCLAIMER
    odd = await datasette.client.get(f"{QUEUE}?article=<script>&engine=<b>&rule=%00&after=%ff")
    assert odd.status_code == 200
    assert "<script>" not in odd.text
    assert (await datasette.client.post(QUEUE)).status_code in (403, 405)


@pytest.mark.asyncio
async def test_every_page_says_what_is_proposed(database: Path) -> None:
    datasette = await started(database)
    for path in PAGES.values():
        html = (await datasette.client.get(path)).text
        assert f'href="{QUEUE}"' in html
        assert "◇" in html
    overview = text_of((await datasette.client.get(PAGES["overview"])).text)
    assert "4 assertions, 2 claims, 1 derivation" in overview
    article = (await datasette.client.get(PAGES["article"])).text
    assert f'href="{QUEUE}?article=silt-article"' in article
    assert "Drafted by rules (pronoun), confidence 0.62" in article
    assert "denies ◇ proposed , drafted by rules (cue-subject), confidence 0.93" in text_of(article)
    claim = text_of((await datasette.client.get(PAGES["claim"])).text)
    assert "Nothing in it counts until an editor accepts it." in claim
    assert "Unsourced" not in claim
    for table in ("claims", "claims_by_status", "assertions", "derivations"):
        rows = (await datasette.client.get(f"/silt/{table}")).text
        assert 'class="leaks-proposed"' in rows, table


@pytest.mark.asyncio
async def test_who_may_not_view_all_tables_is_led_nowhere(database: Path) -> None:
    hidden = {"databases": {"silt": {"tables": {"dossiers": {"allow": False}}}}}
    datasette = await started(database, metadata=hidden)
    assert (await datasette.client.get(QUEUE)).status_code == 403
    assert (await datasette.client.get(f"{QUEUE}.json")).status_code == 403
    for path in PAGES.values():
        response = await datasette.client.get(path)
        assert response.status_code == 200
        assert QUEUE not in response.text
    shut = {"databases": {"silt": {"tables": {"derivations": {"allow": False}}}}}
    datasette = await started(database, metadata=shut)
    data = (await datasette.client.get(f"{PAGES['overview']}.json")).json()
    assert data["proposals"] == {}


@pytest.mark.asyncio
async def test_menus_lead_to_the_queue_where_something_waits(
    database: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.db"
    with reading(database) as full, closing(sqlite3.connect(empty)) as copy:
        full.backup(copy)
        for table in KINDS.values():
            copy.execute(f"UPDATE {table} SET state = 'accepted'")
        copy.commit()
    datasette = await started(database, empty)
    assert f'href="{QUEUE}"' in (await datasette.client.get("/silt")).text
    assert "/-/leaks/queue" not in (await datasette.client.get("/empty")).text
    assert "/-/leaks/queue" not in (await datasette.client.get("/empty/-/leaks")).text
    nothing = await datasette.client.get("/empty/-/leaks/queue")
    assert nothing.status_code == 200
    assert "Nothing waits for an editor." in nothing.text


@pytest.mark.asyncio
async def test_an_older_database_is_shown_as_before(database: Path, tmp_path: Path) -> None:
    older = tmp_path / "silt.db"
    with reading(database) as full, closing(sqlite3.connect(older)) as copy:
        full.backup(copy)
        for kind in KINDS.values():
            copy.execute(f"DROP INDEX {kind}_proposed")
        for table in ("sources", "claims", "assertions"):
            for column in ("engine", "rule", "confidence"):
                copy.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        copy.execute("ALTER TABLE claims_by_status DROP COLUMN state")
        copy.commit()
    datasette = await started(older)
    for path in (*PAGES.values(), "/silt", "/silt/claims_by_status"):
        response = await datasette.client.get(path)
        assert response.status_code == 200
        assert QUEUE not in response.text
    assert (await datasette.client.get(QUEUE)).status_code == 404


def test_the_overview_counts_only_what_may_be_seen(conn: sqlite3.Connection) -> None:
    assert overview_page(conn).proposals == {}
    assert overview_page(conn, KINDS.values()).proposals["assertions"] == 4


def test_addresses_of_the_queue(database: Path) -> None:
    links: Any = Links.__new__(Links)
    links.__dict__["_root"] = "/silt"
    assert links.queue() == QUEUE
    assert links.queue(kind="claims", rule="a b", sort=None) == f"{QUEUE}?kind=claims&rule=a+b"
