"""A mail loader of the tests: one JSON object a line is one message. And archives for it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from datasette_leaks.loaders.mail_records import (
    Address,
    Attachment,
    Insight,
    MailSpan,
    Message,
    RawMessage,
)
from datasette_leaks.loaders.records import Problem
from datasette_leaks.loaders.registry import MailLoader
from datasette_leaks.store.archives import BATCH, load_archives
from datasette_leaks.store.files import Archive
from datasette_leaks.store.progress import Progress, Silent
from datasette_leaks.store.report import FileReport


class LineMail:
    """Reads lines of JSON. A line can also say to raise, to kill the process, or be broken."""

    name = "lines"
    suffixes = (".lines",)

    def recognises(self, head: bytes) -> bool:
        return False

    def messages(self, path: Path) -> Iterator[RawMessage]:
        offset = 0
        with path.open("rb") as file:
            for line in file:
                folder = "Inbox" if b'"folder"' in line else ""
                problem = None
                if line == b"broken\n":
                    place = f"byte {offset}"
                    problem = Problem(str(path), place, "is no message", "JSON", "Mend it")
                yield RawMessage("", offset, len(line), folder, problem=problem)
                offset += len(line)

    def read(self, path: Path, member: str, offset: int, length: int) -> bytes:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)

    def parse(self, data: bytes) -> Message:
        said = json.loads(data)
        if said.get("raise"):
            raise RecursionError("too deep")
        if said.get("kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        return message(said, data)


def message(said: dict[str, Any], data: bytes, part: str = "") -> Message:
    """The record of one JSON object."""
    text = said.get("text", "")
    subject = said.get("subject", "")
    digest = hashlib.sha256(data).hexdigest()
    quoted = text.find(">")
    return Message(
        sha256=said.get("sha256", digest),
        size=len(data),
        subject=subject,
        text=text,
        text_from="plain",
        message_id=said.get("id"),
        in_reply_to=tuple(said.get("reply", ())),
        references=tuple(said.get("references", ())),
        sent=said.get("sent"),
        date=said.get("sent"),
        addresses=tuple(
            Address(role, name, address) for role, name, address in said.get("addresses", ())
        ),
        spans=(MailSpan("quoted", quoted, len(text), 1),) if quoted >= 0 else (),
        attachments=tuple(
            Attachment(f"2.{n}", name, "text/plain", content.encode(), text=content)
            for n, (name, content) in enumerate(said.get("attachments", ()))
        ),
        insights=(Insight(0, 2, code="MX01", key="MX1"),) if text.startswith("MX") else (),
        inner=tuple(
            message(each, json.dumps(each).encode(), f"{part or 3}.{n}" if part else f"3.{n}")
            for n, each in enumerate(said.get("inner", ()))
        ),
        marks=tuple(said.get("marks", ())),
        part=part,
    )


def write_lines(path: Path, messages: Sequence[dict[str, Any] | str]) -> Path:
    """Write an archive; a text is written as it is."""
    lines = [each if isinstance(each, str) else json.dumps(each) for each in messages]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def mails(count: int) -> list[dict[str, Any] | str]:
    """Messages with a bit of everything: replies, copies, attachments, forwards, a broken one."""
    found: list[dict[str, Any] | str] = []
    for n in range(count):
        mail: dict[str, Any] = {
            "id": f"{n}@x.example",
            "subject": f"Quay {n % 7}",
            "text": f"Word{n} of the harbour\n> and what was said before {n % 5}",
            "sent": f"2011-{n % 12 + 1:02}-01T10:00:00Z",
            "addresses": [
                ["from", f"Person {n % 3}", f"P{n % 3}@x.example"],
                ["to", "", f"p{(n + 1) % 3}@x.example"],
            ],
        }
        if n % 3:
            mail["reply"] = [f"{n - n % 3}@x.example"]
        if n % 4 == 0:
            mail["folder"] = "Inbox"
        if n % 5 == 0:
            mail["attachments"] = [["a.txt", f"content {n % 10}"], ["b.txt", " "]]
        if n % 6 == 0:
            mail["inner"] = [{"text": f"inner {n % 12}", "subject": "in", "id": f"in{n % 12}@x"}]
        if n % 8 == 3:
            mail["text"] = f"MX1 says {n}"
        found.append(mail)
        if n % 9 == 8:
            found.append(found[n // 2])
        if n % 10 == 9:
            found.append("broken")
    return found


class Told(Silent):
    """Remembers what a load tells of itself."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.bytes = 0

    def advance(self, size: int, path: str) -> None:
        self.bytes += size

    def phase(self, name: str) -> None:
        self.phases.append(name)


def load_lines(
    db: Database,
    *paths: Path,
    jobs: int = 1,
    batch: int = BATCH,
    version: str = "1",
    progress: Progress | None = None,
    loader: MailLoader | None = None,
    again: bool = False,
) -> tuple[FileReport, ...]:
    """Load archives of lines, recorded under their names."""
    mail = loader or LineMail()
    archives = [
        (Archive(path, mail, path.stat().st_size if path.exists() else 0), path.name)
        for path in paths
    ]
    loaded = load_archives(
        db,
        archives,
        version,
        jobs=jobs,
        again=again,
        batch=batch,
        progress=progress or Silent(),
        shown=lambda problem: problem,
    )
    return loaded.reports


def state(db: Database) -> dict[str, list[Any]]:
    """All rows of all tables, ids included, but for the times of the loads."""
    names = [
        row[0]
        for row in db.conn.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'index')"
        )
    ]
    found: dict[str, list[Any]] = {"names": sorted(names)}
    for name in names:
        if db[name].exists() and not name.startswith(("sqlite_", "_sqlite", "documents_fts_")):
            rows = [dict(row) for row in db[name].rows]
            for row in rows:
                row.pop("started", None)
                row.pop("finished", None)
            found[name] = rows
    hits = "SELECT rowid FROM documents_fts WHERE documents_fts MATCH 'harbour' ORDER BY rowid"
    found["search"] = db.conn.execute(hits).fetchall()
    return found
