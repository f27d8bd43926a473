"""The text of a message: soft line ends undone, and what in it is quoted, attributed or signed."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .mail_forwards import SEARCHED, Forward, HeaderBlock
from .mail_html import QUOTE_DEPTH, Quote
from .mail_records import MailSpan

# Of spans with one place, which is inside which.
_ORDER = {"forwarded": 0, "quoted": 1, "signature": 2, "attribution": 3}
# Spans of one message; the longest real threads have some hundred.
SPANS = 5_000
# Lines of a text whose soft line ends are undone.
FLOWED_LINES = 200_000
# Code points of a line that says who wrote what follows, lines joined.
_LONGEST_ATTRIBUTION = 400
# Code points of a line with the verb before a last line with the address.
_WRAPPED = 120
# Lines of a signature that begins with "--" without the space that RFC 3676 section 4.3 asks for.
_SIGNATURE_LINES = 12

# A run of quoted lines at once, and whether there is more than one level in it.
_RUN = re.compile(r"\n[ \t]?>[^\n]*(?:\n[ \t]?>[^\n]*)*")
_DEEP = re.compile(r"\n[ \t]?>[ \t]?>")
_MARKS = re.compile(r"\n[ \t]?(?:>[ \t]?)+")
_LINE_ENDING = re.compile(r":[ \t]{0,9}(?=\n|\Z)")
_WROTE = re.compile(r"wrote|writes|schrieb|écrit|escribió|schreef|scritto|escreveu")
_OPENING = re.compile(
    r"(?:On|At|In|Am|Le|El|Op|Il|Em|Den)\b[^\n]{0,200}?[0-9]"
    r"|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}\b"
)
# What a sentence such as "On 5 May he wrote:" lacks.
_CERTAIN = re.compile(r"[0-9]:[0-9]{2}|@|[0-9]{4}")
_SIGNATURE = re.compile(r"\n--(?: )?(?=\n|\Z)")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A line such as ``On … wrote:``. ``tail``: its quotation has no marks and ends the text.

    ``depth`` counts the ``>`` before it.
    """

    start: int
    end: int
    depth: int
    tail: bool


def unflow(text: str, delsp: bool) -> str:
    """``text`` of format=flowed with its soft line ends undone (RFC 3676), quotation marks kept.

    ``delsp``: the space of a soft line end was put in and goes too. A text of more than
    FLOWED_LINES lines stays as it is.
    """
    if text.count("\n") > FLOWED_LINES:
        return text
    paragraphs: list[str] = []
    pieces: list[str] = []
    soft, last_depth = False, 0
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        # A stuffed ">" stays stuffed: without its space it would look like a quotation.
        if content.startswith(" ") and (depth or not content.startswith(" >")):
            content = content[1:]
        signature = content == "-- "
        if not soft or depth != last_depth or signature:
            paragraphs.append("".join(pieces))
            pieces = [">" * depth + " "] if depth else []
        soft = content.endswith(" ") and not signature
        pieces.append(content[:-1] if soft and delsp else content)
        last_depth = depth
    paragraphs.append("".join(pieces))
    return "\n".join(paragraphs[1:])


def find_attributions(
    text: str, blocks: Sequence[HeaderBlock] = (), quotes: Sequence[Quote] = ()
) -> list[Attribution]:
    """The lines of a text that say who wrote the quotation after them, in order.

    ``quotes`` are quotations known from HTML: an attribution before one of them is no tail. Nor is
    one before marked lines, up to the next attribution or to one of the header ``blocks``: what
    stands between those is the writer's own, be it a greeting before the first.
    """
    padded = "\n" + text[:SEARCHED]
    quote_starts = sorted({quote.start for quote in quotes})
    found: list[Attribution] = []
    for ending in _LINE_ENDING.finditer(padded):
        stop = ending.end()
        last = max(padded.rfind("\n", 0, stop), stop - _LONGEST_ATTRIBUTION)
        # "… schrieb Name\n<address>:" is wrapped after the verb.
        before = max(padded.rfind("\n", 0, max(last, 0)), last - _WRAPPED, 0)
        if _WROTE.search(padded, before, stop):
            attribution = _attribution(padded, max(last, 0), stop, quote_starts)
            if attribution and not (found and attribution.start < found[-1].end):
                found.append(attribution)
                if len(found) == SPANS:
                    break
    # A quoted one begins no other stretch: its line has a mark itself.
    stops = [each.start for each in found if not each.depth]
    stops = sorted(stops + [each.start for each in blocks if not each.depth])
    for number, each in enumerate(found):
        if each.tail:
            after = bisect_right(stops, each.start)
            stop = stops[after] if after < len(stops) else len(padded)
            if _MARKS.search(padded, each.end, stop):
                found[number] = replace(each, tail=False)
    return found


