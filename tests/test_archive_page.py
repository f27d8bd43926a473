"""The archive's overview, and its chart of messages over time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from datasette_fixtures import started
from hypothesis import given
from hypothesis import strategies as st
from mail_world import MESSAGES, make_mail_database, reading, scanned, tables_read

from datasette_leaks.site.archive import ArchivePage, archive_page
from datasette_leaks.site.months import HEIGHT, LABELS, MOST_MONTHS, chart
from datasette_leaks.site.routes import TABLES
from datasette_leaks.store.connection import open_database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_mail_database(tmp_path_factory.mktemp("archive") / "mails.db")


@pytest.fixture(scope="module")
def page(database: Path) -> ArchivePage:
    with reading(database) as conn:
        return archive_page(conn)


def test_it_counts_what_was_loaded(page: ArchivePage) -> None:
    assert (page.messages, page.undated) == (len(MESSAGES) + 1, 1)  # and the one within another
    assert [(folder.name, folder.messages) for folder in page.folders] == [
        ("Inbox", 5),
        ("Other", 2),
        ("Sent/2011", 1),
    ]
    assert page.senders[0][:3] == ("ada@q.example", "Ada Quill", 4)
    assert [(one.address, one.received) for one in page.recipients] == [("all@q.example", 8)]


def test_threads_are_the_longest_and_the_latest(page: ArchivePage) -> None:
    assert [(thread.subject, thread.messages) for thread in page.largest] == [("Inspection", 5)]
    assert [thread.subject for thread in page.latest] == [
        "cranes",
        "INSIGHT - the harbour",
        "Inspection",
    ]


def test_loads_balance_and_problems_say_why(page: ArchivePage) -> None:
    for load in page.loads:
        assert load.items == load.loaded + load.duplicates + load.refused
    assert [(one.path, one.place, one.found) for one in page.problems] == [
        ("mail.mbox", "byte 99", "It is no message")
    ]


def test_what_is_only_cited_is_listed(page: ArchivePage) -> None:
    assert [(one.slug, one.url) for one in page.cited] == [
        ("quay-article", None),
        ("letter", "https://q.example/l/17"),
    ]


def test_an_empty_archive_has_a_page(tmp_path: Path) -> None:
    open_database(tmp_path / "empty.db", create=True).close()
    with reading(tmp_path / "empty.db") as conn:
        page = archive_page(conn)
    assert (page.messages, page.chart, page.loads) == (0, None, [])


def test_only_counted_tables_are_read(database: Path) -> None:
    with reading(database) as conn:
        assert scanned(conn, lambda: archive_page(conn)) == []
        read = tables_read(conn, lambda: archive_page(conn))
    assert read == set(TABLES["archive"])
    assert not read & {"emails", "copies", "email_recipients", "insights"}


MONTHS = st.builds("{:04}-{:02}".format, st.integers(0, 9999), st.integers(1, 12))


@given(st.dictionaries(MONTHS, st.integers(1, 10**7), min_size=1, max_size=40))
def test_the_chart_holds_every_message_or_says_that_it_does_not(months: dict[str, int]) -> None:
    drawn = chart(months)
    assert drawn is not None
    shown = sum(bar.messages for bar in drawn.bars)
    assert shown + drawn.earlier + drawn.later == sum(months.values())
    assert drawn.earlier + drawn.later <= 0.01 * sum(months.values())
    assert len(drawn.bars) <= max(MOST_MONTHS, len(months))
    assert 1 <= len(drawn.periods) <= LABELS
    edges = [(bar.x, bar.x + bar.width) for bar in drawn.bars]
    assert all(0 <= left < right <= 100.01 for left, right in edges)
    assert all(right <= left for (_, right), (left, _) in pairwise(edges))
    assert all(0 < bar.height <= HEIGHT for bar in drawn.bars)
    assert all(bar.period < bar.until for bar in drawn.bars)


def test_a_few_wrong_dates_do_not_press_the_bars_together() -> None:
    months = {f"{year}-{month:02}": 500 for year in range(2004, 2012) for month in range(1, 13)}
    drawn = chart({"1970-01": 3, "2038-01": 1, **months})
    assert drawn is not None
    assert (drawn.unit, drawn.earlier, drawn.later) == ("month", 3, 1)
    assert [bar.period for bar in drawn.bars] == sorted(months)


def test_few_months_are_narrow_bars_with_their_names() -> None:
    drawn = chart({"2011-02": 5, "2011-04": 1})
    assert drawn is not None
    assert [round(bar.x + bar.width) for bar in drawn.bars] == [7, 24]
    assert [label.text for label in drawn.periods] == ["2011-02", "2011-03", "2011-04"]


def test_a_long_time_is_drawn_by_years() -> None:
    drawn = chart({"1980-05": 10, "2000-01": 10, "2000-02": 5, "2011-12": 10})
    assert drawn is not None
    assert drawn.unit == "year"
    assert [(bar.period, bar.until, bar.messages) for bar in drawn.bars] == [
        ("1980", "1981", 10),
        ("2000", "2001", 15),
        ("2011", "2012", 10),
    ]


@pytest.mark.parametrize(
    ("most", "levels"),
    [
        (1, ["0", "1"]),
        (7, ["0", "2", "4", "6", "8"]),
        (980, ["0", "500", "1,000"]),
        (12345, ["0", "5,000", "10,000", "15,000"]),
    ],
)
def test_levels_are_round(most: int, levels: list[str]) -> None:
    drawn = chart({"2011-01": most})
    assert drawn is not None
    assert [level.text for level in drawn.levels] == levels


@pytest.mark.asyncio
async def test_ways_lead_to_the_archive_and_the_search_where_they_are(tmp_path: Path) -> None:
    path = make_mail_database(tmp_path / "mails.db")
    ways = ["/mails/-/leaks/archive", "/mails/-/leaks/search"]
    for page in ("/mails/-/leaks", "/mails/-/leaks/claims/paid", "/mails"):
        html = (await (await started(path)).client.get(page)).text
        assert all(f'"{way}"' in html for way in ways), page
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript("DROP TABLE documents_fts; DROP TABLE mail_months;")
    for page in ("/mails/-/leaks", "/mails/-/leaks/claims/paid", "/mails"):
        response = await (await started(path)).client.get(page)
        assert response.status_code == 200
        assert not any(way in response.text for way in ways), page
