"""The raw bytes of a message, read again from the archive it was loaded from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sqlite_utils import Database

from datasette_leaks.loaders.mail_mbox import unescaped
from datasette_leaks.loaders.mail_parts import Budget, read_drafts
from datasette_leaks.loaders.registry import MailLoader

from .connection import StoreError, file_name
from .files import Names
from .rows import Row, select


def raw_message(db: Database, slug: str, loaders: Sequence[MailLoader]) -> bytes:
    """The bytes of the message with this slug, checked against the hash they were loaded with.

    Of several copies it is the first that is still there. Raises StoreError, which says why there
    is none: no such message, a file that is gone or has changed, or a forward that is only text.
    """
    document = select(db, _DOCUMENT, {"slug": slug})
    if not document:
        raise StoreError(f"{file_name(db)}: there is no e-mail {slug} in it")
    copies = select(db, _COPIES, document[0])
    texts = [copy for copy in copies if copy["part"].startswith("forward:")]
    if copies and len(texts) == len(copies):
        raise StoreError(
            f"{slug}: is text that {copies[0]['outer']} forwards, and has no bytes of its own. "
            f"Print that one"
        )
    said = [f"{slug}: no archive holds it any more"]
    name = file_name(db)
    names = Names(None if name == ":memory:" else Path(name).parent)
    if not copies and document[0]["path"]:  # another message has taken its place
        raise StoreError(
            f"{said[0]}: it came from {names.shown(document[0]['path'])}, which was loaded again "
            "with other content. Load the file as it was, under another name"
        )
    for copy in copies:
        if copy in texts:
            continue
        path = Path(names.shown(copy["path"]))
        data, found = _read(path, copy, loaders)
        if data is not None:
            found = "has changed since it was loaded"
            for each in _candidates(data, copy["part"]):
                if hashlib.sha256(each).hexdigest() == document[0]["sha256"]:
                    return each
        said.append(f"{path / copy['member'] if copy['member'] else path} {found}")
    raise StoreError(f"{'. '.join(said)}. Put the file back as it was")


def _read(path: Path, copy: Row, loaders: Sequence[MailLoader]) -> tuple[bytes | None, str]:
    """The bytes at a place, or None and why not."""
    loader = next((each for each in loaders if each.name == copy["loader"]), None)
    if loader is None:
        return None, f"needs the loader {copy['loader']}, of a plugin that is not installed"
    try:
        return loader.read(path, copy["member"], copy["offset"], copy["length"]), ""
    except OSError as error:
        return None, f"cannot be read ({error.strerror or error})"


def _candidates(data: bytes, part: str) -> list[bytes]:
    """What the bytes of a message, or of the one at a part of it, may be."""
    if not part:
        return [data]
    return [
        bytes(draft.data[draft.start : draft.end])
        for outer in (data, unescaped(data))
        for draft in read_drafts(outer, Budget())
        if draft.part == part
    ]


_DOCUMENT = """
SELECT documents.id, documents.sha256, loads.path
FROM documents
JOIN emails ON document_id = documents.id
LEFT JOIN loads ON loads.id = documents.load_id
WHERE slug = :slug
"""
_COPIES = """
SELECT archive_files.path, loader, member, "offset", length, part,
  (SELECT slug FROM copies AS whole JOIN documents ON documents.id = whole.document_id
   WHERE whole.file_id = copies.file_id AND whole.member = copies.member
     AND whole."offset" = copies."offset" AND whole.part = '') AS outer
FROM copies
JOIN archive_files ON archive_files.id = file_id
JOIN loads ON loads.id = archive_files.load_id
WHERE document_id = :id
ORDER BY copies.part <> '', copies.id
"""
