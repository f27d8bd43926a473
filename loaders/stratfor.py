"""Stratfor's INSIGHT blocks: what an e-mail says of the coded source behind its report.

A block is some lines like ``SOURCE RELIABILITY: A``, in any order and subset. There is no standard
of it: the layouts are those of released e-mails. Values stay as written; no grade is mapped to
another scale. Everything takes time linear in the text, whatever the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .mail_records import Insight

LONGEST = 500  # code points of a value

_FIELDS = {
    "SOURCE": "code",
    "SOURCE CODE": "code",
    "ATTRIBUTION": "attribution",
    "SOURCE DESCRIPTION": "description",
    "PUBLICATION": "publication",
    "RELIABILITY": "reliability",
    "SOURCE RELIABILITY": "reliability",
    "CREDIBILITY": "credibility",
    "ITEM CREDIBILITY": "credibility",
    "SPECIAL HANDLING": "special_handling",
    "SOURCE HANDLER": "source_handler",
    "DISTRIBUTION": "distribution",
    "SUGGESTED DISTRIBUTION": "distribution",
}
# Labels that stand in ordinary prose too ("Source: Reuters"): these alone make no block.
_COMMON = ("SOURCE", "PUBLICATION", "DISTRIBUTION")
_APART = 10  # lines from one label to the next of its block, at most
_FAR = 2000  # code points of these lines, at most
_REACH = 80  # code points from the start of a line to its label's colon, at most
_WRAP = 62  # code points of a line with the first word of the next, where a mail program wrapped it
_SUBJECT = 300  # code points of a subject that are looked at

# Colons are few and quickly found, so a mail without a block is soon done with.
_COLON = re.compile(
    r":(?<=[nygreNYGRE*_\s]:)"
    r"(?:(?<=tion:)|(?<=lity:)|(?<=dler:)|(?<=ling:)|(?<=urce:)|(?<=code:)|(?<=[*_\s]:))",
    re.IGNORECASE,
)
_NAME = "|".join(name.replace(" ", r"[^\S\n]+") for name in sorted(_FIELDS, key=len, reverse=True))
_PREFIX = r"[^\S\n]*(?:[>|][^\S\n]*)*"
_LABEL = re.compile(rf"({_PREFIX})(?:[-•·][^\S\n]+)?([*_]*)({_NAME})[*_]*[^\S\n]*:", re.IGNORECASE)
_INLINE = re.compile(rf"(?<!\S)([*_]*)({_NAME})[*_]*[^\S\n]*:\Z")
_QUOTATION = re.compile(_PREFIX)
_UPPER_LABEL = re.compile(r"[A-Z][A-Z /&-]{1,30}:(?:\s|\Z)")
_OTHER_LABEL = re.compile(r"[A-Z][A-Za-z /&-]{1,30}:(?:\s|\Z)")

_CODE = r"[A-Z]{2,4}-?[0-9]{1,5}"
_WHOLE_CODE = re.compile(r"\s*([A-Z]{2,4})[- ]?([0-9]{1,5})\s*", re.IGNORECASE)
_JUST_CODES = re.compile(rf"({_CODE})?\s*(?:\bvia\s+({_CODE}))?", re.IGNORECASE)
_AMONG_WORDS = re.compile(rf"(\b(?i:via)\s+)?(?<![\w@./-])({_CODE})(?![\w@-])")
_TAGS = r"(?:(?:re|fwd?)[ \t]*:[ \t]*|\[[^\]\n]{0,40}\][ \t]*){0,9}"
_INSIGHT = re.compile(rf"\bINSIGHT\b|\A\s*{_TAGS}(?=from\s+{_CODE}\b)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+[-–—]+|[-–—]+\s|[-–—]{2,}|[:;,()*]")
_SEGMENT = re.compile(
    rf"\s*(?:(?:from\s+)?({_CODE})|\S*-\S+-([A-Z]{{2,4}}[0-9]{{1,5}}))"
    rf"(?:\s*[/&+]\s*{_CODE})*(?:\s+via\s+{_CODE})?\s*",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"^[^\S\n]{0,40}(?:[>|*_][^\S\n]{0,40}){0,40}"
    rf"(?:(subject)[*_]*[^\S\n]*:|(?={_TAGS}(?:INSIGHT\b|from[ \t]+{_CODE}\b)))(.{{0,{_SUBJECT}}})",
    re.IGNORECASE | re.MULTILINE,
)


def code_key(code: str) -> str | None:
    """A source code in the form that compares: letters in upper case, the number without zeros.

    ``MX01``, ``mx1`` and ``MX-1`` are ``MX1``. None for what is not a code: two to four letters for
    a region, country or body, then a number of up to five digits.
    """
    match = _WHOLE_CODE.fullmatch(code)
    return f"{match[1].upper()}{int(match[2])}" if match else None


def find_insights(text: str) -> tuple[Insight, ...]:
    """The INSIGHT blocks of a text that has no subject of its own; see insights_of."""
    return insights_of("", text)


def insights_of(subject: str, text: str) -> tuple[Insight, ...]:
    """The INSIGHT blocks of a message, in their order.

    A block is two labels or more, near each other and quoted alike. One of them must be none that
    stands in ordinary prose too, as ``Source:``, ``Publication:`` and ``Distribution:`` do, or its
    source must be a code. A block without a code has the one of the nearest subject or heading
    above it in the text, or of ``subject`` where none is above: ``INSIGHT - Mexico - … - MX01``,
    ``INSIGHT FROM MX1: …``, ``From MX1 -- 2``. So ``key`` can stand beside a ``code`` that is none
    (``SOURCE: as before``). Where ``via`` is the same code, that is who passed the report on, and
    the source behind it has no code.

    ``start`` is that of the first label and ``end`` that of the last value, in code points of
    ``text``. Values are as written, white space folded, without the marks of quoted lines, cut at
    LONGEST code points.
    """
    labels = _labels(text)
    if len(labels) < 2:
        return ()
    groups = _groups(text, labels)
    found = [block for group, stop in groups if (block := _block(text, group, stop))]
    if not found:
        return ()
    above = list(_above(text, found[-1].start))
    starts = [start for start, _ in above]
    completed = []
    for block in found:
        index = bisect_right(starts, block.start)
        completed.append(_complete(block, above[index - 1][1] if index else subject))
    return tuple(completed)


def _complete(block: Insight, subject: str) -> Insight:
    """The block with what its subject says, unless that is of another source."""
    code, via = _codes(subject)
    key = code_key(code or "")
    if block.key and key and block.key != key:
        return block
    if block.key is None and key:
        block = replace(block, code=block.code or code, key=key)
    return block if block.via else replace(block, via=via)


# --- labels and the blocks they make ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Label:
    field: str
    name: str
    begin: int  # of its line, or of the label itself where it is inside the line
    start: int
    value: int  # where its value begins: after the colon
    depth: int  # how many quotation marks stand before it
    starred: bool  # *SOURCE:* is how mail programs write bold letters
    inline: bool  # not the first thing in its line


def _labels(text: str) -> list[_Label]:
    labels = []
    for colon in _COLON.finditer(text):
        end = colon.end()
        first = max(0, end - _REACH)
        line = text.rfind("\n", first, end) + 1 or (-1 if first else 0)
        match = _LABEL.fullmatch(text, line, end) if line >= 0 else None
        if match:
            depth, stars, name = match[1].count(">"), match[2], match[3]
            begin, start, inline = line, match.start(3), False
        else:
            match = _INLINE.search(text[max(line, first) : end])
            if not match:
                continue
            depth, stars, name = 0, match[1], match[2]
            begin, inline = max(line, first) + match.start(), True
            start = max(line, first) + match.start(2)
        name = " ".join(name.upper().split())
        labels.append(_Label(_FIELDS[name], name, begin, start, end, depth, bool(stars), inline))
    return labels


def _groups(text: str, labels: Sequence[_Label]) -> Iterator[tuple[list[_Label], int]]:
    """The labels that make one block together, and where the next block could begin at the latest.

    A label inside a line only goes on with a block.
    """
    group: list[_Label] = []
    for label in labels:
        if group and _together(text, group, label):
            group.append(label)
            continue
        if len(group) > 1:
            yield group, label.begin
        group = [] if label.inline else [label]
    if len(group) > 1:
        yield group, len(text)


def _together(text: str, group: Sequence[_Label], label: _Label) -> bool:
    if any(label.field == other.field for other in group):
        return False
    if not label.inline and label.depth != group[0].depth:
        return False
    last = group[-1]
    if label.begin - last.value > _FAR or text.count("\n", last.value, label.begin) > _APART:
        return False
    lines = text[last.value : label.begin].split("\n")
    apart = False
    for line in map(_unquoted, lines[_between(lines) :]):
        if apart and line.strip() and not _UPPER_LABEL.match(line):
            return False  # the report of the block before
        apart = not line.strip()
    return True


def _block(text: str, group: Sequence[_Label], stop: int) -> Insight | None:
    """The block of some labels; None where they are no more than prose has."""
    values: dict[str, str | None] = {}
    end = group[-1].value
    below = False  # values stand in the line below their labels
    for label, following in zip(group, [*group[1:], None], strict=True):
        until = following.begin if following else min(stop, label.value + _FAR)
        lines = text[label.value : until].split("\n")
        taken = lines[: _between(lines) if following else _after(text, label, lines, below)]
        value = " ".join(" ".join(taken[:1] + [_unquoted(line) for line in taken[1:]]).split())
        if label.starred:
            value = value.strip("*_ ")
        if value:
            below = below or not taken[0].strip(" \t*_")
            end = max(end, label.value + len("\n".join(taken).rstrip()))
        values[label.field] = value[:LONGEST].rstrip() or None
    code = values.get("code") or ""
    just = _JUST_CODES.fullmatch(code)
    if not (just and just[1]) and all(label.name in _COMMON for label in group):
        return None
    source, via = (just[1], just[2]) if just else _among_words(code)
    others = (_among_words(value)[1] for value in values.values() if value)
    via = via or next(filter(None, others), None)
    return Insight(group[0].start, end, key=code_key(source or ""), via=via, **values)


def _among_words(value: str) -> tuple[str | None, str | None]:
    """The first code of a value and the first one after "via". There they are in upper case."""
    found = {bool(via): code for via, code in reversed(_AMONG_WORDS.findall(value))}
    return found.get(False), found.get(True)


def _unquoted(line: str) -> str:
    return _QUOTATION.sub("", line, count=1)


def _between(lines: Sequence[str]) -> int:
    """How many of the lines from a label to the next one are its value: up to an empty line.

    ``lines[0]`` is the rest of the label's own line. Where that is empty, the value may stand in
    the lines below, even after one empty line.
    """
    begun = bool(lines[0].strip())
    for number, line in enumerate(lines[1:], 1):
        content = _unquoted(line)
        if not content.strip():
            if begun or number > 1:
                return number
        elif _OTHER_LABEL.match(content):
            return number
        else:
            begun = True
    return len(lines)


def _after(text: str, label: _Label, lines: Sequence[str], below: bool) -> int:
    """How many lines are the value of a block's last label: the report may follow at once.

    A line goes on with the one before where a mail program had to wrap that. ``below``: the other
    values stand in the line below their labels, so that this one may too.
    """
    before = text[label.begin : label.value] + lines[0]
    begun = bool(lines[0].strip(" \t\r*_"))
    for number, line in enumerate(lines[1 : _APART + 1], 1):
        content = _unquoted(line)
        if not content.strip() or _OTHER_LABEL.match(content):
            return number
        if line[: len(line) - len(content)].count(">") != label.depth:
            return number
        wrapped = len(before.rstrip()) + 1 + len(content.split(None, 1)[0]) > _WRAP
        ended = before.rstrip().endswith((".", "!", "?", ":"))
        if (not wrapped or ended) if begun else not below:
            return number
        begun, before = True, line
    return min(len(lines), _APART + 1)


# --- codes in subjects --------------------------------------------------------------------------


def _codes(subject: str) -> tuple[str | None, str | None]:
    """The code of an INSIGHT's subject and the one it came through, as written.

    The code stands alone between dashes, brackets or colons, the last such one; of ``MX1/US714``
    it is the first.
    """
    subject = " ".join(subject[:_SUBJECT].split())
    marked = _INSIGHT.search(subject)
    if not marked:
        return None, None
    via = _among_words(subject)[1]
    segments = map(_SEGMENT.fullmatch, _BETWEEN.split(subject[marked.end() :]))
    codes = [match[1] or match[2] for match in segments if match]
    return codes[-1] if codes else None, via


def _above(text: str, end: int) -> Iterator[tuple[int, str]]:
    """Subjects of forwarded mails and headings of INSIGHTs, each with where it stands."""
    for match in _ABOVE.finditer(text, 0, end):
        line = match[2]
        code, _ = _codes(line)
        if match[1] and code is None and _INSIGHT.search(line):
            following = text[match.end() : match.end() + _SUBJECT].split("\n", 2)[1:2]
            wrapped = map(_unquoted, following)
            line += "".join(f" {each}" for each in wrapped if not _OTHER_LABEL.match(each))
        if match[1] or code:
            yield match.start(), line
