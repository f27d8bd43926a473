"""All derived tables against a bare pass over the same rows in memory that only resolves roots.

Run ``python -m benchmarks.analysis [ASSERTIONS]`` at the repository's root. The two alternate, five
times each; the medians and their ratio are printed.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlite_utils import Database

from benchmarks.generate import fill
from datasette_leaks.analysis.run import analyse
from datasette_leaks.store.connection import open_database

RUNS = 5
TARGET = 3.0
DERIVED = ("assertion_origins", "claims_by_status", "claims_by_source", "claim_counts")


def bare(
    assertions: list[tuple[str]], derivations: list[tuple[str, str]]
) -> dict[str, frozenset[str]]:
    """The roots of each assertion: strongly connected components (Tarjan), then sets of roots."""
    parents: dict[str, list[str]] = {row[0]: [] for row in assertions}
    for child, parent in derivations:
        parents[child].append(parent)
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    component: dict[str, int] = {}
    roots: list[frozenset[str]] = []
    for start in parents:
        if start in number:
            continue
        number[start] = low[start] = len(number)
        stack.append(start)
        work = [(start, iter(parents[start]))]
        while work:
            node, rest = work[-1]
            for parent in rest:
                if parent not in number:
                    number[parent] = low[parent] = len(number)
                    stack.append(parent)
                    work.append((parent, iter(parents[parent])))
                    break
                if parent not in component:
                    low[node] = min(low[node], number[parent])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    members = [stack.pop()]
                    while members[-1] != node:
                        members.append(stack.pop())
                    found: set[str] = set()
                    for member in members:
                        for parent in parents[member]:
                            if parent in component:
                                found |= roots[component[parent]]
                    for member in members:
                        component[member] = len(roots)
                    roots.append(frozenset(found or {min(members)}))
    return {id_: roots[place] for id_, place in component.items()}


def main(assertions: int = 200_000) -> None:
    """Print the two medians in seconds and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "leaks.db", create=True)
        fill(db.conn, assertions)
        ids = db.conn.execute("SELECT id FROM assertions").fetchall()
        pairs = db.conn.execute("SELECT assertion_id, derived_from_id FROM derivations").fetchall()
        ours, theirs = [], []
        for _ in range(RUNS):
            empty(db)
            ours.append(seconds(lambda: analyse(db)))
            theirs.append(seconds(lambda: bare(ids, pairs)))
        written = sum(db[table].count for table in DERIVED)
        db.close()
    ratio = median(ours) / median(theirs)
    print(f"{assertions:,} assertions, {len(pairs):,} derivations, {written:,} rows written")
    print(f"read, compute and write all derived tables: {median(ours):.2f} s")
    print(f"bare pass in memory, roots only:            {median(theirs):.2f} s")
    print(f"ratio {ratio:.2f} (target {TARGET:.1f} or less)")


def empty(db: Database) -> None:
    """Drop every derived row, so that a run writes them all."""
    for table in DERIVED:
        db.table(table).delete_where()


def seconds(run: Callable[[], object]) -> float:
    """How long one run takes, with no earlier garbage to collect in it."""
    gc.collect()
    start = perf_counter()
    run()
    return perf_counter() - start


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
