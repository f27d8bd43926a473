"""The bytes of a message: header blocks, boundaries, transfer encodings."""

from __future__ import annotations

import base64
import binascii
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders import mail_mime
from datasette_leaks.loaders.mail_mime import Block, Pieces

LATER = sys.float_info.max


def read(data: bytes) -> Block | None:
    return mail_mime.read_block(data, 0, len(data))


def split(data: bytes, boundary: bytes = b"b", most: int = 99, deadline: float = LATER) -> Pieces:
    return mail_mime.split_parts(data, 0, len(data), boundary, most, deadline)


def bodies(data: bytes, pieces: Pieces) -> list[bytes]:
    return [data[start:end] for start, end in pieces.parts]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_block_ends_at_the_first_empty_line(end: bytes) -> None:
    data = b"Subject: a" + end + b"\tb" + end + b"To:c" + end + end + b"body: x" + end
    block = read(data)
    assert block is not None
    assert list(block.fields) == [b"subject", b"to"]
    assert block.fields[b"subject"][0].split() == [b"a", b"b"]
    assert data[block.body :] == b"body: x" + end
    assert not block.cut


def test_equal_fields_are_kept_in_order() -> None:
    block = read(b"Received: 1\nReceived: 2\n\n")
    assert block is not None
    assert block.fields[b"received"] == [b" 1", b" 2"]


@pytest.mark.parametrize(
    "data", [b"", b"Dear all,\nbye\n", b"Note: no header\n\nx", b"\0" * 50, b": x\n\n"]
)
def test_what_has_no_known_field_is_no_block(data: bytes) -> None:
    assert read(data) is None


def test_a_part_may_begin_with_its_empty_line() -> None:
    assert read(b"\r\nSubject: text\n") == Block({}, 2)


def test_where_the_empty_line_is_missing_the_body_begins_at_the_first_other_line() -> None:
    data = b"Subject: a\nTo: b\nHere it begins.\nTime: noon\n\nend"
    block = read(data)
    assert block is not None
    assert data[block.body :].startswith(b"Here it begins.")


def test_a_stray_line_among_fields_is_passed_over() -> None:
    block = read(b"Subject: a\nwrapped without a space\nTo: b\n\nbody")
    assert block is not None
    assert list(block.fields) == [b"subject", b"to"]


def test_too_many_bytes_or_fields_of_a_block_are_cut_and_told() -> None:
    long = read(b"Subject: " + b"x" * mail_mime.HEADER_BYTES + b"\n\nbody")
    many = read(b"Subject: x\n" + b"X-A: b\n" * mail_mime.HEADER_FIELDS + b"\nbody")
    assert long is not None
    assert many is not None
    assert long.cut
    assert many.cut
    assert len(long.fields[b"subject"][0]) < mail_mime.HEADER_BYTES
    assert sum(map(len, many.fields.values())) == mail_mime.HEADER_FIELDS
    at_the_cap = read(b"Subject: x\n" + b"X-A: b\n" * (mail_mime.HEADER_FIELDS - 1) + b"\n")
    assert at_the_cap is not None
    assert not at_the_cap.cut


def test_envelope_lines_and_a_byte_order_mark_come_before_the_block() -> None:
    data = b"\xef\xbb\xbf\n \nFrom a@b Wed Oct  5 15:14:00 2011\n>From a@b\nSubject: x\n"
    assert data[mail_mime.leading(data) :] == b"Subject: x\n"


def test_parts_lie_between_their_delimiters() -> None:
    data = b"preamble\r\n--b\r\n\r\none\r\n--b \t\r\n\r\ntwo\r\n\r\n--b--\r\nepilogue"
    pieces = split(data)
    assert bodies(data, pieces) == [b"\r\none", b"\r\ntwo\r\n"]
    assert (pieces.whole, pieces.cut) == (True, "")


