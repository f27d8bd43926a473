"""Fields of a header: encoded words, parameters, addresses, Message-IDs."""

from __future__ import annotations

from email.header import Header
from email.utils import encode_rfc2231, formataddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders import mail_headers
from datasette_leaks.loaders.mail_headers import (
    REFERENCES,
    addresses,
    decode_words,
    file_name,
    media_type,
    message_ids,
    parameters,
    read_text,
    unfold,
)

WORDS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\ufeff"))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_an?= alle", "Grüße an alle"),
        ("=?UTF-8?b?R3LDvMOf?=\n =?utf-8?B?ZQ==?=", "Grüße"),
        ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?Q?=E2=80=94?=", "Grüße—"),
        ("a=?utf-8?Q?b?=c", "abc"),
        ("=?utf-8*de?Q?=C3=BC?=", "ü"),
        ("=?utf-8?Q?two words?=", "two words"),
        ("=?gb2312?B?wuvNtw==?=", "码头"),
        ("=?utf-8?X?ab?=", "=?utf-8?X?ab?="),
        ("=?utf-8?B?R3LD", "=?utf-8?B?R3LD"),
        ("=?=?=?", "=?=?=?"),
    ],
)
def test_encoded_words(written: str, text: str) -> None:
    assert read_text(written.encode())[0] == text


@given(st.lists(WORDS.filter(bool), min_size=1))
def test_any_subject_comes_back(words: list[str]) -> None:
    subject = " ".join(words)
    written = Header(subject, "utf-8").encode().encode()
    assert read_text(written) == (subject, False)


def test_raw_8_bit_fields() -> None:
    assert unfold("Grüße".encode()) == ("Grüße", False)
    assert unfold("Grüße".encode("cp1252")) == ("Grüße", True)
    assert unfold(b" a\r\n\t b\0\x1b\r\n") == ("a b", False)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('text/plain; charset="utf-8"; Format=flowed', {"charset": "utf-8", "format": "flowed"}),
        ('x/y; name="a;b\\"c"', {"name": 'a;b"c'}),
        ("x/y; filename*=utf-8'de'%C3%BC.pdf", {"filename": "ü.pdf"}),
        ("x/y; name*1=b.pdf; name*0*=utf-8''%C3%BC", {"name": "üb.pdf"}),
        ("x/y; name*0=a; name*1=b", {"name": "ab"}),
        ("x/y; name*10=k; name*9=j", {"name": "jk"}),
        ('x/y; name="=?utf-8?Q?=C3=BC?="', {"name": "ü"}),
        ("x/y; name=a; name*=utf-8''b", {"name": "b"}),
        ("x/y; a=b; a=c", {"a": "b"}),
        ('x/y; name="unclosed', {"name": '"unclosed'}),
        ("x/y; name*=broken%ZZ", {"name": "broken%ZZ"}),
        ("x/y;;; ; =; a", {}),
    ],
)
def test_parameters(written: str, expected: dict[str, str]) -> None:
    assert parameters(written) == expected


@given(WORDS.filter(bool))
def test_any_file_name_of_rfc_2231_comes_back(name: str) -> None:
    assert parameters(f"x/y; filename*={encode_rfc2231(name, 'utf-8')}") == {"filename": name}


