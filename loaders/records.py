"""What loaders give: plain, frozen records.

Every position is a *span*: ``start`` and ``end`` in Unicode code points of ``Document.text``,
``end`` exclusive, as W3C Web Annotation's TextPositionSelector counts them and as Python's
``str`` and SQLite's ``substr`` do. Dates are ISO 8601 strings as precise as is known
(``2012``, ``2012-10``, ``2012-10-05``, ``2012-10-05T11:00:00Z``), never more precise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of a document's text. Passages do not overlap and come in text order.

    ``kind`` is one of heading, paragraph, list_item, quote, code, caption, furniture.
    ``level`` is the heading level (1 to 6), or the nesting depth of a list item or quote (from 1),
    else 0. ``role`` says which furniture: byline, credit, related, advert, navigation, other;
    it is None for every other kind. ``continues`` is true where a page break fell inside a
    sentence and this passage goes on with the last body passage before it.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    role: str | None = None
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink: its span covers the anchor text. ``url`` is as written, never followed.

    ``role`` is one of byline, citation, related, navigation, footnote.
    """

    start: int
    end: int
    url: str
    role: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """A typographic mark: ``kind`` is one of emphasis, strong, code, strikethrough."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a document that has pages: its ``number`` from 1, and where its text stands."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Description:
    """What is said about a document, by the file itself or by a dossier. All but kind may be None.

    ``kind`` is one of DOCUMENT_KINDS; None when not stated. ``voice`` is the id of the source that
    speaks when the document speaks in its own voice (an article's outlet, a mail's writer).
    ``message_id`` is an e-mail's, without angle brackets: by it an archive has a cited mail.
    """

    kind: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    message_id: str | None = None
    language: str | None = None
    voice: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file a record came from: ``size`` in bytes, ``sha256`` in hex, the ``encoding`` used."""

    path: str
    size: int
    sha256: str
    media_type: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Document:
    """A loaded text somebody can point into, with its structure as spans over plain text."""

    slug: str
    description: Description
    text: str
    file: SourceFile
    passages: tuple[Passage, ...] = ()
    links: tuple[Link, ...] = ()
    emphases: tuple[Emphasis, ...] = ()
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that could not be taken, told so that a person can mend it.

    ``place`` is a line ("line 12"), a field ("claims.paid.at.start", where claims, sources and
    documents go by their ids and all else by numbers from 0) or both; ``expected`` what would
    have been right, ``advice`` what to do. ``found`` is the reason in one sentence.
    """

    path: str
    place: str
    found: str
    expected: str = ""
    advice: str = ""

    @property
    def line(self) -> int | None:
        """The line that ``place`` begins with, from 1; None when it begins otherwise."""
        match = re.match("line ([0-9]+)", self.place)
        return int(match[1]) if match else None

    def __str__(self) -> str:
        """``path, place: found; expected …; advice`` on one line."""
        where = f"{self.path}, {self.place}" if self.place else self.path
        text = f"{where}: {self.found}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.advice:
            text += f". {self.advice}"
        return text


# --- the dossier: what people say about an article ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage pointed at by its first and last words, like a URL text fragment.

    ``end`` None means that ``start`` is the whole passage. ``prefix`` and ``suffix`` are words just
    before and after, needed only where the words stand more than once. ``document`` is the id of
    the document pointed into; None means the dossier's article.
    """

    start: str
    end: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A document a dossier describes: its article, or one that is only cited so far."""

    id: str
    description: Description
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade somebody gave a source: the raw value and its scale, never mapped to another.

    ``scale`` is one of GRADE_SCALES; ``aspect`` is reliability, credibility or other.
    """

    value: str
    scale: str
    aspect: str = "reliability"
    date: str | None = None
    given_by: str | None = None
    document: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """Who drafted a row: the engine, its rule, and how sure it is (0 to 1, four decimals)."""

    engine: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class SourceRelation:
    """``kind`` is same_as or dependent_on; ``source`` is the other source's id."""

    kind: str
    source: str
    state: str = "accepted"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody or something that asserts. ``kind`` is one of SOURCE_KINDS.

    ``named`` is false for a person or body that the text leaves unnamed and uncoded: its
    assertions are then of unidentified origin. ``protected`` marks a source whose identity must
    not be published. ``drafted`` is None where a person wrote it.
    """

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    description: str | None = None
    named: bool = True
    protected: bool = False
    grades: tuple[Grade, ...] = ()
    relations: tuple[SourceRelation, ...] = ()
    drafted: Drafted | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Derivation:
    """The assertion derives from the assertion with the id ``assertion``."""

    assertion: str
    state: str = "accepted"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Assertion:
    """Source S takes stance X on claim C, at a passage of a document.

    ``stance`` is one of STANCES. ``cue`` is the verb of the text ("echoed"), kept apart from the
    stance; ``hedge`` the words that weaken it ("allegedly"). ``at`` is where we read it (None: the
    claim's own passage); ``said_in`` the id of the document in which the source said it, loaded or
    only cited. ``said_on`` is when. ``reported_by`` is the chain that carried it, first carrier
    first (archive, outlet, article). ``basis`` is one of BASES. ``state`` is one of STATES.
    ``drafted`` is None where a person wrote it.
    """

    id: str
    claim: str
    source: str
    stance: str
    cue: str | None = None
    hedge: str | None = None
    at: Anchor | None = None
    said_in: str | None = None
    said_on: str | None = None
    reported_by: tuple[str, ...] = ()
    derives_from: tuple[Derivation, ...] = ()
    basis: str = "unstated"
    state: str = "accepted"
    drafted: Drafted | None = None
    note: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ClaimRelation:
    """``kind`` is one of CLAIM_RELATION_KINDS; ``claim`` is the other claim's id."""

    kind: str
    claim: str
    state: str = "accepted"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement, in the editor's own words, or one marked as not checkable.

    ``kind`` is one of CLAIM_KINDS. ``at`` is where the article makes the claim. ``independence`` is
    one of INDEPENDENCE. ``reported_corroboration``: the text says "confirmed" and names nobody;
    ``paraphrase_exceeds_quote``: the article's words say more than the quotation they rest on.
    ``drafted`` is None where a person wrote it.
    """

    id: str
    text: str
    kind: str = "statement"
    at: Anchor | None = None
    independence: str = "presumed"
    reported_corroboration: bool = False
    paraphrase_exceeds_quote: bool = False
    relations: tuple[ClaimRelation, ...] = ()
    state: str = "accepted"
    drafted: Drafted | None = None
    note: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier file: the article it is about, and all that people say about its claims.

    ``article`` is None in a dossier that only adds to another one's claims. ``assertions`` holds
    all of them, those of its own claims and those on claims of other dossiers, in file order.
    """

    id: str
    title: str
    path: str = field(compare=False)
    note: str | None = None
    article: Cited | None = None
    documents: tuple[Cited, ...] = ()
    sources: tuple[Source, ...] = ()
    claims: tuple[Claim, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    sha256: str = field(default="", compare=False)


DOCUMENT_KINDS = (
    "article", "email", "web_page", "court_filing", "report", "attachment", "other",
)  # fmt: skip
SOURCE_KINDS = (
    "person", "coded_source", "outlet", "agency", "organisation", "official_record", "collective",
    "unresolved_link",
)  # fmt: skip
GRADE_SCALES = (
    "nato-stanag-2511", "us-fm-2-22.3", "uk-5x5x5", "stratfor-2011-07", "stratfor-2011-08",
    "unknown",
)  # fmt: skip
GRADE_ASPECTS = ("reliability", "credibility", "other")
SOURCE_RELATION_KINDS = ("same_as", "dependent_on")
CLAIM_KINDS = ("statement", "opinion", "prediction", "not_checkable")
CLAIM_RELATION_KINDS = ("narrower_than", "same_as", "in_tension_with", "supports", "restates")
STANCES = (
    "asserts", "corroborates", "echoes", "disputes", "denies", "declines_to_comment", "retracts",
)  # fmt: skip
BASES = ("first_hand", "second_hand", "document", "unstated")
STATES = ("accepted", "proposed", "rejected")
INDEPENDENCE = ("established", "presumed", "not_established")
