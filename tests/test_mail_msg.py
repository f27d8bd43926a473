"""Outlook's .msg files: what they hold comes out as mail, the same every time."""

from __future__ import annotations

import builtins
import pickle
import struct
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NoReturn

import pytest
from ole_file import Value, mapi, msg, ole

from datasette_leaks.loaders import mail_mapi as names
from datasette_leaks.loaders.mail_heads import LARGEST
from datasette_leaks.loaders.mail_msg import Msg
from datasette_leaks.loaders.mail_records import Message

VALUES: dict[int, Value] = {
    names.CLASS: "IPM.Note",
    names.SUBJECT: "\1\4Re: Die Fähre",
    names.SUBMITTED: datetime(2004, 5, 1, 11, 22, 33, tzinfo=timezone.utc),
    names.SENDER_NAME: "Ada Quay",
    names.SENDER_TYPE: "EX",
    names.SENDER_ADDRESS: "/O=HARBOUR/CN=ADA",
    names.SENDER_SMTP: "ada@harbour.example",
    names.MESSAGE_ID: "<one@harbour.example>",
    names.IN_REPLY_TO: "<zero@harbour.example>",
    names.BODY: "Die Fähre kommt.\r\nMorgen.\r\n",
}
TO: dict[int, Value] = {
    names.ROLE: 1, names.NAME: "Bén", names.TYPE: "SMTP", names.ADDRESS: "ben@harbour.example",
}  # fmt: skip
CC: dict[int, Value] = {names.ROLE: 2, names.NAME: "Cy"}


