"""Which loader takes a file or a folder as mail."""

from __future__ import annotations

import gzip
import hashlib
import os
import pickle
import tarfile
from pathlib import Path

import pytest
from ole_file import msg, ole

from datasette_leaks.loaders.mail import MAIL_LOADERS, choose_mail
from datasette_leaks.loaders.mail_mapi import BODY

FROM = b"From ada at harbour.example  Sat May  1 11:22:33 2004\n"
MAIL = b"From: ada@harbour.example\nDate: Sat, 1 May 2004 11:22:33 +0000\n\nHello.\n"
PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>WikiLeaks - The Harbour Files</title></head><body>"
    b"<table><tr><td>Email-ID</td><td>12</td></tr><tr><td>Date</td><td>2004-05-01</td></tr>"
    b"</table></body></html>"
)
OUTLOOK = ole(msg({BODY: "Hello."}))


def chosen(path: Path) -> str | None:
    loader = choose_mail(path)
    return loader.name if loader else None


@pytest.mark.parametrize(
    ("name", "data", "loader"),
    [
        ("Inbox.mbox", b"", "mbox"),
        ("Inbox.MBX", b"", "mbox"),
        ("a.eml", b"", "eml"),
        ("a.gz", b"", "packed_mail"),
        ("a.tar.gz", b"", "packed_mail"),
        ("a.txt.gz", gzip.compress(FROM, mtime=0), "packed_mail"),
        ("a.zip", b"", "packed_mail"),
        ("a.tgz", b"", "packed_mail"),
        ("a.pst", b"", "pst"),
        ("a.OST", b"", "pst"),
        ("a.msg", b"", "msg"),
        ("a.msg", OUTLOOK, "msg"),
        ("a.msg", MAIL, "eml"),
        ("Inbox", FROM + MAIL, "mbox"),
        ("mbox", FROM + MAIL, "mbox"),
        ("Inbox.Sent", FROM + MAIL, "mbox"),
        ("2004-May.txt", FROM + MAIL, "mbox"),
        ("12.", MAIL, "eml"),
        ("2004-05.1", MAIL, "eml"),
        ("a.txt", MAIL, "eml"),
        ("saved", b"!BDN" + bytes(600), "pst"),
        ("saved", OUTLOOK, "msg"),
        ("saved", gzip.compress(FROM + MAIL, mtime=0), "packed_mail"),
        ("saved", tarfile.TarInfo("a").tobuf() + bytes(1024), "packed_mail"),
        ("page.html", PAGE, "wikileaks"),
        ("page.html", b"<!DOCTYPE html><html><body>The harbour</body></html>", None),
        ("article.txt", b"The harbour\n\nFrom what we know, nothing.\n", None),
        ("article.md", MAIL, None),
        ("table.xlsx", b"PK\x03\x04" + bytes(600), None),
        ("saved", b"", None),
        ("saved", b"Nothing.", None),
    ],
)
def test_files(tmp_path: Path, name: str, data: bytes, loader: str | None) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert chosen(path) == loader


@pytest.mark.parametrize(
    ("name", "data", "loader"),
    [
        ("cur/1:2,S", MAIL, "maildir"),
        ("ada/cur/1:2,S", MAIL, "mail_tree"),
        ("a/b/c.eml", MAIL, "mail_tree"),
        ("lay-k/inbox/1.", MAIL, "mail_tree"),
        ("Inbox", FROM + MAIL, None),
        ("article.md", b"# The harbour\n", None),
    ],
)
def test_folders(tmp_path: Path, name: str, data: bytes, loader: str | None) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    assert chosen(tmp_path) == loader


def test_what_is_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert chosen(tmp_path / "pipe") is None
    assert chosen(tmp_path / "missing") is None
    path = tmp_path / "Inbox"
    path.write_bytes(FROM + MAIL)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert chosen(path) is None


def test_loaders_go_to_other_processes_and_have_names_of_their_own() -> None:
    names = [loader.name for loader in MAIL_LOADERS]
    assert names == [
        "mbox", "eml", "maildir", "mail_tree", "packed_mail", "pst", "msg", "wikileaks",
    ]  # fmt: skip
    assert [loader.name for loader in pickle.loads(pickle.dumps(MAIL_LOADERS))] == names


def test_each_loader_parses_what_it_reads(tmp_path: Path) -> None:
    for name, data in {
        "a.mbox": FROM + MAIL,
        "a.eml": MAIL,
        "a.mbox.gz": gzip.compress(FROM + MAIL),
        "a.msg": OUTLOOK,
        "tree/cur/1": MAIL,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        archive = tmp_path / "tree" if name.startswith("tree/") else path
        loader = choose_mail(archive)
        assert loader is not None
        [raw] = loader.messages(archive)
        got = raw.data or loader.read(archive, raw.member, raw.offset, raw.length)
        message = loader.parse(got)
        assert message.text.strip() == "Hello."
        assert message.size == raw.length


def test_the_text_is_unescaped_and_the_hash_is_of_the_bytes_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.mbox"
    escaped = MAIL + b">From here on.\n"
    path.write_bytes(FROM + escaped)
    loader = choose_mail(path)
    assert loader is not None
    message = loader.parse(escaped)
    assert message.text == "Hello.\nFrom here on.\n"
    assert message.size == len(escaped)
    assert message.sha256 == hashlib.sha256(escaped).hexdigest()
