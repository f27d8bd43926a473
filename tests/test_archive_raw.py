"""The bytes of a message as they came, or why they cannot be had."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.cli import cli
from sqlite_utils import Database
from store_world import load

from datasette_leaks.loaders.mail import MAIL_LOADERS
from datasette_leaks.store.archive_raw import raw_message
from datasette_leaks.store.connection import StoreError, open_database

INNER = b"From: di@x.example\nSubject: inner\nMessage-ID: <in@x.example>\n\nSix cranes.\n"
OUTER = (
    b"From: ada@x.example\nTo: bo@x.example\nSubject: outer\nMessage-ID: <out@x.example>\n"
    b"Date: Mon, 03 Jan 2011 10:00:00 +0000\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee below.\n'
    b"--b\nContent-Type: message/rfc822\n\n" + INNER + b"\n--b--\n"
)
FORWARD = (
    b"From: ada@x.example\nSubject: fwd\nMessage-ID: <fwd@x.example>\n\nSee.\n\n"
    b"---------- Forwarded message ----------\nFrom: Di <di@x.example>\n"
    b"Date: Mon, 3 Jan 2011 10:00:00 +0000\nSubject: Cranes\nTo: ada@x.example\n\nSix cranes.\n"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a.mbox"
    line = b"From ada Mon Jan  3 10:00:00 2011\n"
    path.write_bytes(b"\n".join(line + each for each in (OUTER, FORWARD, b"Subject: x\n\ny\n")))
    return path


@pytest.fixture
def db(tmp_path: Path, source: Path) -> Database:
    db = open_database(tmp_path / "leaks.db", create=True)
    assert load(db, source).problems == ()
    return db


def slug(db: Database, subject: str) -> str:
    """The slug of the mail with this subject."""
    sql = "SELECT slug FROM documents WHERE title = ?"
    return str(db.conn.execute(sql, [subject]).fetchone()[0])


def test_a_message_is_given_as_it_came(db: Database) -> None:
    assert raw_message(db, slug(db, "outer"), MAIL_LOADERS) == OUTER
    assert raw_message(db, slug(db, "fwd"), MAIL_LOADERS) == FORWARD


def test_a_message_inside_another_is_its_part(db: Database) -> None:
    data = raw_message(db, slug(db, "inner"), MAIL_LOADERS)
    assert data.rstrip() == INNER.rstrip()
    (digest,) = db.conn.execute("SELECT sha256 FROM documents WHERE title = 'inner'").fetchone()
    assert hashlib.sha256(data).hexdigest() == digest


def test_a_forward_is_text_of_the_outer_one(db: Database) -> None:
    with pytest.raises(StoreError, match=f"is text that {slug(db, 'fwd')} forwards"):
        raw_message(db, slug(db, "Cranes"), MAIL_LOADERS)


def test_an_archive_that_has_changed_is_told_of(db: Database, source: Path) -> None:
    source.write_bytes(source.read_bytes().replace(b"See below", b"See above"))
    with pytest.raises(StoreError, match=r"a\.mbox has changed since it was loaded"):
        raw_message(db, slug(db, "outer"), MAIL_LOADERS)
    assert raw_message(db, slug(db, "fwd"), MAIL_LOADERS) == FORWARD


def test_an_archive_that_is_gone_is_told_of(db: Database, source: Path) -> None:
    source.rename(source.with_name("b.mbox"))
    with pytest.raises(StoreError, match=r"a\.mbox cannot be read \(No such file or directory\)"):
        raw_message(db, slug(db, "outer"), MAIL_LOADERS)


def test_an_archive_whose_other_content_has_taken_the_place_is_named(
    db: Database, source: Path
) -> None:
    outer = slug(db, "outer")
    source.write_bytes(source.read_bytes().replace(b"See below", b"See above"))
    load(db, source)
    said = r"it came from \S*a\.mbox, which was loaded again with other content"
    with pytest.raises(StoreError, match=rf"{outer}: no archive holds it any more: {said}"):
        raw_message(db, outer, MAIL_LOADERS)
    again = source.with_name("b.mbox")
    again.write_bytes(b"From ada Mon Jan  3 10:00:00 2011\n" + OUTER)
    load(db, again)
    assert raw_message(db, outer, MAIL_LOADERS) == OUTER


def test_of_several_copies_one_that_is_there_is_given(
    db: Database, source: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "b.mbox"
    copy.write_bytes(source.read_bytes())
    load(db, copy)
    source.unlink()
    assert raw_message(db, slug(db, "outer"), MAIL_LOADERS) == OUTER


def test_a_loader_that_is_not_installed_and_no_message_at_all_are_told_of(db: Database) -> None:
    with pytest.raises(StoreError, match="needs the loader mbox"):
        raw_message(db, slug(db, "outer"), [])
    with pytest.raises(StoreError, match="there is no e-mail mail-0 in it"):
        raw_message(db, "mail-0", MAIL_LOADERS)


def test_the_command_prints_bytes_from_any_folder(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    name = slug(db, "outer")
    result = CliRunner().invoke(cli, ["leaks", "raw", "../leaks.db", name])
    assert (result.exit_code, result.stdout_bytes) == (0, OUTER)
    result = CliRunner().invoke(cli, ["leaks", "raw", "../leaks.db", "mail-0"])
    assert result.exit_code == 1
    assert "there is no e-mail mail-0" in result.stderr