def _attribution(
    padded: str, start: int, stop: int, quote_starts: Sequence[int]
) -> Attribution | None:
    """The attribution whose last line is from ``start`` (its line end in front) to ``stop``."""
    if padded[start] != "\n":
        return None
    depth, content = _depth(padded, start + 1, stop)
    dated = _OPENING.match(padded, content, stop) is not None
    earlier = start
    for _ in range(3):
        if dated or earlier <= 0:
            break
        earlier = padded.rfind("\n", max(0, stop - _LONGEST_ATTRIBUTION), earlier)
        if earlier < 0:
            break
        marks, begin = _depth(padded, earlier + 1, stop)
        if marks != depth or padded[begin : begin + 1] in ("\n", ""):
            break
        if _OPENING.match(padded, begin, stop):
            start, content, dated = earlier, begin, True
    after = stop
    while after < len(padded) and padded[after] in " \t\n" and after - stop < 200:
        after += 1
    next_line = padded.rfind("\n", 0, after) + 1 if after < len(padded) else after
    deeper = _depth(padded, next_line, min(next_line + 100, len(padded)))[0] > depth
    known = bisect_right(quote_starts, after - 1)
    by_html = known > 0 and quote_starts[known - 1] >= stop - 1
    if not dated and not deeper and not by_html:
        return None
    tail = not depth and not deeper and not by_html and after < len(padded)
    if tail and not _CERTAIN.search(padded, content, stop):
        return None
    # Positions of the text: that of the line end in front is that of the line in the text.
    return Attribution(content - 1, min(stop, len(padded)) - 1, depth, tail)


def _depth(padded: str, start: int, end: int) -> tuple[int, int]:
    """How many ``>`` begin the line at ``start``, and where its words begin."""
    at = start
    depth = 0
    limit = min(end, start + 200)
    while at < limit and padded[at] in "> \t":
        depth += padded[at] == ">"
        at += 1
    return depth, at


def find_spans(
    text: str,
    forwards: Sequence[Forward],
    blocks: Sequence[HeaderBlock],
    attributions: Sequence[Attribution],
    quotes: Sequence[Quote] = (),
) -> tuple[tuple[MailSpan, ...], bool]:
    """The spans of a text and whether all are there, in the order that MailSpan has.

    Nothing is marked inside a forwarded message: that is the matter of the message it becomes.
    Spans are apart or one inside the other.
    """
    blocks = [each for each in blocks if not _inside(each.start, forwards)]
    attributions = [each for each in attributions if not _inside(each.start, forwards)]
    starts = _tails(text, blocks, attributions)
    end = len(text.rstrip())
    spans = [MailSpan("forwarded", each.start, each.end) for each in forwards]
    spans += [MailSpan("quoted", start, end, depth) for depth, start in enumerate(starts, 1)]
    spans += [
        MailSpan("quoted", quote.start, quote.end, quote.depth + bisect_right(starts, quote.start))
        for quote in quotes
    ]
    marked, whole = _marked_quotes(text, starts)
    spans += marked
    spans += [MailSpan("attribution", each.start, each.end) for each in attributions]
    spans += [MailSpan("attribution", each.start, each.end) for each in blocks]
    kept = _nested(text, spans)
    kept += _signatures(text, kept)
    kept.sort(key=_place)
    return tuple(kept[:SPANS]), whole and len(kept) <= SPANS


def reply_start(attributions: Iterable[Attribution]) -> int:
    """Where the original of a reply begins that ``On … wrote:`` quotes without marks."""
    return min((each.start for each in attributions if each.tail), default=sys.maxsize)


def _inside(position: int, forwards: Sequence[Forward]) -> bool:
    return any(each.start <= position < each.end for each in forwards)


