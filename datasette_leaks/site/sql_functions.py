"""SQL functions for readers, registered on every connection of Datasette."""

from __future__ import annotations

import re
import sqlite3

MAX_CONTEXT = 1000


def leaks_passage(text: object, start: object, end: object, context: object) -> str | None:
    """The words at [start, end) of a text in ⟦brackets⟧, with words before and after them.

    ``start`` and ``end`` are code points, ``end`` exclusive, as in our tables. ``context`` is the
    number of code points wanted on either side, at most 1000; it is cut at the borders of words.
    Runs of white space become one space. None when text, start or end is NULL, or lies outside.
    """
    if not isinstance(text, str) or not isinstance(start, int) or not isinstance(end, int):
        return None
    if not 0 <= start < end <= len(text):
        return None
    wanted = min(max(context, 0), MAX_CONTEXT) if isinstance(context, int) else 0
    first, last = max(start - wanted, 0), min(end + wanted, len(text))
    # Half words go, but a word that touches the passage stays whole or not at all.
    if first > 0 and not text[first - 1].isspace():
        while first < start and not text[first].isspace():
            first += 1
    if last < len(text) and not text[last].isspace():
        while last > end and not text[last - 1].isspace():
            last -= 1
    before, after = _collapse(text[first:start]), _collapse(text[end:last])
    shown = f"{before.lstrip()}⟦{_collapse(text[start:end])}⟧{after.rstrip()}"
    return ("… " if first > 0 else "") + shown + (" …" if last < len(text) else "")


def register(connection: sqlite3.Connection) -> None:
    """Make the functions known to a connection."""
    connection.create_function("leaks_passage", 4, leaks_passage, deterministic=True)


def _collapse(text: str) -> str:
    return re.sub(r"\s+", " ", text)
