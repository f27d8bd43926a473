"""The overview of what was loaded: messages over time, folders, people, loads and problems."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from .links import web_address
from .months import Chart, chart

LISTED = 12  # folders, correspondents, threads
LOADS_SHOWN = 20
PROBLEMS_SHOWN = 20
CITED_SHOWN = 30


class Month(NamedTuple):
    """``month`` is YYYY-MM in UTC."""

    month: str
    messages: int


class Folder(NamedTuple):
    """``messages`` counts the physical copies in it."""

    id: int
    name: str
    messages: int


class Correspondent(NamedTuple):
    """``sent`` and ``received`` (to, cc and bcc) count messages."""

    address: str
    name: str
    sent: int
    received: int


class ThreadRef(NamedTuple):
    """A thread by the slug of its first message. Dates are UTC."""

    slug: str
    subject: str
    messages: int
    first_sent: str | None
    last_sent: str | None


class Load(NamedTuple):
    """One run of a loader: items = loaded + duplicates + refused. ``problems`` counts reasons."""

    id: int
    path: str
    loader: str
    finished: str
    items: int
    loaded: int
    duplicates: int
    refused: int
    problems: int


class LoadProblem(NamedTuple):
    """What a loader could not take, or found wrong, and what to do."""

    load_id: int
    path: str
    place: str
    found: str
    expected: str
    advice: str


class CitedDocument(NamedTuple):
    """A document that is only cited so far. ``url`` only where a reader may be sent there."""

    slug: str
    title: str
    kind: str
    url: str | None


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """``messages`` counts e-mails, equal bytes once; ``undated`` those without a readable date.

    ``senders`` are the correspondents who sent most, ``recipients`` those who received most.
    Of the lists only the first are here; the totals say how many there are.
    """

    messages: int
    undated: int
    months: list[Month]
    chart: Chart | None
    folders: list[Folder]
    folders_total: int
    senders: list[Correspondent]
    recipients: list[Correspondent]
    largest: list[ThreadRef]
    latest: list[ThreadRef]
    loads: list[Load]
    loads_total: int
    problems: list[LoadProblem]
    problems_total: int
    cited: list[CitedDocument]
    cited_total: int

    @property
    def heading(self) -> str:
        """What the page is about, for its title."""
        return "Archive"


_MONTHS = "SELECT month, messages FROM mail_months ORDER BY month"

_FOLDERS = "SELECT id, name, messages FROM folders ORDER BY messages DESC, name LIMIT :limit"

_CORRESPONDENTS = """
SELECT address, name, sent, received FROM correspondents
WHERE {column} > 0 ORDER BY {column} DESC LIMIT :limit
"""

_THREADS = """
SELECT documents.slug, threads.subject, messages, first_sent, last_sent
FROM threads JOIN documents ON documents.id = threads.id
WHERE {column} > :least ORDER BY {column} DESC LIMIT :limit
"""

_LOADS = """
SELECT id, path, loader, finished, items, loaded, duplicates, refused, problems
FROM loads ORDER BY id DESC LIMIT :limit
"""

_PROBLEMS = """
SELECT load_id, path, place, found, expected, advice
FROM load_problems JOIN loads ON loads.id = load_id
ORDER BY load_problems.id DESC LIMIT :limit
"""

# A document without a file has no sum of its bytes.
_CITED = """
SELECT slug, title, kind, url FROM documents WHERE sha256 IS NULL ORDER BY id LIMIT :limit
"""

_TOTALS = """
SELECT (SELECT count(*) FROM folders), (SELECT count(*) FROM loads),
  (SELECT coalesce(sum(problems), 0) FROM loads),
  (SELECT count(*) FROM documents WHERE sha256 IS NULL)
"""


def archive_page(connection: sqlite3.Connection) -> ArchivePage:
    """Everything the archive's overview shows, from tables that are counted when a load ends."""
    months = [Month(*row) for row in connection.execute(_MONTHS)]
    dated = {month: messages for month, messages in months if month}

    def correspondents(column: str) -> list[Correspondent]:
        rows = connection.execute(_CORRESPONDENTS.format(column=column), {"limit": LISTED})
        return [Correspondent(*row) for row in rows]

    def threads(column: str, least: int | str) -> list[ThreadRef]:
        at = {"limit": LISTED, "least": least}
        return [ThreadRef(*row) for row in connection.execute(_THREADS.format(column=column), at)]

    folders, loads, problems, cited = connection.execute(_TOTALS).fetchone()
    messages = sum(month.messages for month in months)
    return ArchivePage(
        messages=messages,
        undated=messages - sum(dated.values()),
        months=months,
        chart=chart(dated),
        folders=[Folder(*row) for row in connection.execute(_FOLDERS, {"limit": LISTED})],
        folders_total=folders,
        senders=correspondents("sent"),
        recipients=correspondents("received"),
        largest=threads("messages", 1),
        latest=threads("last_sent", ""),
        loads=[Load(*row) for row in connection.execute(_LOADS, {"limit": LOADS_SHOWN})],
        loads_total=loads,
        problems=[
            LoadProblem(*row) for row in connection.execute(_PROBLEMS, {"limit": PROBLEMS_SHOWN})
        ],
        problems_total=problems,
        cited=[
            CitedDocument(slug, title, kind, web_address(url))
            for slug, title, kind, url in connection.execute(_CITED, {"limit": CITED_SHOWN})
        ],
        cited_total=cited,
    )
