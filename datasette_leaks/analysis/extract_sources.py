"""Who is who: mentions resolved to sources by names, aliases, descriptions and pronouns.

Every bare plural ("analysts") is a source of its own: nothing says that the analysts of one
paragraph are those of another. A document speaks for its author where the text names one ("an
e-mail from a diplomat").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from datasette_leaks.analysis.attribution import DraftSource, Mention
from datasette_leaks.analysis.extract_aliases import initials
from datasette_leaks.analysis.extract_entities import BRACKETS, Look, look
from datasette_leaks.loaders.slugs import slugify

Span = tuple[int, int]

_PERSONS = ("name", "code", "somebody")
_AUTHOR = re.compile(r"\b(?:from|by|of) ((?:an?|the|his|her|[A-Z]).*)$", re.DOTALL)
_INSIDE = re.compile(
    r"^(?:\S+ ){0,3}(?:allegation|claim|account|revelation|bombshell|accusation|statement"
    r"|information)s? (?:\S+ )?in ((?:the|an?|his|her|their|its) .+)$"
)
_PRONOUNS = {
    "he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "it": "it", "its": "it",
    "they": "they", "their": "they", "them": "they",
}  # fmt: skip
_MASCULINE, _FEMININE = re.compile(r"\b(?:Mr|Sir|Lord)\b"), re.compile(r"\b(?:Mrs|Ms|Lady|Miss)\b")
_NICKNAME = 600  # code points from a name to a nickname that stands for it
_KEPT = 200  # names of a source that go over to the one it is found to be, so that time is linear
_REMEMBERED = 60  # sources looked through for one that a mention may point back to


@dataclass(slots=True)
class _Entity:
    """A source in the making: ``at`` is its latest place, ``words`` the stems of its mentions."""

    number: int
    kind: str
    name: str
    at: int
    heads: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    gender: str = ""
    author: _Entity | None = None
    merged: _Entity | None = None
    aliases: dict[str, None] = field(default_factory=dict)

    def root(self) -> _Entity:
        entity = self
        while entity.merged is not None:
            if entity.merged.merged is not None:
                entity.merged = entity.merged.merged  # so that long chains are walked once
            entity = entity.merged
        return entity


class Cast:
    """The sources of one text, met in text order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._entities: list[_Entity] = []
        self._names: dict[tuple[str, ...], _Entity] = {}
        self._mentions: list[tuple[Span, _Entity, str]] = []
        self._places: dict[int, _Entity] = {}

    def meet(self, span: Span, antecedent: Span | None = None) -> int:
        """Resolve the mention at ``span``; gives the number of the mention, for ``source``."""
        words = self._text[span[0] : span[1]]
        entity, rule = self._resolve(words, span, antecedent)
        self._mentions.append((span, entity, rule))
        return len(self._mentions) - 1

    def notice(self, span: Span) -> None:
        """Somebody the text tells of, who may be meant by a pronoun later."""
        self._resolve(self._text[span[0] : span[1]], span, None)

    def equate(self, span: Span, other: Span) -> None:
        """The text says that the two spans name the same."""
        owner = self._find(self._text[span[0] : span[1]], span[0])
        words = _description(self._text[other[0] : other[1]])
        seen = look(words)
        named = self._names.get(seen.name) if seen.name else None
        if named is not None and named.root() is not owner:
            self._merge(named.root(), owner)
            owner = named.root()
        self._learn(owner, words, seen, other[0])
        if seen.kind == "body" and owner.kind == "somebody":
            owner.kind, owner.name = "code", words
        elif seen.name and (owner.kind == "somebody" or seen.kind == "code"):
            owner.kind, owner.name = seen.kind, words.strip("“”\"'‘’ ")

    def cite(self, mention: int, span: Span) -> None:
        """The document of ``mention`` has its words from the one at ``span`` ("citing US714")."""
        document = self._mentions[mention][1].root()
        cited = self._find(self._text[span[0] : span[1]], span[0])
        if document.kind == "document":
            if document.author and document.author.root().kind == "somebody":
                self._merge(cited, document.author.root())
            document.author = cited

    def speaks_for(self, mention: int, other: int) -> None:
        """The document of ``mention`` tells what the quotation of ``other`` right after says."""
        document, speaker = self._mentions[mention][1].root(), self._mentions[other][1].root()
        if document.kind == "document" and not document.author and speaker.kind in _PERSONS:
            document.author = speaker

    def source(self, mention: int) -> _Entity:
        """The source of a mention, for a document its author where it has one."""
        entity = self._mentions[mention][1].root()
        return entity.author.root() if entity.author else entity

    def results(self) -> tuple[list[str], list[Mention], list[DraftSource]]:
        """The source id of every mention, the mentions in text order, and the sources."""
        ids: dict[int, str] = {}
        slugs = _Slugs()
        used: list[_Entity] = []
        for number in range(len(self._mentions)):
            entity = self.source(number)
            if entity.number not in ids:
                ids[entity.number] = slugs.unused(slugify(entity.name) or "source")
                used.append(entity)
        each = [ids[self.source(number).number] for number in range(len(self._mentions))]
        mentions = {
            span: Mention(span[0], span[1], each[number], rule)
            for number, (span, _, rule) in enumerate(self._mentions)
        }
        sources = [
            DraftSource(
                ids[entity.number],
                entity.name,
                _type(entity),
                entity.kind == "code",
                tuple(alias for alias in entity.aliases if alias != entity.name),
            )
            for entity in used
        ]
        return each, [mentions[span] for span in sorted(mentions)], sources

    def _resolve(self, words: str, span: Span, antecedent: Span | None) -> tuple[_Entity, str]:
        low = words.lower().strip()
        if antecedent is not None:
            return self._find(self._text[antecedent[0] : antecedent[1]], antecedent[0]), "relative"
        if low in _PRONOUNS:
            found = self._pronoun(_PRONOUNS[low], span[0])
            if found:
                return found, "pronoun"
        if words[:1] in '“"‘' and look(words).name not in self._names:
            person = next((one for one in self._recent() if one.kind in ("name", "code")), None)
            if person and span[0] - person.at < _NICKNAME:
                self._learn(person, words, look(words), span[0])
                return person, "nickname"
        return self._find(words, span[0]), "words"

    def _pronoun(self, pronoun: str, at: int) -> _Entity | None:
        kinds = {
            "he": _PERSONS, "she": _PERSONS, "it": ("body", "document"),
            "they": ("people", "body", "somebody"),
        }[pronoun]  # fmt: skip
        fits = [
            entity
            for entity in self._latest()
            if entity.kind in kinds and entity.gender in ("", pronoun)
        ]
        if not fits:
            return None
        entity = max(fits, key=attrgetter("at"))
        if pronoun in ("he", "she"):
            entity.gender = pronoun
        entity.at = at
        return entity

    def _recent(self) -> list[_Entity]:
        return sorted(self._latest(), key=attrgetter("at"), reverse=True)

    def _latest(self) -> Iterable[_Entity]:
        """The sources met last, in the order of their first mentions."""
        found = self._entities[-_REMEMBERED:]
        roots = (entity if entity.merged is None else entity.root() for entity in found)
        return {entity.number: entity for entity in roots}.values()

    def _find(self, words: str, at: int) -> _Entity:
        if at in self._places:
            return self._places[at].root()
        inside = _INSIDE.search(words)
        if inside and not words.lower().startswith("another"):
            return self._find(inside[1], at + inside.start(1))
        seen = self._look(words, at)
        entity = self._by_name(seen) if seen.name else self._by_description(seen, words)
        if entity is None:
            kind = "document" if inside else seen.kind
            entity = _Entity(len(self._entities), kind, _tidy(words, seen), at)
            self._entities.append(entity)
            if seen.kind == "document":
                self._author(entity, words, at)
        self._places[at] = entity
        self._learn(entity, words, seen, at)
        return entity

    def _look(self, words: str, at: int) -> Look:
        """A mention's look; a capital that opens a sentence counts only in a name met before."""
        before = self._text[max(0, at - 2) : at].strip(" ”“\"'")
        opens = not before or before[-1] in ".!?:\n"
        return look(words, opens and look(words).name not in self._names)

    def _author(self, entity: _Entity, words: str, at: int) -> None:
        found = _AUTHOR.search(words)
        if found and look(found[1]).kind in ("name", "code", "somebody"):
            entity.author = self._find(found[1], at + found.start(1))

    def _by_name(self, seen: Look) -> _Entity | None:
        found = self._names.get(seen.name)
        return found.root() if found else None

    def _by_description(self, seen: Look, words: str) -> _Entity | None:
        first = words.split()[0].lower() if words.split() else ""
        if seen.kind in ("people", "document") and not seen.definite:
            return None
        if first in ("another", "one", "a", "an", "some", "others", "no"):
            return None
        best: tuple[int, _Entity] | None = None
        for entity in self._recent():
            points = _fit(entity, seen)
            if points and (best is None or points > best[0]):
                best = (points, entity)
        return best[1] if best else None

    def _learn(self, entity: _Entity, words: str, seen: Look, at: int) -> None:
        entity.at = max(entity.at, at)
        entity.heads.add(seen.head)
        entity.words |= seen.words
        entity.aliases.setdefault(_tidy(words, seen))
        if _MASCULINE.search(words):
            entity.gender = "he"
        elif _FEMININE.search(words):
            entity.gender = "she"
        if seen.name:
            if entity.kind in ("somebody", "body") and seen.kind in ("name", "code"):
                entity.kind, entity.name = seen.kind, _tidy(words, seen)
            elif len(seen.name) > len(look(entity.name).name) and seen.kind == entity.kind:
                entity.name = _tidy(words, seen)
            self._names.setdefault(seen.name, entity)
            if len(seen.name) > 1 and seen.kind == "name":
                self._names[(seen.name[-1],)] = entity
            if len(seen.name) > 2:
                self._names.setdefault((initials(" ".join(seen.name)),), entity)

    def _merge(self, kept: _Entity, gone: _Entity) -> None:
        if kept is gone:
            return
        gone.merged = kept
        if len(gone.words) <= _KEPT:
            kept.heads |= gone.heads
            kept.words |= gone.words
        kept.at = max(kept.at, gone.at)
        kept.gender = kept.gender or gone.gender
        kept.aliases.update(islice(gone.aliases.items(), _KEPT))
        if kept.kind == "somebody" and gone.kind in ("name", "code"):
            kept.kind, kept.name = gone.kind, gone.name


