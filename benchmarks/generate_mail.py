"""Make a mail archive of any size. Message ``n`` is the same in every archive that has it.

Run ``python -m benchmarks.generate_mail COUNT FILE.mbox`` at the repository's root. The mix is that
of real lists and leaks: replies that quote, several encodings, HTML twins, attachments, forwards,
INSIGHT blocks, copies, missing ids and dates nobody can read.
"""

from __future__ import annotations

import base64
import binascii
import random
import re
import sys
from collections.abc import Iterator
from email.header import Header
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from textwrap import fill
from time import gmtime, strftime
from typing import NamedTuple

PLANTED = 1000  # one planted sentence in so many messages
COPIES = 50  # one message in so many is a copy, byte for byte, of an earlier one
START = 1_262_304_000  # the first message is of 2010-01-01; one comes every seven minutes

_PEOPLE = 400
_FIRST = ("Ada", "Bo", "Carla", "Dmitri", "Élodie", "Femi", "Günther", "Hana", "Iñaki", "Jörg")
_LAST = ("Arkwright", "Benali", "Castellanos", "Dvořák", "Eriksen", "Fonseca", "Grünwald", "Haddad")
_COMMON = ("the", "of", "to", "and", "in", "a", "that", "is", "for", "on")
_SYLLABLES = [a + b for a in "bcdfgklmnprstvz" for b in "aeiou"]


class Person(NamedTuple):
    """An invented correspondent."""

    name: str
    address: str


@lru_cache
def _words() -> tuple[list[str], list[float]]:
    """A vocabulary and its cumulated weights, by Zipf's law."""
    rng = random.Random("words")
    words = [
        "".join(rng.choices(_SYLLABLES, k=rng.choice((1, 2, 2, 3, 3, 4)))) for _ in range(40_000)
    ]
    words = list(dict.fromkeys([*_COMMON, *words]))
    return words, list(accumulate(1 / (rank + 10) for rank in range(len(words))))


def planted(number: int) -> str | None:
    """The sentence that stands in this message and in no other, if it has one."""
    if number % PLANTED != PLANTED // 2:
        return None
    words, _ = _words()
    rng = random.Random(f"planted {number}")
    return f"The {number}th lantern was {' '.join(rng.choices(words, k=9))} before dawn."


def _prose(rng: random.Random, words: int) -> str:
    vocabulary, weights = _words()
    drawn = rng.choices(vocabulary, cum_weights=weights, k=words)
    at = 0
    sentences = []
    while at < words:
        size = rng.randrange(6, 22)
        sentences.append(" ".join(drawn[at : at + size]).capitalize() + rng.choice("....?!"))
        at += size
    if rng.random() < 0.2:
        sentences.insert(1, "Señor Müller dit qu’il n’a “rien” vu — naïveté, 20 € à peine.")
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
    return "\n\n".join(fill(each, 72) for each in paragraphs)


def _rng(number: int) -> random.Random:
    return random.Random(number * 2_654_435_761 + 1)


@lru_cache(maxsize=64)
def _own_text(number: int) -> str:
    """What the writer of this message wrote himself."""
    rng = random.Random(number * 40_503 + 7)
    text = _prose(rng, int(rng.lognormvariate(4.6, 0.8)) + 8)
    sentence = planted(number)
    return f"{text}\n\n{sentence}" if sentence else text


def _person(number: int) -> Person:
    number %= _PEOPLE
    name = f"{_FIRST[number % 10]} {_LAST[number // 10 % 8]}"
    return Person(
        name, f"user{number}@{('example.com', 'example.org', 'mail.example')[number % 3]}"
    )


def _parent(number: int) -> int | None:
    """The message this one answers; six in ten answer one."""
    rng = random.Random(number * 97 + 3)
    if number == 0 or rng.random() > 0.6:
        return None
    return max(0, number - 1 - int(rng.expovariate(0.2)))


def _message_id(number: int) -> str | None:
    return None if number % 100 == 99 else f"{number:x}.{number * 7919 % 100_003:x}@mail.example"


def _ancestors(number: int) -> list[int]:
    found: list[int] = []
    parent = _parent(number)
    while parent is not None and len(found) < 8:
        found.append(parent)
        parent = _parent(parent)
    return found[::-1]


