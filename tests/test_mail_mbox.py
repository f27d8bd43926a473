"""mbox files: where one message ends and the next begins, and that no byte is lost."""

from __future__ import annotations

import os
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders import mail_mbox
from datasette_leaks.loaders.mail_heads import LARGEST, is_separator, looks_like_mail
from datasette_leaks.loaders.mail_mbox import Mbox, mailbox, read_at, unescaped
from datasette_leaks.loaders.mail_records import RawMessage

FROM = b"From ada@harbour.example Sat May  1 11:22:33 2004\n"
ONE = b"From: ada@harbour.example\nSubject: one\n\nThe first.\n"
TWO = b"From: ben@harbour.example\nSubject: two\n\nThe second.\n"


def write(tmp_path: Path, *parts: bytes, name: str = "a.mbox") -> Path:
    path = tmp_path / name
    path.write_bytes(b"".join(parts))
    return path


def found(path: Path) -> list[bytes | str]:
    """Each message's bytes, or why there is none, as workers would read them."""
    mbox: Mbox = pickle.loads(pickle.dumps(Mbox()))
    return [
        raw.problem.found if raw.problem else mbox.read(path, raw.member, raw.offset, raw.length)
        for raw in mbox.messages(path)
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"From ada@harbour.example Sat May  1 11:22:33 2004",
        b"From ada@harbour.example Sat May  1 11:22:33 2004\r",
        b"From ada at harbour.example  Sat May  1 11:22:33 2004",
        b"From ada@harbour.example Sat May  1 11:22:33 CEST 2004",
        b"From ada@harbour.example Sat May  1 11:22:33 2004 +0200",
        b"From ada@harbour.example Sat May 1 11:22 2004",
        b"From 1589643@xxx Tue Mar 05 20:54:17 +0000 2013",
        b"From - Sat May 01 11:22:33 2004",
        b"From ???@??? Sat May 01 11:22:33 2004",
        b"From  Sat May  1 11:22:33 2004",
        b"From MAILER-DAEMON Sat, 1 May 2004 11:22:33 +0200 (CEST)",
        b"From ada 2004-05-01 11:22:33",
        b"From ada@harbour.example Sat May  1 11:22:33 2004 remote from quay",
        b'From "Ada Quay" Sat May  1 11:22:33 MET DST 2004',
    ],
)
def test_separators_are_known(line: bytes) -> None:
    assert is_separator(line)
    assert is_separator(line + b"\n")


@pytest.mark.parametrize(
    "line",
    [
        b"From what I saw that day there was no ship",
        b"From the harbour, Saturday",
        b"From what I saw that day, which was Sat May  1 11:22:33 2004",
        b"From: ada@harbour.example Sat May  1 11:22:33 2004",
        b">From ada@harbour.example Sat May  1 11:22:33 2004",
        b"From 9:30 on we waited in 2004",
        b"From ada" + b"a" * 500 + b" Sat May  1 11:22:33 2004",
        b"From ",
        b"",
    ],
)
def test_other_lines_are_no_separators(line: bytes) -> None:
    assert not is_separator(line)


def test_messages_are_cut_at_separators(tmp_path: Path) -> None:
    path = write(tmp_path, FROM, ONE, b"\n", FROM, TWO, b"\n", name="Inbox.mbox")
    assert found(path) == [ONE, TWO]
    assert [raw.folder for raw in Mbox().messages(path)] == ["Inbox", "Inbox"]
    assert all(raw.data is None for raw in Mbox().messages(path))


def test_a_file_need_not_end_in_a_blank_line(tmp_path: Path) -> None:
    assert found(write(tmp_path, FROM, ONE, b"\n", FROM, TWO)) == [ONE, TWO]
    assert found(write(tmp_path, FROM, ONE, b"\n", FROM, TWO.rstrip())) == [ONE, TWO.rstrip()]


