"""Loading a mail archive with its search index, against what people would use otherwise.

Run ``python -m benchmarks.mail [FILE.mbox]`` at the repository's root: an archive made by
``benchmarks.generate_mail``, then the one given. Peers are the pipeline that a Datasette user would
write (mailbox, email, sqlite-utils, enable_fts), and ``mu index`` where maildir-utils is installed.
Each load runs in a process of its own, in turn with the others; medians are compared.
"""

from __future__ import annotations

import email.policy
import json
import mailbox
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlite_utils import Database

from benchmarks.generate_mail import write_mbox
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.loading import load_paths

MESSAGES = 20_000
MANY = 100_000
ROUNDS = 3


def load_ours(source: Path, target: Path, jobs: int) -> int:
    """Load with datasette-leaks; gives the number of messages dealt with."""
    db = open_database(target, create=True)
    report = load_paths(db, [source], all_loaders(), jobs=jobs)
    db.close()
    return sum(each.loaded + each.duplicates + each.refused for each in report.files)


def load_pipeline(source: Path, target: Path) -> int:
    """Load as in many a recipe: a row a message with its headers, its text and its attachments."""
    db = Database(target)
    table = db.table("messages")
    policy = email.policy.default

    def parse(file: Any) -> Any:
        return BytesParser(policy=policy).parse(file)

    box = mailbox.mbox(source, factory=parse)
    table.insert_all(map(row, count(1), box), pk="id", batch_size=1000)
    table.enable_fts(["subject", "body"])
    loaded: int = table.count
    db.close()
    return loaded


def row(number: int, message: Any) -> dict[str, object]:
    """One message of the pipeline; a body it cannot read is lost."""
    assert isinstance(message, EmailMessage)
    try:
        part = message.get_body(preferencelist=("plain", "html"))
        body = part.get_content() if part else ""
        attachments = [each.get_filename() for each in message.iter_attachments()]
    except (LookupError, ValueError, KeyError, AttributeError, TypeError):
        body, attachments = "", []
    headers = ("message-id", "date", "from", "to", "cc", "subject", "in-reply-to", "references")
    values: dict[str, object] = {name.replace("-", "_"): said(message, name) for name in headers}
    return {
        "id": number,
        **values,
        "body": body.encode("utf-8", "replace").decode(),
        "attachments": json.dumps(attachments),
    }


def said(message: EmailMessage, name: str) -> str:
    """A header, empty where the library fails at it."""
    try:
        return str(message[name] or "").encode("utf-8", "replace").decode()
    except (AttributeError, IndexError, LookupError, TypeError, ValueError):
        return ""


def in_process(kind: str, source: Path, target: Path, jobs: int) -> dict[str, Any]:
    """Run one load in a fresh process: messages, seconds, peak bytes, bytes of the database."""
    target.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.mail", kind, str(source), str(target), str(jobs)]
    said: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, capture_output=True).stdout
    )
    return {**said, "database": target.stat().st_size}


def one_load(kind: str, source: Path, target: Path, jobs: int) -> None:
    """What the fresh process does."""
    start = perf_counter()
    dealt = load_ours(source, target, jobs) if kind == "ours" else load_pipeline(source, target)
    seconds = perf_counter() - start
    own, workers = (
        resource.getrusage(who).ru_maxrss * 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    peak = own + (workers * jobs if jobs > 1 else 0)  # no worker needs more than the largest
    print(json.dumps({"messages": dealt, "seconds": seconds, "peak": peak}))


def maildir(source: Path, folder: Path) -> None:
    """The same messages as files, for mu."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    for number, message in enumerate(mailbox.mbox(source)):
        (folder / "cur" / f"{number}.m:2,S").write_bytes(message.as_bytes())


def mu(folder: Path, home: Path) -> float:
    """Seconds of one ``mu index`` over a Maildir, from nothing."""
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run(
        ["mu", "init", f"--maildir={folder}", f"--muhome={home}"], check=True, capture_output=True
    )
    start = perf_counter()
    subprocess.run(["mu", "index", f"--muhome={home}", "--quiet"], check=True, capture_output=True)
    return perf_counter() - start


def measure(source: Path, folder: Path) -> Iterator[str]:
    """The lines of the report."""
    target = folder / "leaks.db"
    with_mu = shutil.which("mu") is not None
    if with_mu:
        maildir(source, folder / "maildir")
    ours, single, pipeline, mus = [], [], [], []
    for _ in range(ROUNDS):
        pipeline.append(in_process("pipeline", source, target, 1))
        single.append(in_process("ours", source, target, 1))
        ours.append(in_process("ours", source, target, 2))
        if with_mu:
            mus.append(mu(folder / "maildir", folder / "mu"))
    count = ours[0]["messages"]
    seconds, alone, theirs = (
        median(each["seconds"] for each in runs) for runs in (ours, single, pipeline)
    )
    size, raw = ours[0]["database"], source.stat().st_size
    yield f"{pipeline[0]['messages']:,} messages, {raw / 1e6:,.0f} MB"
    yield f"with those inside others {count:,}: {seconds:.1f} s; with one job {alone:.1f} s"
    yield f"mailbox, email, sqlite-utils: {theirs:.1f} s"
    yield f"pipeline's time : loading mail: ratio {theirs / seconds:.2f} (target 5.00 or more)"
    if with_mu:
        yield f"mu index: {median(mus):.1f} s"
        yield f"mu's time : loading mail: ratio {median(mus) / seconds:.2f} (target 3.00 or more)"
    else:
        yield "mu is not installed (Debian: maildir-utils), so it is not compared"
    yield f"one job's time : two jobs': ratio {alone / seconds:.2f} (target 1.60 or more)"
    yield f"database with its index : raw mail: ratio {size / raw:.2f} (target 1.30 or less)"
    yield from memory(ours, folder)


def memory(few: list[dict[str, Any]], folder: Path) -> Iterator[str]:
    """Peak memory with five times the messages."""
    source = folder / "many.mbox"
    write_mbox(source, MANY)
    many = in_process("ours", source, folder / "many.db", 2)
    peak = median(each["peak"] for each in few)
    yield (
        f"{MANY:,} generated messages: {many['seconds']:.1f} s; "
        f"peak {many['peak'] / 1e6:.0f} MB, before {peak / 1e6:.0f} MB"
    )
    yield (
        "peak memory, 100,000 : 20,000 messages: "
        f"ratio {many['peak'] / peak:.2f} (target 1.30 or less)"
    )


def main(source: str | None = None) -> None:
    """Make the archive if none is given, and measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = folder / "mail.mbox"
        write_mbox(made, MESSAGES)
        for archive in [made, *([Path(source)] if source else [])]:
            print(f"-- {archive.name}")
            for line in measure(archive, folder):
                print(line, flush=True)
            shutil.rmtree(folder / "maildir", ignore_errors=True)


if __name__ == "__main__":
    if len(sys.argv) == 5:
        one_load(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main(*sys.argv[1:])
