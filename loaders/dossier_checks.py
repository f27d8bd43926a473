"""What must hold in a dossier beyond the type of each field, and references out of it.

Ids that a dossier uses and does not define may be defined in another one, so they are no mistake
here: ``references`` gives them to the store, which knows the others.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .dossier_yaml import Path, Tree, field_path
from .records import CLAIM_RELATION_KINDS, SOURCE_RELATION_KINDS, Anchor, Cited, Dossier, Problem


@dataclass(frozen=True, slots=True)
class Reference:
    """An id that a dossier uses and does not define itself.

    ``kind`` is source, claim, assertion or document; ``path`` the dossier's file, ``line`` the line
    of the source, claim, assertion or document that uses the id, ``field`` the field in it.
    """

    kind: str
    id: str
    path: str
    line: int
    field: str


def check(tree: Tree) -> None:
    """Note all mistakes that the schema cannot tell in ``tree``, whatever else is wrong in it."""
    if not isinstance(tree.value, dict):
        return
    _check_dates(tree)
    _check_unique(tree)
    _check_articles(tree)
    _check_assertions(tree)
    _check_relations(tree)
    _check_cycles(tree)


def suggestion(word: str, known: Iterable[str]) -> str:
    """``Did you mean …?`` when a known word is close to ``word``, else nothing."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else ""


def assertion_ids(value: Any) -> dict[Path, str]:
    """The id of every assertion in a dossier's value, by path; odd parts are passed over.

    It is the stated id or claim--source, with --2 and so on for repeats of the pair in file order.
    """
    ids: dict[Path, str] = {}
    pairs: dict[tuple[str, str], int] = {}
    for path, claim, item in assertions(value):
        source = item.get("source")
        stated = item.get("id")
        if isinstance(claim, str) and isinstance(source, str):
            count = pairs[claim, source] = pairs.get((claim, source), 0) + 1
            ids[path] = default_assertion_id(claim, source, count)
        if isinstance(stated, str):
            ids[path] = stated
    return ids


def default_assertion_id(claim: str, source: str, count: int) -> str:
    """The id of the ``count``-th assertion (from 1) of a claim and source, when it states none."""
    return f"{claim}--{source}" + (f"--{count}" if count > 1 else "")


def assertions(value: Any) -> Iterator[tuple[Path, object, dict[str, Any]]]:
    """Path, claim id and value of every assertion: those under claims first, then the others."""
    for path, claim in items(value, "claims"):
        for below, item in items(claim, "assertions"):
            yield (*path, *below), claim.get("id"), item
    for path, item in items(value, "assertions"):
        yield path, item.get("claim"), item