def test_windows_line_ends(tmp_path: Path) -> None:
    data = (FROM + ONE + b"\n" + FROM + TWO + b"\n").replace(b"\n", b"\r\n")
    assert found(write(tmp_path, data)) == [
        ONE.replace(b"\n", b"\r\n"),
        TWO.replace(b"\n", b"\r\n"),
    ]


def test_a_line_of_the_text_is_no_separator(tmp_path: Path) -> None:
    text = ONE + b"\nFrom here on nobody knew.\n\nFrom ada, Saturday.\n" + FROM
    assert found(write(tmp_path, FROM, text, b"\n", FROM, TWO)) == [text, TWO]


@pytest.mark.parametrize(
    "header",
    [
        b"From:",
        b"Return-Path:",
        b"received:",
        b"DATE:",
        b"Message-Id:",
        b"Delivered-To:",
        b"X-Quay-Number:",
        b"Subject :",
        b"To:",
        b"Mime-Version:",
    ],
)
def test_the_blank_line_before_a_separator_may_be_missing(tmp_path: Path, header: bytes) -> None:
    two = header + b" two\n" + TWO
    assert found(write(tmp_path, FROM, ONE, FROM, two, b"\n", FROM, ONE)) == [ONE, two, ONE]
    windows = [part.replace(b"\n", b"\r\n") for part in (FROM, ONE, FROM, two)]
    assert found(write(tmp_path, *windows)) == windows[1::2]


@pytest.mark.parametrize("after", [b"", b"\n", b"Hello.\n", b"> From: ben\n", b"Dear Ben: no\n"])
def test_a_separator_without_a_blank_line_needs_a_header_after_it(
    tmp_path: Path, after: bytes
) -> None:
    text = ONE + FROM + after + b"End.\n"
    assert found(write(tmp_path, FROM, text, b"\n", FROM, TWO)) == [text, TWO]


def test_a_second_separator_before_the_headers_makes_no_empty_message(tmp_path: Path) -> None:
    assert found(write(tmp_path, FROM, FROM, ONE, FROM, TWO)) == [FROM + ONE, TWO]


def test_bytes_before_the_first_separator_are_told(tmp_path: Path) -> None:
    junk = b"Exported by Something 1.0\n"
    path = write(tmp_path, junk, FROM, ONE)
    raws = list(Mbox().messages(path))
    assert found(path) == [f'{len(junk)} bytes before the first "From " line', ONE]
    assert raws[0].problem is not None
    assert (raws[0].problem.place, raws[0].offset, raws[0].length) == ("byte 0", 0, len(junk))


@pytest.mark.parametrize("start", [b"\n\n", b"\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_blank_lines_and_a_byte_order_mark_in_front_are_nothing(
    tmp_path: Path, start: bytes
) -> None:
    assert found(write(tmp_path, start, FROM, ONE)) == [ONE]


def test_a_file_without_separators_is_a_problem_with_advice(tmp_path: Path) -> None:
    path = write(tmp_path, ONE)
    [raw] = Mbox().messages(path)
    assert raw.problem is not None
    assert raw.length == len(ONE)
    assert "no line" in raw.problem.found
    assert ".eml" in raw.problem.advice


def test_an_empty_file_is_a_problem(tmp_path: Path) -> None:
    assert found(write(tmp_path)) == ["the file is empty"]


def test_a_separator_with_nothing_after_it_is_a_problem(tmp_path: Path) -> None:
    nothing = 'a "From " line with no message after it'
    assert found(write(tmp_path, FROM, b"\n", FROM, ONE)) == [nothing, ONE]
    assert found(write(tmp_path, FROM, ONE, b"\n", FROM)) == [ONE, nothing]
    assert found(write(tmp_path, FROM.rstrip())) == [nothing]


def test_a_gigabyte_of_nothing_is_one_problem(tmp_path: Path) -> None:
    path = write(tmp_path)
    os.truncate(path, 1 << 30)
    assert found(path) == ["1,073,741,824 NUL bytes and nothing else"]


def test_a_hole_after_the_last_message_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, FROM, ONE)
    os.truncate(path, 5_000_000)
    start = len(FROM + ONE)
    assert found(path) == [ONE, f"{5_000_000 - start:,} NUL bytes after the last message"]
    assert [(raw.offset, raw.length) for raw in Mbox().messages(path)] == [
        (len(FROM), len(ONE)),
        (start, 5_000_000 - start),
    ]


