"""What an engine finds in a text: who says what, in which words, and how statements relate.

All spans are code points of the document's plain text, ``end`` exclusive. The words of a speaker
(the *mention*, as they stand) and the source they resolve to are two things: the mention is a fact
of the text, the source a reading of it. Everything here is a proposal until a person accepts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from datasette_leaks.loaders.records import Link, Passage

KINDS = ("direct", "indirect", "mixed", "partial", "scare")
SOURCE_TYPES = ("named", "anonymous", "document", "organisation", "collective")
RELATION_KINDS = ("corroborates", "echoes", "disputes", "denies", "doubts", "provenance")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A stretch of text that somebody is said to have said, written, thought or shown.

    ``kind``: *direct* (a quotation and nothing else), *indirect* (no quoted words), *mixed* (a
    statement with quoted words in it), *partial* (quoted words without a statement of their own),
    *scare* (marks that quote nobody; no speaker). Quotation marks are inside the span, the comma or
    full stop after it is not. ``speaker`` is the mention's words, "" for nobody; ``source`` the id
    of the DraftSource it resolves to. ``hedges`` are the words that weaken the statement. ``link``
    is the URL on the cue or the content, or adjoining them: the source that is cited.
    ``confidence`` (0 to 1) is how often ``rule`` was right where it was measured.
    """

    start: int
    end: int
    kind: str
    speaker_start: int | None
    speaker_end: int | None
    speaker: str
    source: str | None
    cue: str
    cue_start: int | None
    cue_end: int | None
    hedges: tuple[str, ...]
    rule: str
    confidence: float
    engine: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A cue that sets one statement against another: "echoed", "first reported by", "denied".

    ``from_source`` supports, repeats, contests or first carried; ``to_source`` is the one whose
    statement that is (for *provenance*: None). Both are ids of DraftSources, None where the text
    leaves them open. ``from_start`` … ``to_end`` are the words either was read from. ``hedged``:
    the cue itself is weakened ("would appear to confirm").
    """

    kind: str
    start: int
    end: int
    cue: str
    from_source: str | None
    from_start: int | None
    from_end: int | None
    to_source: str | None
    to_start: int | None
    to_end: int | None
    hedged: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """The words of a speaker where they stand, and the source they were read as."""

    start: int
    end: int
    source: str
    rule: str


@dataclass(frozen=True, slots=True)
class DraftSource:
    """Somebody or something that speaks in the text. ``type`` is one of SOURCE_TYPES.

    ``coded``: known by a code name only (US714). ``aliases`` are its other names and descriptions
    in the text, in order of appearance.
    """

    id: str
    name: str
    type: str
    coded: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that an engine found in one text, each in text order."""

    attributions: tuple[Attribution, ...] = ()
    relations: tuple[Relation, ...] = ()
    mentions: tuple[Mention, ...] = ()
    sources: tuple[DraftSource, ...] = ()


class EngineError(Exception):
    """Why an engine could not read a text, in words for its user."""


class Engine(Protocol):
    """Finds attributions. ``extract`` raises EngineError where it cannot read the text at all.

    ``available`` says why it cannot run here, None where it can.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def available(self) -> str | None: ...

    def extract(
        self, text: str, passages: Sequence[Passage], links: Sequence[Link]
    ) -> Extraction: ...


@runtime_checkable
class Configurable(Engine, Protocol):
    """An engine with options, as ``draft --option NAME VALUE`` gives them.

    ``configured`` gives the engine with these options; it raises ValueError where it does not know
    one, or a value is none. Options are recorded with a run: none may be a secret.
    """

    def configured(self, options: Mapping[str, str]) -> Engine: ...
