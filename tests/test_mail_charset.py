"""Charsets of mail: declared, wrong, unknown and missing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.mail_charset import clean, codec_of, decode


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        ("Grüße", "utf-8", "UTF8"),
        ("Grüße", "utf-8", '"utf-8"'),
        ("“5 €”", "cp1252", "iso-8859-1"),
        ("Grüße", "latin-1", "ISO_8859-1"),
        ("łódź", "iso8859-2", "iso-8859-2"),
        ("Пристань", "koi8-r", "KOI8-R"),
        ("Їжак", "koi8-u", "koi8-u"),
        ("港湾", "iso2022_jp", "ISO-2022-JP"),
        ("港湾", "cp932", "x-sjis"),
        ("码头镕", "gb18030", "gb2312"),
        ("부두 뷁", "cp949", "ks_c_5601-1987"),
        ("碼頭", "big5", "Big5"),
        ("Grüße 港", "utf-7", "unicode-1-1-utf-7"),
        ("Grüße", "utf-16-le", "utf-16"),
        ("Grüße", "utf-16-be", "utf-16"),
        ("Grüße", "utf-16", "utf-16"),
        ("Grüße", "mac-roman", "x-mac-roman"),
        ("Grüße", "cp1252", "windows-1252"),
        ("ท่าเรือ", "cp874", "tis-620"),
        ("שלום", "iso8859-8", "iso-8859-8-i"),
    ],
)
def test_declared_charsets_under_their_many_names(text: str, codec: str, declared: str) -> None:
    assert decode(text.encode(codec), declared) == (text, None)


@pytest.mark.parametrize(
    ("data", "declared", "text", "mark"),
    [
        ("Grüße".encode(), None, "Grüße", None),
        ("Grüße".encode("cp1252"), None, "Grüße", "charset_guessed"),
        ("Grüße".encode(), "x-unknown", "Grüße", "charset_guessed"),
        ("Grüße".encode("cp1252"), "us-ascii", "Grüße", "charset_guessed"),
        ("Grüße".encode(), "us-ascii", "Grüße", "charset_guessed"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße", "charset_guessed"),
        ("’ö".encode(), "iso-8859-1", "’ö", "charset_guessed"),
        (b"plain", "x-unknown", "plain", None),
        (b"plain", "utf-16", "plain", None),
        ("äöüß".encode() * 3 + b"\xff", "utf-8", "äöüß" * 3 + "\ufffd", "charset_replaced"),
        ("港湾".encode("cp932") + b"\x85", "shift_jis", "港湾\ufffd", "charset_replaced"),
        (b"\xef\xbb\xbfx\xc3\xbc", "iso-8859-1", "xü", None),
    ],
)
def test_wrong_and_missing_charsets(
    data: bytes, declared: str | None, text: str, mark: str | None
) -> None:
    assert decode(data, declared) == (text, mark)


@pytest.mark.parametrize(
    "name",
    ["punycode", "idna", "base64", "zip", "rot13", "unicode_escape", "undefined", "../x", "x" * 99],
)
def test_what_is_no_charset_is_not_had_by_its_name(name: str) -> None:
    assert codec_of(name) is None
    assert decode("ü".encode(), name)[0] == "ü"


def test_line_ends_and_control_characters() -> None:
    assert decode(b"a\r\nb\rc\fd\0\x1b\x07\te")[0] == "a\nb\nc\nd\te"
    assert decode("a\u0085b".encode())[0] == "ab"
    assert clean("a\ud800\x80b") == "a\ufffdb"


@given(st.binary(), st.none() | st.sampled_from(
    ["utf-8", "latin1", "utf-7", "utf-16", "utf-32", "iso-2022-jp", "hz", "gb2312", "cp037", "?"]
))  # fmt: skip
def test_all_text_is_clean_whatever_the_bytes(data: bytes, charset: str | None) -> None:
    text, _ = decode(data, charset)
    assert all(unicodedata.category(char) not in ("Cc", "Cs") or char in "\n\t" for char in text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t")))
def test_utf8_comes_back(text: str) -> None:
    assert decode(text.removeprefix("\ufeff").encode(), "utf-8") == (
        text.removeprefix("\ufeff"),
        None,
    )