def _subject(number: int) -> str:
    ancestors = _ancestors(number)
    rng = random.Random(ancestors[0] if ancestors else number)
    words, _ = _words()
    subject = " ".join(rng.choices(words[:3000], k=rng.randrange(2, 8))).capitalize()
    if rng.random() < 0.1:
        subject += " — für Jürgen"
    return f"Re: {subject}" if ancestors else subject


def _date(number: int) -> str:
    return strftime("%a, %d %b %Y %H:%M:%S +0000", gmtime(START + number * 420))


def _answered(number: int, text: str) -> str:
    """The text of a message as an answer to it quotes it."""
    lines = (f">{line}" if line.startswith(">") else f"> {line}" for line in text.split("\n"))
    return f"On {_date(number)}, {_person(number * 31).name} wrote:\n" + "\n".join(lines)


def _text(number: int, rng: random.Random) -> str:
    """The whole text: own words, what is quoted or forwarded, a signature."""
    parts = [_own_text(number)]
    if number % 33 == 7:
        parts.insert(0, _insight(rng))
    writer = _person(number * 31)
    if rng.random() < 0.4:
        parts.append(
            f"-- \n{writer.name}\nDesk {number % 40}, {writer.address}\n+00 555 {number % 10000:04}"
        )
    parent = _parent(number)
    if parent is not None:
        quoted = _own_text(parent)
        grand = _parent(parent)
        if grand is not None and rng.random() < 0.5:
            quoted += f"\n\n{_answered(grand, _own_text(grand))}"
        parts.insert(rng.choice((0, len(parts))), _answered(parent, quoted))
    elif number % 33 == 11:
        other = max(0, number - 40)
        parts.append(
            "---------- Forwarded message ----------\n"
            f"From: {_person(other * 31).name} <{_person(other * 31).address}>\n"
            f"Date: {_date(other)}\nSubject: {_subject(other)}\nTo: desk@example.com\n\n"
            f"{_own_text(other)}"
        )
    return "\n\n".join(parts)


def _insight(rng: random.Random) -> str:
    lines = [
        f"SOURCE: {rng.choice(('MX', 'ME', 'US', 'CN'))}{rng.randrange(1, 900):03}",
        "ATTRIBUTION: Source in the invented ministry",
        f"SOURCE DESCRIPTION: {_prose(rng, 9)[:70]}",
        "PUBLICATION: Background only",
        f"SOURCE RELIABILITY: {rng.choice('ABCD')}",
        f"ITEM CREDIBILITY: {rng.randrange(1, 6)}",
        "SPECIAL HANDLING: None",
        "SOURCE HANDLER: Handler",
    ]
    return "\n".join(lines)


def _qp(data: bytes) -> bytes:
    return binascii.b2a_qp(data)


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data)


def _text_part(text: str, kind: str, rng: random.Random) -> bytes:
    """A part with its own headers, in one of the encodings mail comes in."""
    chance = rng.random()
    if text.isascii() and chance < 0.7:
        head, body = "us-ascii\nContent-Transfer-Encoding: 7bit", text.encode("ascii")
    elif chance < 0.75:
        head, body = "utf-8\nContent-Transfer-Encoding: 8bit", text.encode()
    elif chance < 0.93:
        data = text.encode("latin-1", "replace")
        head, body = "iso-8859-1\nContent-Transfer-Encoding: quoted-printable", _qp(data)
    else:
        head, body = 'utf-8"\nContent-Transfer-Encoding: base64', _base64(text.encode())
        head = f'"{head}'
    return f"Content-Type: text/{kind}; charset={head}\n\n".encode() + body


