"""Attachments as files to keep: never shown, never run."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

LONGEST = 120  # characters of a file name

# A leak's attachment must not run in a reader's browser, whatever its name and type say.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CONTENT_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Attachment:
    """The bytes of a part, with its name as declared. ``data`` is None unless it was asked for."""

    part: str
    name: str | None
    sha256: str
    size: int
    data: bytes | None


_ATTACHMENT = """
SELECT part, name, attachment_contents.sha256, attachment_contents.size,
  CASE WHEN :with_data THEN data END
FROM documents JOIN attachments ON attachments.document_id = documents.id
JOIN attachment_contents ON attachment_contents.id = stored_id
WHERE slug = :slug AND part = :part
"""


def attachment(
    connection: sqlite3.Connection, slug: str, part: str, *, with_data: bool
) -> Attachment | None:
    """The attachment at ``part`` of the message ``slug``, or None when there is none."""
    at = {"slug": slug, "part": part, "with_data": with_data}
    row = connection.execute(_ATTACHMENT, at).fetchone()
    return Attachment(*row) if row else None


def file_name(declared: str | None, part: str) -> str:
    """A name that is safe to save under: no path, no control or direction characters, no device.

    ``declared`` is what the mail says. The end of a long name, which tells programs what it is,
    is kept.
    """
    name = re.split(r"[/\\]", declared or "")[-1]
    name = "".join(
        char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C"
    )
    name = re.sub(r'[<>:"|?*\s]+', " ", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST:
        ending = ending[-20:] if dot else ""
        name = (stem or name)[: LONGEST - len(ending) - 1] + (f".{ending}" if dot else "")
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", name):
        name = f"_{name}"
    return name or f"attachment-{part}"


def disposition(name: str) -> str:
    """The header Content-Disposition (RFC 6266): the name in ASCII, and whole beside it."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "replace").decode()
    ascii_name = re.sub(r"[^\w .()+,@=#-]", "_", ascii_name, flags=re.ASCII)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
