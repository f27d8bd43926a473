"""The reading view: a document's text with every claim marked at its span and noted beside it."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .links import web_address
from .marks import Run, Span, by_passage, cut
from .messages import REF, MessageRef
from .notes import Note, Piece, Place, marked, notes_of

HOLDERS_SHOWN = 20


class Holder(NamedTuple):
    """The e-mail whose attachment this document is the text of: ``part`` and ``name`` of that."""

    message: MessageRef
    part: str
    name: str | None


@dataclass(slots=True)
class Block:
    """One or more passages drawn as one element, with the notes that stand beside it.

    ``kind`` is a passage's kind, or ``lines`` where the document is one text without passages;
    ``items`` are the pieces of each list item, or of the one passage. ``pages`` are
    the numbers of those that begin with it.
    """

    kind: str
    level: int
    role: str | None
    items: list[list[Piece]]
    notes: list[Note] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """``blocks`` is empty and ``loaded`` false when only the claims are known, not the text.

    ``title_in_text`` is true when the text begins with its title. ``heading_shift`` is what to add
    to the level of a heading in the text, so that the title is the page's only heading of level 1.
    ``statuses`` leaves out claims that are only proposed, ``claims`` does not.
    ``held_by`` are the first of the e-mails it is attached to; ``pages`` counts its own pages.
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
    held_by: list[Holder]
    pages: int
    blocks: list[Block]

    @property
    def heading(self) -> str:
        """What the page is about, for its title."""
        return self.title


_DOCUMENT = """
SELECT id, slug, title, kind, author, publisher, published, url, note, text
FROM documents WHERE slug = :slug
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


_PAGES = "SELECT start, number FROM document_pages WHERE document_id = :document ORDER BY number"

_HOLDERS = f"""
SELECT {REF}, part, name
FROM attachment_contents JOIN attachments ON stored_id = attachment_contents.id
JOIN documents ON documents.id = attachments.document_id
LEFT JOIN emails ON emails.document_id = documents.id
WHERE attachment_contents.document_id = :document LIMIT :limit
"""  # noqa: S608


def article_page(
    connection: sqlite3.Connection, slug: str, also: Collection[str] = ()
) -> ArticlePage | None:
    """Everything the reading view of the document ``slug`` shows, or None when there is none.

    ``also``: which of the tables of its pages and attachments may be read.
    """
    row = connection.execute(_DOCUMENT, {"slug": slug}).fetchone()
    if row is None:
        return None
    document, slug, title, kind, author, publisher, published, url, note, text = row
    notes, places = notes_of(connection, document, web_address(url))
    blocks: list[Block] = []
    pages: list[tuple[int, int]] = []
    held_by: list[Holder] = []
    if "document_pages" in also:
        pages = connection.execute(_PAGES, {"document": document}).fetchall()
    if kind == "attachment" and {"emails", "attachments", "attachment_contents"} <= set(also):
        rows = connection.execute(_HOLDERS, {"document": document, "limit": HOLDERS_SHOWN})
        held_by = [Holder(MessageRef(*row[:4]), *row[4:]) for row in rows]
    if text is not None:
        blocks = _blocks(connection, document, text, notes, places, pages)
    first = next((block for block in blocks if block.kind != "furniture"), None)
    title_in_text = (
        first is not None
        and first.kind == "heading"
        and "".join(piece.text for piece in first.items[0]).strip() == title.strip()
    )
    statuses: dict[str, int] = defaultdict(int)
    for item in notes:
        if not item.proposed:
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
        held_by=held_by,
        pages=len(pages),
        blocks=blocks,
    )


def _blocks(
    connection: sqlite3.Connection,
    document: int,
    text: str,
    notes: list[Note],
    places: list[Place],
    pages: list[tuple[int, int]],
) -> list[Block]:
    """The text, passage by passage, cut at every border of a mark, a link or an emphasis.

    ``pages``: where each page begins, and its number.
    """
    passages = connection.execute(_PASSAGES, {"document": document}).fetchall()
    if not passages:
        passages = list(_paragraphs(text))
    if pages:
        starts = [start for start, _ in pages]
        passages = [part for passage in passages for part in _by_page(passage, starts)]
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
        if not run.covering or run.covering[-1] < first_link:
            return marked(text, run, notes, places, begun)
        url = target = None
        kinds: list[str] = []
        for key in run.covering:
            if key >= first_emphasis:
                kinds.append(emphases[key - first_emphasis][2])
            elif key >= first_link:
                url, target = links[key - first_link][2:]
        of_claims = run._replace(covering=tuple(key for key in run.covering if key < first_link))
        return marked(text, of_claims, notes, places, begun)._replace(
            url=None if target else web_address(url),
            document=target,
            emphasis=tuple(dict.fromkeys(kinds)),
        )

    blocks: list[Block] = []
    noted: set[int] = set()
    body: Block | None = None
    waiting = deque(pages)
    for (kind, level, role, continues, start, end), nearby in zip(passages, touching, strict=True):
        pieces = [piece(run) for run in cut(start, end, nearby)]
        last = blocks[-1] if blocks else None
        if waiting and waiting[0][0] <= start:
            block = Block(kind, level, role, [pieces])
            while waiting and waiting[0][0] <= start:
                block.pages.append(waiting.popleft()[1])
            blocks.append(block)
        elif continues and body is not None and kind == body.kind:
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


_Passage = tuple[str, int, str | None, int, int, int]


def _paragraphs(text: str) -> Iterator[_Passage]:
    """Passages of a text that came without any: what stands between empty lines."""
    start = 0
    for gap in re.finditer(r"\n\s*\n\s*", text):
        if start < gap.start():
            yield "lines", 0, None, 0, start, gap.start()
        start = gap.end()
    if start < len(text):
        yield "lines", 0, None, 0, start, len(text)


def _by_page(passage: _Passage, starts: list[int]) -> Iterator[_Passage]:
    """The passage, cut where a page begins in it."""
    kind, level, role, continues, start, end = passage
    for border in starts[bisect_right(starts, start) : bisect_left(starts, end)]:
        yield kind, level, role, continues, start, border
        continues, start = 0, border
    yield kind, level, role, continues, start, end