def _tails(
    text: str, blocks: Sequence[HeaderBlock], attributions: Sequence[Attribution]
) -> list[int]:
    """Where the quotations begin that have no marks and go to the end of the text."""
    ends = {each.end for each in blocks if not each.depth}
    ends.update(each.end for each in attributions if each.tail)
    found = []
    for end in sorted(ends)[:QUOTE_DEPTH]:
        while end < len(text) and text[end].isspace():
            end += 1
        found.append(end)
    return sorted(set(found))


def _marked_quotes(text: str, tails: Sequence[int]) -> tuple[list[MailSpan], bool]:
    """The runs of lines that begin with ``>``; lines with more marks are spans inside.

    The second value says whether all of the text was looked at.
    """
    whole = len(text) <= SEARCHED
    if ">" not in text:
        return [], whole
    padded = "\n" + text[:SEARCHED]
    spans: list[MailSpan] = []
    for run in _RUN.finditer(padded):
        if _DEEP.search(padded, run.start(), run.end()):
            levels = _levels(padded, run.start(), run.end())
        else:
            levels = [(run.start(), run.end(), 1)]
        for start, end, depth in levels[:SPANS]:
            spans.append(MailSpan("quoted", start, end - 1, depth + bisect_right(tails, start)))
        if len(spans) > SPANS:
            return spans, False
    return spans, whole


def _levels(padded: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """The quotations in a run of quoted lines: (start, end, depth), in ``padded``."""
    levels: list[tuple[int, int, int]] = []
    open_: list[tuple[int, int]] = []  # (start, depth), depths rising
    for found in _MARKS.finditer(padded, start, end):
        depth = min(found[0].count(">"), QUOTE_DEPTH)
        begun = found.start()
        while open_ and open_[-1][1] > depth:
            # A quotation that a deeper one begins has begun with that.
            begun, deeper = open_.pop()
            levels.append((begun, found.start(), deeper))
        if not open_ or open_[-1][1] < depth:
            open_.append((begun, depth))
    levels += [(begun, end, depth) for begun, depth in open_]
    return levels


def _place(span: MailSpan) -> tuple[int, int, int]:
    """Sorts spans so that each comes before those inside it."""
    return span.start, -span.end, _ORDER[span.kind]


def _nested(text: str, spans: list[MailSpan]) -> list[MailSpan]:
    """``spans`` cut to the text, without those in a forward and those that cross another."""
    length = len(text)
    kept: list[MailSpan] = []
    open_: list[MailSpan] = []
    for span in sorted(spans, key=_place):
        if not 0 <= span.start < span.end <= length:
            continue
        while open_ and open_[-1].end <= span.start:
            open_.pop()
        if open_:
            above = open_[-1]
            if above.kind in ("forwarded", "attribution"):
                continue
            if span.end > above.end:
                if span.kind != "quoted":
                    continue
                span = MailSpan("quoted", span.start, above.end, span.depth)
            if (span.start, span.end, span.kind) == (above.start, above.end, above.kind):
                continue
        kept.append(span)
        open_.append(span)
    return kept


def _signatures(text: str, kept: Sequence[MailSpan]) -> list[MailSpan]:
    """The signatures: from ``-- `` to the end of the text or to what is not the writer's own."""
    padded = "\n" + text[:SEARCHED]
    start = padded.find("\n--")
    if start < 0:
        return []
    signatures: list[MailSpan] = []
    # Taken spans at the outermost level, in order.
    taken: list[MailSpan] = []
    for span in kept:
        if not taken or span.start >= taken[-1].end:
            taken.append(span)
    starts = [span.start for span in taken]
    while start >= 0:
        found = _SIGNATURE.match(padded, start)
        at, start = start, padded.find("\n--", start + 3)
        if not found:
            continue
        if signatures and at < signatures[-1].end:
            continue
        index = bisect_right(starts, at)
        if index and taken[index - 1].end > at:
            continue
        end = starts[index] if index < len(starts) else len(text)
        if not found[0].endswith(" ") and _more_lines(text, at, end):
            continue
        end = at + len(text[at:end].rstrip())
        signatures.append(MailSpan("signature", at, end))
        if len(signatures) == SPANS:
            break
    return signatures


def _more_lines(text: str, start: int, end: int) -> bool:
    """Whether there are more lines than a signature without its proper mark has."""
    for _ in range(_SIGNATURE_LINES):
        start = text.find("\n", start, end) + 1
        if not start:
            return False
    return True
