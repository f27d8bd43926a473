"""E-mails as other pages name them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple


class MessageRef(NamedTuple):
    """An e-mail as another page names it. ``sent`` is UTC; None where the date cannot be read."""

    slug: str
    subject: str
    sender: str | None
    sent: str | None


# To be selected where ``emails`` is joined with ``documents``.
REF = "documents.slug, emails.subject, coalesce(nullif(from_name, ''), from_address), emails.sent"


def message_refs(
    connection: sqlite3.Connection, rest: str, at: Mapping[str, Any]
) -> list[MessageRef]:
    """The e-mails that ``rest``, the SQL after FROM emails JOIN documents, picks."""
    sql = f"SELECT {REF} FROM emails JOIN documents ON documents.id = emails.document_id {rest}"  # noqa: S608
    return [MessageRef(*row) for row in connection.execute(sql, at)]