def test_a_longer_boundary_that_begins_alike_is_another() -> None:
    data = b"--b\n\none\n--bb\n\nstill one\n--b--x\n --b\n--b--\n"
    assert bodies(data, split(data)) == [b"\none\n--bb\n\nstill one\n--b--x\n --b"]


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (b"--b\n\none\n--b\n\ntwo", [b"\none", b"\ntwo"]),
        (b"--b\n\none\n--b--\n--b\n\ntwo\n--b--", [b"\none", b"\ntwo"]),
        (b"--b", [b""]),
        (b"nothing", []),
        (b"", []),
    ],
)
def test_what_is_delimited_wrongly_is_taken_and_told(data: bytes, parts: list[bytes]) -> None:
    pieces = split(data)
    assert bodies(data, pieces) == parts
    assert not pieces.whole


def test_parts_over_the_cap_are_told() -> None:
    data = b"--b\n\nx\n" * 5 + b"--b--"
    assert len(split(data, most=5).parts) == 5
    assert split(data, most=5).cut == ""
    assert (len(split(data, most=4).parts), split(data, most=4).cut) == (4, "parts_cut")


def test_the_clock_stops_a_flood_of_lookalikes() -> None:
    assert split(b"\n--bx" * 10_000, deadline=time.monotonic() - 1).cut == "time_cut"


@given(st.lists(st.binary(max_size=30).filter(lambda part: b"--b" not in part)))
def test_any_parts_come_back(parts: list[bytes]) -> None:
    data = b"".join(b"--b\n" + part + b"\n" for part in parts) + b"--b--\n"
    expected = [part.removesuffix(b"\r") for part in parts]
    assert bodies(data, split(data)) == expected


def test_a_boundary_is_sniffed_where_a_content_field_follows() -> None:
    data = b"x\n--no\n\n--yes=1 \r\nContent-Type: text/plain\r\n\r\n"
    assert mail_mime.sniff_boundary(data, 0, len(data)) == b"yes=1"
    assert mail_mime.sniff_boundary(b"--no\n\n", 0, 6) is None


@given(st.binary())
def test_base64_comes_back(data: bytes) -> None:
    assert mail_mime.decode_base64(base64.encodebytes(data)) == (data, True)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"SGVs*bG8=", b"Hello"),
        (b"SGVsbG8", b"Hello"),
        (b"SGVsb", b"Hel"),
        (b"SGVs\nbG8=\nSGVs\nbG8=\n", b"HelloHello"),
        (b"SGVsbG8=\n_____\nlist mailing list\n", b"Hello"),
        (b"====", b""),
        (b"\xff\0", b""),
    ],
)
def test_broken_base64_is_read_as_far_as_possible_and_told(data: bytes, expected: bytes) -> None:
    assert mail_mime.decode_base64(data) == (expected, False)


@given(st.binary())
def test_quoted_printable_comes_back(data: bytes) -> None:
    encoded = binascii.b2a_qp(data, istext=False)
    assert mail_mime.decode_transfer(encoded, "quoted-printable") == (data, True)


def test_broken_quoted_printable_is_told() -> None:
    assert mail_mime.decode_transfer(b"a=C3=BC=\nb=", "quoted-printable") == (b"a\xc3\xbcb", True)
    assert mail_mime.decode_transfer(b"a=ZZb", "quoted-printable") == (b"a=ZZb", False)


def test_uuencode() -> None:
    line = binascii.b2a_uu(b"Hello")
    sound = b"text\nbegin 644 name\n" + line + b"`\nend\n"
    assert mail_mime.decode_transfer(sound, "x-uuencode") == (b"Hello", True)
    assert mail_mime.decode_transfer(b"begin 644 a\n" + line, "uuencode") == (b"Hello", False)
    assert mail_mime.decode_transfer(b"plain", "uuencode") == (b"plain", False)


def test_an_unknown_encoding_leaves_the_bytes_and_is_told() -> None:
    assert mail_mime.decode_transfer(b"a=41", "x-own") == (b"a=41", False)
    assert mail_mime.decode_transfer(b"a=41", "8bit") == (b"a=41", True)


@given(st.binary(), st.sampled_from(["base64", "quoted-printable", "uuencode", "7bit", "?"]))
def test_no_bytes_raise(data: bytes, encoding: str) -> None:
    mail_mime.decode_transfer(data, encoding)
    read(data)
    split(data)
    mail_mime.leading(data)