def write(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "a.msg"
    path.write_bytes(data)
    return path


def loaded(path: Path) -> Message:
    """The message as a worker reads it, its bytes the same again."""
    loader: Msg = pickle.loads(pickle.dumps(Msg()))
    [raw] = loader.messages(path)
    assert raw.problem is None
    assert raw.data is not None
    assert loader.read(path, "", 0, raw.length) == raw.data
    assert len(raw.data) == raw.length
    return loader.parse(raw.data)


def refused(path: Path) -> str:
    [raw] = Msg().messages(path)
    assert raw.problem is not None
    with pytest.raises(OSError, match="byte 0"):
        Msg().read(path, "", 0, 10)
    return f"{raw.problem.found}. {raw.problem.advice}"


def test_a_message_that_was_never_sent_as_mail(tmp_path: Path) -> None:
    message = loaded(write(tmp_path, ole(msg(VALUES, [TO, CC]))))
    assert message.subject == "Re: Die Fähre"
    assert message.text == "Die Fähre kommt.\nMorgen.\n"
    assert (message.text_from, message.sent) == ("plain", "2004-05-01T11:22:33Z")
    assert message.message_id == "one@harbour.example"
    assert message.in_reply_to == ("zero@harbour.example",)
    assert [(each.role, each.name, each.address) for each in message.addresses] == [
        ("from", "Ada Quay", "ada@harbour.example"),
        ("to", "Bén", "ben@harbour.example"),
        ("cc", "Cy", ""),
    ]
    assert message.marks == ()


def test_strings_of_a_code_page(tmp_path: Path) -> None:
    values = {
        **VALUES, names.SUBJECT: "Паром", names.BODY: "Паром идёт.", names.CODEPAGE: 1251
    }  # fmt: skip
    person: dict[int, Value] = {**TO, names.NAME: "Бен"}
    message = loaded(write(tmp_path, ole(msg(values, [person], kind=0x1E))))
    assert (message.subject, message.text) == ("Паром", "Паром идёт.")
    assert message.addresses[1].name == "Бен"


def test_the_headers_it_came_with_are_kept(tmp_path: Path) -> None:
    headers = (
        "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a\r\n\tby b\r\n"
        "From: Eve <eve@harbour.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed;\r\n\tboundary="x"\r\nno header\r\n\r\n'
        "Date: Sun, 2 May 2004 00:00:00 +0000\r\n"
    )
    path = write(tmp_path, ole(msg({**VALUES, names.HEADERS: headers}, [TO])))
    message = loaded(path)
    [raw] = Msg().messages(path)
    assert raw.data is not None
    assert message.addresses[0].address == "eve@harbour.example"
    assert message.sent == "2004-05-02T00:00:00Z"
    assert message.subject == "Re: Die Fähre"
    assert raw.data.startswith(b"Received: from a\n\tby b\n")
    assert b"X-Unreadable: no header\n" in raw.data
    assert b"boundary" not in raw.data
    assert message.marks == ()


def test_headers_cannot_be_slipped_in(tmp_path: Path) -> None:
    values = {
        **VALUES,
        names.SUBJECT: "One\r\nBcc: eve@x.example\r\n\r\nText",
        names.CLASS: 'A"\nB',
    }
    message = loaded(write(tmp_path, ole(msg(values))))
    assert message.subject == "One Bcc: eve@x.example Text"
    assert [each.role for each in message.addresses] == ["from"]


def test_plain_text_and_html(tmp_path: Path) -> None:
    html = "<p>Die F\u00e4hre</p>".encode("cp1252")
    both = loaded(write(tmp_path, ole(msg({**VALUES, names.HTML: html}))))
    assert (both.text_from, both.text) == ("plain", "Die Fähre kommt.\nMorgen.\n")
    only: dict[int, Value] = {
        **VALUES, names.BODY: "", names.HTML: html, names.HTML_CODEPAGE: 1252
    }  # fmt: skip
    one = loaded(write(tmp_path, ole(msg(only))))
    assert (one.text_from, one.text.strip()) == ("html", "Die Fähre")


def rtf(text: bytes) -> bytes:
    """RTF stored without compression."""
    return struct.pack("<IIII", len(text) + 12, len(text), 0x414C454D, 0) + text


def test_a_text_that_is_there_as_rtf_only(tmp_path: Path) -> None:
    data = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Die F\'e4hre\par kommt \u8222?}"
    path = write(tmp_path, ole(msg({**VALUES, names.BODY: "", names.RTF: rtf(data)})))
    message = loaded(path)
    assert (message.text_from, message.text) == ("rtf", "Die Fähre\nkommt „")
    assert [(each.name, each.media_type, each.data) for each in message.attachments] == [
        ("body.rtf", "application/rtf", data)
    ]


@pytest.mark.parametrize("data", [b"", b"short", rtf(b"")[:15], rtf(rb"{\rtf1 }"), b"x" * 40])
def test_rtf_without_a_text_is_nothing(tmp_path: Path, data: bytes) -> None:
    message = loaded(write(tmp_path, ole(msg({**VALUES, names.BODY: "", names.RTF: data}))))
    assert (message.text_from, message.attachments) == ("none", ())


def attached(values: Mapping[int, Value], **more: Any) -> Any:
    return mapi(8, values, more)


def test_attachments(tmp_path: Path) -> None:
    tree = msg(
        VALUES,
        [TO],
        [
            attached({
                names.DATA: b"%PDF" * 2000, names.LONG_FILE: "Überfahrt; 1.pdf",
                names.MEDIA_TYPE: "application/pdf", names.METHOD: 1,
            }),
            attached({
                names.DATA: b"GIF", names.FILE: "A.GIF", names.MEDIA_TYPE: "image/gif\nX: y",
                names.CONTENT_ID: "<a@b>", names.FLAGS: 4,
            }),
            attached({names.LONG_FILE: "gone.doc", names.METHOD: 2}),
        ],
    )  # fmt: skip
    message = loaded(write(tmp_path, ole(tree)))
    assert message.text == "Die Fähre kommt.\nMorgen.\n"
    assert [
        (each.name, each.media_type, each.inline, each.content_id, each.data)
        for each in message.attachments
    ] == [
        ("Überfahrt; 1.pdf", "application/pdf", False, None, b"%PDF" * 2000),
        ("A.GIF", "application/octet-stream", True, "a@b", b"GIF"),
        ("gone.doc", "application/octet-stream", False, None, b""),
    ]


def test_a_message_inside(tmp_path: Path) -> None:
    inner = msg({**VALUES, names.SUBJECT: "Inner", names.BODY: "Inside."}, [CC], header=24)
    tree = msg(
        VALUES, [TO], [attached({names.METHOD: 5}, **{"__substg1.0_3701000D": inner})]
    )  # fmt: skip
    message = loaded(write(tmp_path, ole(tree)))
    assert [(each.subject, each.text.strip()) for each in message.inner] == [("Inner", "Inside.")]
    assert message.attachments == ()


def nested(depth: int) -> Any:
    tree = msg({**VALUES, names.SUBJECT: "deepest"}, header=24)
    for _ in range(depth):
        inside = attached({names.METHOD: 5}, **{"__substg1.0_3701000D": tree})
        tree = msg(VALUES, [], [inside], header=24)
    return msg(VALUES, [], [attached({names.METHOD: 5}, **{"__substg1.0_3701000D": tree})])


def test_messages_inside_one_another_end_somewhere(tmp_path: Path) -> None:
    message = loaded(write(tmp_path, ole(nested(60))))
    depth = 0
    while message.inner:
        [message] = message.inner
        depth += 1
    assert 5 < depth <= names.NESTING + 1


@pytest.mark.parametrize("cut", [8, 100, 600, 1500, 2500])
def test_a_broken_file_is_a_problem(tmp_path: Path, cut: int) -> None:
    data = ole(msg(VALUES, [TO]))
    assert "Save it again" in refused(write(tmp_path, data[:cut]))


def test_an_ole_file_without_a_message_is_a_problem(tmp_path: Path) -> None:
    assert "cannot be read" in refused(write(tmp_path, ole({"WordDocument": b"x" * 5000})))


def test_mail_in_plain_text_by_this_name_is_told(tmp_path: Path) -> None:
    assert ".eml" in refused(write(tmp_path, b"From: a\nSubject: b\n\nText"))
    assert "begin" in refused(write(tmp_path, b""))


def test_a_file_that_is_too_large_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, ole(msg(VALUES)))
    with path.open("r+b") as file:
        file.truncate(LARGEST + 2)
    assert "larger than" in refused(path)


def test_streams_that_share_their_bytes_are_no_bomb(tmp_path: Path) -> None:
    big = b"x" * 50_000
    data = bytearray(ole(msg({**VALUES, names.DATA: big, names.HTML: big, names.RTF: big})))
    for name in ("__substg1.0_10130102", "__substg1.0_37010102", "__substg1.0_10090102"):
        at = data.index(name.encode("utf-16-le"))
        data[at + 120 : at + 128] = struct.pack("<Q", 10**8)
    assert "share" in refused(write(tmp_path, bytes(data)))


def test_without_the_extra_the_problem_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing(monkeypatch, "oxmsg")
    assert "pip install 'datasette-leaks[msg]'" in refused(write(tmp_path, ole(msg(VALUES))))


def missing(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **more: Any) -> Any:
        if name.split(".")[0] == package:
            absent(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)


def absent(name: str) -> NoReturn:
    raise ImportError(f"No module named {name}")


def test_recognised_by_its_head(tmp_path: Path) -> None:
    data = ole(msg(VALUES))
    assert Msg().recognises(data[:4096])
    assert not Msg().recognises(ole({"WordDocument": b"x"})[:4096])
    assert not Msg().recognises(b"From: a\n")
