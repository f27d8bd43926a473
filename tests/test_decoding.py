"""Bytes to text: what decides the encoding, what is refused, and with which words."""

from __future__ import annotations

import codecs
import hashlib
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.decoding import TextFile, UndecodableError, decode, read_text
from datasette_leaks.loaders.records import Problem
from datasette_leaks.loaders.slugs import LONGEST, slugify

QUAY = "“Säftel” – 4,200 fl. 🏗"
PLAIN_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (b"", "utf-8", "utf-8"),
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
    ],
)
def test_unicode_encodings(mark: bytes, codec: str, name: str) -> None:
    assert decode(mark + QUAY.encode(codec)) == (QUAY, name)


def test_what_is_no_utf8_is_windows_1252() -> None:
    assert decode("“Säftel” – 5 €".encode("cp1252")) == ("“Säftel” – 5 €", "windows-1252")


def test_bytes_that_windows_1252_leaves_undefined_are_latin_1() -> None:
    assert decode(b"a\x81\x8d\x8f\x90\x9d\xe4") == ("a\x81\x8d\x8f\x90\x9dä", "windows-1252")


def test_decomposed_characters_stay_decomposed() -> None:
    assert decode("Sa\u0308ftel".encode())[0] == "Sa\u0308ftel"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "byte 8"),
        ("no mark".encode("utf-16-le"), "byte 1"),
        (codecs.BOM_UTF16_LE + "a\0b".encode("utf-16-le"), "character 1"),
        (bytes(byte for byte in zlib.compress(bytes(range(256)) * 9) if byte), ""),
    ],
)
def test_binary_data_is_refused(data: bytes, place: str) -> None:
    with pytest.raises(UndecodableError, match="binary") as caught:
        decode(data)
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (codecs.BOM_UTF8 + b"ab\xff", "byte 5"),
        (codecs.BOM_UTF16_LE + b"a\0b", "byte 4"),
        (codecs.BOM_UTF16_BE + b"\xd8\x00\x00a", "byte 2"),
    ],
)
def test_a_mark_that_the_bytes_belie_is_refused_with_the_place(data: bytes, place: str) -> None:
    with pytest.raises(UndecodableError, match="by its first bytes") as caught:
        decode(data)
    assert caught.value.place == place


@given(PLAIN_TEXT.filter(lambda text: not text.startswith("\ufeff")))
def test_every_text_comes_back_from_utf8(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


@given(st.binary())
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with suppress(UndecodableError):
        text, encoding = decode(data)
        assert "\0" not in text
        assert encoding


def test_a_file_is_read_with_its_line_ends_as_lf(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"one\r\ntwo\rthree\n")
    read = read_text(path, "text/plain")
    assert isinstance(read, TextFile)
    assert read.text == "one\ntwo\nthree\n"
    assert (read.file.path, read.file.size, read.file.media_type) == (str(path), 15, "text/plain")
    assert read.file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "0 bytes in, no text"),
        (b" \r\n\t\n", "5 bytes in, no text"),
        (b"a\0b", "binary data"),
        (b"x" * 21, "larger than 20 bytes"),
    ],
)
def test_a_file_without_text_is_a_problem_that_says_why(
    tmp_path: Path, data: bytes, message: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    read = read_text(path, "text/plain", largest=20)
    assert isinstance(read, Problem)
    assert read.path == str(path)
    assert message in str(read)


def test_a_missing_file_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_text(tmp_path / "none.txt", "text/plain")


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Port firm paid inspectors, letters suggest", "port-firm-paid-inspectors-letters-suggest"),
        ("  Ein Schaden: „Säftel“ & Söhne  ", "ein-schaden-saftel-sohne"),
        ("ﬁling №5", "filing-no5"),
        ("港湾", ""),
        ("word " * 30, "-".join(["word"] * 16)),
        ("x" * 100, "x" * LONGEST),
        ("a" * 39 + " " + "b" * 40 + " c", "a" * 39 + "-" + "b" * 40),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text())
def test_a_slug_is_short_plain_and_its_own_slug(text: str) -> None:
    slug = slugify(text)
    assert len(slug) <= LONGEST
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert slugify(slug) == slug
