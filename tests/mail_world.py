"""A small invented archive of e-mails, written as rows, for tests of the pages.

A thread of four in two folders (one answer is quoted twice over, one forwards a message, one has an
INSIGHT block and an attachment), a copy of the first that came another way, and a lone message
without a date. Two claims rest on it, one of them with a place in a mail's text.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from datasette_leaks.analysis.run import analyse
from datasette_leaks.loaders.mail_records import (
    Address,
    Attachment,
    Insight,
    MailSpan,
    Message,
)
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.loading import load_paths

DOSSIER = """
dossier: quay-mails
title: The mails
documents:
  - {id: letter, title: A letter nobody has, kind: email, url: "https://q.example/l/17"}
sources:
  - {id: hb2, name: HB2, kind: coded_source}
  - {id: clerk, name: A clerk, kind: person}
article: {id: quay-article, title: The Quay mails, publisher: The Post}
claims:
  - id: paid
    text: The firm paid inspectors.
    assertions:
      - {source: hb2, stance: asserts, said_in: letter}
  - id: silent
    text: The clerk was told to say nothing.
    assertions:
      - {source: clerk, stance: asserts}
"""

FIRST = "Dear all,\n\nthree inspectors were paid to look away.\n\nAda\n-- \nAda Quill\nThe quay"
BLOCK = (
    "SOURCE: HB2\nATTRIBUTION: Source in the harbour\nSOURCE RELIABILITY: B\nITEM CREDIBILITY: 2"
)
QUOTING = (
    "I was told to say nothing.\n\n"
    "On Monday, Bo wrote:\n"
    "> Who knows of it?\n>\n> > three inspectors were paid\n> > to look away.\n\nCy\n"
)
FORWARD = "See below.\n\n---- Forwarded message ----\nFrom: Di\nSubject: cranes\n\nSix cranes.\n"


def spans(text: str, *found: tuple[str, str, str, int]) -> tuple[MailSpan, ...]:
    """Spans by their first and last words: (kind, first, last, depth)."""
    made = []
    for kind, first, last, depth in found:
        start = text.index(first)
        made.append(MailSpan(kind, start, text.index(last, start) + len(last), depth))
    return tuple(made)


def message(
    number: int, subject: str, text: str, sender: str = "Ada Quill <ada@q.example>", **more: object
) -> Message:
    """A message with made up bytes; ``number`` counts its day, and makes its Message-ID."""
    name, _, address = sender.rstrip(">").rpartition(" <")
    values = {
        "sha256": hashlib.sha256(f"{number} {subject} {text}".encode()).hexdigest(),
        "size": len(text),
        "subject": subject,
        "text": text,
        "text_from": "plain",
        "message_id": f"{number}@q.example",
        "sent": f"2011-{number % 12 + 1:02}-0{number % 9 + 1}T10:00:00Z",
        "date": "as it was written",
        "addresses": (Address("from", name, address), Address("to", "", "all@q.example")),
    }
    return Message(**{**values, **more})  # type: ignore[arg-type]


PDF = Attachment(
    "2", "list of payments.pdf", "application/pdf", b"%PDF-1.4 <script>", text="Paid 3"
)
INNER = message(9, "cranes", "Six cranes.\n", "Di <di@q.example>", part="forward:1")
MESSAGES = [
    ("Inbox", message(1, "Inspection", FIRST, spans=spans(FIRST, ("signature", "-- ", "quay", 0)))),
    (
        "Inbox",
        message(
            2, "Re: Inspection", "Who knows of it?\n", "Bo <bo@q.example>",
            in_reply_to=("1@q.example",), references=("0@q.example", "1@q.example"),
        ),
    ),
    (
        "Sent/2011",
        message(
            3, "Re: Inspection", QUOTING, "Cy <cy@q.example>",
            in_reply_to=("2@q.example",), references=("1@q.example", "2@q.example"),
            spans=spans(
                QUOTING,
                ("attribution", "On Monday", "wrote:", 0),
                ("quoted", "> Who", "away.\n", 1),
                ("quoted", "> > three", "away.\n", 2),
            ),
            marks=("charset_guessed", "date_unreadable"),
        ),
    ),
    (
        "Inbox",
        message(
            4, "Fwd: cranes", FORWARD, references=("1@q.example",), inner=(INNER,),
            spans=spans(FORWARD, ("forwarded", "---- Forwarded", "cranes.\n", 0)),
        ),
    ),
    (
        "Inbox",
        message(
            5, "INSIGHT - the harbour", BLOCK + "\n\nThey pay by the ship.\n", "Bo <bo@q.example>",
            insights=(
                Insight(
                    0, len(BLOCK), code="HB2", key="HB2", attribution="Source in the harbour",
                    reliability="B", credibility="2",
                ),
            ),
            attachments=(PDF, Attachment("1.3", None, "text/html", b"<b>x</b>", inline=True)),
        ),
    ),
    ("Other", message(1, "Inspection", FIRST, size=7, sha256="ab" * 32)),
    ("Other", message(7, "", "", sent=None, date="yesterday", message_id=None, attachments=(PDF,))),
]  # fmt: skip


def insert(conn: sqlite3.Connection, table: str, **row: object) -> int:
    """Insert a row; gives its rowid where it has one."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
    return conn.execute(sql, list(row.values())).lastrowid or 0


