"""How often the rules are right on the gold set, by type of source: the README's table.

``python tests/gold_table.py`` prints it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from gold_set import Piece, pieces

from datasette_leaks.analysis.attribution import Attribution, Extraction
from datasette_leaks.analysis.extract_rules import Rules
from datasette_leaks.analysis.score import Pair, Row, match, score

TYPES = ("named", "anonymous", "document", "organisation", "collective")
PIECES = list(pieces())
DRAFTS = {piece.id: Rules().extract(piece.text, (), ()) for piece in PIECES}


def row(attribution: Attribution) -> Row:
    """What the scorer sees."""
    return Row(attribution.start, attribution.end, attribution.kind, attribution.speaker)


def pair(piece: Piece) -> Pair:
    """A passage with the engine's rows and its gold."""
    drafted = [row(one) for one in DRAFTS[piece.id].attributions]
    return Pair(piece.text, drafted, [one.row for one in piece.wanted])


def plain(name: str) -> str:
    """A source's name without article and marks."""
    return re.sub(r"^(?:the|a|an) ", "", name.lower().strip("“”\"'"))


def resolved(piece: Piece, kind: str) -> tuple[int, int]:
    """How many gold rows of a type have a known source, and how many of those the engine named."""
    draft: Extraction = DRAFTS[piece.id]
    names = {one.id: {plain(name) for name in (one.name, *one.aliases)} for one in draft.sources}
    rows = [one for one in draft.attributions if one.kind != "scare"]
    wanted = {
        id(one.row): plain(one.source)
        for one in piece.wanted
        if one.source and one.row.type == kind
    }
    drafted = [row(one) for one in rows]
    sources = {id(made): one.source for made, one in zip(drafted, rows, strict=True)}
    right = 0
    for made, gold in match(drafted, [one.row for one in piece.wanted], 0.5):
        right += wanted.get(id(gold)) in names.get(sources[id(made)] or "", set())
    return len(wanted), right


def drafted_types() -> dict[str, tuple[int, int]]:
    """By type that the rules gave a source: its rows, and those whose gold row has that type."""
    made_rows: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for piece in PIECES:
        draft = DRAFTS[piece.id]
        types = {one.id: one.type for one in draft.sources}
        rows = [one for one in draft.attributions if one.kind != "scare" and one.source]
        drafted = [row(one) for one in rows]
        type_of = {
            id(made): types[one.source or ""] for made, one in zip(drafted, rows, strict=True)
        }
        made_rows.update(type_of.values())
        for made, gold in match(drafted, [one.row for one in piece.wanted], 0.5):
            right[type_of[id(made)]] += gold.type == type_of[id(made)]
    return {kind: (made_rows[kind], right[kind]) for kind in TYPES}


def table() -> str:
    """The table as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    report = score(map(pair, PIECES))
    types = drafted_types()
    heads = "type of source | statements | right speaker | right source | drafted as such | rightly"
    yield f"| {heads} |"
    yield "|---|--:|--:|--:|--:|--:|"
    for kind in TYPES:
        figures = report.types[kind]
        counts = [resolved(piece, kind) for piece in PIECES]
        known, named = sum(all_ for all_, _ in counts), sum(right for _, right in counts)
        drafted, right = types[kind]
        yield (
            f"| {kind} | {figures.wanted} | {figures.found} ({figures.recall:.0%}) "
            f"| {named} of {known} ({named / known:.0%}) "
            f"| {drafted} | {right} ({right / drafted:.0%}) |"
        )


if __name__ == "__main__":
    print(table())