def _fit(entity: _Entity, seen: Look) -> int:
    """How well a description fits a source; 0 where it does not."""
    if seen.kind in ("somebody",) and entity.kind not in _PERSONS:
        return 0
    if seen.kind in ("body", "document", "people") and entity.kind != seen.kind:
        return 0
    if not seen.proper <= entity.words:
        return 0
    shared = len(seen.words & entity.words)
    if seen.head in entity.heads:
        return 2 + shared
    if seen.generic or seen.kind in ("body", "document"):
        return 1 + shared if shared or (seen.definite and len(seen.words) == 1) else 0
    return shared if shared >= 2 else 0


def _tidy(words: str, seen: Look) -> str:
    """How a source is called by these words: its name, else the words without article and tail."""
    words = BRACKETS.sub("", words)
    if seen.name and seen.kind in ("name", "code"):
        return " ".join(seen.name)
    return re.sub(r"^(?:the|The|a|A|an|An)\s+", "", " ".join(words.split())).strip('“”"')


def _description(words: str) -> str:
    """A description, without the name it leads to.

    A code is there to protect somebody: what an outlet says he is called is never made an alias.
    """
    return re.split(r"\b(?:named|called)\b", words)[0].strip()


def _type(entity: _Entity) -> str:
    return {
        "name": "named",
        "code": "named",
        "body": "organisation",
        "document": "document",
        "people": "collective",
        "somebody": "anonymous",
    }[entity.kind]


class _Slugs:
    """Ids for sources: a slug that is taken gets the next number."""

    def __init__(self) -> None:
        self._latest: dict[str, int] = {}

    def unused(self, slug: str) -> str:
        name = slug
        while name in self._latest:
            self._latest[slug] += 1
            name = f"{slug}-{self._latest[slug]}"
        self._latest[name] = 1
        return name