def test_a_message_is_never_read_beyond_the_largest(tmp_path: Path) -> None:
    path = write(tmp_path)
    os.truncate(path, LARGEST * 2)
    assert len(read_at(path, 10, LARGEST * 2)) == LARGEST + 1
    assert read_at(path, 10, 20) == bytes(20)


def with_length(length: int, body: bytes) -> bytes:
    return b"From: ada@harbour.example\nContent-Length: %d\n\n%s" % (length, body)


def test_content_length_keeps_a_separator_of_the_text(tmp_path: Path) -> None:
    body = b"She forwarded:\n\n" + FROM + b"\nHello.\n"
    counted = with_length(len(body), body)
    assert found(write(tmp_path, FROM, counted, b"\n", FROM, TWO)) == [counted, TWO]
    assert found(write(tmp_path, FROM, counted, FROM, TWO)) == [counted, TWO]
    assert found(write(tmp_path, FROM, TWO, b"\n", FROM, counted)) == [TWO, counted]
    assert found(write(tmp_path, FROM, TWO, b"\n", FROM, counted, b"\n")) == [TWO, counted]
    windows = counted.replace(b"\n", b"\r\n").replace(
        b"%d" % len(body), b"%d" % len(body.replace(b"\n", b"\r\n"))
    )
    parts = (FROM, TWO, b"\n", FROM)
    data = b"".join(part.replace(b"\n", b"\r\n") for part in parts)
    assert found(write(tmp_path, data, windows))[1:] == [windows]


@pytest.mark.parametrize("length", [0, 1, 5, 11, 13, 60, 10**6, 10**11, LARGEST + 1])
def test_a_wrong_content_length_counts_for_nothing(tmp_path: Path, length: int) -> None:
    counted = with_length(length, b"Ten bytes\n\n")
    assert found(write(tmp_path, FROM, counted, b"\n", FROM, TWO)) == [counted, TWO]


def test_a_content_length_over_the_largest_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_mbox, "LARGEST", 50)  # a stream would have to hold all of it
    body = b"She forwarded:\n\n" + FROM + b"\nHello.\n"
    assert len(found(write(tmp_path, FROM, with_length(len(body), body), b"\n", FROM, TWO))) == 3


def test_content_length_in_the_text_counts_for_nothing(tmp_path: Path) -> None:
    text = ONE + b"\nContent-Length: 3\n\nabc\n"
    assert found(write(tmp_path, FROM, text, b"\n", FROM, TWO)) == [text, TWO]


@pytest.mark.parametrize("blank", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("around", [*range(-500, -60, 20), *range(-60, 61, 3)])
def test_separators_at_the_border_of_two_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, around: int, blank: bytes
) -> None:
    monkeypatch.setattr(mail_mbox, "BLOCK", 4096)
    monkeypatch.setattr(mail_mbox, "_NULS", bytes(4096))
    long = ONE + b"x" * (4096 - len(FROM + ONE) + around) + b"\n"
    assert found(write(tmp_path, FROM, long, blank, FROM, TWO)) == [long, TWO]


BODY_LINES = st.one_of(
    st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")),
    st.sampled_from([b"", FROM.rstrip(), b">" + FROM.rstrip(), b"From nobody", b"\0" * 10, b"\r"]),
)
BODIES = st.lists(BODY_LINES, max_size=12).map(lambda lines: b"\n".join((*lines, b"End.\n")))