def _html(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    paragraphs = escaped.replace("\n\n", "</p>\n<p>").replace("\n", "<br>\n")
    style = "<style>p { margin: 0 0 1em; font: 11pt Calibri, sans-serif }</style>"
    return f"<html><head>{style}</head><body><p>{paragraphs}</p></body></html>"


def _attachment(number: int) -> bytes:
    """One of many contents; now and then the same goes round again."""
    content = number // 3 if number % 5 else number % 40
    rng = random.Random(f"attachment {content}")
    if content % 4 == 0:
        data = _prose(rng, 400).encode()
        kind, name = "text/plain; charset=utf-8", f"notes-{content}.txt"
    else:
        data = rng.randbytes(int(rng.lognormvariate(9.6, 1.0)))
        kind, name = (
            ("image/png", f"scan-{content}.png")
            if content % 2
            else ("application/msword", f"Draft {content}.doc")
        )
    return (
        f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="{name}"\n\n'
    ).encode() + _base64(data)


def _multipart(kind: str, number: int, parts: list[bytes]) -> bytes:
    boundary = f"=_{kind}_{number:x}"
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\nThis is a MIME message.\n'
    middle = b"".join(f"\n--{boundary}\n".encode() + part for part in parts)
    return head.encode() + middle + f"\n--{boundary}--\n".encode()


def _body(number: int, rng: random.Random) -> bytes:
    text = _text(number, rng)
    chance = rng.random()
    if chance < 0.62:
        body = _text_part(text, "plain", rng)
    elif chance < 0.92:
        alternatives = [_text_part(text, "plain", rng), _text_part(_html(text), "html", rng)]
        body = _multipart("alternative", number, alternatives)
    else:
        body = _text_part(_html(text), "html", rng)
    if number % 12 == 5:
        body = _multipart("mixed", number, [body, _attachment(number)])
    elif number % 100 == 41:
        inner = b"Content-Type: message/rfc822\n\n" + message(max(0, number - 40))
        body = _multipart("mixed", number, [body, inner])
    return body


def message(number: int) -> bytes:
    """Message ``number`` from 0, with LF line ends and no "From " line."""
    if number % COPIES == COPIES - 1 and number > COPIES:
        return message(number - 17)
    rng = _rng(number)
    writer = _person(number * 31)
    ancestors = _ancestors(number)
    to = [_person(rng.randrange(_PEOPLE)) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    if ancestors:
        to.insert(0, _person(ancestors[-1] * 31))
    ids = [f"<{id}>" for id in map(_message_id, ancestors) if id]
    own = _message_id(number)
    subject = _subject(number)
    hops = [
        f"Received: from host{rng.randrange(99)}.example ([192.0.2.{rng.randrange(255)}])\n"
        f"\tby relay{hop}.example (Postfix) with ESMTP id {rng.randrange(1 << 40):X}\n"
        f"\tfor <desk@example.com>; {_date(number)}"
        for hop in range(rng.randrange(2, 5))
    ]
    headers = [
        f"Return-Path: <{writer.address}>",
        *hops,
        f"Date: {'yesterday, I think' if number % 50 == 13 else _date(number)}",
        f"From: {_encoded(writer.name)} <{writer.address}>",
        "To: " + ",\n\t".join(f"{_encoded(each.name)} <{each.address}>" for each in to),
        f"Subject: {_encoded(subject)}",
        *([f"Message-ID: <{own}>"] if own else []),
        *([f"In-Reply-To: {ids[-1]}", "References: " + "\n\t".join(ids)] if ids else []),
        "MIME-Version: 1.0",
        f"X-Mailer: Invented Mailer {rng.randrange(3, 9)}.{rng.randrange(10)}",
        *(["List-Id: <desk.lists.example>", "Precedence: list"] if number % 3 == 0 else []),
    ]
    return "\n".join(headers).encode() + b"\n" + _body(number, rng)


@lru_cache(maxsize=4096)
def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8").encode()


def messages(count: int, start: int = 0) -> Iterator[bytes]:
    """The messages from ``start`` on, ``count`` of them."""
    return map(message, range(start, start + count))


def write_mbox(path: Path, count: int) -> None:
    """Write an archive in the form mboxrd."""
    with path.open("wb") as file:
        for number, data in enumerate(messages(count)):
            came = strftime("%a %b %d %H:%M:%S %Y", gmtime(START + number * 420))
            quoted = re.sub(rb"^(?=>*From )", b">", data, flags=re.MULTILINE)
            file.write(b"From desk@example.com %s\n%s\n\n" % (came.encode(), quoted))


if __name__ == "__main__":
    write_mbox(Path(sys.argv[2]), int(sys.argv[1]))
