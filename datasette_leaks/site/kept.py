"""Drawn pages, kept until their database changes.

A reading view is drawn from every passage and claim of its article, and read far more often than
its database changes. ``PRAGMA data_version`` is SQLite's own answer to "has anybody committed
since?"; it compares only within one connection, and Datasette reads with one connection a thread,
so pages are kept by thread.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

PAGES = 16  # a connection


class _Pages(threading.local):
    """By database name: the connection they were read by, its data_version, and the pages."""

    def __init__(self) -> None:
        self.by_name: dict[
            str, tuple[sqlite3.Connection, int, OrderedDict[Hashable, tuple[str, str]]]
        ] = {}


_pages = _Pages()


def kept(
    connection: sqlite3.Connection,
    database: str,
    key: Hashable,
    draw: Callable[[], tuple[str, str] | None],
) -> tuple[str, str] | None:
    """What ``draw`` gives, or gave for this ``key`` when the database was as it is now.

    To be called in the thread that owns the connection. None is not kept.
    """
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    known = _pages.by_name.get(database)
    if known is None or known[0] is not connection or known[1] != version:
        known = (connection, version, OrderedDict())
        _pages.by_name[database] = known
    pages = known[2]
    if key in pages:
        pages.move_to_end(key)
        return pages[key]
    drawn = draw()
    if drawn is not None:
        pages[key] = drawn
        if len(pages) > PAGES:
            pages.popitem(last=False)
    return drawn