def mboxrd(messages: list[bytes]) -> bytes:
    """An mbox as RFC 4155 has it, lines escaped as in mboxrd."""
    return b"".join(FROM + re.sub(rb"(?m)^(>*From )", rb">\1", one) + b"\n" for one in messages)


@given(bodies=st.lists(BODIES, min_size=1, max_size=8))
def test_any_messages_written_as_mboxrd_come_back(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]
) -> None:
    messages = [b"Subject: %d\n\n%s" % (n, body) for n, body in enumerate(bodies)]
    path = write(tmp_path_factory.mktemp("mbox"), mboxrd(messages))
    back = [
        re.sub(rb"(?m)^>(>*From )", rb"\1", one) for one in found(path) if isinstance(one, bytes)
    ]
    assert back == messages


@given(
    data=st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from(
                [FROM, b"\n", ONE, b"\n" + FROM, FROM + ONE, b"\0" * 70, with_length(4, b"abc\n")]
            ),
        ),
        max_size=12,
    ).map(b"".join)
)
def test_no_byte_is_lost_and_the_order_is_the_same_twice(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = write(tmp_path_factory.mktemp("mbox"), data)
    raws = list(Mbox().messages(path))
    assert raws == list(Mbox().messages(path))
    assert_covers(data, raws)


def assert_covers(data: bytes, raws: list[RawMessage]) -> None:
    """What is in no message and no problem is a separator and the blank line before it."""
    end = 0
    for raw in raws:
        between = data[end : raw.offset].removeprefix(b"\xef\xbb\xbf").strip(b"\r\n")
        assert raw.offset >= end
        assert between == b"" or is_separator(between)
        end = raw.offset + raw.length
    assert data[end:].strip(b"\r\n") == b""


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"\n>From here on.\n", b"\nFrom here on.\n"),
        (b"Before.\r\n>From here on.\r\nAfter.", b"Before.\r\nFrom here on.\r\nAfter."),
        (b">From here\n>From there\n", b"From here\nFrom there\n"),
        (b"> quoted\n>From here\n", None),
        (b">From here\n>quoted\n", None),
        (b"Ada wrote:\n\n>From here\n", None),
        (b">>From here\n", None),
        (b" >From here\n", None),
    ],
)
def test_escaped_lines_are_unescaped_where_that_is_safe(body: bytes, text: bytes | None) -> None:
    headers = b"Subject: x\n>From a line of headers\n\n"
    assert unescaped(headers + body) == headers + (body if text is None else text)


def test_a_message_without_a_body_stays(tmp_path: Path) -> None:
    assert unescaped(b"Subject: x\n>From y\n") == b"Subject: x\n>From y\n"


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("x/Inbox.mbox", "Inbox"),
        ("x/Sent", "Sent"),
        ("x/INBOX.mbox/mbox", "INBOX"),
        ("mbox", "mbox"),
        ("list/2004-May.txt.gz", "2004-May"),
        (".mbox", ".mbox"),
    ],
)
def test_the_mailbox_by_the_file_name(name: str, folder: str) -> None:
    assert mailbox(name) == folder


@pytest.mark.parametrize(
    ("head", "mail"),
    [
        (ONE, True),
        (FROM + ONE, True),
        (b"\xef\xbb\xbf" + ONE.replace(b"\n", b"\r\n"), True),
        (b"Received: by x\n\tfor y\nFrom: a\n" + b"X: y\n" * 2000, True),
        (ONE + b"x" * 5000, True),
        (b"From: a\r\nX: y\r\n" + b"X-Long: y\r\n" * 400 + b"Date: z\r\n", False),
        (b"Title: The harbour\nDate: 2004\n\nA text.", False),
        (b"Dear Ada,\nFrom: here\nDate: now\n", False),
        (b"%PDF-1.4\n", False),
        (b"", False),
    ],
)
def test_mail_is_known_by_its_head(head: bytes, mail: bool) -> None:
    assert looks_like_mail(head[:4096]) is mail