def test_media_types_and_file_names() -> None:
    assert media_type("Text/Plain; x") == "text/plain"
    assert media_type("text") == media_type("a/b/c") == media_type("") == ""
    assert file_name(" ../../a\0b\n ") == "../../ab"
    assert file_name("") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Ann@Example.COM", [("", "ann@example.com")]),
        ("Ann Doe <ann@e.org>", [("Ann Doe", "ann@e.org")]),
        ('"Doe, Ann" <ann@e.org>, b@e.org', [("Doe, Ann", "ann@e.org"), ("", "b@e.org")]),
        ("=?utf-8?Q?Doe=2C_J=C3=B6rg?= <j@e.org>", [("Doe, Jörg", "j@e.org")]),
        ("ann@e.org (Ann (the first) Doe)", [("Ann (the first) Doe", "ann@e.org")]),
        ("crew: a@e.org, B <b@e.org>;, c@e.org",
         [("", "a@e.org"), ("B", "b@e.org"), ("", "c@e.org")]),
        ("undisclosed-recipients:;", []),
        ("ann at e.org (Ann Doe)", [("Ann Doe", "ann@e.org")]),
        ("ann at e.org", [("", "ann@e.org")]),
        ("Ann <ann at e.org>", [("Ann", "ann@e.org")]),
        ("look at me", [("look at me", "")]),
        ("Ann Doe<>", [("Ann Doe", "")]),
        ("'Ann' <ann@e.org>", [("Ann", "ann@e.org")]),
        ("ann@e.org <ann@e.org>", [("", "ann@e.org")]),
        ("Ann [mailto:ann@e.org]", [("Ann", "ann@e.org")]),
        ("<mailto:ann@e.org>", [("", "ann@e.org")]),
        ("<@a.org,@b.org:ann@e.org>", [("", "ann@e.org")]),
        ("Doe, Ann </O=HARBOUR/CN=ADOE>",
         [("Doe", ""), ("Ann", "/o=harbour/cn=adoe")]),
        ('"ann doe"@e.org', [("", "ann doe@e.org")]),
        ('"Ann <ann@e.org>, b@e.org', [("Ann", "ann@e.org"), ("", "b@e.org")]),
        ("ann@[10.0.0.1]", [("", "ann@[10.0.0.1]")]),
        ("a@e.org; b@e.org", [("", "a@e.org"), ("", "b@e.org")]),
        ("Ann <<ann@e.org>>", [("Ann", "ann@e.org")]),
        (",,; ,", []),
        ("", []),
    ],
)  # fmt: skip
def test_addresses(written: str, expected: list[tuple[str, str]]) -> None:
    assert addresses(written, 99) == expected


NAMES = st.text(
    st.characters(categories=["L", "N"], include_characters=" ,.;:@()-"), max_size=30
).map(lambda name: " ".join(name.split()))


@given(st.lists(NAMES.filter(lambda name: name and "at" not in name), max_size=5))
def test_any_names_come_back(names: list[str]) -> None:
    pairs = [(name, f"a{number}@e.org") for number, name in enumerate(names)]
    written = ", ".join(formataddr(pair) for pair in pairs)
    assert addresses(written, 99) == pairs


@given(st.text(st.sampled_from('<>()[]",;:@\\ ab=?'), max_size=60) | st.text())
def test_no_text_raises_and_no_angle_bracket_stays(written: str) -> None:
    for name, address in addresses(written, 99):
        assert name or address
        assert not set("<>") & set(name + address)
        assert address == address.lower()
    parameters(written)
    decode_words(written)


@pytest.mark.parametrize("sign", [*'"<([\\,;:@=', '"\\', '\\"', "=?u?q?", "a at b.c,", '="'])
def test_a_flood_of_one_sign_takes_no_more_than_linear_time(sign: str) -> None:
    written = sign * (200_000 // len(sign))  # quadratic time would take minutes
    assert len(addresses(written, 2_000)) <= 2_000
    parameters(f"x/y;{written}")
    decode_words(written)


def test_addresses_over_the_cap_are_not_read() -> None:
    assert len(addresses("a@e.org," * 5_000, 2_001)) == 2_001
    assert len(addresses("a@e.org," * 20, 3)) == 3


def test_message_ids() -> None:
    values = [b" <a@b>\r\n\t<c@ d> (x)", b"<a@b>"]
    assert message_ids(values) == (("a@b", "c@d"), False)
    assert message_ids([b"Your message of Monday <a@b>"]) == (("a@b",), False)
    assert message_ids([b"a@b nothing"]) == (("a@b",), False)
    assert message_ids([b"nothing", b"<>"]) == ((), False)
    many, cut = message_ids([b"".join(b"<%d@x>" % n for n in range(REFERENCES + 1))])
    assert (len(many), cut) == (REFERENCES, True)


_SIGNS = st.sampled_from(
    ['"', "<", ">", ",", ";", ":", "(", ")", "[", "]", "\\", "@", " ", "a", "é", "<a@b.example>",
     '"Doe, Jane" <j@x.example>', "Al Bo <Q@x.example>", ", "]
)  # fmt: skip


@given(st.lists(_SIGNS, max_size=20).map("".join), st.integers(1, 9))
def test_people_in_a_long_field_are_as_in_a_short_one(start: str, most: int) -> None:
    padding = "," + " " * 300  # a field that long is read by its commas
    value = start + padding
    assert addresses(value, most) == mail_headers._addresses(value, most)
    assert addresses(start, most) == mail_headers._addresses(start, most)