def number_of(conn: sqlite3.Connection, table: str, **key: object) -> int:
    """The id of the row with this one column, which is made when it is not there."""
    ((name, value),) = key.items()
    row = conn.execute(f'SELECT id FROM "{table}" WHERE "{name}" = ?', [value]).fetchone()
    return int(row[0]) if row else 0


def add(conn: sqlite3.Connection, load: int, item: Message, folder: str = "", **at: int) -> int:
    """Write one message with those inside it; gives the id of its document."""
    parent, outer, offset = at.get("parent"), at.get("outer"), at.get("offset", 0)
    file = number_of(conn, "archive_files", path="mail.mbox")
    box = number_of(conn, "folders", name=folder) or insert(conn, "folders", name=folder)
    sender = next((one for one in item.addresses if one.role == "from"), Address("from", "", ""))
    document = insert(
        conn, "documents", slug=f"mail-{item.sha256[:16]}", title=item.subject or "(no subject)",
        kind="email", author=sender.name or sender.address, published=item.sent, text=item.text,
        size=item.size, sha256=item.sha256, load_id=load, media_type="message/rfc822",
    )  # fmt: skip
    content = f"{sender.address} {item.sent} {item.subject} {item.text}"
    insert(
        conn, "emails", document_id=document, subject=item.subject, from_name=sender.name or None,
        from_address=sender.address or None, sent=item.sent, date_header=item.date,
        message_id=item.message_id, thread_id=document, parent_id=parent, folder_id=box,
        text_from=item.text_from, content_sha256=hashlib.sha256(content.encode()).hexdigest(),
        attachments=len(item.attachments), marks=", ".join(item.marks) or None,
    )  # fmt: skip
    insert(
        conn, "copies", document_id=document, file_id=file, member="", offset=offset,
        length=item.size, part=item.part, folder_id=box, load_id=load,
    )  # fmt: skip
    for position, one in enumerate(item.addresses):
        insert(
            conn, "email_recipients", document_id=document, position=position, role=one.role,
            name=one.name, address=one.address,
        )  # fmt: skip
    named = dict.fromkeys([item.message_id, *item.in_reply_to, *item.references])
    for position, name in enumerate(named):
        if name:
            insert(
                conn, "email_references", document_id=document, position=position, message_id=name
            )
    for position, span in enumerate(item.spans):
        insert(
            conn, "email_spans", document_id=document, position=position, kind=span.kind,
            depth=span.depth, start=span.start, end=span.end,
        )  # fmt: skip
    for position, block in enumerate(item.insights):
        values = {name: getattr(block, name) for name in Insight.__dataclass_fields__}
        insert(conn, "insights", document_id=document, position=position, sent=item.sent, **values)
    for file_part in item.attachments:
        add_attachment(conn, load, document, file_part)
    for inner in item.inner:
        add(conn, load, inner, folder, parent=document, outer=outer or document, offset=offset)
    return document


def add_attachment(conn: sqlite3.Connection, load: int, document: int, part: Attachment) -> None:
    """Write a part, its bytes and its text once."""
    digest = hashlib.sha256(part.data).hexdigest()
    stored = number_of(conn, "attachment_contents", sha256=digest)
    if not stored:
        text = None
        if part.text is not None:
            text = insert(
                conn, "documents", slug=f"attachment-{digest[:16]}", title=part.name or "unnamed",
                kind="attachment", text=part.text, size=len(part.data), sha256=digest,
                load_id=load, media_type=part.media_type,
            )  # fmt: skip
        stored = insert(
            conn, "attachment_contents", sha256=digest, size=len(part.data), data=part.data,
            document_id=text,
        )  # fmt: skip
    insert(
        conn, "attachments", document_id=document, part=part.part, name=part.name,
        media_type=part.media_type, inline=int(part.inline), content_id=part.content_id,
        size=len(part.data), stored_id=stored,
    )  # fmt: skip