def items(value: Mapping[str, Any], key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Path and value of every mapping in the list at ``key``; what is none is passed over."""
    listed = value.get(key)
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(item, dict):
            yield (key, index), item


def named(path: Path, value: Any) -> Path:
    """``("claims", 3, "at")`` as ``("claims", "paid", "at")``: people know an item by its id.

    So for claims, sources and documents whose id is one, but not where the id itself is meant;
    other paths stay as they are.
    """
    match path:
        case ("claims" | "sources" | "documents" as kind, int(index), *rest) if rest != ["id"]:
            listed = value.get(kind) if isinstance(value, dict) else None
            item = listed[index] if isinstance(listed, list) and index < len(listed) else None
            id_ = item.get("id") if isinstance(item, dict) else None
            if isinstance(id_, str) and ID.fullmatch(id_):
                return (kind, id_, *rest)
    return path


ID = re.compile("[a-z0-9][a-z0-9_-]{0,79}")


def assertion_paths(dossier: Dossier) -> list[Path]:
    """Where each of ``dossier.assertions`` stands, as ``named`` has it: under its claim or last."""
    own = {claim.id for claim in dossier.claims}
    numbers: dict[str | None, int] = {}
    paths: list[Path] = []
    for assertion in dossier.assertions:
        claim = assertion.claim if assertion.claim in own else None
        number = numbers[claim] = numbers.get(claim, -1) + 1
        paths.append((*(("claims", claim) if claim else ()), "assertions", number))
    return paths


def _documents(value: Mapping[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(value.get("article"), dict):
        yield ("article",), value["article"]
    yield from items(value, "documents")


# --- checks ------------------------------------------------------------------------------------


def _check_dates(tree: Tree) -> None:
    value = tree.value
    found: list[tuple[Path, Any]] = [
        ((*path, "published"), item.get("published")) for path, item in _documents(value)
    ]
    for path, source in items(value, "sources"):
        found += [((*path, *g, "date"), grade.get("date")) for g, grade in items(source, "grades")]
    found += [((*path, "said_on"), item.get("said_on")) for path, _, item in assertions(value)]
    for path, date in found:
        if isinstance(date, str) and (reason := _unreal(date)) and tree.sound(path):
            tree.mistake(path, f"{date} is no date: {reason}", "a day that the calendar has")


def _unreal(date: str) -> str:
    """Why a date of the right shape does not exist; nothing when it does or has another shape."""
    match = DATE.fullmatch(date)
    if match is None:
        return ""
    year, month, day, hour, minute, second = (
        int(part) if part else None for part in match.groups()
    )
    try:
        datetime(year or 0, month if month is not None else 1, day if day is not None else 1,
                 hour or 0, minute or 0, second or 0)  # fmt: skip
    except ValueError as error:
        return str(error)
    return ""


DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?Z)?)?)?"
)


def _check_unique(tree: Tree) -> None:
    value = tree.value
    own: dict[str, list[tuple[Path, Any]]] = {
        "document": [((*path, "id"), item.get("id")) for path, item in _documents(value)],
        "source": [((*path, "id"), item.get("id")) for path, item in items(value, "sources")],
        "claim": [((*path, "id"), item.get("id")) for path, item in items(value, "claims")],
        "assertion": list(assertion_ids(value).items()),
    }
    for kind, defined in own.items():
        first: dict[object, Path] = {}
        for path, id_ in defined:
            if not isinstance(id_, str) or not tree.sound(path):
                continue
            if id_ in first:
                line = tree.values[first[id_]].line
                tree.mistake(
                    path if path in tree.values else path[:-1],
                    f"the {kind} id {id_} is used twice", "an id of its own",
                    f"Rename one; the first is on line {line}.",
                )  # fmt: skip
            first.setdefault(id_, path)


def _check_articles(tree: Tree) -> None:
    if tree.value.get("claims") and "article" not in tree.value:
        tree.key_mistake(
            ("claims",), "claims, but no article that makes them", "an article with its id",
            "Say under article which document the claims are in.",
        )  # fmt: skip


def _check_assertions(tree: Tree) -> None:
    ids = assertion_ids(tree.value)
    own = {str(claim.get("id")): path for path, claim in items(tree.value, "claims")}
    for path, claim, item in assertions(tree.value):
        if item.get("stance") == "echoes" and not item.get("derives_from"):
            tree.mistake(
                (*path, "stance"), "echoes, but nothing that is echoed", "derives_from",
                "Say which assertion it repeats; separate evidence is corroborates.",
            )  # fmt: skip
        if path[0] == "assertions" and isinstance(claim, str) and claim in own:
            line = tree.values[own[claim]].line
            tree.mistake(
                (*path, "claim"), f"the claim {claim} is defined in this dossier",
                "a claim of another dossier",
                f"Put the assertion under the claim on line {line}.",
            )  # fmt: skip
        _check_list(tree, (*path, "derives_from"), "assertion", ids.get(path))


def _check_relations(tree: Tree) -> None:
    for path, claim in items(tree.value, "claims"):
        for kind in CLAIM_RELATION_KINDS:
            _check_list(tree, (*path, kind), "claim", claim.get("id"))
    for path, source in items(tree.value, "sources"):
        seen: set[tuple[str, str]] = set()
        for below, relation in items(source, "relations"):
            for kind in SOURCE_RELATION_KINDS:
                other = relation.get(kind)
                if not isinstance(other, str):
                    continue
                _check_other(
                    tree, (*path, *below, kind), other, source.get("id"), (kind, other) in seen
                )
                seen.add((kind, other))


def _check_list(tree: Tree, path: Path, key: str, own: object) -> None:
    """Check the other ids in a list of ids or of mappings that hold one at ``key``."""
    seen: set[str] = set()
    for index, item in enumerate(_at(tree, path, list) or ()):
        mapping = isinstance(item, dict)
        other = item.get(key) if mapping else item
        if isinstance(other, str):
            place = (*path, index, key) if mapping else (*path, index)
            _check_other(tree, place, other, own, other in seen)
            seen.add(other)


def _check_other(tree: Tree, path: Path, other: str, own: object, repeated: bool) -> None:
    if not tree.sound(path):
        return
    if other == own:
        tree.mistake(path, f"{other} refers to itself", "another one", "Take it out.")
    elif repeated:
        tree.mistake(path, f"{other} stands twice here", "each once", "Take one out.")


def _check_cycles(tree: Tree) -> None:
    wider: dict[str, dict[str, Path]] = {}
    for path, claim in items(tree.value, "claims"):
        id_ = claim.get("id")
        listed = claim.get("narrower_than")
        if not isinstance(id_, str) or not isinstance(listed, list):
            continue
        for index, item in enumerate(listed):
            other = item.get("claim") if isinstance(item, dict) else item
            rejected = isinstance(item, dict) and item.get("state") == "rejected"
            if isinstance(other, str) and other != id_ and not rejected:
                wider.setdefault(id_, {}).setdefault(other, (*path, "narrower_than", index))
    for cycle in _cycles({id_: list(others) for id_, others in wider.items()}):
        path = wider[cycle[-1]][cycle[0]]
        tree.mistake(
            path, "each of these claims would be narrower than itself: "
            + " → ".join((*cycle, cycle[0])),
            "narrower_than without a circle",
            "Use same_as for claims that say the same.",
        )  # fmt: skip


def _cycles(graph: Mapping[str, list[str]]) -> list[list[str]]:
    """One cycle for every edge that closes one in a depth-first walk, in the order of the graph."""
    done: set[str] = set()
    cycles = []
    for root in graph:
        walk = [] if root in done else [(root, iter(graph[root]))]
        trail = {root: 0}
        while walk:
            node, others = walk[-1]
            other = next(others, None)
            if other is None:
                done.add(node)
                del trail[node]
                walk.pop()
            elif other in trail:
                cycles.append([each for each, _ in walk[trail[other] :]])
            elif other not in done:
                trail[other] = len(walk)
                walk.append((other, iter(graph.get(other, ()))))
    return cycles


def _at(tree: Tree, path: Path, kind: type) -> Any:
    """The value at ``path`` when there is one of that type, else None."""
    value: Any = tree.value
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
    return value if isinstance(value, kind) else None


# --- references out of the dossier -------------------------------------------------------------


def references(dossier: Dossier) -> list[Reference]:
    """The ids that the dossier uses and does not define, in the order it uses them."""
    return list(_references(dossier))


def _references(dossier: Dossier) -> Iterator[Reference]:
    article = (dossier.article,) if dossier.article else ()
    own: dict[str, set[str]] = {
        "document": {each.id for each in (*article, *dossier.documents)},
        "source": {each.id for each in dossier.sources},
        "claim": {each.id for each in dossier.claims},
        "assertion": {each.id for each in dossier.assertions},
    }

    def outside(line: int, path: Path) -> Callable[[str, str | None, Path], Iterator[Reference]]:
        def refer(kind: str, id_: str | None, below: Path) -> Iterator[Reference]:
            if id_ is not None and id_ not in own[kind]:
                yield Reference(kind, id_, dossier.path, line, field_path((*path, *below)))

        return refer

    def cited(document: Cited, path: Path) -> Iterator[Reference]:
        yield from outside(document.line, path)("source", document.description.voice, ("voice",))

    def anchor(at: Anchor | None) -> str | None:
        return at.document if at else None

    for document in article:
        yield from cited(document, ("article",))
    for document in dossier.documents:
        yield from cited(document, ("documents", document.id))
    for source in dossier.sources:
        refer = outside(source.line, ("sources", source.id))
        for n, grade in enumerate(source.grades):
            yield from refer("document", grade.document, ("grades", n, "document"))
        for n, relation in enumerate(source.relations):
            yield from refer("source", relation.source, ("relations", n, relation.kind))
    for claim in dossier.claims:
        refer = outside(claim.line, ("claims", claim.id))
        yield from refer("document", anchor(claim.at), ("at", "document"))
        counts: dict[str, int] = {}
        for link in claim.relations:
            n = counts[link.kind] = counts.get(link.kind, -1) + 1
            yield from refer("claim", link.claim, (link.kind, n))
    for assertion, path in zip(dossier.assertions, assertion_paths(dossier), strict=True):
        refer = outside(assertion.line, path)
        yield from refer("claim", assertion.claim, ("claim",))
        yield from refer("source", assertion.source, ("source",))
        yield from refer("document", anchor(assertion.at), ("at", "document"))
        yield from refer("document", assertion.said_in, ("said_in",))
        for i, carrier in enumerate(assertion.reported_by):
            yield from refer("source", carrier, ("reported_by", i))
        for i, derivation in enumerate(assertion.derives_from):
            yield from refer("assertion", derivation.assertion, ("derives_from", i))


def unknown_reference(reference: Reference, known_ids: Collection[str]) -> Problem:
    """The problem that nothing defines the id; ``known_ids`` are those of its kind, to suggest."""
    define = f"Define the {reference.kind}, or load the dossier that does."
    hint = suggestion(reference.id, known_ids)
    article = "an" if reference.kind == "assertion" else "a"
    return Problem(
        path=reference.path,
        place=f"line {reference.line}, {reference.field}",
        found=f"no {reference.kind} has the id {reference.id}",
        expected=f"the id of {article} {reference.kind} in this or a loaded dossier",
        advice=f"{hint} {define}".strip(),
    )
