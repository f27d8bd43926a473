"""Bringing a set of rows up to date by writing only what differs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import quote_identifier

Row = dict[str, Any]


@dataclass
class Change:
    """What must be done to one table so that it holds the wanted rows and no others."""

    table: str
    key: tuple[str, ...]
    new: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def write(self, db: Database) -> None:
        """Insert the new rows and update the changed ones."""
        table = quote_identifier(self.table)
        if self.new:
            names = list(self.new[0])
            columns = ", ".join(quote_identifier(name) for name in names)
            values = ", ".join(f":{name}" for name in names)
            db.conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", self.new)  # noqa: S608
        if self.changed:
            assign = ", ".join(
                f"{quote_identifier(n)} = :{n}" for n in self.changed[0] if n not in self.key
            )
            db.conn.executemany(
                f"UPDATE {table} SET {assign} WHERE {self._where()}",  # noqa: S608
                self.changed,
            )

    def delete(self, db: Database) -> None:
        """Delete the rows that are gone."""
        if self.gone:
            db.conn.executemany(
                f"DELETE FROM {quote_identifier(self.table)} WHERE {self._where()}",  # noqa: S608
                self.gone,
            )

    def _where(self) -> str:
        return " AND ".join(f"{quote_identifier(name)} = :{name}" for name in self.key)


def difference(
    table: str, key: tuple[str, ...], existing: Sequence[Row], wanted: Iterable[Row]
) -> Change:
    """The Change that turns ``existing`` into ``wanted``; all rows have the same columns."""
    change = Change(table, key)
    left = {tuple(row[name] for name in key): row for row in existing}
    for row in wanted:
        old = left.pop(tuple(row[name] for name in key), None)
        if old is None:
            change.new.append(row)
        elif old != row:
            change.changed.append(row)
    change.gone = list(left.values())
    return change


def select(db: Database, sql: str, parameters: Row | None = None) -> list[Row]:
    """The rows of a query as dictionaries, without the savepoint sqlite-utils' query() sets."""
    cursor = db.conn.execute(sql, parameters or {})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def select_for(
    db: Database, sql: str, column: str, values: Iterable[int | str] | None = None
) -> list[Row]:
    """The rows of a query whose ``column`` is one of ``values``; all rows when that is None.

    The condition is left out altogether for all rows, and written with IN for some, so that
    SQLite uses the index.
    """
    if values is None:
        return select(db, sql)
    where = f"WHERE {quote_identifier(column)} IN (SELECT value FROM json_each(:chosen))"  # noqa: S608
    return select(db, f"{sql} {where}", {"chosen": json.dumps(list(values))})
