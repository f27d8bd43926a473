"""The reading view: a document's text with every claim marked at its span and noted beside it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from .links import text_fragment, web_address
from .marks import Run, Span, by_passage, cut


class Voice(NamedTuple):
    """A source's stance on a claim, as a margin note names it. ``kind`` is the source's."""

    source_id: str
    source: str
    stance: str
    kind: str


class Note(NamedTuple):
    """A claim beside the text. ``number`` counts from 1 in the order of the text.

    ``doubted``: it is corroborated, and an editor doubts that the origins are independent.
    ``quote_url`` points to the words in the original on the web, where its URL is known.
    """

    number: int
    claim_id: str
    claim: str
    status: str
    doubted: bool
    proposed: bool
    start: int | None
    end: int | None
    voices: tuple[Voice, ...]
    quote_url: str | None = None


class Piece(NamedTuple):
    """A run of text as it is drawn. ``claims`` are the numbers of the claims that cover it, "1 2".

    ``status`` is the status drawn: that of the claim whose mark began last. ``begins`` are the
    numbers to draw before it, ``elements`` the ids it can be linked by,
    ``mark-N`` where claim N begins first. ``url`` is a link out,
    ``document`` the slug of a document of this database that the link resolves to.
    """

    text: str
    claims: str = ""
    status: str | None = None
    begins: tuple[int, ...] = ()
    elements: tuple[str, ...] = ()
    url: str | None = None
    document: str | None = None
    emphasis: tuple[str, ...] = ()


@dataclass(slots=True)
class Block:
    """One or more passages drawn as one element, with the notes that stand beside it.

    ``kind`` is a passage's kind; ``items`` are the pieces of each list item, or of the one passage.
    """

    kind: str
    level: int
    role: str | None
    items: list[list[Piece]]
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """``blocks`` is empty and ``loaded`` false when only the claims are known, not the text.

    ``title_in_text`` is true when the text begins with its title. ``heading_shift`` is what to add
    to the level of a heading in the text, so that the title is the page's only heading of level 1.
    """

    slug: str
    title: str
    kind: str
    author: str | None
    publisher: str | None
    published: str | None
    url: str | None
    note: str | None
    loaded: bool
    title_in_text: bool
    heading_shift: int
    claims: int
    statuses: dict[str, int]
    unplaced: list[Note]
    notes: list[Note]
    blocks: list[Block]

    @property
    def heading(self) -> str:
        """What the page is about, for its title."""
        return self.title


_DOCUMENT = """
SELECT id, slug, title, kind, author, publisher, published, url, note, text
FROM documents WHERE slug = :slug
"""

# A claim belongs to the page when it is of this article, is made or taken a stance on here, or
# when a source said something on it in this document.
_CLAIMS = """
SELECT claims.id, claims.text, coalesce(status, 'not_assessed'),
  coalesce(status = 'corroborated' AND claims_by_status.independence = 'not_established', 0),
  claims.state = 'proposed', claims.position,
  CASE WHEN claims.document_id = :document THEN claims.start END,
  CASE WHEN claims.document_id = :document THEN claims."end" END,
  CASE WHEN claims.document_id = :document THEN claims.anchor_start END, claims.anchor_end,
  claims.anchor_prefix, claims.anchor_suffix
FROM claims LEFT JOIN claims_by_status ON claims_by_status.id = claims.id
WHERE claims.state <> 'rejected' AND claims.id IN (
  SELECT id FROM claims WHERE article_id = :document
  UNION SELECT id FROM claims WHERE document_id = :document
  UNION SELECT claim_id FROM assertions WHERE document_id = :document AND state <> 'rejected'
  UNION SELECT claim_id FROM assertions WHERE said_in_id = :document AND state <> 'rejected')
ORDER BY claims.position
"""

_ASSERTIONS = """
SELECT assertions.id, assertions.claim_id, sources.id, sources.name, sources.kind, stance,
  CASE WHEN assertions.document_id = :document THEN assertions.start END,
  CASE WHEN assertions.document_id = :document THEN assertions."end" END
