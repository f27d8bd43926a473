"""What mail looks like by its first bytes, for files whose name does not say."""

from __future__ import annotations

import os
import re

LARGEST = 64 * 1024 * 1024  # bytes of one message that are ever held; read() gives one more at most
HEAD = 4096  # bytes that recognising a file may look at

_DAY = rb"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?[ \t]+"
_MONTH = rb"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_TIME = rb"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_ZONE = rb"(?:[ \t]+(?:[a-z]{1,5}|[+-][0-9]{4}|\([a-z ]{1,30}\))){0,2}"
# How the date of a "From " line is written: ctime (RFC 4155), with zones as old systems did, as in
# a Date header, or ISO 8601. Looked for in the line's last bytes only, so that no line is slow.
_DATE = re.compile(
    rb"(?:^|[ \t])(?:" + _DAY + _MONTH + rb"[ \t]+[0-9]{1,2},?[ \t]+" + _TIME + _ZONE
    + rb"[ \t]+[0-9]{4}" + _ZONE
    + rb"|(?:" + _DAY + rb")?[0-9]{1,2}[ \t-]" + _MONTH + rb"[ \t-][0-9]{2,4}[ \t]+" + _TIME + _ZONE
    + rb"|[0-9]{4}-[0-9]{2}-[0-9]{2}[ \tT]" + _TIME + rb"(?:Z|[ \t]*[+-][0-9]{2}:?[0-9]{2})?"
    + rb")(?:[ \t]+remote[ \t]+from[ \t]+[^ \t]+)?[ \t\r\n]*$",
    re.IGNORECASE,
)  # fmt: skip
_DATE_BYTES = 120
LONGEST_SEPARATOR = 400
# "user at domain" is three words; a sentence that ends in a date is longer.
_SENDER_WORDS = 6

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_KNOWN = frozenset(
    b"from to cc bcc subject date message-id received return-path reply-to sender mime-version "
    b"delivered-to content-type in-reply-to references x-from x-to x-folder x-origin status "
    b"x-mailer dkim-signature x-original-to envelope-to x-mozilla-status".split()
)
_TELLING = frozenset(b"from date message-id received return-path subject".split())
_NUMBERED = re.compile(r"[0-9]+[._]?")


def is_separator(line: bytes) -> bool:
    """Whether a line is the "From " line before a message of an mbox: a sender, then a date.

    A sentence that begins with "From " has no such date. The sender may be missing, "-", "???@???",
    or "user at domain" as in the archives of pipermail.
    """
    if len(line) > LONGEST_SEPARATOR or not line.startswith(b"From "):
        return False
    tail = line[5:][-_DATE_BYTES:]
    found = _DATE.search(tail) if b":" in tail else None
    if found is None:
        return False
    sender = line[5 : len(line) - len(tail) + found.start()]
    return len(sender.split()) <= _SENDER_WORDS


def looks_like_mbox(head: bytes) -> bool:
    """Whether a file's first bytes are those of an mbox."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return is_separator(head[: LONGEST_SEPARATOR + 1].partition(b"\n")[0])


def looks_like_mail(head: bytes) -> bool:
    """Whether a file's first bytes are the headers of one message.

    Every line up to the first blank one is a header or goes on with one, and at least two are
    headers that mails have.
    """
    cut = len(head) >= HEAD
    head = head[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").replace(b"\r\n", b"\n")
    block, blank, _ = head.partition(b"\n\n")
    lines = block.removesuffix(b"\n").split(b"\n")
    if not blank and cut and len(lines) > 1:
        lines.pop()  # cut in the middle
    if lines and is_separator(lines[0]):
        lines = lines[1:]
    known = set()
    for number, line in enumerate(lines):
        if number and line[:1] in (b" ", b"\t"):
            continue
        field = _FIELD.match(line)
        if field is None:
            break
        known.add(field[1].lower())
    else:
        return len(known & _KNOWN) >= 2 and bool(known & _TELLING)
    return False


def is_numbered(name: str) -> bool:
    """Whether a file is named as in the Enron mail: "12.", "12_" or "12"."""
    return _NUMBERED.fullmatch(name) is not None


def shown(name: str) -> str:
    """A file name that can be stored and printed: bytes that are not UTF-8 as ``\\xff``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
