"""What a loader gives, whoever wrote it: records, or a Problem where it fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TypeAlias

from datasette_leaks.loaders.records import Document, Dossier, Problem

from .files import Found

Item: TypeAlias = Document | Dossier | Problem

FAULTY = "The loader is at fault: report it to its authors, with the file if you may"
#: what a record raises that is not as records.py has it; "string or blob too big" is a DataError
UNFIT = (
    sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError, sqlite3.ProgrammingError,
    AttributeError, OverflowError, TypeError, ValueError,
)  # fmt: skip


def items_of(file: Found) -> Iterator[Item]:
    """The items of a file in its order. Where its loader fails, a Problem is the last."""
    path, name = str(file.path), file.loader.name
    try:
        for item in file.loader.load(file.path):
            if not isinstance(item, (Document, Dossier, Problem)):
                raise TypeError(f"it gave a {type(item).__name__}, not a record")
            yield item
    except OSError as error:
        yield Problem(path, "", f"cannot be read: {error.strerror or error}")
    except Exception as error:  # a plugin's code may raise anything; it must not stop other files
        said = f"{type(error).__name__}: {error}".removesuffix(": ")
        yield Problem(path, "", f"the loader {name} failed: {said}", advice=FAULTY)
