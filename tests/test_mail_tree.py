"""Folders of messages: Maildir, trees of .eml, numbered files."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from datasette_leaks.loaders.mail_records import RawMessage
from datasette_leaks.loaders.mail_tree import Eml, MailTree, folder_name, holds_mail

FROM = b"From ada@harbour.example Sat May  1 11:22:33 2004\n"
MAIL = b"From: ada@harbour.example\nDate: Sat, 1 May 2004 11:22:33 +0000\n\nHello.\n"
TREE = MailTree("mail_tree")


def put(root: Path, name: str, data: bytes = MAIL) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def taken(root: Path) -> dict[str, str]:
    """The members that are messages, each with its folder, after reading them as a worker would."""
    tree: MailTree = pickle.loads(pickle.dumps(TREE))
    good = {}
    for raw in tree.messages(root):
        if raw.problem is None:
            assert tree.read(root, raw.member, raw.offset, raw.length) == MAIL
            assert raw.data is None
            good[raw.member] = raw.folder
    return good


def refused(root: Path) -> dict[str, str]:
    """The members that are none, each with the reason."""
    return {raw.member: raw.problem.found for raw in TREE.messages(root) if raw.problem}


def test_a_maildir_with_its_folders(tmp_path: Path) -> None:
    for name in ("cur/2:2,S", "new/1", ".Sent.2004/cur/3:2,", ".Sent.2004/new/4", ".Bin/cur/5"):
        put(tmp_path, name)
    (tmp_path / "tmp").mkdir()
    for name in ("dovecot-uidlist", "maildirfolder", ".Sent.2004/dovecot.index", ".git/config"):
        put(tmp_path, name, b"3 V1\n")
    assert taken(tmp_path) == {
        ".Bin/cur/5": "Bin",
        ".Sent.2004/cur/3:2,": "Sent/2004",
        ".Sent.2004/new/4": "Sent/2004",
        "cur/2:2,S": "Inbox",
        "new/1": "Inbox",
    }
    assert refused(tmp_path) == {}


def test_maildirs_below_a_folder(tmp_path: Path) -> None:
    for name in ("ada/cur/1", "ada/.Sent/cur/2", "ben/Work/cur/3"):
        put(tmp_path, name)
    assert taken(tmp_path) == {
        "ada/.Sent/cur/2": "ada/Sent",
        "ada/cur/1": "ada",
        "ben/Work/cur/3": "ben/Work",
    }


def test_what_was_never_delivered_is_told(tmp_path: Path) -> None:
    put(tmp_path, "cur/1")
    put(tmp_path, "tmp/2")
    assert refused(tmp_path) == {"tmp/2": "it was never delivered: it lies in tmp"}


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ((), ""),
        (("cur",), "Inbox"),
        (("ada", "new"), "ada"),
        ((".Entw&APw-rfe.Alt", "cur"), "Entwürfe/Alt"),
        ((".A &- B", "cur"), "A & B"),
        ((".A &x- B", "cur"), "A &x- B"),
        (("Inbox.sbd",), "Inbox"),
    ],
)
def test_names_of_mailboxes(parts: tuple[str, ...], name: str) -> None:
    assert folder_name(parts) == name


def test_a_tree_of_eml_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("z.eml", "b/2.EML", "b/10.eml", "a/c/1.eml"):
        put(tmp_path, name)
    assert taken(tmp_path) == {"z.eml": "", "a/c/1.eml": "a/c", "b/10.eml": "b", "b/2.EML": "b"}
    assert list(taken(tmp_path)) == ["z.eml", "a/c/1.eml", "b/10.eml", "b/2.EML"]
    assert list(TREE.messages(tmp_path)) == list(TREE.messages(tmp_path))


def test_numbered_files_that_begin_as_mail(tmp_path: Path) -> None:
    put(tmp_path, "lay-k/inbox/1.")
    put(tmp_path, "lay-k/inbox/2_")
    put(tmp_path, "lay-k/inbox/3", b"Three\n")
    assert taken(tmp_path) == {"lay-k/inbox/1.": "lay-k/inbox", "lay-k/inbox/2_": "lay-k/inbox"}
    assert refused(tmp_path) == {"lay-k/inbox/3": "no mail: it does not begin with headers"}


def test_an_mbox_in_a_tree_is_cut(tmp_path: Path) -> None:
    put(tmp_path, "a.eml")
    put(tmp_path, "Inbox", FROM + MAIL + b"\n" + FROM + MAIL)
    put(tmp_path, "Inbox.sbd/Work.mbox", b"junk\n" + FROM + MAIL)
    raws = list(TREE.messages(tmp_path))
    assert [(raw.member, raw.offset, raw.folder, raw.problem is None) for raw in raws] == [
        ("Inbox", 50, "Inbox", True),
        ("Inbox", 50 + len(MAIL) + 51, "Inbox", True),
        ("a.eml", 0, "", True),
        ("Inbox.sbd/Work.mbox", 0, "Inbox/Work", False),
        ("Inbox.sbd/Work.mbox", 55, "Inbox/Work", True),
    ]
    assert all(
        TREE.read(tmp_path, raw.member, raw.offset, raw.length) == MAIL
        for raw in raws
        if not raw.problem
    )


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path, "elsewhere/secret.eml")
    put(tmp_path, "tree/a.eml")
    (tmp_path / "tree/b.eml").symlink_to(secret)
    (tmp_path / "tree/more").symlink_to(secret.parent)
    assert list(taken(tmp_path / "tree")) == ["a.eml"]
    assert refused(tmp_path / "tree") == {"b.eml": "it is a link", "more": "it is a link"}


def test_what_is_no_message_is_told(tmp_path: Path) -> None:
    put(tmp_path, "a.eml")
    put(tmp_path, "b.eml", b"")
    put(tmp_path, "c.pdf", b"%PDF-1.4\n")
    put(tmp_path, ".hidden.eml")
    os.mkfifo(tmp_path / "d.eml")
    assert list(taken(tmp_path)) == ["a.eml"]
    assert refused(tmp_path) == {
        "b.eml": "the file is empty",
        "c.pdf": "no mail: it does not begin with headers",
        "d.eml": "it is no ordinary file",
    }
    [problem] = [raw.problem for raw in TREE.messages(tmp_path) if raw.member == "c.pdf"]
    assert problem is not None
    assert problem.path == str(tmp_path)
    assert problem.place == "member c.pdf, byte 0"
    assert problem.advice == "Load it by its own name"


def test_names_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    bad = os.fsencode(tmp_path) + b"/bad\xff"
    os.mkdir(bad)
    Path(os.fsdecode(bad), "1.eml").write_bytes(MAIL)
    Path(os.fsdecode(bad + b".eml")).write_bytes(MAIL)
    assert refused(tmp_path) == {
        "bad\\xff.eml": "its name is not UTF-8",
        "bad\\xff/1.eml": "its name is not UTF-8",
    }


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.eml")
    put(tmp_path, "b.eml")
    put(tmp_path, "locked/c.eml")
    access, scandir = os.access, os.scandir

    def scan(path: Path) -> os._ScandirIterator[str]:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "access", lambda path, mode: "b.eml" not in path and access(path, mode))
    monkeypatch.setattr(os, "scandir", scan)
    assert list(taken(tmp_path)) == ["a.eml"]
    assert refused(tmp_path) == {
        "b.eml": "it cannot be read: permission denied",
        "locked": "it cannot be read: Permission denied",
    }


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no"):
        list(TREE.messages(tmp_path / "no"))


@pytest.mark.parametrize("member", ["../secret", "/etc/passwd", "a/../../b"])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, member: str) -> None:
    put(tmp_path, "secret")
    with pytest.raises(PermissionError):
        TREE.read(tmp_path / "tree", member, 0, 10)


@pytest.mark.parametrize(
    ("name", "data", "holds"),
    [
        ("a/b/1.eml", b"", True),
        ("a/cur/1", b"", True),
        (".Sent/cur/1", b"", True),
        ("a/1.", MAIL, True),
        ("a/1.", b"no mail", False),
        ("a/.hidden.eml", MAIL, False),
        (".git/1.eml", MAIL, False),
        ("a/article.md", MAIL, False),
        ("Inbox", FROM + MAIL, False),
    ],
)
def test_which_folders_are_archives(tmp_path: Path, name: str, data: bytes, holds: bool) -> None:
    put(tmp_path, name, data)
    assert holds_mail(tmp_path) is holds


def test_one_message_in_a_file(tmp_path: Path) -> None:
    path = put(tmp_path, "a.eml")
    assert list(Eml().messages(path)) == [RawMessage("", 0, len(MAIL))]
    assert Eml().read(path, "", 0, len(MAIL)) == MAIL


@pytest.mark.parametrize(
    ("data", "found"), [(b"", "the file is empty"), (bytes(5000), "it begins with NUL bytes")]
)
def test_a_file_without_a_message(tmp_path: Path, data: bytes, found: str) -> None:
    [raw] = Eml().messages(put(tmp_path, "a.eml", data))
    assert raw.problem is not None
    assert raw.problem.found == found


def test_an_mbox_by_the_name_of_eml_is_cut(tmp_path: Path) -> None:
    path = put(tmp_path, "a.eml", FROM + MAIL + b"\n" + FROM + MAIL)
    assert [Eml().read(path, "", r.offset, r.length) for r in Eml().messages(path)] == [MAIL, MAIL]


@pytest.mark.parametrize(("data", "knows"), [(MAIL, True), (FROM + MAIL, False), (b"Hi", False)])
def test_a_message_is_recognised(data: bytes, knows: bool) -> None:
    assert Eml().recognises(data) is knows
