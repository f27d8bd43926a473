"""The date of a message, as fields and forwarded headers write it, to UTC."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import parsedate_tz

# A year outside is a clock that was not set, or nonsense.
FIRST_YEAR, LAST_YEAR = 1971, 2100
# Characters of a date that are looked at; the longest real ones have some 60.
_LONGEST = 200

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, {1,2})?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))? ([+-])([0-9]{2})([0-9]{2})\b",
    re.ASCII,
)
_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]+)?"
    r" ?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2}))?",
    re.ASCII,
)
# "October 5, 2011 3:14:15 PM CDT", "Wed, Oct 5, 2011 at 3:14 PM"
_WRITTEN = re.compile(
    r"(?:[A-Za-z]{3,9}, )?([A-Z][a-z]{2})[a-z]{0,6}\.? ([0-9]{1,2}),? ([0-9]{4}),?(?: at)? "
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?: ([AaPp])\.?[Mm]\.?)?"
    r"(?: \(?([A-Za-z0-9:+-]{1,10})\)?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{1,2}):?([0-9]{2})?", re.ASCII)
# Names that parsedate_tz lacks, in hours.
_ZONES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1,
    "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "EST": -5, "EDT": -4,
    "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_LAST_WORD = re.compile(r" ([A-Z]{3,4})\)?$")


def to_utc(date: str, zone_needed: bool = False) -> str | None:
    """A date as ISO 8601 UTC to the second; None where it cannot be read or its year is nonsense.

    A date without a zone counts as UTC, as RFC 5322 section 4.3 has it for unknown zones; with
    ``zone_needed``, as for headers copied into a text in local time, it cannot be read.
    """
    date = date[:_LONGEST].replace("\u202f", " ").replace("\xa0", " ").strip()
    found = _USUAL.match(date)
    if found:
        day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
        return _iso(
            (int(year), _MONTHS.get(month, 0), int(day), int(hour), int(minute), int(second or 0)),
            _minutes(sign, hours, minutes),
        )
    for read in (_read_iso, _read_written, _read_other):
        parts = read(date)
        if parts is not None:
            fields, offset = parts
            return None if offset is None and zone_needed else _iso(fields, offset or 0)
    return None


_Parts = tuple[tuple[int, int, int, int, int, int], "int | None"]


def _read_iso(date: str) -> _Parts | None:
    found = _ISO.match(date)
    if not found:
        return None
    year, month, day, hour, minute, second, utc, sign, hours, minutes = found.groups()
    offset = _minutes(sign, hours, minutes) if sign else 0 if utc else None
    fields = (int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
    return fields, offset


def _read_written(date: str) -> _Parts | None:
    found = _WRITTEN.match(date)
    if not found or found[1] not in _MONTHS:
        return None
    hour = int(found[4])
    if found[7]:
        hour = hour % 12 + (12 if found[7] in "Pp" else 0)
    fields = (
        int(found[3]), _MONTHS[found[1]], int(found[2]), hour, int(found[5]), int(found[6] or 0)
    )  # fmt: skip
    return fields, _zone(found[8] or "")


def _read_other(date: str) -> _Parts | None:
    try:
        parsed = parsedate_tz(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if parsed is None or parsed[0] is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    offset = None if parsed[9] is None else parsed[9] // 60
    # parsedate_tz gives 0 for a zone it does not know, and so does "-0000".
    word = _LAST_WORD.search(date)
    if word and not offset:
        offset = _zone(word[1])
    return (year, month, day, hour, minute, second), offset


def _zone(name: str) -> int | None:
    """A zone's offset in minutes, None where it is not known."""
    hours = _ZONES.get(name.upper())
    if hours is not None:
        return hours * 60
    found = _OFFSET.fullmatch(name)
    return _minutes(found[1], found[2], found[3] or "0") if found else None


def _minutes(sign: str, hours: str, minutes: str) -> int:
    offset = int(hours) * 60 + int(minutes)
    return -offset if sign == "-" else offset


def _iso(fields: tuple[int, int, int, int, int, int], offset: int) -> str | None:
    year, month, day, hour, minute, second = fields
    if not FIRST_YEAR - 1 <= year <= LAST_YEAR + 1 or abs(offset) >= 24 * 60:
        return None
    try:
        # 60 is a leap second, which Python's clock lacks.
        local = datetime(
            year, month, day, hour, minute, min(second, 59) if second == 60 else second
        )
    except (ValueError, OverflowError):  # the latter for numbers of 20 digits
        return None
    utc = local - timedelta(minutes=offset)
    return f"{utc.isoformat()}Z" if FIRST_YEAR <= utc.year <= LAST_YEAR else None
