"""Parses hostile messages, each in a process of its own with a bound on time and memory.

``python -m abuse.hostile_run KIND`` prints a JSON object: what is wrong with each, by name. For the
kind "mutants" it is many of them that share a process.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from abuse.hostile_case import unlike
from abuse.hostile_mail import KINDS
from abuse.hostile_mutants import COUNT, mutants

from datasette_leaks.loaders.mail_message import parse_message
from datasette_leaks.loaders.mail_records import ADDRESS_ROLES, MARKS, SPAN_KINDS, Message
from datasette_leaks.store.archive_rows import items_of

SECONDS = 5  # of CPU: a bound against hanging, not a measure
MEGABYTES = 500
TOGETHER = 50  # mutants


def unsound(data: bytes, message: Message) -> list[str]:
    """What of a message is not as mail_records.py has it."""
    told = []
    if (message.sha256, message.size) != (hashlib.sha256(data).hexdigest(), len(data)) and (
        "too_large" not in message.marks
    ):
        told.append("hash and size are not those of its bytes")
    told += [
        f"string {each[:60]!r} cannot be stored" for each in _strings(message) if not _fit(each)
    ]
    parts = []
    waiting = [message]
    while waiting:
        each = waiting.pop()
        waiting += each.inner
        parts.append(each.part)
        last = (0, -len(each.text))
        for span in each.spans:
            if not 0 <= span.start < span.end <= len(each.text) or span.kind not in SPAN_KINDS:
                told.append(f"{span} is no span of its text")
            if (span.start, -span.end) < last:
                told.append(f"{span} is out of order")
            last = (span.start, -span.end)
        for block in each.insights:
            if not 0 <= block.start < block.end <= len(each.text):
                told.append(f"insight {block.start} to {block.end} is outside its text")
        if not set(each.marks) <= set(MARKS):
            told.append(f"marks {each.marks}")
        if not {address.role for address in each.addresses} <= set(ADDRESS_ROLES):
            told.append("an address has no known role")
        if each.sent and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", each.sent):
            told.append(f"sent {each.sent}")
        parts += [attachment.part for attachment in each.attachments]
    if len(set(parts)) < len(parts):
        told.append("two parts have one number")
    items_of(message)  # raises where a row would not fit
    return told


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _strings(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))


def _fit(text: str) -> bool:
    return "\0" not in text and (text.isascii() or text.encode("utf-8", "replace").decode() == text)


def apart(work: Callable[[], list[str]]) -> list[str]:
    """What ``work`` says, done in a process of its own; also how that ended, and what it took."""
    source, target = os.pipe()
    child = os.fork()
    if not child:
        os.close(source)
        try:
            told = work()
        except BaseException:
            told = [traceback.format_exc(limit=-4)]
        with os.fdopen(target, "w") as pipe:
            json.dump(told, pipe)
        os._exit(0)
    os.close(target)
    with os.fdopen(source) as pipe:
        said = pipe.read()
    _, status, used = os.wait4(child, 0)
    lines: list[str] = json.loads(said) if said else []
    if status:
        lines.append(f"ended by signal {os.WTERMSIG(status)}: 24 is more than {SECONDS} s of CPU")
    if used.ru_maxrss > MEGABYTES * 1024:
        lines.append(f"took {used.ru_maxrss // 1024} MB")
    return lines


def bounded() -> None:
    """From here on this process may use SECONDS of CPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))


def run(kind: str) -> dict[str, list[str]]:
    """What is wrong with the messages of a kind, by name; nothing of those that are well."""
    if kind == "mutants":
        return _run_mutants()
    wrong = {}
    for case in KINDS[kind]:

        def work() -> list[str]:
            data = case.bytes()  # noqa: B023, called before the next one
            bounded()
            message = parse_message(data)
            expect = case.expect  # noqa: B023
            return unsound(data, message) + (unlike(message, expect) if expect else [])

        if told := apart(work):
            wrong[case.name] = told
    return wrong


def _run_mutants() -> dict[str, list[str]]:
    wrong = {}
    next(mutants())  # so that the seeds are made once, before all forks
    for start in range(0, COUNT, TOGETHER):

        def work() -> list[str]:
            bounded()
            told = []
            for number, data in enumerate(mutants(start, start + TOGETHER), start):  # noqa: B023
                try:
                    found = unsound(data, parse_message(data))
                except Exception:
                    found = [traceback.format_exc(limit=-4)]
                told += [f"mutant {number}: {each}" for each in found]
            return told

        if told := apart(work):
            wrong[f"mutants from {start}"] = told
    return wrong


if __name__ == "__main__":
    json.dump(run(sys.argv[1]), sys.stdout)
