"""Mutants: messages of the set, and usual ones, each changed a little; the same every time."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import lru_cache

from abuse.hostile_mail import KINDS

from benchmarks.generate_mail import messages

COUNT = 2_000
_SIZES = range(60, 20_000)  # bytes of a message that is changed
_USUAL = 100
_NUMBER = re.compile(rb"[0-9]+")
_WORDS = (
    b"\0", b"\r", b"\n", b"\r\n\r\n", b"\xff", b"\xed\xa0\x80", b"=?", b"?=", b"=?utf-8?q?=",
    b"--b\n", b"--b--\n",
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: message/rfc822\n\n",
    b"\nFrom: ", b">", b'"', b"(", b"<",
    b"*0*=", b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: quoted-printable\n", b"\x1b$B", b"+2AA-",
    b"<div>", b"&#", b"<!--", b"\n-----Original Message-----\nFrom: a\nDate: b\nTo: c\n",
    b"\nSOURCE: MX1\n", b" wrote:\n> ",
    b"\xe2\x80\xae", b"\xef\xbb\xbf", b";", b":", b"@",
)  # fmt: skip
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"4294967296", b"99999999999999999999", b"9" * 400)


@lru_cache
def _seeds() -> tuple[bytes, ...]:
    ours = [case.data for kind in KINDS.values() for case in kind if isinstance(case.data, bytes)]
    return (*(each for each in ours if len(each) in _SIZES), *messages(_USUAL))


def mutants(start: int = 0, stop: int = COUNT) -> Iterator[bytes]:
    """The mutants of these numbers."""
    return (mutant(number) for number in range(start, stop))


def mutant(number: int) -> bytes:
    """One of them, made from its number alone."""
    rng = random.Random(f"mutant {number}")
    data = bytearray(rng.choice(_seeds()))
    for _ in range(rng.randrange(1, 6)):
        rng.choice((_flip, _cut, _end, _double, _splice, _lie, _put))(rng, data)
    return bytes(data)


def _place(rng: random.Random, data: bytearray) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.randrange(1, 200))


def _flip(rng: random.Random, data: bytearray) -> None:
    for _ in range(rng.randrange(1, 20) if data else 0):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _cut(rng: random.Random, data: bytearray) -> None:
    start, stop = _place(rng, data)
    del data[start:stop]


def _end(rng: random.Random, data: bytearray) -> None:
    del data[rng.randrange(len(data) // 2, len(data) + 1) :]  # before that all are alike


def _double(rng: random.Random, data: bytearray) -> None:
    start, stop = _place(rng, data)
    data[start:stop] = data[start:stop] * rng.choice((2, 3, 200))


def _splice(rng: random.Random, data: bytearray) -> None:
    other = rng.choice(_seeds())
    data[rng.randrange(len(data) + 1) :] = other[rng.randrange(len(other) + 1) :]


def _lie(rng: random.Random, data: bytearray) -> None:
    found = list(_NUMBER.finditer(data))
    if found:
        start, stop = rng.choice(found).span()
        data[start:stop] = rng.choice(_NUMBERS)


def _put(rng: random.Random, data: bytearray) -> None:
    start, _ = _place(rng, data)
    data[start:start] = rng.choice(_WORDS) * rng.choice((1, 1, 2, 50))
