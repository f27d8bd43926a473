"""Who wrote it and when, as bylines say it in English. What is ambiguous is not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timezone

LONGEST = 160

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = (
    r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s+)?"
_ZONE = r"(?:\s+(?:GMT|UTC|[BCEMP][DS]?T|CEST)\b)?"
_CLOCK = rf"(?:,?\s+(?:at\s+)?\d{{1,2}}[:.]\d\d(?:\s?[ap]\.?m\.?)?{_ZONE})?"
_DATE = re.compile(
    r"\b(?:"
    r"(?P<iso>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?)"
    rf"|{_WEEKDAY}{_MONTH.format('m1')}\s+(?P<d1>\d{{1,2}}){_ORDINAL},?\s+(?P<y1>\d{{4}}){_CLOCK}"
    rf"|{_WEEKDAY}(?P<d2>\d{{1,2}}){_ORDINAL}(?:\s+of)?\s+{_MONTH.format('m2')},?\s+(?P<y2>\d{{4}})"
    rf"{_CLOCK}"
    rf"|{_MONTH.format('m3')},?\s+(?P<y3>\d{{4}})"
    r"|(?P<ym>\d{4}-\d\d)"
    r")(?![\w-])",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?P<verb>(?:written|reported|posted|published|compiled|reporting|story|words|text|analysis"
    r"|report|article|opinion)\s+by|authors?:|reporters?:|written:)\s+|by:?\s+",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"(?P<verb>(?:first\s+|last\s+)?(?:posted|published|updated|modified|date)(?:\s+on)?:?\s+)?",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(r"\s*(?:[|•·;(\n]|\s[-–—]\s|\s(?:on|for|in|at)\s)")
_BETWEEN_NAMES = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&|with)\s+")
_PARTICLE = re.compile(
    r"af|al|av|bin|bint|da|del?|della|de[nr]|di|dos|du|el|ibn|l[ae]|te[nr]|van|von|y|zu"
)
_NO_NAME = re.compile(r"an?|the|th[ie]s|that|those|our|your|its|his|her|their|my|all|no|any", re.I)
_ROLE = re.compile(
    r"analyst|bureau|chief|columnist|contributor|correspondent|desk|editor|reporter|writer", re.I
)
_ENDS_A_SENTENCE = re.compile(r"(?<!\bJr)(?<!\bSr)(?<!\b[A-Z])(?<!\b[ap]\.m)[.!?:]$")


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline says. ``sure``: its wording or its date leaves no doubt that it is one."""

    author: str | None
    published: str | None
    sure: bool


def parse_date(text: str) -> str | None:
    """``text``, wholly a date, as ISO 8601 and no more precise than it is, or None.

    Takes ISO dates (a time with its zone becomes UTC, one without is left off), English month names
    and a year alone. Days and months that are both numbers (5/10/2012) are not guessed.
    """
    text = text.strip()
    if re.fullmatch(r"[12]\d{3}", text):
        return text
    match = _DATE.fullmatch(text)
    return _iso(match) if match else None


def parse_byline(text: str) -> Byline | None:
    """What ``text``, the whole of a paragraph, says as a byline; None when it is none.

    "Written by X on DATE", "By X", "By X and Y | DATE", "By X, Harbour correspondent", "Published
    on DATE by X", "Published: DATE", and a date alone.
    """
    text = text.strip()
    if not text or len(text) > LONGEST or _ENDS_A_SENTENCE.search(text):
        return None
    found = _DATE.search(text)
    published = _iso(found) if found else None
    if found and published:
        dateline = _DATELINE.match(text)
        if dateline and dateline.end() == found.start():
            rest = text[found.end() :].strip(" |,•·–—-")
            if not rest:
                return Byline(None, published, dateline["verb"] is not None)
            opening = _OPENING.match(rest)
            author = _names(rest[opening.end() :]) if opening else None
            return Byline(author, published, True) if author else None
    opening = _OPENING.match(text)
    if not opening:
        return None
    names = text[opening.end() : found.start() if found else len(text)]
    author = _names(re.sub(r"\s+on\s*$", "", names.rstrip(" ,|•·–—-")))
    if not author:
        return None
    return Byline(author, published, published is not None or opening["verb"] is not None)


def _names(text: str) -> str | None:
    """The names at the start of ``text``, as written; None when what stands there is no name."""
    ends = _NAME_ENDS.search(text)
    if ends:
        tail = text[ends.end() :].split()
        if len(tail) > 8:
            return None
        text = text[: ends.start()]
    last = start = 0
    for between in [*_BETWEEN_NAMES.finditer(text), None]:
        if between is not None and not text[start : between.start()].strip():
            start = between.end()
            continue
        end = between.start() if between else len(text)
        if not _is_name(text[start:end]):
            break
        last = end
        if between:
            start = between.end()
    tail = text[last:].strip(" ,").split()
    return text[:last].strip() or None if len(tail) <= 8 else None


def _is_name(text: str) -> bool:
    words = text.split()
    if not 1 <= len(words) <= 5 or _NO_NAME.fullmatch(words[0]) or _is_time(words[0]):
        return False
    for word in words:
        letters = re.sub(r"[.'’-]", "", word)
        if not letters.isalpha() or _ROLE.fullmatch(letters):
            return False
        if letters[0].islower() and not _PARTICLE.fullmatch(letters):
            return False
    return True


def _is_time(word: str) -> bool:
    word = word.lower().rstrip(".,")
    return word in _MONTHS or word.endswith("day")


def _iso(match: re.Match[str]) -> str | None:
    if match["iso"]:
        return _iso_instant(match["iso"])
    try:
        if match["ym"]:
            year, month = match["ym"].split("-")
            return date(int(year), int(month), 1).isoformat()[:7]
        for form in "12":
            if match[f"m{form}"]:
                month_number = _month(match[f"m{form}"])
                day = int(match[f"d{form}"])
                return date(int(match[f"y{form}"]), month_number, day).isoformat()
        return date(int(match["y3"]), _month(match["m3"]), 1).isoformat()[:7]
    except ValueError:
        return None


def _month(name: str) -> int:
    return [month[:3] for month in _MONTHS].index(name.lower()[:3]) + 1


def _iso_instant(text: str) -> str | None:
    # Python 3.10 reads neither "Z", nor "+0200", nor fractions of another length than 3 or 6.
    plain = re.sub(r"\.\d+", "", text).replace("Z", "+00:00").replace("z", "+00:00")
    plain = re.sub(r"\s(?=[+-])", "", plain)
    plain = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", plain[10:]) if len(plain) > 10 else ""
    try:
        instant = datetime.fromisoformat(text[:10] + plain.replace(" ", "T", 1))
        if instant.tzinfo is None:
            return instant.date().isoformat()
        return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None
