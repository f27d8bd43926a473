"""Outlook's archives: a stand-in for libpff, since no real PST may be committed."""

from __future__ import annotations

import pickle
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ole_file import Value

from datasette_leaks.loaders import mail_mapi as names
from datasette_leaks.loaders.mail_pst import Pst


class Broken:
    """What raises as libpff does when anything of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        raise OSError("pypff_item_get: unable to read.\n libpff_internal: trace\n")


def entry(name: int, value: Value) -> SimpleNamespace:
    if isinstance(value, int):
        return SimpleNamespace(entry_type=name, value_type=0x3, data=struct.pack("<I", value))
    if isinstance(value, datetime):
        ticks = int((value - datetime(1601, 1, 1, tzinfo=timezone.utc)).total_seconds()) * 10**7
        return SimpleNamespace(entry_type=name, value_type=0x40, data=struct.pack("<Q", ticks))
    kind = 0x102 if isinstance(value, bytes) else 0x1F
    data = value if isinstance(value, bytes) else f"{value}\0".encode("utf-16-le")
    return SimpleNamespace(entry_type=name, value_type=kind, data=data)


def record_set(values: Mapping[int, Value]) -> SimpleNamespace:
    others = [SimpleNamespace(entry_type=None, value_type=0, data=None), entry(0x8001, "named")]
    return SimpleNamespace(entries=[entry(*each) for each in values.items()] + others)


@dataclass
class Attachment:
    values: Mapping[int, Value]
    data: bytes = b""
    inner: Sequence[Any] = ()

    @property
    def record_sets(self) -> list[SimpleNamespace]:
        return [record_set(self.values)]

    @property
    def number_of_sub_items(self) -> int:
        return len(self.inner)

    def get_sub_item(self, index: int) -> Any:
        return self.inner[index]

    def get_size(self) -> int:
        return len(self.data)

    def read_buffer(self, size: int) -> bytes:
        return self.data[:size]


@dataclass
class Mail:
    values: Mapping[int, Value]
    people: Sequence[Mapping[int, Value]] = ()
    files: Sequence[Attachment] = ()

    @property
    def record_sets(self) -> list[SimpleNamespace]:
        return [record_set(self.values)]

    @property
    def recipients(self) -> SimpleNamespace:
        return SimpleNamespace(record_sets=[record_set(each) for each in self.people])

    @property
    def number_of_attachments(self) -> int:
        return len(self.files)

    def get_attachment(self, index: int) -> Attachment:
        return self.files[index]


@dataclass
class Folder:
    identifier: int
    name: str | None
    mails: Sequence[Any] = ()
    folders: list[Folder] = field(default_factory=list)

    @property
    def number_of_sub_messages(self) -> int:
        return len(self.mails)

    @property
    def number_of_sub_folders(self) -> int:
        return len(self.folders)

    def get_sub_message(self, index: int) -> Any:
        return self.mails[index]

    def get_sub_folder(self, index: int) -> Folder:
        return self.folders[index]


@dataclass
class File:
    """A PST that is open; ``closed`` counts how often it was closed."""

    root: Any
    orphans: Sequence[Any] = ()
    ascii_codepage: bytes = b"cp1252"
    closed: int = 0

    @property
    def number_of_orphan_items(self) -> int:
        return len(self.orphans)

    def open(self, path: str) -> None:
        if not Path(path).read_bytes().startswith(b"!BDN"):
            raise OSError("pypff_file_open: unable to open file.\n libpff: bad signature\n")

    def close(self) -> None:
        self.closed += 1

    def get_root_folder(self) -> Any:
        return self.root

    def get_orphan_item(self, index: int) -> Any:
        return self.orphans[index]


def mail(subject: str, **more: Any) -> Mail:
    values: dict[int, Value] = {
        names.CLASS: "IPM.Note",
        names.SUBJECT: subject,
        names.SUBMITTED: datetime(2004, 5, 1, 11, 22, 33, tzinfo=timezone.utc),
        names.SENDER_NAME: "Ada",
        names.SENDER_ADDRESS: "ada@harbour.example",
        names.BODY: f"Text of {subject}.\r\n",
    }
    return Mail(values | more.pop("values", {}), **more)


@pytest.fixture
def pst(tmp_path: Path) -> Path:
    path = tmp_path / "a.pst"
    path.write_bytes(b"!BDN")
    return path


def use(monkeypatch: pytest.MonkeyPatch, file: File) -> None:
    monkeypatch.setitem(sys.modules, "pypff", SimpleNamespace(file=lambda: file))


def world() -> Folder:
    inbox = Folder(
        3, "In/box", [mail("one"), Broken(), mail("two")], [Folder(5, None, [mail("x")])]
    )
    top = Folder(2, "Top of Personal Folders", [], [inbox, Folder(4, "Sent", [mail("three")])])
    return Folder(1, None, [], [top])


def test_items_in_the_order_of_folders(pst: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = File(world(), [mail("lost")])
    use(monkeypatch, file)
    loader: Pst = pickle.loads(pickle.dumps(Pst()))
    raws = list(loader.messages(pst))
    assert [(raw.offset, raw.folder, raw.problem is None) for raw in raws] == [
        (0, "In-box", True),
        (1, "", False),
        (2, "In-box", True),
        (3, "In-box/(5)", True),
        (4, "Sent", True),
        (5, "", True),
    ]
    good = [raw for raw in raws if raw.data is not None]
    assert [loader.parse(raw.data or b"").subject for raw in good] == [
        "one", "two", "x", "three", "lost",
    ]  # fmt: skip
    assert all(loader.read(pst, "", raw.offset, raw.length) == raw.data for raw in good)
    assert raws == list(loader.messages(pst))
    assert file.closed == 7


def test_one_broken_item_is_told_and_the_rest_goes_on(
    pst: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, File(world()))
    [problem] = [raw.problem for raw in Pst().messages(pst) if raw.problem]
    assert (problem.place, problem.found) == (
        "item 1",
        "it cannot be read: pypff_item_get: unable to read.",
    )
    with pytest.raises(OSError, match="item 1"):
        Pst().read(pst, "", 1, 10)
    with pytest.raises(OSError, match="no item 9"):
        Pst().read(pst, "", 9, 10)


def test_a_message_with_all_its_parts(pst: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to: dict[int, Value] = {names.ROLE: 1, names.NAME: "Ben", names.SMTP: "ben@harbour.example"}
    one = mail(
        "one",
        values={names.HTML: b"<p>Text</p>", names.HEADERS: "X-A: b\r\nSubject: kept\r\n"},
        people=[to],
        files=[
            Attachment({names.LONG_FILE: "a.txt", names.METHOD: 1}, b"note"),
            Attachment({names.METHOD: 5}, inner=[mail("inside")]),
        ],
    )
    use(monkeypatch, File(Folder(1, None, [one])))
    [raw] = Pst().messages(pst)
    message = Pst().parse(raw.data or b"")
    assert (message.subject, message.text, message.sent) == (
        "kept",
        "Text of one.\n",
        "2004-05-01T11:22:33Z",
    )
    assert [(each.role, each.address) for each in message.addresses] == [
        ("from", "ada@harbour.example"),
        ("to", "ben@harbour.example"),
    ]
    assert [(each.name, each.data) for each in message.attachments] == [("a.txt", b"note")]
    assert [each.subject for each in message.inner] == ["inside"]
    assert message.marks == ()


def test_a_message_attached_to_itself_ends_somewhere(
    pst: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[Any] = []
    inside.append(mail("one", files=[Attachment({names.METHOD: 5}, inner=inside)]))
    use(monkeypatch, File(Folder(1, None, inside)))
    [raw] = Pst().messages(pst)
    assert (raw.data or b"").count(b"message/rfc822") == names.NESTING


def test_the_mark_before_a_subject_is_taken_off(pst: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, File(Folder(1, None, [mail("\1#A very long prefix of a subject")])))
    [raw] = Pst().messages(pst)
    assert Pst().parse(raw.data or b"").subject == "A very long prefix of a subject"


def test_people_known_by_name_only(pst: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values: dict[int, Value] = {
        names.DISPLAY_TO: "Ben; Cy (Quay)", names.FROM_NAME: "Boss", names.FROM_TYPE: "EX",
        names.FROM_ADDRESS: "/O=HARBOUR/CN=BOSS",
    }  # fmt: skip
    use(monkeypatch, File(Folder(1, None, [mail("one", values=values)])))
    [raw] = Pst().messages(pst)
    assert b'From: "Boss" </O=HARBOUR/CN=BOSS>\n' in (raw.data or b"")
    assert b'Sender: "Ada" <ada@harbour.example>\n' in (raw.data or b"")
    message = Pst().parse(raw.data or b"")
    assert [each.name for each in message.addresses if each.role == "to"] == ["Ben", "Cy (Quay)"]


def test_contacts_are_told_and_appointments_loaded(
    pst: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = mail("Ben", values={names.CLASS: "IPM.Contact"})
    meeting = mail("Meeting", values={names.CLASS: "IPM.Appointment"})
    use(monkeypatch, File(Folder(1, None, [contact, meeting])))
    one, two = Pst().messages(pst)
    assert one.problem is not None
    assert "address-book entry (IPM.Contact)" in one.problem.found
    assert b'X-Outlook-Item: "IPM.Appointment"\n' in (two.data or b"")


def test_a_folder_inside_itself_is_read_once(pst: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Folder(1, None, [mail("one")])
    root.folders.append(root)
    use(monkeypatch, File(root))
    assert len(list(Pst().messages(pst))) == 1


def test_folders_that_break_off_are_told(pst: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken: Any = Broken()
    file = File(Folder(1, None, [mail("one")], [broken]))
    use(monkeypatch, file)
    one = list(Pst().messages(pst))[-1]
    assert one.problem is not None
    assert "any further" in one.problem.found
    assert file.closed == 1


def test_a_file_that_is_no_pst_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.pst"
    path.write_bytes(b"!BDN" + bytes(5000))
    [raw] = Pst().messages(path)
    assert raw.problem is not None
    assert "cannot be opened" in raw.problem.found
    assert "readpst" in raw.problem.advice
    assert "\n" not in raw.problem.found


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(Pst().messages(tmp_path / "no.pst"))


def test_without_the_extra_the_problem_names_it(pst: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypff", None)
    [raw] = Pst().messages(pst)
    assert raw.problem is not None
    assert raw.problem.advice == "pip install 'datasette-leaks[pst]'"


def test_recognised_by_its_head() -> None:
    assert Pst().recognises(b"!BDN\0\0")
    assert not Pst().recognises(b"From: a")
