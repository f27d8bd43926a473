"""The reading view against Jinja printing the same article's plain paragraphs.

Run ``python -m benchmarks.reading [WORDS] [CLAIMS]`` at the repository's root. Both answer through
the same Datasette: ours is the reading view, the peer a page that prints each paragraph escaped and
nothing else, in Datasette's own environment and chrome. The medians and their ratio are printed.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

from datasette_leaks import compat
from datasette_leaks.analysis.run import analyse
from datasette_leaks.store.connection import open_database

ROUNDS = 25
TARGET = 3.0
PARAGRAPH = 75  # words
READERS = 9  # after each change, more than Datasette has threads: each draws the page once
OURS, PEER = "/leaks/-/leaks/articles/a", "/-/plain"
PLAIN = (
    '{% extends "base.html" %}{% block content %}'
    "{% for paragraph in paragraphs %}<p>{{ paragraph }}</p>\n{% endfor %}{% endblock %}"
)
WORDS = [
    "harbour",
    "inspector",
    "letter",
    "paid",
    "ship",
    "ledger",
    "crane",
    "office",
    "night",
    "said",
    "“quoted”",
    "&",
    "wrote",
]


def fill(conn: sqlite3.Connection, words: int, claims: int) -> None:
    """One article of ``words`` words with ``claims`` claims, each with two assertions in it."""
    rng = random.Random(1)
    paragraphs = [
        " ".join(rng.choice(WORDS) for _ in range(PARAGRAPH)) for _ in range(words // PARAGRAPH)
    ]
    text = "\n\n".join(paragraphs)
    with conn:
        conn.execute(
            "INSERT INTO documents (id, slug, title, kind, text) "
            "VALUES (1, 'a', 'A', 'article', ?)",
            [text],
        )
        start = 0
        for position, paragraph in enumerate(paragraphs):
            conn.execute(
                "INSERT INTO passages (document_id, position, kind, level, continues, start, "
                "\"end\") VALUES (1, ?, 'paragraph', 0, 0, ?, ?)",
                [position, start, start + len(paragraph)],
            )
            start += len(paragraph) + 2
        conn.execute(
            "INSERT INTO dossiers (id, title, article_id, path, sha256) "
            "VALUES ('d', 'D', 1, 'd.yaml', '0')"
        )
        conn.executemany(
            "INSERT INTO sources (id, name, number, kind, named, protected, dossier_id, position) "
            "VALUES (?, ?, ?, 'person', 1, 0, 'd', 1)",
            [(f"s{number}", f"Source {number}", number) for number in range(40)],
        )
        for number in range(claims):
            begin = number * (len(text) - 200) // claims
            conn.execute(
                "INSERT INTO claims (id, text, number, kind, article_id, dossier_id, position, "
                'document_id, start, "end", independence, reported_corroboration, '
                "paraphrase_exceeds_quote, state, line) VALUES (?, ?, ?, 'statement', 1, 'd', ?, 1,"
                " ?, ?, 'presumed', 0, 0, 'accepted', 1)",
                [f"c{number}", f"The invented claim number {number}.", number, number, begin,
                 begin + 120],
            )  # fmt: skip
            conn.executemany(
                "INSERT INTO assertions (id, claim_id, source_id, stance, document_id, start, "
                '"end", basis, state, dossier_id, position, line) '
                "VALUES (?, ?, ?, 'asserts', 1, ?, ?, 'unstated', 'accepted', 'd', ?, 1)",
                [
                    (f"c{number}--{n}", f"c{number}", f"s{(number + n) % 40}", begin, begin + 60, n)
                    for n in range(2)
                ],
            )


async def plain(datasette: Datasette, request: object) -> Response:
    """The peer's page."""
    found = await datasette.get_database("leaks").execute("SELECT text FROM documents")
    html = await datasette.render_template(
        compat.jinja_environment(datasette, request).from_string(PLAIN),
        {"paragraphs": found.first()[0].split("\n\n")},
        request=request,
    )
    return Response.html(html)


class Peer:
    """Registers the peer's page, for this run only."""

    @staticmethod
    @hookimpl
    def register_routes() -> list[tuple[str, object]]:
        return [(r"^/-/plain$", plain)]


async def measure(path: Path) -> tuple[float, float, float]:
    """Medians in seconds: the reading view, drawn anew after a change, and the plain paragraphs."""
    datasette = Datasette([str(path)])
    await datasette.invoke_startup()
    change = sqlite3.connect(path, isolation_level=None)
    times: dict[str, list[float]] = {"kept": [], "drawn": [], "plain": []}
    for number in range(ROUNDS):
        change.execute("UPDATE claims SET note = ? WHERE id = 'c0'", [str(number)])
        for name, address in (("drawn", OURS), ("plain", PEER), *[("kept", OURS)] * READERS):
            start = perf_counter()
            response = await datasette.client.get(address)
            times[name].append(perf_counter() - start)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")
    change.close()
    return median(times["kept"]), median(times["drawn"]), median(times["plain"])


def main(words: int = 30_000, claims: int = 500) -> None:
    """Print the two medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leaks.db"
        db = open_database(path, create=True)
        fill(db.conn, words, claims)
        analyse(db)
        db.close()
        pm.register(Peer, "plain-paragraphs")
        ours, drawn, peer = asyncio.run(measure(path))
    print(f"article of {words:,} words with {claims:,} claims: {ours * 1000:.1f} ms")
    print(f"  drawn anew after a change of the database: {drawn * 1000:.1f} ms")
    print(f"the plain paragraphs: {peer * 1000:.1f} ms; anew takes {drawn / peer:.1f} times that")
    print(f"ratio {ours / peer:.2f} (target {TARGET:.1f} or less)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