FROM assertions JOIN sources ON sources.id = assertions.source_id
JOIN claims ON claims.id = assertions.claim_id
WHERE assertions.state <> 'rejected' AND assertions.claim_id IN (
  SELECT id FROM claims WHERE article_id = :document
  UNION SELECT id FROM claims WHERE document_id = :document
  UNION SELECT claim_id FROM assertions WHERE document_id = :document AND state <> 'rejected'
  UNION SELECT claim_id FROM assertions WHERE said_in_id = :document AND state <> 'rejected')
ORDER BY assertions.dossier_id <> claims.dossier_id, assertions.position
"""

_PASSAGES = """
SELECT kind, level, role, continues, start, "end"
FROM passages WHERE document_id = :document ORDER BY position
"""

_LINKS = """
SELECT links.start, links."end", links.url, documents.slug
FROM links LEFT JOIN documents ON documents.id = links.target_id
WHERE links.document_id = :document ORDER BY links.start
"""

_EMPHASES = """
SELECT start, "end", kind FROM emphases WHERE document_id = :document ORDER BY start
"""


def article_page(connection: sqlite3.Connection, slug: str) -> ArticlePage | None:
    """Everything the reading view of the document ``slug`` shows, or None when there is none."""
    row = connection.execute(_DOCUMENT, {"slug": slug}).fetchone()
    if row is None:
        return None
    document, slug, title, kind, author, publisher, published, url, note, text = row
    notes, places = _notes(connection, document, web_address(url))
    blocks: list[Block] = []
    if text is not None:
        blocks = _blocks(connection, document, text, notes, places)
    first = next((block for block in blocks if block.kind != "furniture"), None)
    title_in_text = (
        first is not None
        and first.kind == "heading"
        and "".join(piece.text for piece in first.items[0]).strip() == title.strip()
    )
    statuses: dict[str, int] = defaultdict(int)
    for item in notes:
        statuses[item.status] += 1
    return ArticlePage(
        slug=slug,
        title=title,
        kind=kind,
        author=author,
        publisher=publisher,
        published=published,
        url=web_address(url),
        note=note,
        loaded=text is not None,
        title_in_text=title_in_text,
        heading_shift=1 - first.level if first and title_in_text else 1,
        claims=len(notes),
        statuses=dict(statuses),
        unplaced=[item for item in notes if item.start is None],
        notes=notes,
        blocks=blocks,
    )


class _Place(NamedTuple):
    """Where a mark stands: the note it belongs to (index) and the ids its start is linked by."""

    start: int
    end: int
    note: int
    elements: tuple[str, ...]


def _notes(
    connection: sqlite3.Connection, document: int, url: str | None
) -> tuple[list[Note], list[_Place]]:
    """The notes in the order of the text, and every place that is marked for them."""
    voices: dict[str, dict[Voice, None]] = defaultdict(dict)
    spots: dict[str, dict[tuple[int, int], list[str]]] = defaultdict(dict)
    for assertion, claim, source, name, kind, stance, start, end in connection.execute(
        _ASSERTIONS, {"document": document}
    ):
        voices[claim][Voice(source, name, stance, kind)] = None
        if start is not None:
            spots[claim].setdefault((start, end), []).append(f"said-{assertion}")
    drafts = []
    for row in connection.execute(_CLAIMS, {"document": document}):
        claim, text, status, doubted, proposed, position, start, end, *anchor = row
        if start is not None:
            spots[claim].setdefault((start, end), []).append(f"claim-{claim}")
        first = min(spots[claim], default=None)
        order = first or (1 << 60, position)
        drafts.append((order, claim, text, status, doubted, proposed, first, anchor))
    drafts.sort(key=lambda draft: draft[0])
    notes: list[Note] = []
    places: list[_Place] = []
    for index, (_, claim, text, status, doubted, proposed, first, anchor) in enumerate(drafts):
        quote_url = None
        if url and anchor[0]:
            quote_url = f"{url}{'' if '#' in url else '#'}{text_fragment(*anchor)}"
        notes.append(
            Note(
                number=index + 1,
                claim_id=claim,
                claim=text,
                status=status,
                doubted=bool(doubted),
                proposed=bool(proposed),
                start=first[0] if first else None,
                end=first[1] if first else None,
                voices=tuple(voices[claim]),
                quote_url=quote_url,
            )
        )
        for (start, end), elements in spots[claim].items():
            places.append(_Place(start, end, index, tuple(elements)))
    return notes, places


def _blocks(
    connection: sqlite3.Connection,
    document: int,
    text: str,
    notes: list[Note],
    places: list[_Place],
) -> list[Block]:
    """The text, passage by passage, cut at every border of a mark, a link or an emphasis."""
    passages = connection.execute(_PASSAGES, {"document": document}).fetchall()
    links = connection.execute(_LINKS, {"document": document}).fetchall()
    emphases = connection.execute(_EMPHASES, {"document": document}).fetchall()
    # Keys say what a span is: a place, then a link, then an emphasis.
    spans = [Span(place.start, place.end, key) for key, place in enumerate(places)]
    first_link = len(spans)
    spans += [Span(row[0], row[1], first_link + n) for n, row in enumerate(links)]
    first_emphasis = len(spans)
    spans += [Span(row[0], row[1], first_emphasis + n) for n, row in enumerate(emphases)]
    touching = by_passage([row[4] for row in passages], spans, len(text))

    begun: set[int] = set()

    def piece(run: Run) -> Piece:
        if not run.covering:
            return Piece(text[run.start : run.end])
        if run.covering[-1] < first_link and not run.beginning and len(run.covering) == 1:
            note = notes[places[run.covering[0]].note]
            return Piece(text[run.start : run.end], str(note.number), note.status)
        url = target = status = None
        kinds: list[str] = []
        covering: set[int] = set()
        going_on: set[int] = set()
        elements: tuple[str, ...] = ()
        latest = -1
        for key in run.covering:
            if key < first_link:
                place = places[key]
                covering.add(place.note + 1)
                if key in run.beginning:
                    elements += place.elements
                else:
                    going_on.add(place.note + 1)
                if place.start >= latest:
                    latest = place.start
                    status = notes[place.note].status
            elif key < first_emphasis:
                url, target = links[key - first_link][2:]
            else:
                kinds.append(emphases[key - first_emphasis][2])
        begins = tuple(sorted(covering - going_on)) if elements else ()
        first = [number for number in begins if number not in begun]
        begun.update(first)
        elements += tuple(f"mark-{number}" for number in first)
        return Piece(
            text[run.start : run.end],
            " ".join(map(str, sorted(covering))),
            status,
            begins,
            elements,
            None if target else web_address(url),
            target,
            tuple(dict.fromkeys(kinds)),
        )

    blocks: list[Block] = []
    noted: set[int] = set()
    body: Block | None = None
    for (kind, level, role, continues, start, end), nearby in zip(passages, touching, strict=True):
        pieces = [piece(run) for run in cut(start, end, nearby)]
        last = blocks[-1] if blocks else None
        if continues and body is not None and kind == body.kind:
            block = body
            block.items[-1] += [Piece(" "), *pieces]
        elif (
            last is not None
            and last.kind == kind
            and kind in ("list_item", "furniture", "quote")
            and last.role == role
            and (last.level == level or kind == "furniture")
        ):
            block = last
            block.items.append(pieces)
        else:
            block = Block(kind, level, role, [pieces])
            blocks.append(block)
        if kind != "furniture":
            body = block
        for part in pieces:
            for number in part.begins:
                if number not in noted:
                    noted.add(number)
                    block.notes.append(notes[number - 1])
    return blocks
