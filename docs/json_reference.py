"""The shapes of the pages' JSON twins, read from the records they are printed from."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from datasette_leaks.site.archive import ArchivePage
from datasette_leaks.site.article import ArticlePage
from datasette_leaks.site.claim import ClaimPage
from datasette_leaks.site.mail import MailPage
from datasette_leaks.site.overview import OverviewPage
from datasette_leaks.site.queue import QueuePage
from datasette_leaks.site.search import SearchPage
from datasette_leaks.site.source import SourcePage
from datasette_leaks.site.thread import ThreadPage

PAGES = {
    OverviewPage: "The overview: `/<database>/-/leaks.json`",
    ClaimPage: "A claim: `/<database>/-/leaks/claims/<claim id>.json`",
    SourcePage: "A source: `/<database>/-/leaks/sources/<source id>.json`",
    ArticlePage: "A reading view: `/<database>/-/leaks/articles/<document slug>.json`",
    MailPage: "An e-mail: `/<database>/-/leaks/mail/<document slug>.json`",
    ThreadPage: "A thread: `/<database>/-/leaks/threads/<slug of its first message>.json`",
    ArchivePage: "The archive: `/<database>/-/leaks/archive.json`",
    SearchPage: "A search: `/<database>/-/leaks/search.json?q=<words>&kind=<kind>&page=<number>`",
    QueuePage: "The queue of proposals: `/<database>/-/leaks/queue.json?kind=<kind>&sort=<sort>"
    "&article=<document slug>&engine=<engine>&rule=<rule>&after=<after>`",
}
_WORDS = {str: "text", int: "number", bool: "true or false", float: "number", type(None): "null"}


def json_reference() -> str:
    """A section for each page, then one for each record within them."""
    described: set[type] = set()
    parts = [section(page, title, described) for page, title in PAGES.items()]
    waiting: list[type] = list(PAGES)
    while waiting:
        for inner in records(waiting.pop(0)):
            if inner not in described:
                parts.append(section(inner, f"{inner.__name__}", described))
                waiting.append(inner)
    return "\n".join(parts)


def section(record: type, title: str, described: set[type]) -> str:
    """A heading, what the record is, and a line a field."""
    described.add(record)
    about = re.sub(r"``(.+?)``", r"`\1`", inspect.getdoc(record) or "")
    lines = [f"- `{name}`: {words(kind)}" for name, kind in members(record).items()]
    return f"### {title}\n\n{about}\n\n" + "\n".join(lines) + "\n"


def members(record: type) -> dict[str, typing.Any]:
    """Field names and types, in the order in which they are printed."""
    hints = typing.get_type_hints(record)
    names = (
        [item.name for item in fields(record)]
        if is_dataclass(record)
        else list(getattr(record, "_fields", ()))
    )
    return {name: hints[name] for name in names}


def is_record(kind: typing.Any) -> bool:
    """Whether it is printed as an object with the fields of a class."""
    return is_dataclass(kind) or (isinstance(kind, type) and hasattr(kind, "_fields"))


def records(record: type) -> Iterator[type]:
    """The records that its fields hold, in order."""
    for kind in members(record).values():
        yield from _inside(kind)


def _inside(kind: typing.Any) -> Iterator[type]:
    if is_record(kind):
        yield kind
    for argument in typing.get_args(kind):
        yield from _inside(argument)


def words(kind: typing.Any) -> str:
    """A type as a reader of JSON calls it."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in _WORDS:
        return _WORDS[kind]
    if is_record(kind):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    if origin in (typing.Union, types.UnionType):
        return " or ".join(words(argument) for argument in arguments)
    if origin in (list, tuple):
        return f"list of {words(arguments[0])}"
    if origin is dict:
        return f"object of {words(arguments[1])} by name"
    raise TypeError(f"no words for {kind}")
