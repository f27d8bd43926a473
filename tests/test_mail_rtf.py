"""Outlook's rich text: decompressed as its specification says, and read as text."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.mail_rtf import decompressed, rtf_text

# The example of MS-OXRTFCP, section 4.1.1.
SIMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
    "0af32068656c090020627705b06c647d0a800fa0"
)


def lzfu(tokens: bytes, size: int) -> bytes:
    return struct.pack("<IIII", len(tokens) + 12, size, 0x75465A4C, 0) + tokens


def literal(data: bytes) -> bytes:
    """Compressed RTF that refers to nothing."""
    return b"".join(b"\0" + data[at : at + 8] for at in range(0, len(data), 8))


def test_the_example_of_the_specification() -> None:
    text = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompressed(SIMPLE) == text
    assert rtf_text(text) == "hello world"


def test_references_into_the_preloaded_window() -> None:
    # "{\rtf1\ansi" stands at 0 of the window, eleven bytes: offset 0, length 11 - 2.
    tokens = b"\x01" + struct.pack(">H", 0 << 4 | 9) + b" Hi}"
    assert decompressed(lzfu(tokens, 15)) == rb"{\rtf1\ansi Hi}"


def test_references_that_overlap_what_they_write() -> None:
    # One byte at 207, then seventeen from 207 on.
    tokens = b"\x02a" + struct.pack(">H", 207 << 4 | 15)
    assert decompressed(lzfu(tokens, 18)) == b"a" * 18


def test_a_reference_to_the_write_position_is_the_end() -> None:
    tokens = b"\x02a" + struct.pack(">H", 208 << 4) + b"never"
    assert decompressed(lzfu(tokens, 100)) == b"a"


@given(st.binary(max_size=9000))
def test_literals_come_back(data: bytes) -> None:
    assert decompressed(lzfu(literal(data), len(data))) == data


@given(st.binary(max_size=200))
def test_any_bytes_end(data: bytes) -> None:
    assert len(decompressed(lzfu(data, 1 << 30))) <= 17 * len(data)
    rtf_text(data)
    rtf_text(rb"{\rtf1 " + data)


@pytest.mark.parametrize("data", [b"", b"x" * 15, b"x" * 40])
def test_what_is_no_compressed_rtf_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="RTF"):
        decompressed(data)


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi Hello\par World}", "Hello\nWorld"),
        (rb"{\rtf1 a\line b\tab c\~d\_e\{\}\\}", "a\nb\tc\u00a0d\u2011e{}\\"),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\*\generator X;}Text}", "Text"),
        (rb"{\rtf1\ansicpg1251 \'cf\'e0\'f0\'ee\'ec}", "Паром"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f1\'cf\f0\'e4}", "Пä"),
        (rb"{\rtf1{\fonttbl{\f1\fcharset128 B;}}\f1\'93\'fa}", "日"),
        (rb"{\rtf1 \u8364?5 \u-10179?\u-8704?}", "€5 😀"),
        (rb"{\rtf1\uc2 \u8364\'80\'80x{\uc0\u8364 y}}", "€x€y"),
        (rb"{\rtf1 a{\pict\bin5 }}{}x}b}", "ab"),
        (b"{\\rtf1 one\r\ntwo}", "onetwo"),
        (rb"{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hi{\*\htmltag72 </p>}}}", "Hi"),
        (rb"{\rtf1 {\field{\*\fldinst HYPERLINK x}{\fldrslt here}}}", "here"),
        (rb"}}}\par", "\n"),
        (b"", ""),
    ],
)
def test_text_of_rtf(rtf: bytes, text: str) -> None:
    assert rtf_text(rtf) == text
