"""Writing a dossier as the YAML that a person would have written.

Keys come in the order of ``docs/dossier.md``, defaults are left out, ids and short places stand on
one line. Reading the result gives the same dossier, but for two freedoms that the format does not
have: assertions stand under their claim, and relations of one kind stand together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

import yaml

from .dossier_checks import default_assertion_id
from .records import (
    Anchor,
    Assertion,
    Cited,
    Claim,
    ClaimRelation,
    Derivation,
    Dossier,
    Drafted,
    Grade,
    Source,
    SourceRelation,
)

WIDTH = 97  # columns; a comma or a bracket may still follow
FLOW_WIDTH = 80  # a mapping that is longer stands on several lines


def dump(dossier: Dossier) -> str:
    """The dossier as one YAML document that ends with a line break.

    ``parse(dump(dossier), path)`` gives the dossier back; its file's name and hash are not in it.
    """
    parts = [_yaml(_mapping({"dossier": dossier.id, "title": dossier.title, "note": dossier.note}))]
    if dossier.article:
        parts.append(_yaml(_mapping({"article": _cited(dossier.article)})))
    parts += _section("documents", [_cited(each) for each in dossier.documents])
    parts += _section("sources", [_source(each) for each in dossier.sources])
    claims, others = _claims(dossier)
    parts += _section("claims", claims)
    parts += _section("assertions", others)
    return "\n".join(parts)


def _section(name: str, nodes: Sequence[yaml.Node]) -> Iterator[str]:
    """The items of a list at the top of the file, so that blank lines can stand between them."""
    for number, node in enumerate(nodes):
        text = _yaml(_mapping({name: _block([node])}))
        yield text.removeprefix(f"{name}:\n") if number else text


def _cited(cited: Cited) -> yaml.Node:
    said = cited.description
    return _mapping(
        {"id": cited.id, "kind": said.kind, "title": said.title, "author": said.author,
         "publisher": said.publisher, "published": _date(said.published), "url": said.url,
         "message_id": said.message_id, "language": said.language, "voice": said.voice,
         "note": said.note}
    )  # fmt: skip


def _source(source: Source) -> yaml.Node:
    return _mapping(
        {"id": source.id, "name": source.name, "kind": source.kind,
         "aliases": _flow(source.aliases), "description": source.description,
         "named": _unless(source.named, True), "protected": _unless(source.protected, False),
         "grades": _block([_grade(each) for each in source.grades]),
         "relations": _block([_source_relation(each) for each in source.relations]),
         "drafted": _drafted(source.drafted)}
    )  # fmt: skip


def _grade(grade: Grade) -> yaml.Node:
    values = {each.name: getattr(grade, each.name) for each in fields(grade)}
    return _short(values | {"date": _date(grade.date), "aspect": _stated(grade, "aspect")})


def _source_relation(relation: SourceRelation) -> yaml.Node:
    state = _stated(relation, "state")
    return _short({relation.kind: relation.source, "state": state, "note": relation.note})


def _claims(dossier: Dossier) -> tuple[list[yaml.Node], list[yaml.Node]]:
    """The dossier's claims with their assertions, and the assertions on other dossiers' claims."""
    own = {claim.id: list[Assertion]() for claim in dossier.claims}
    others = [each for each in dossier.assertions if each.claim not in own]
    for assertion in dossier.assertions:
        if assertion.claim in own:
            own[assertion.claim].append(assertion)
    counts: dict[tuple[str, str], int] = {}
    claims = [
        _claim(claim, [_assertion(each, counts) for each in own[claim.id]])
        for claim in dossier.claims
    ]
    return claims, [_assertion(each, counts, each.claim) for each in others]


def _claim(claim: Claim, assertions: Sequence[yaml.Node]) -> yaml.Node:
    kinds = dict.fromkeys(relation.kind for relation in claim.relations)
    relations = {
        kind: _links("claim", [each for each in claim.relations if each.kind == kind])
        for kind in kinds
    }
    return _mapping(
        {"id": claim.id, "text": claim.text, "kind": _stated(claim, "kind"),
         "at": _anchor(claim.at), **relations, "independence": _stated(claim, "independence"),
         "reported_corroboration": _unless(claim.reported_corroboration, False),
         "paraphrase_exceeds_quote": _unless(claim.paraphrase_exceeds_quote, False),
         "state": _stated(claim, "state"), "drafted": _drafted(claim.drafted),
         "note": claim.note, "assertions": _block(assertions)}
    )  # fmt: skip


def _assertion(
    assertion: Assertion, counts: dict[tuple[str, str], int], claim: str | None = None
) -> yaml.Node:
    pair = (assertion.claim, assertion.source)
    counts[pair] = counts.get(pair, 0) + 1
    default = default_assertion_id(*pair, counts[pair])
    return _mapping(
        {"id": None if assertion.id == default else assertion.id, "claim": claim,
         "source": assertion.source, "stance": assertion.stance, "cue": assertion.cue,
         "hedge": assertion.hedge, "at": _anchor(assertion.at), "said_in": assertion.said_in,
         "said_on": _date(assertion.said_on), "reported_by": _flow(assertion.reported_by),
         "derives_from": _links("assertion", assertion.derives_from),
         "basis": _stated(assertion, "basis"), "state": _stated(assertion, "state"),
         "drafted": _drafted(assertion.drafted), "note": assertion.note}
    )  # fmt: skip


def _anchor(at: Anchor | None) -> yaml.Node | None:
    return _short({each.name: getattr(at, each.name) for each in fields(at)}) if at else None


def _drafted(drafted: Drafted | None) -> yaml.Node | None:
    if drafted is None:
        return None
    confidence = f"{drafted.confidence:.4f}".rstrip("0").rstrip(".")
    return _short({"engine": drafted.engine, "rule": drafted.rule, "confidence": _bare(confidence)})


def _links(key: str, links: Sequence[Derivation | ClaimRelation]) -> yaml.Node | None:
    """Bare ids on one line where no link has more to say, else one link a line."""
    default = [each.state == "accepted" and each.note is None for each in links]
    ids = [getattr(each, key) for each in links]
    if all(default):
        return _flow(ids)
    return _block(
        [
            _scalar(id_)
            if bare
            else _short({key: id_, "state": _stated(each, "state"), "note": each.note})
            for id_, bare, each in zip(ids, default, links, strict=True)
        ]
    )


def _stated(record: Any, name: str) -> str | None:
    """The field's value unless it is the record's default."""
    default = next(each.default for each in fields(record) if each.name == name)
    value: str = getattr(record, name)
    return None if value == default else value


def _unless(value: bool, default: bool) -> yaml.Node | None:
    if value == default:
        return None
    return yaml.ScalarNode("tag:yaml.org,2002:bool", str(value).lower())


# --- nodes, and how they are laid out ----------------------------------------------------------


def _mapping(values: dict[str, str | yaml.Node | None], flow: bool = False) -> yaml.Node:
    """A mapping of what is there; None is left out."""
    pairs = [
        (_scalar(key), _scalar(value, flow) if isinstance(value, str) else value)
        for key, value in values.items()
        if value is not None
    ]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow)


def _short(values: dict[str, Any]) -> yaml.Node:
    """A mapping on one line where it fits, else on several."""
    node = _mapping(values, flow=True)
    # The emitter breaks only between the items of a flow mapping once the line is full.
    return node if len(_yaml(node)) <= FLOW_WIDTH else _mapping(values)


def _flow(texts: Iterable[str]) -> yaml.Node | None:
    nodes = [_scalar(text, flow=True) for text in texts]
    return yaml.SequenceNode("tag:yaml.org,2002:seq", nodes, flow_style=True) if nodes else None


def _block(nodes: Sequence[yaml.Node]) -> yaml.Node | None:
    if not nodes:
        return None
    return yaml.SequenceNode("tag:yaml.org,2002:seq", list(nodes), flow_style=False)


def _scalar(text: str, flow: bool = False) -> yaml.Node:
    style = None
    if not flow and _blockable(text):
        if "\n" in text:
            style = "|"
        elif len(text) > FLOW_WIDTH:
            style = ">"
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


def _blockable(text: str) -> bool:
    """Whether a block scalar keeps the text: no white space but single spaces and line breaks.

    Empty lines at the end would be kept too, but as the last thing in a file they need a marker.
    """
    return not text.endswith("\n\n") and all(
        line == " ".join(line.split()) for line in text.rstrip("\n").split("\n")
    )


def _date(date: str | None) -> yaml.Node | str | None:
    """A date without quotation marks, although YAML takes it for a number or a timestamp.

    Its colons put a time into quotation marks where it stands inside braces, so it stays text.
    """
    return date if date is None or ":" in date else _bare(date)


def _bare(text: str) -> yaml.Node:
    return yaml.ScalarNode(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)), text)


_RESOLVER: Any = yaml.resolver.Resolver()  # its stubs carry no types


class _Dumper(yaml.SafeDumper):
    """Sets lists in from their key, as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _yaml(node: yaml.Node) -> str:
    text: str = yaml.serialize(node, Dumper=_Dumper, width=WIDTH, allow_unicode=True)
    return text
