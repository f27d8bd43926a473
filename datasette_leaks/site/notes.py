"""The claims that rest on a document, as notes beside its text and as marks in it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from datasette_leaks.loaders.records import Drafted

from .links import text_fragment
from .marks import Run
from .refs import draft_columns, drafted


class Voice(NamedTuple):
    """A source's stance on a claim, as a margin note names it. ``kind`` is the source's.

    ``proposed``: nobody has accepted it. ``drafted`` says which engine wrote it, if one did.
    """

    source_id: str
    source: str
    stance: str
    kind: str
    proposed: bool
    drafted: Drafted | None


class Note(NamedTuple):
    """A claim beside the text. ``number`` counts from 1 in the order of the text.

    ``doubted``: it is corroborated, and an editor doubts that the origins are independent.
    ``quote_url`` points to the words in the original on the web, where its URL is known.
    ``drafted`` says which engine wrote the claim, if one did.
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
    drafted: Drafted | None = None

    @property
    def waits(self) -> bool:
        """Whether an editor has something to accept here."""
        return self.proposed or any(voice.proposed for voice in self.voices)


class Piece(NamedTuple):
    """A run of text as it is drawn. ``claims`` are the numbers of the claims that cover it, "1 2".

    ``status`` is the status drawn: that of the claim whose mark began last. ``begins`` are the
    numbers to draw before it, ``elements`` the ids it can be linked by,
    ``mark-N`` where claim N begins first. ``url`` is a link out,
    ``document`` the slug of a document of this database that the link resolves to. ``proposed``:
    nothing that rests on these words is accepted.
    """

    text: str
    claims: str = ""
    status: str | None = None
    begins: tuple[int, ...] = ()
    elements: tuple[str, ...] = ()
    url: str | None = None
    document: str | None = None
    emphasis: tuple[str, ...] = ()
    proposed: bool = False


# A claim belongs to the page when it is of this article, is made or taken a stance on here, or
# when a source said something on it in this document.
_CLAIMS = """
SELECT claims.id, claims.text, coalesce(status, 'not_assessed'),
  coalesce(status = 'corroborated' AND claims_by_status.independence = 'not_established', 0),
  claims.state = 'proposed', claims.position,
  CASE WHEN claims.document_id = :document THEN claims.start END,
  CASE WHEN claims.document_id = :document THEN claims."end" END,
  CASE WHEN claims.document_id = :document THEN claims.anchor_start END, claims.anchor_end,
  claims.anchor_prefix, claims.anchor_suffix, {drafted}
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
  assertions.state = 'proposed', claims.state = 'proposed', {drafted},
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


class Place(NamedTuple):
    """Where a mark stands: the note it belongs to (index) and the ids its start is linked by.

    ``proposed``: of the claim and the assertions that have their words here none is accepted.
    """

    start: int
    end: int
    note: int
    elements: tuple[str, ...]
    proposed: bool


def notes_of(
    connection: sqlite3.Connection, document: int, url: str | None
) -> tuple[list[Note], list[Place]]:
    """The notes of a document in the order of its text, and every place that is marked for them.

    ``url`` is where the document stands on the web; notes then point to their words in it.
    """
    at = {"document": document}
    voices: dict[str, dict[tuple[str, str], Voice]] = defaultdict(dict)
    spots: dict[str, dict[tuple[int, int], list[str]]] = defaultdict(dict)
    accepted: set[tuple[str, int, int]] = set()  # claims, and where words of theirs are accepted
    sql = _ASSERTIONS.format(drafted=draft_columns(connection, "assertions"))
    for assertion, claim, source, name, kind, stance, *row in connection.execute(sql, at):
        proposed, of_proposal, *engine, start, end = row
        voice = Voice(source, name, stance, kind, bool(proposed), drafted(*engine))
        known = voices[claim].setdefault((source, stance), voice)
        if known.proposed and not proposed:
            voices[claim][source, stance] = voice
        if start is not None:
            spots[claim].setdefault((start, end), []).append(f"said-{assertion}")
            if not proposed and not of_proposal:
                accepted.add((claim, start, end))
    found = []
    sql = _CLAIMS.format(drafted=draft_columns(connection, "claims"))
    for row in connection.execute(sql, at):
        claim, text, status, doubted, proposed, position, start, end, *anchor = row
        if start is not None:
            spots[claim].setdefault((start, end), []).append(f"claim-{claim}")
            if not proposed:
                accepted.add((claim, start, end))
        first = min(spots[claim], default=None)
        order = first or (1 << 60, position)
        found.append((order, claim, text, status, doubted, proposed, first, anchor))
    found.sort(key=lambda item: item[0])
    notes: list[Note] = []
    places: list[Place] = []
    for index, (_, claim, text, status, doubted, proposed, first, anchor) in enumerate(found):
        *anchor, engine, rule, confidence = anchor
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
                voices=tuple(voices[claim].values()),
                quote_url=quote_url,
                drafted=drafted(engine, rule, confidence),
            )
        )
        for (start, end), elements in spots[claim].items():
            proposed = (claim, start, end) not in accepted
            places.append(Place(start, end, index, tuple(elements), proposed))
    return notes, places


def marked(
    text: str, run: Run, notes: Sequence[Note], places: Sequence[Place], begun: set[int]
) -> Piece:
    """The piece of a run whose keys are indexes of ``places``.

    ``begun``: numbers of the notes whose mark has been drawn already; those drawn here are added.
    """
    words = text[run.start : run.end]
    if not run.covering:
        return Piece(words)
    if not run.beginning and len(run.covering) == 1:
        place = places[run.covering[0]]
        note = notes[place.note]
        return Piece(words, str(note.number), note.status, proposed=place.proposed)
    status = None
    covering: set[int] = set()
    going_on: set[int] = set()
    elements: tuple[str, ...] = ()
    latest = -1
    for key in run.covering:
        place = places[key]
        covering.add(place.note + 1)
        if key in run.beginning:
            elements += place.elements
        else:
            going_on.add(place.note + 1)
        if place.start >= latest:
            latest = place.start
            status = notes[place.note].status
    begins = tuple(sorted(covering - going_on)) if elements else ()
    first = [number for number in begins if number not in begun]
    begun.update(first)
    elements += tuple(f"mark-{number}" for number in first)
    proposed = all(places[key].proposed for key in run.covering)
    return Piece(
        words, " ".join(map(str, sorted(covering))), status, begins, elements, proposed=proposed
    )
