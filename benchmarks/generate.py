"""Make a database of invented claims of any size. The same arguments give the same rows."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator

CLAIMS = 0.245  # for each assertion
DERIVATIONS = 0.6
SOURCES = 0.015
KINDS = ("person", "coded_source", "outlet", "agency", "organisation", "collective")
STANCES = ("asserts",) * 12 + ("corroborates",) * 3 + ("disputes", "denies", "declines_to_comment")
BASES = ("first_hand", "second_hand", "document", "unstated", "unstated", "unstated")


def fill(conn: sqlite3.Connection, assertions: int, *, seed: int = 1) -> None:
    """Fill an empty datasette-leaks database with ``assertions`` assertions, all accepted.

    Some 49,000 claims, 120,000 derivations and 3,000 sources for 200,000 assertions; one claim in
    twenty is narrower than another, one source in twenty depends on another, and there are cycles.
    An article has some 200 claims and 40 sources of its own, and derivations stay near.
    Text ids are of the length that dossiers have.
    """
    rng = random.Random(seed)
    sources = max(10, int(assertions * SOURCES))
    claims = max(5, int(assertions * CLAIMS))
    articles = max(1, claims // 200)
    with conn:
        conn.execute(
            "INSERT INTO dossiers (id, title, path, sha256) VALUES ('made', 'Made', 'made', '0')"
        )
        conn.executemany(
            "INSERT INTO documents (id, slug, title, kind, voice_id) VALUES (?, ?, ?, ?, ?)",
            (
                (number, f"article-{number}", f"Article {number}", "article", _source(number))
                for number in range(1, articles + 1)
            ),
        )
        conn.executemany(
            "INSERT INTO sources (id, name, number, kind, named, protected, dossier_id, "
            "position) VALUES (?, ?, ?, ?, ?, 0, 'made', ?)",
            (
                (
                    _source(number),
                    f"Source {number}",
                    number,
                    rng.choice(KINDS),
                    number % 10 > 0,
                    number,
                )
                for number in range(1, sources + 1)
            ),
        )
        conn.executemany(
            "INSERT INTO source_relations (source_id, kind, other_id, state, position) "
            "VALUES (?, ?, ?, 'accepted', 1)",
            (
                (_source(number), ("same_as", "dependent_on")[number % 2], _source(number // 2))
                for number in range(20, sources, 20)
            ),
        )
        conn.executemany(
            "INSERT INTO claims (id, text, number, kind, article_id, dossier_id, position, "
            "independence, reported_corroboration, paraphrase_exceeds_quote, state, "
            "line) VALUES (?, ?, ?, ?, ?, 'made', ?, 'presumed', 0, 0, 'accepted', 1)",
            (
                (
                    _claim(number),
                    f"Invented claim number {number}, as long as a sentence of an editor's is.",
                    number,
                    "opinion" if number % 12 == 0 else "statement",
                    number * articles // (claims + 1) + 1,
                    number,
                )
                for number in range(1, claims + 1)
            ),
        )
        conn.executemany(
            "INSERT INTO claim_relations (claim_id, kind, other_id, state, position) "
            "VALUES (?, ?, ?, 'accepted', 1)",
            (
                (_claim(number), "narrower_than", _claim(number // 2))
                for number in range(20, claims, 20)
            ),
        )
        rows = list(_assertions(rng, assertions, claims, sources))
        conn.executemany(
            "INSERT INTO assertions (id, claim_id, source_id, stance, said_on, basis, state, "
            "dossier_id, position, line) "
            "VALUES (?, ?, ?, ?, '2012-10-05', ?, 'accepted', 'made', ?, 1)",
            rows,
        )
        conn.executemany(
            "INSERT INTO derivations (assertion_id, derived_from_id, state, position) "
            "VALUES (?, ?, 'accepted', 1)",
            sorted(_derivations(rng, [row[0] for row in rows])),
        )


def _source(number: int) -> str:
    return f"source-{number}"


def _claim(number: int) -> str:
    return f"invented-claim-{number}"


def _assertions(
    rng: random.Random, count: int, claims: int, sources: int
) -> Iterator[tuple[str, str, str, str, str, int]]:
    for number in range(count):
        claim = _claim(min(claims, number * claims // count + rng.randrange(3) + 1))
        near = number * sources // count
        source = _source((near + rng.randrange(40)) % sources + 1)
        yield (
            f"{claim}--{source}--{number}",
            claim,
            source,
            rng.choice(STANCES),
            rng.choice(BASES),
            number,
        )


def _derivations(rng: random.Random, ids: list[str]) -> set[tuple[str, str]]:
    """Mostly to one of the eight assertions before; one in two thousand closes a cycle."""
    wanted = int(len(ids) * DERIVATIONS)
    found: set[tuple[str, str]] = set()
    while len(found) < wanted:
        late = rng.randrange(1, len(ids))
        early = rng.randrange(max(0, late - 8), late)
        pair = (ids[late], ids[early])
        found.add(pair)
        if len(found) % 2000 == 0:
            found.add((pair[1], pair[0]))
    return found
