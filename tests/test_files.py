"""Which files a load is about: what can be named, and what cannot be taken."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest
from store_world import load, new

from datasette_leaks.loaders.records import Problem
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.files import Archive, Names, find_files, listing_sha256


def odd(folder: Path, name: bytes) -> Path:
    """A file whose name is not UTF-8."""
    path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
    path.write_text("One.\n")
    return path


def test_a_name_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    bad = odd(tmp_path, b"bad\xff.md")
    (tmp_path / "good.md").write_text("Two.\n")
    odd(tmp_path, b"left\xff.xyz")
    for paths in ([tmp_path], [bad, tmp_path]):
        files = find_files(paths, all_loaders())
        assert [file.path.name for file in files.found] == ["good.md"]
        assert {problem.path for problem in files.problems} == {f"{tmp_path}/bad\\xff.md"}
        assert "not UTF-8" in files.problems[0].found
        assert files.unsupported[-1:] == (f"{tmp_path}/left\\xff.xyz",)
    report = load(new(tmp_path), tmp_path)
    assert report.loaded == 1
    str(report).encode()


def test_a_folder_whose_name_is_not_utf8_can_still_be_worked_in(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    assert Names(tmp_path).recorded(folder / "a.md") == "caf\\xe9/a.md"


def refuse(path: object, *_: object, **__: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "Permission denied", str(path))


def test_a_folder_that_cannot_be_listed_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "good.md").write_text("Two.\n")
    scandir = os.scandir
    monkeypatch.setattr(
        os, "scandir", lambda path: refuse(path) if path.endswith("locked") else scandir(path)
    )
    files = find_files([tmp_path], all_loaders())
    assert [file.path.name for file in files.found] == ["good.md"]
    assert files.problems == (
        Problem(f"{tmp_path}/locked", "", "cannot be read: Permission denied"),
    )


def test_a_file_in_a_folder_that_may_not_be_entered_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "stat", refuse)
    files = find_files([tmp_path / "a.md"], all_loaders())
    assert [problem.found for problem in files.problems] == ["cannot be read: Permission denied"]


MAIL = b"From: a@x.example\nSubject: cranes\nMessage-ID: <1@x>\n\nSix.\n"


def test_a_folder_of_messages_is_one_archive_and_other_files_stand_for_themselves(
    tmp_path: Path,
) -> None:
    (tmp_path / "mail").mkdir()
    for name in ("mail/1.eml", "mail/2.eml", "3.eml"):
        (tmp_path / name).write_bytes(MAIL)
    for name in ("a.md", "mail/b.txt", "README.md", "mail/README.txt"):
        (tmp_path / name).write_text("# Text\n")
    (tmp_path / "list.mbox.gz").write_bytes(b"")
    (tmp_path / "quay.png").write_bytes(b"")
    files = find_files([tmp_path], all_loaders())
    found = {each.path.relative_to(tmp_path).as_posix(): each for each in files.found}
    assert {name: each.loader.name for name, each in found.items()} == {
        ".": "mail_tree", "a.md": "markdown", "mail/b.txt": "text", "list.mbox.gz": "packed_mail",
    }  # fmt: skip
    tree = found["."]
    assert isinstance(tree, Archive)
    assert tree.size == 3 * len(MAIL)
    assert tree.apart == {
        "a.md",
        "mail/b.txt",
        "README.md",
        "mail/README.txt",
        "list.mbox.gz",
        "quay.png",
    }
    left = [Path(each).name for each in files.unsupported]
    assert left == ["README.md", "quay.png", "README.txt"]


def test_a_maildir_is_one_archive(tmp_path: Path) -> None:
    for name in ("cur", "new", "tmp", ".Sent/cur"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "cur" / "1.x:2,S").write_bytes(MAIL)
    (tmp_path / ".Sent" / "cur" / "2.x:2,S").write_bytes(MAIL)
    (found,) = find_files([tmp_path], all_loaders()).found
    assert (found.path, found.loader.name) == (tmp_path, "maildir")


@pytest.mark.parametrize(
    ("name", "data", "loader"),
    [
        ("a.txt", b"From a Mon Jan  3 10:00:00 2011\n" + MAIL, "mbox"),
        ("a.txt", b"A text.\n", "text"),
        ("Inbox", b"From a Mon Jan  3 10:00:00 2011\n" + MAIL, "mbox"),
        ("a.md", MAIL, "markdown"),
        ("a.html", b"<html><title>x</title><p>A page.</p></html>", "html"),
        ("a.eml", MAIL, "eml"),
    ],
)
def test_a_file_is_mail_if_its_name_or_how_it_begins_says_so(
    tmp_path: Path, name: str, data: bytes, loader: str
) -> None:
    (tmp_path / name).write_bytes(data)
    (found,) = find_files([tmp_path / name], all_loaders()).found
    assert found.loader.name == loader


def test_a_listing_is_another_when_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    file = tmp_path / "a" / "1.eml"
    file.write_bytes(MAIL)
    os.utime(file, ns=(1, 1))
    first = listing_sha256(tmp_path, set())
    (tmp_path / "leaks.db").write_bytes(b"")
    assert listing_sha256(tmp_path, {str(tmp_path / "leaks.db")}) == first
    seen = {first, listing_sha256(tmp_path, set())}
    os.utime(file, ns=(1, 2))
    seen.add(listing_sha256(tmp_path, set()))
    file.rename(tmp_path / "a" / "2.eml")
    seen.add(listing_sha256(tmp_path, set()))
    assert len(seen) == 4
    with pytest.raises(OSError, match="No such file"):
        listing_sha256(tmp_path / "none", set())


def test_a_listing_leaves_out_what_is_hidden_and_counts_links_themselves(tmp_path: Path) -> None:
    for name in ("a/1.eml", ".Sent/cur/2.eml", ".git/3.eml"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(MAIL)
    seen = [listing_sha256(tmp_path, set())]
    (tmp_path / "a" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "a" / ".lost.eml").symlink_to("nowhere")
    (tmp_path / ".git" / "4.eml").write_bytes(MAIL)
    assert listing_sha256(tmp_path, set()) == seen[0]
    (tmp_path / "x.eml").symlink_to("nowhere")
    seen.append(listing_sha256(tmp_path, set()))
    (tmp_path / "y").symlink_to("a")
    seen.append(listing_sha256(tmp_path, set()))
    (tmp_path / ".Sent" / "cur" / "5.eml").write_bytes(MAIL)
    seen.append(listing_sha256(tmp_path, set()))
    assert len(set(seen)) == 4


def test_a_dangling_link_stops_no_folder_of_mail(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "1.eml").write_bytes(MAIL)
    (tmp_path / "tree" / "x.eml").symlink_to("nowhere")
    report = load(new(tmp_path), tmp_path / "tree")
    assert report.loaded == 1
    assert {problem.found for problem in report.problems} >= {"it is a link"}


def test_a_listing_goes_on_where_a_file_or_folder_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "1.eml").write_bytes(MAIL)
    (tmp_path / "a").mkdir()
    first = listing_sha256(tmp_path, set())
    (tmp_path / "2.eml").write_bytes(MAIL)
    lstat, scandir = os.lstat, os.scandir
    gone = FileNotFoundError(errno.ENOENT, "No such file or directory", f"{tmp_path}/a")

    def vanish(path: str) -> object:
        if str(path).endswith(("2.eml", "a")):
            raise gone
        return lstat(path) if os.path.isfile(path) else scandir(path)

    monkeypatch.setattr(os, "lstat", vanish)
    monkeypatch.setattr(os, "scandir", vanish)
    assert listing_sha256(tmp_path, set()) == first


def test_a_listing_names_the_folder_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    scandir = os.scandir
    monkeypatch.setattr(
        os, "scandir", lambda path: refuse(path) if path.endswith("locked") else scandir(path)
    )
    with pytest.raises(OSError, match="locked: Permission denied"):
        listing_sha256(tmp_path, set())


def test_a_file_is_recorded_under_one_name_whatever_link_leads_to_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "real"
    real.mkdir()
    linked = tmp_path / "linked"
    linked.symlink_to("real")
    (real / "a.md").symlink_to("kept-elsewhere.md")
    for folder in (real, linked):
        names = Names(folder)
        for path in (real / "a.md", linked / "a.md", linked / ".." / "real" / "a.md"):
            assert names.recorded(path) == "a.md"
        assert names.recorded(linked / "tree" / "..") == "."
        monkeypatch.chdir(folder)
        assert (names.recorded("a.md"), names.recorded("."), names.recorded("..")) == (
            "a.md", ".", "..",
        )  # fmt: skip
        assert names.shown("a.md") == "a.md"


def test_a_listing_is_another_when_a_file_can_be_read_at_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "1.eml").write_bytes(MAIL)
    now = listing_sha256(tmp_path, set())
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert listing_sha256(tmp_path, set()) != now
