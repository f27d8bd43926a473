"""The dossier: a YAML file in which people say, claim by claim, what stands behind an article.

The format is described in ``docs/dossier.md`` and ``dossier.schema.json``. All mistakes of a file
are told at once, each with its line; a file with a mistake gives no dossier.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from . import dossier_yaml
from .dossier_checks import (
    Reference,
    assertion_ids,
    assertions,
    check,
    items,
    named,
    references,
    unknown_reference,
)
from .dossier_schema import BOOLEANS, check_schema
from .dossier_yaml import Mistake, Path, Tree, field_path
from .records import (
    CLAIM_RELATION_KINDS,
    SOURCE_RELATION_KINDS,
    Anchor,
    Assertion,
    Cited,
    Claim,
    ClaimRelation,
    Derivation,
    Description,
    Dossier,
    Drafted,
    Grade,
    Problem,
    Source,
    SourceRelation,
)

__all__ = ["DossierLoader", "Reference", "references", "unknown_reference"]

MAX_SIZE = 10_000_000  # bytes; the longest dossier we know has some 50,000
MAX_MISTAKES = 1000  # a file of 10 MB can hold millions, and nobody reads them
MAX_TEXT = 300  # code points of one part of a message


class DossierLoader:
    """Reads dossiers: one Dossier for each YAML document of the file, or its mistakes."""

    name = "dossier"
    description = "What people say about an article's claims, as YAML"
    suffixes = (".yaml", ".yml")

    def load(self, path: FilePath) -> Iterator[Dossier | Problem]:
        """Every dossier of the file in order or, where there is any mistake, all mistakes.

        Raises OSError where the file cannot be read.
        """
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
        text = _decode(str(path), data)
        yield from [text] if isinstance(text, Problem) else parse(text, str(path), data)


def parse(text: str, path: str, data: bytes | None = None) -> list[Dossier] | list[Problem]:
    """The dossiers in ``text`` or, where there is any mistake, all mistakes in the order of lines.

    ``data`` are the bytes of the file, for ``Dossier.sha256``; the text in UTF-8 when not given.
    """
    sha256 = hashlib.sha256(text.encode() if data is None else data).hexdigest()
    trees = list(dossier_yaml.read(text, BOOLEANS))
    if not trees:
        return [Problem(path, "", "the file holds no dossier", "a dossier: and a title: at least")]
    for tree in trees:
        check_schema(tree)
        check(tree)
    _check_stream(trees)
    mistakes = [(mistake, tree) for tree in trees for mistake in tree.mistakes]
    mistakes.sort(key=lambda each: each[0].place)
    problems = [_problem(path, *each) for each in mistakes[:MAX_MISTAKES]]
    if len(mistakes) > MAX_MISTAKES:
        found = f"{len(mistakes) - MAX_MISTAKES} more mistakes, which are not shown"
        problems.append(Problem(path, "", found))
    return problems or [_dossier(tree, path, sha256) for tree in trees]


def _decode(path: str, data: bytes) -> str | Problem:
    if len(data) > MAX_SIZE:
        return Problem(
            path, "", f"the file is larger than {MAX_SIZE // 1_000_000} MB", "a dossier",
            "Split it into several dossiers.",
        )  # fmt: skip
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(
            path, f"line {line}, byte {error.start}",
            f"the byte 0x{data[error.start]:02x}, which is not UTF-8", "text in UTF-8",
            "Save the file in the encoding UTF-8.",
        )  # fmt: skip


def _check_stream(trees: list[Tree]) -> None:
    first: dict[str, int] = {}
    for tree in trees:
        id_ = tree.value.get("dossier") if isinstance(tree.value, dict) else None
        if isinstance(id_, str):
            line = tree.values["dossier",].line
            if id_ in first:
                tree.mistake(
                    ("dossier",), f"the dossier id {id_} is used twice", "an id of its own",
                    f"Rename one; the first is on line {first[id_]}.",
                )  # fmt: skip
            first.setdefault(id_, line)


def _problem(path: str, mistake: Mistake, tree: Tree) -> Problem:
    place = f"line {mistake.place.line}, column {mistake.place.column}"
    if mistake.path:
        place += f", {_short(field_path(named(mistake.path, tree.value)))}"
    return Problem(path, place, _short(mistake.found), mistake.expected, _short(mistake.advice))


def _short(text: str) -> str:
    """The text, cut where a key or value of absurd length made it so."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


# --- values without mistakes become records ----------------------------------------------------


def _dossier(tree: Tree, path: str, sha256: str) -> Dossier:
    value: Any = tree.value
    ids = assertion_ids(value)
    article = value.get("article")
    return Dossier(
        id=value["dossier"],
        title=value["title"],
        path=path,
        note=value.get("note"),
        article=_cited(article, _line(tree, ("article",))) if article else None,
        documents=tuple(_cited(v, _line(tree, p)) for p, v in items(value, "documents")),
        sources=tuple(_source(v, _line(tree, p)) for p, v in items(value, "sources")),
        claims=tuple(_claim(v, _line(tree, p)) for p, v in items(value, "claims")),
        assertions=tuple(
            _assertion(item, ids[at], str(claim), _line(tree, at))
            for at, claim, item in assertions(value)
        ),
        sha256=sha256,
    )


def _line(tree: Tree, path: Path) -> int:
    return tree.values[path].line


def _cited(value: Mapping[str, Any], line: int) -> Cited:
    return Cited(value["id"], Description(**_without(value, "id")), line)


def _source(value: Mapping[str, Any], line: int) -> Source:
    return Source(
        **_without(value, "aliases", "grades", "relations", "drafted"),
        aliases=tuple(value.get("aliases", ())),
        grades=tuple(Grade(**grade) for grade in value.get("grades", ())),
        relations=tuple(
            SourceRelation(kind=kind, source=relation[kind], **_without(relation, kind))
            for relation in value.get("relations", ())
            for kind in SOURCE_RELATION_KINDS
            if kind in relation
        ),
        drafted=_drafted(value),
        line=line,
    )


def _claim(value: Mapping[str, Any], line: int) -> Claim:
    return Claim(
        **_without(value, "at", "assertions", "drafted", *CLAIM_RELATION_KINDS),
        at=_anchor(value),
        relations=tuple(
            ClaimRelation(kind=kind, **_mapping(item, "claim"))
            for kind in value
            if kind in CLAIM_RELATION_KINDS
            for item in value[kind]
        ),
        drafted=_drafted(value),
        line=line,
    )


def _assertion(value: Mapping[str, Any], id_: str, claim: str, line: int) -> Assertion:
    return Assertion(
        **_without(value, "id", "claim", "at", "reported_by", "derives_from", "drafted"),
        id=id_,
        claim=claim,
        at=_anchor(value),
        reported_by=tuple(value.get("reported_by", ())),
        derives_from=tuple(
            Derivation(**_mapping(item, "assertion")) for item in value.get("derives_from", ())
        ),
        drafted=_drafted(value),
        line=line,
    )


def _anchor(value: Mapping[str, Any]) -> Anchor | None:
    return Anchor(**value["at"]) if "at" in value else None


def _drafted(value: Mapping[str, Any]) -> Drafted | None:
    if "drafted" not in value:
        return None
    said = value["drafted"]
    return Drafted(said["engine"], said["rule"], float(said["confidence"]))


def _mapping(item: Any, key: str) -> dict[str, Any]:
    """An id as the mapping it is short for."""
    return {key: item} if isinstance(item, str) else item


def _without(value: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: each for key, each in value.items() if key not in keys}
