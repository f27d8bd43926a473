"""Messages copied into the text of another: their header blocks, and which are forwards.

A header block is a run of lines such as ``From:``, ``Sent:``, ``To:``, ``Subject:`` in English,
German, French, Spanish or Dutch, with or without a line such as ``-----Original Message-----``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# Code points of a text in which header blocks, spans and insights are looked for: people write no
# longer mails, and a log or a table has none of them.
SEARCHED = 1024 * 1024
# Header blocks of a text; the longest real chains have some 50.
BLOCKS = 200
# Lines and code points between two fields of one block: recipients wrapped over lines.
_LINES_BETWEEN = 12
_BETWEEN = 3_000

_KINDS = {
    "from": ("From", "Von", "De", "Van"),
    "date": (
        "Date", "Sent", "Gesendet", "Datum", "Envoyé", "Envoyé le", "Enviado", "Enviado el",
        "Fecha", "Verzonden",
    ),
    "to": ("To", "An", "À", "A", "Para", "Aan"),
    "cc": ("Cc", "CC", "cc", "Kopie", "Copie à", "Bcc"),
    "subject": ("Subject", "Betreff", "Objet", "Sujet", "Asunto", "Onderwerp"),
    "other": ("Reply-To", "Antwort an", "Importance", "Attachments", "Organization"),
}  # fmt: skip
_KIND_OF = {label: kind for kind, labels in _KINDS.items() for label in labels}
_LONGEST_LABEL = 40  # code points from the start of a line to the colon, quotation marks too
_FORWARDED = re.compile(
    r"forwarded (?:message|by)|begin forwarded|weitergeleitete|message transf|message transmis"
    r"|message r[ée]exp[ée]di|mensaje reenviado|doorgestuurd bericht|forwarded mail",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"-{2,}\s{0,9}(?:original (?:message|appointment)|urspr[üu]ngliche nachricht"
    r"|message d['’]origine|message original|mensaje original|oorspronkelijk bericht)|_{10,}",
    re.IGNORECASE,
)
_FORWARD_END = re.compile(r"\n[ \t]{0,9}-{2,}[ \t]{0,9}end (?:of )?forwarded", re.IGNORECASE)
_FORWARD_SUBJECT = re.compile(
    r"\s{0,9}(?:\[[^\]]{0,60}\]\s{0,9})?(?:fwd?|wg|tr|rv|doorst|enc)\s{0,3}(?:\[\d{1,3}\])?\s{0,3}:",
    re.IGNORECASE,
)
_INTRO_FAR = 300  # code points from the line that introduces a block to its first field
_INTRO_LINES = 3  # lines before the first field that are looked at, empty ones not counted


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """The header lines of a message inside a text, in code points of it.

    ``start`` is that of the line which introduces it, if there is one; ``end`` is after the last
    field's line. ``depth`` counts the ``>`` before its lines. ``forwarded`` says that the
    introduction calls it forwarded; ``introduced`` that there is one. ``fields`` are values as
    written by kind: from, date, to, cc, subject, each with its lines joined.
    """

    start: int
    end: int
    depth: int
    forwarded: bool
    introduced: bool
    fields: dict[str, str] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Forward:
    """A forwarded message in a text: from ``start`` to ``end``, its own text from ``body`` on."""

    start: int
    end: int
    body: int
    block: HeaderBlock


def is_forward(subject: str) -> bool:
    """Whether a subject is that of a forwarded mail (Fw:, Fwd:, WG:, TR:, RV:)."""
    return _FORWARD_SUBJECT.match(subject) is not None


def find_blocks(text: str) -> list[HeaderBlock]:
    """The header blocks of a text, in order; at most BLOCKS, in its first SEARCHED code points."""
    padded = "\n" + text[:SEARCHED]
    blocks: list[HeaderBlock] = []
    for group in _groups(padded):
        block = _block(padded, group, blocks[-1].end if blocks else 0)
        if block:
            blocks.append(block)
            if len(blocks) == BLOCKS:
                break
    return blocks


def find_forwards(
    text: str, subject: str, blocks: Sequence[HeaderBlock], reply_from: int
) -> list[Forward]:
    """Which of the ``blocks`` are forwarded messages, and how far they go, in order.

    A block that is introduced as forwarded is one, and so is the first block of a mail whose
    ``subject`` says it forwards. Not so after ``reply_from``, where the quoted original of a reply
    begins, and not in quoted lines, unless only the forwarded lines themselves are quoted.
    """
    if not blocks:
        return []
    forwards: list[Forward] = []
    whole = is_forward(subject)
    at = 0
    for number, block in enumerate(blocks):
        if block.start >= reply_from:
            break
        if block.start < at:
            continue
        quoted = block.depth > 0 and text[block.start : block.start + 20].lstrip().startswith(">")
        wanted = (block.forwarded and not quoted) or (whole and not forwards)
        if not wanted:
            if not block.depth:
                break  # a reply: all that follows is its original
            continue
        end = _end(text, block, blocks[number + 1 :])
        body = block.end
        while body < end and text[body] == "\n":
            body += 1
        forwards.append(Forward(block.start, end, min(body, end), block))
        at = end
    return forwards


def body_of(text: str, forward: Forward) -> str:
    """The text of a forwarded message, without the ``>`` that its header lines have too."""
    body = text[forward.body : forward.end]
    depth = forward.block.depth
    if depth:
        body = re.sub(rf"^[ \t]?(?:>[ \t]?){{1,{depth}}}", "", body, flags=re.MULTILINE)
    return body.strip("\n")


class _Field(NamedTuple):
    """A line ``Label: value`` of ``padded``, from the line end in front to its own line end."""

    kind: str
    start: int
    end: int
    value: int
    depth: int


def _fields(padded: str) -> Iterator[_Field]:
    """The lines that begin with a known label. Found by their colons, which are few."""
    colon = padded.find(":")
    while colon >= 0:
        start = padded.rfind("\n", max(0, colon - _LONGEST_LABEL), colon)
        end = padded.find("\n", colon)
        end = len(padded) if end < 0 else end
        if start >= 0:
            label = padded[start + 1 : colon]
            kind = _KIND_OF.get(label) or _KIND_OF.get(label.strip("> \t\xa0*"))
            if kind:
                yield _Field(kind, start, end, colon + 1, label.count(">"))
        colon = padded.find(":", end)


def _groups(padded: str) -> Iterator[list[_Field]]:
    """Runs of fields that belong together."""
    group: list[_Field] = []
    for found in _fields(padded):
        if group and (
            any(found.kind == each.kind for each in group)
            or not _together(padded, group[-1], found)
        ):
            yield group
            group = []
        group.append(found)
    if group:
        yield group


def _together(padded: str, last: _Field, found: _Field) -> bool:
    if found.start - last.end > _BETWEEN or last.depth != found.depth:
        return False
    between = padded[last.end : found.start]
    if not between:
        return True
    if not between.strip("> \t\n\xa0"):
        return between.count("\n") <= 2
    return between.count("\n") <= _LINES_BETWEEN and not any(
        not line.strip("> \t\xa0") for line in between.split("\n")[1:]
    )


def _block(padded: str, group: Sequence[_Field], taken: int) -> HeaderBlock | None:
    """The block of a run of fields, if it is one; what is before ``taken`` is no part of it."""
    kinds = {each.kind for each in group}
    if len(kinds & {"from", "date", "to", "subject"}) < 2:
        return None
    start, forwarded, introduced = _introduction(padded, group[0].start, taken)
    if not introduced and not ({"from", "date"} <= kinds and {"to", "subject"} & kinds):
        return None
    ends = [each.start for each in group[1:]]
    ends.append(_value_end(padded, group[-1]))
    fields: dict[str, str] = {}
    for each, end in zip(group, ends, strict=True):
        lines = padded[each.value : end].split("\n")
        lines = [line.lstrip("> \t\xa0*").rstrip(" \t\xa0*") for line in lines]
        fields[each.kind] = " ".join(lines).strip()
    # A line's end in ``padded`` is one code point further than in the text; its start, as that of
    # the line end in front, is not.
    return HeaderBlock(start, ends[-1] - 1, group[0].depth, forwarded, introduced, fields)


def _value_end(padded: str, last: _Field) -> int:
    """Where the last field ends: recipients go on while lines end in a comma or semicolon."""
    end = last.end
    for _ in range(_LINES_BETWEEN):
        if not padded[last.value : end].rstrip().endswith((",", ";")):
            break
        following = padded.find("\n", end + 1)
        following = len(padded) if following < 0 else following
        if following - end > 1_000 or not padded[end:following].strip("> \t\n"):
            break
        end = following
    return end


def _introduction(padded: str, at: int, taken: int) -> tuple[int, bool, bool]:
    """Where a block with its first field at ``at`` begins, and what a line before calls it.

    Lotus Notes has the sender and the date on lines of their own in between.
    """
    base = max(taken, at - _INTRO_FAR)
    end = at
    for number in range(_INTRO_LINES):
        end = base + len(padded[base:end].rstrip("> \t\n\xa0*"))
        line_start = padded.rfind("\n", base, end)
        line = padded[line_start + 1 : end].strip("> \t*")
        if line_start < 0 or not line:
            break
        # Else the line is prose that speaks of a forward.
        if line[0] in "-_" or (number == 0 and padded[end - 1] == ":"):
            forwarded = _FORWARDED.search(line) is not None
            if forwarded or _ORIGINAL.search(line):
                return line_start, forwarded, True
        end = line_start
    return at, False, False


def _end(text: str, block: HeaderBlock, following: Sequence[HeaderBlock]) -> int:
    """Where a forwarded message ends."""
    if block.depth:
        return _end_of_quoted(text, block.end, block.depth)
    end = len(text)
    if not is_forward(block.fields.get("subject", "")):
        for other in following:
            if other.forwarded and not other.depth:
                end = other.start
                break
    if closing := _FORWARD_END.search(text, block.end, min(end, block.end + SEARCHED)):
        end = closing.start()
    return end


def _end_of_quoted(text: str, at: int, depth: int) -> int:
    """The end of the last of the lines after ``at`` that have ``depth`` marks or are empty."""
    end = at
    while at < len(text):
        line_end = text.find("\n", at + 1)
        line_end = len(text) if line_end < 0 else line_end
        line = text[at:line_end].strip("\n")
        marks = line[: len(line) - len(line.lstrip("> \t"))].count(">")
        if marks >= depth:
            end = line_end
        elif line.strip():
            break
        at = line_end
    return end
