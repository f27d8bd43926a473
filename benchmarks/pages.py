"""The plugin's pages against Datasette's own, in the same Datasette over the same database.

Run ``python -m benchmarks.pages [CLAIMS]`` at the repository's root. Each page and its peer are
asked for in turn, through Datasette's in-process client; the medians and their ratio are printed.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from datasette.app import Datasette
from sqlite_utils import Database

from benchmarks.generate import CLAIMS, fill
from datasette_leaks.analysis.run import analyse
from datasette_leaks.store.connection import open_database

ROUNDS = 25
FACETS = "_facet=status&_facet=article_id&_facet=kind"


def flat_copy(db: Database) -> None:
    """What somebody would make by hand: one table of plain columns, indexed where it is faceted."""
    db.conn.execute(
        """
        CREATE TABLE flat AS
        SELECT id, claim, status, article_id, kind, assertions, sources, origins, unidentified,
          echoes, against, independence, reported_corroboration, circular_reporting,
          self_inconsistent, paraphrase_exceeds_quote, computed_status, override,
          status_with_proposed, origins_with_proposed, explanation, claim_number
        FROM claims_by_status
        """
    )
    db.table("flat").transform(pk="id")
    for column in ("status", "article_id", "kind"):
        db.table("flat").create_index([column])


def pages(db: Database) -> list[tuple[str, str, str, float]]:
    """(what is measured, our path, the peer's path, target ratio)."""
    claim = db.execute("SELECT id FROM claims ORDER BY number LIMIT 1 OFFSET 1234").fetchone()[0]
    source = db.execute(
        "SELECT source_id FROM assertions GROUP BY 1 ORDER BY count(*) DESC"
    ).fetchone()[0]
    row = f"/leaks/claims_by_status/{claim}"
    return [
        (
            "claims_by_status, three facets : flat table",
            "/leaks/claims_by_status?_nosuggest=1",  # these three facets are shown unasked
            f"/leaks/flat?{FACETS}&_nosuggest=1",
            1.1,
        ),
        ("claim page : native row page", f"/leaks/-/leaks/claims/{claim}", row, 2.0),
        ("source page : native row page", f"/leaks/-/leaks/sources/{source}", row, 2.0),
        ("overview : native row page", "/leaks/-/leaks", row, 2.0),
    ]


async def measure(path: Path, wanted: list[tuple[str, str, str, float]]) -> None:
    """Ask for each page and its peer in turn and print the ratio of the medians."""
    datasette = Datasette([str(path)])
    await datasette.invoke_startup()
    for name, ours, peer, target in wanted:
        times: dict[str, list[float]] = {ours: [], peer: []}
        for _ in range(ROUNDS):
            for address in (ours, peer):
                start = perf_counter()
                response = await datasette.client.get(address)
                times[address].append(perf_counter() - start)
                if response.status_code != 200:
                    raise RuntimeError(f"{address}: {response.status_code}")
        mine, other = median(times[ours]), median(times[peer])
        print(f"{name}: {mine * 1000:.1f} ms : {other * 1000:.1f} ms")
        print(f"ratio {mine / other:.2f} (target {target:.1f} or less)")


def main(claims: int = 200_000) -> None:
    """Build the database, then measure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leaks.db"
        db = open_database(path, create=True)
        fill(db.conn, int(claims / CLAIMS))
        analyse(db)
        flat_copy(db)
        wanted = pages(db)
        print(f"{db.table('claims').count:,} claims, {db.table('assertions').count:,} assertions")
        db.close()
        asyncio.run(measure(path, wanted))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