def finish(conn: sqlite3.Connection) -> None:
    """Threads and counts, as they are when a load has ended."""
    groups: dict[str, int] = {}
    for document, name in conn.execute(
        "SELECT document_id, message_id FROM email_references ORDER BY document_id"
    ).fetchall():
        thread = groups.setdefault(name, document)
        conn.execute("UPDATE emails SET thread_id = min(thread_id, ?) WHERE document_id = ?",
                     [conn.execute("SELECT thread_id FROM emails WHERE document_id = ?",
                                   [thread]).fetchone()[0], document])  # fmt: skip
    conn.executescript(
        """
        INSERT INTO threads SELECT thread_id, '', count(*), min(sent), max(sent)
          FROM emails GROUP BY thread_id;
        UPDATE threads SET subject = (SELECT subject FROM emails WHERE document_id = threads.id);
        INSERT INTO mail_months SELECT coalesce(substr(sent, 1, 7), ''), count(*)
          FROM emails GROUP BY 1;
        UPDATE folders SET messages = (SELECT count(*) FROM copies WHERE folder_id = folders.id);
        INSERT INTO correspondents SELECT address, max(name), sum(role = 'from'),
          sum(role IN ('to', 'cc', 'bcc')) FROM email_recipients GROUP BY address;
        """
    )


def new_load(conn: sqlite3.Connection, items: int, problem: str = "") -> int:
    """A load of an mbox of so many messages, one of them refused where there is a problem."""
    refused = 1 if problem else 0
    load = insert(
        conn, "loads", path="mail.mbox", loader="mbox", version="1", sha256="0" * 64,
        started="2021-01-01T00:00:00Z", finished="2021-01-01T00:00:01Z", items=items + refused,
        loaded=items, duplicates=0, refused=refused, problems=refused,
    )  # fmt: skip
    insert(conn, "archive_files", path="mail.mbox", load_id=load)
    if problem:
        insert(
            conn, "load_problems", load_id=load, place="byte 99", found=problem,
            expected="a header", advice="Look at it",
        )  # fmt: skip
    return load


def write_mails(
    conn: sqlite3.Connection, messages: Sequence[tuple[str, Message]], problem: str = ""
) -> list[int]:
    """Write an archive of (folder, message); gives the documents' ids."""
    load = new_load(conn, len(messages), problem)
    ids = [
        add(conn, load, item, folder, offset=1000 * number)
        for number, (folder, item) in enumerate(messages)
    ]
    finish(conn)
    return ids


def make_mail_database(path: Path, messages: Sequence[tuple[str, Message]] = MESSAGES) -> Path:
    """The archive and a dossier, analysed, at ``path``; its claims rest on MESSAGES only."""
    dossier = path.with_name("mails.yaml")
    dossier.write_text(DOSSIER, encoding="utf-8")
    db = open_database(path, create=True)
    load_paths(db, [dossier], all_loaders())
    ids = write_mails(db.conn, messages, "It is no message")
    if messages is MESSAGES:
        rest_on(db, ids)
    db.conn.commit()
    analyse(db)
    db.close()
    return path


def rest_on(db: Database, ids: Sequence[int]) -> None:
    """Let the claim ``paid`` rest on the first message, ``silent`` on words of the third."""
    start = QUOTING.index("told to say nothing")
    db.execute("UPDATE assertions SET said_in_id = ? WHERE claim_id = 'paid'", [ids[0]])
    db.execute(
        "UPDATE assertions SET document_id = ?, start = ?, \"end\" = ? WHERE claim_id = 'silent'",
        [ids[2], start, start + len("told to say nothing")],
    )


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        yield conn


LARGE = (
    "assertions", "attachment_contents", "attachments", "claims", "claims_by_status", "copies",
    "correspondents", "documents", "email_recipients", "email_references", "email_spans", "emails",
    "insights", "threads",
)  # fmt: skip


def scanned(conn: sqlite3.Connection, load: Callable[[], object]) -> list[str]:
    """The steps of ``load``'s queries that go through all of a table that may be large.

    To go through a table in the order of an index is no such step where only some rows are wanted,
    so ``USING INDEX`` without SEARCH is told too, unless the statement has a LIMIT.
    """
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    load()
    conn.set_trace_callback(None)
    found = []
    for statement in statements:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            for *_, step in conn.execute(f"EXPLAIN QUERY PLAN {statement}"):
                words = step.split()
                ordered = "USING" in words and "LIMIT" in statement
                if words[0] == "SCAN" and words[1] in LARGE and not ordered:
                    found.append(f"{step}: {statement}")
    return found


def tables_read(conn: sqlite3.Connection, load: Callable[[], object]) -> set[str]:
    """The tables that SQLite reads for ``load``; of a search index its name only."""
    read: set[str] = set()

    def note(action: int, table: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table and not table.startswith(("sqlite_", "json_")):
            read.add(re.sub("_fts_.*", "_fts", table))
        return sqlite3.SQLITE_OK

    conn.set_authorizer(note)
    load()
    conn.set_authorizer(None)
    return read
