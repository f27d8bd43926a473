"""The queue: what is proposed and waits for an editor, the least sure first."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, NamedTuple

from .proposals import READERS, Proposal
from .refs import document_refs

SHOWN = 20  # proposals on a page
COUNTED = 2_000  # proposals; beyond, the page says "more than"
FACET = 12  # values shown of a facet
ASKED = ("kind", "sort", "after", "article", "engine", "rule")  # parameters of the address
BY_HAND = "-"  # in place of an engine: a person proposed it

#: Kinds of proposals, in the order of the page, and the table of each.
TABLES: Mapping[str, str] = {
    "assertions": "assertions",
    "claims": "claims",
    "derivations": "derivations",
    "claim-relations": "claim_relations",
    "source-relations": "source_relations",
}
#: Where the article of a proposal stands, for those that can be narrowed and sorted.
_ARTICLE: Mapping[str, str] = {"assertions": "document_id", "claims": "article_id"}


class FacetValue(NamedTuple):
    """A value that narrows the queue, ``label`` as people read it; ``number`` proposals have it.

    ``value`` is a document's slug, an engine ("-" for people) or a rule.
    """

    value: str
    label: str
    number: int


class Facet(NamedTuple):
    """What the proposals can be narrowed by; ``chosen`` is the value they are narrowed to.

    ``values`` are the most frequent, ``more`` counts the others.
    """

    name: str
    chosen: FacetValue | None
    values: list[FacetValue]
    more: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    """``counts``: proposals by kind, 2,000 at most. ``kind`` is the one that is listed.

    ``total`` counts those that the facets leave, 2,000 at most; ``more`` is true when there are
    more, and the facets then count the first 2,000 in the order of the page. ``sort`` is lowest or
    highest (confidence first); what has none was proposed by a person and counts as the lowest.
    ``after`` is where the next page begins, null on the last.
    """

    kind: str
    sort: str
    counts: dict[str, int]
    total: int
    more: bool
    facets: list[Facet]
    proposals: list[Proposal]
    start: bool
    after: str | None

    @property
    def heading(self) -> str:
        """What the page is about, for its title."""
        return "Proposals"

    @property
    def query(self) -> dict[str, str]:
        """What the page was asked for, as parameters of its address."""
        given = {facet.name: facet.chosen.value for facet in self.facets if facet.chosen}
        return {"kind": self.kind} | ({"sort": self.sort} if self.sort != "lowest" else {}) | given


def has_queue(present: Mapping[str, Sequence[str]]) -> bool:
    """Whether a database with these tables and columns can be asked what waits.

    One that was made before the queue has no index for it and would be read whole.
    """
    return "engine" in present.get("assertions", ()) and present.keys() >= {*TABLES.values()}


def waiting(connection: sqlite3.Connection) -> dict[str, int]:
    """How many proposals of each kind there are, up to COUNTED + 1; only kinds that have any."""
    found = {}
    for kind, table in TABLES.items():
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE state = 'proposed' LIMIT ?)"  # noqa: S608
        (number,) = connection.execute(sql, [COUNTED + 1]).fetchone()
        if number:
            found[kind] = int(number)
    return found


def any_waits(connection: sqlite3.Connection) -> bool:
    """Whether there is any proposal."""
    clauses = (f"EXISTS (SELECT 1 FROM {t} WHERE state = 'proposed')" for t in TABLES.values())  # noqa: S608
    return bool(connection.execute(f"SELECT {' OR '.join(clauses)}").fetchone()[0])


def queue_page(
    connection: sqlite3.Connection, asked: Mapping[str, str | None] | None = None
) -> QueuePage:
    """The page of the queue that is asked for by ``kind``, ``sort``, ``after`` and the facets.

    The facets are ``article`` (a slug), ``engine`` and ``rule``. What makes no sense is left out.
    """
    asked = asked or {}
    counts = waiting(connection)
    kind = asked.get("kind") or next(iter(counts), "assertions")
    kind = kind if kind in TABLES else "assertions"
    sort = "highest" if asked.get("sort") == "highest" else "lowest"
    after = _after(asked.get("after"))
    facets: list[Facet] = []
    if kind in _ARTICLE:
        where, values, chosen = _narrowed(connection, kind, asked)
        total, facets = _facets(connection, kind, sort, where, values, chosen)
        keys = _by_confidence(connection, kind, sort, where, values, after)
    else:
        total = counts.get(kind, 0)
        keys = _by_number(connection, TABLES[kind], after)
    shown = keys[:SHOWN]
    return QueuePage(
        kind=kind,
        sort=sort,
        counts={name: min(count, COUNTED) for name, count in counts.items()},
        total=min(total, COUNTED),
        more=total > COUNTED,
        facets=facets,
        proposals=READERS[kind](connection, [key for _, key in shown]),
        start=after is None,
        after=_token(shown[-1]) if len(keys) > SHOWN else None,
    )


_Key = tuple[float | None, str | int]


def _token(key: _Key) -> str:
    confidence, name = key
    return f"{'' if confidence is None else repr(confidence)}:{name}"


def _after(token: str | None) -> tuple[float | None, str] | None:
    """Confidence and id of the last proposal of the page before; None for the first page."""
    confidence, colon, name = (token or "").partition(":")
    if not colon or not name:
        return None
    if not confidence:
        return None, name
    try:
        number = float(confidence)
    except ValueError:
        return None
    return (number, name) if isfinite(number) else None


def _narrowed(
    connection: sqlite3.Connection, kind: str, asked: Mapping[str, str | None]
) -> tuple[str, dict[str, Any], dict[str, str]]:
    """A WHERE clause with its values, and by facet what was chosen."""
    clauses, values, chosen = ["state = 'proposed'"], {}, {}
    if article := asked.get("article"):
        row = connection.execute("SELECT id FROM documents WHERE slug = ?", [article]).fetchone()
        clauses.append(f"{_ARTICLE[kind]} = :article")
        values["article"], chosen["article"] = row[0] if row else None, article
    if engine := asked.get("engine"):
        clauses.append("engine IS NULL" if engine == BY_HAND else "engine = :engine")
        values["engine"] = chosen["engine"] = engine
    if rule := asked.get("rule"):
        clauses.append("rule = :rule")
        values["rule"] = chosen["rule"] = rule
    return " AND ".join(clauses), values, chosen


def _facets(
    connection: sqlite3.Connection,
    kind: str,
    sort: str,
    where: str,
    values: Mapping[str, Any],
    chosen: Mapping[str, str],
) -> tuple[int, list[Facet]]:
    """How many proposals there are, up to COUNTED + 1, and what narrows them further."""
    table, article = TABLES[kind], _ARTICLE[kind]
    order = "DESC" if sort == "highest" else "ASC"
    sql = f"""
    SELECT {article}, engine, rule, count(*) FROM (
      SELECT {article}, engine, rule FROM {table} WHERE {where}
      ORDER BY confidence {order}, id {order} LIMIT :counted)
    GROUP BY 1, 2, 3
    """  # noqa: S608
    articles: Counter[int] = Counter()
    engines: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    total = 0
    for document, engine, rule, count in connection.execute(
        sql, {**values, "counted": COUNTED + 1}
    ):
        total += count
        if document is not None:
            articles[document] += count
        engines[engine or BY_HAND] += count
        if rule:
            rules[rule] += count
    titles = document_refs(connection, [key for key, _ in articles.most_common(FACET)])
    if "article" in chosen:
        found = {ref.slug: ref for ref in titles.values()}
        title = found[chosen["article"]].title if chosen["article"] in found else chosen["article"]
    else:
        title = ""
    return total, [
        _facet("article", chosen, total, title, len(articles), [
            FacetValue(ref.slug, ref.title, articles[key]) for key, ref in titles.items()
        ]),
        _facet("engine", chosen, total, _engine(chosen.get("engine", "")), len(engines), [
            FacetValue(name, _engine(name), count) for name, count in engines.most_common(FACET)
        ]),
        _facet("rule", chosen, total, chosen.get("rule", ""), len(rules), [
            FacetValue(name, name, count) for name, count in rules.most_common(FACET)
        ]),
    ]  # fmt: skip


def _facet(
    name: str,
    chosen: Mapping[str, str],
    total: int,
    label: str,
    known: int,
    values: list[FacetValue],
) -> Facet:
    if name in chosen:
        return Facet(name, FacetValue(chosen[name], label, total), [], 0)
    values = sorted(values, key=lambda value: (-value.number, value.label))
    return Facet(name, None, values, known - len(values))


def _engine(name: str) -> str:
    return "a person" if name == BY_HAND else name


def _by_confidence(
    connection: sqlite3.Connection,
    kind: str,
    sort: str,
    where: str,
    values: Mapping[str, Any],
    after: tuple[float | None, str] | None,
) -> list[_Key]:
    """Confidence and id of the proposals after ``after``, one more than a page holds.

    Those without a confidence come in a query of their own: one condition for both could not be
    looked up in the index.
    """
    highest = sort == "highest"
    order, beyond = ("DESC", "<") if highest else ("ASC", ">")
    without, with_it = "confidence IS NULL", "confidence IS NOT NULL"
    parts = [with_it, without] if highest else [without, with_it]
    at = dict(values)
    if after is not None:
        confidence, at["after"] = after
        if confidence is None:
            parts = parts[parts.index(without) :]
            parts[0] += f" AND id {beyond} :after"
        else:
            at["confidence"] = confidence
            parts = parts[parts.index(with_it) :]
            parts[0] = f"(confidence, id) {beyond} (:confidence, :after)"
    found: list[_Key] = []
    for part in parts:
        at["limit"] = SHOWN + 1 - len(found)
        sql = f"""
        SELECT confidence, id FROM {TABLES[kind]} WHERE {where} AND {part}
        ORDER BY confidence {order}, id {order} LIMIT :limit
        """  # noqa: S608
        found += connection.execute(sql, at).fetchall()
    return found


def _by_number(
    connection: sqlite3.Connection, table: str, after: tuple[float | None, str] | None
) -> list[_Key]:
    """The same for proposals without a confidence: by their number."""
    last = int(after[1]) if after and after[1].isascii() and after[1].isdigit() else 0
    sql = f"""
    SELECT NULL, id FROM {table} WHERE state = 'proposed' AND id > ? ORDER BY id LIMIT ?
    """  # noqa: S608
    return connection.execute(sql, [min(last, 1 << 62), SHOWN + 1]).fetchall()
