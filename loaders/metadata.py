"""Title, author, publisher and date of an article, as far as the file states them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import yaml

from .blocks import Block
from .bylines import parse_byline, parse_date
from .records import Description, Problem

LARGEST = 64 * 1024  # code points of front matter: PyYAML is slow, and nobody writes more by hand

# The keys that the usual site generators and exports write, the plainest first.
_KEYS = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "publisher": ("publisher", "site", "site_name", "publication"),
    "published": ("date", "published", "published_at", "pubdate", "publishdate", "datepublished"),
    "url": ("url", "canonical", "canonical_url", "permalink"),
    "language": ("lang", "language", "locale"),
}


def split_front_matter(source: str) -> tuple[str | None, str]:
    """The YAML between ``---`` lines that opens ``source``, and the rest; None when there is none.

    A first line ``---`` with anything but a key under it is a horizontal rule, not front matter.
    """
    lines = source.split("\n")
    if lines[0].rstrip() != "---":
        return None, source
    first = next((line for line in lines[1:] if line.strip() and not line.startswith("#")), "")
    key, colon, value = first.partition(":")
    if not colon or not key.strip() or len(key.split()) > 2 or (value and not value[0].isspace()):
        return None, source
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None, source


def read_front_matter(source: str, path: str) -> tuple[Description, list[Problem]]:
    """What the YAML ``source``, from the file's second line, says of its article.

    Only texts and lists of texts are read: no value is ever constructed, no alias followed into
    more than the one value. Every mistake is a Problem, and what can be read still counts.
    """
    if len(source) > LARGEST:
        return Description("article"), [_unreadable(path, 1, f"it is longer than {LARGEST:,}")]
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "a character that YAML does not allow"
        return Description("article"), [_unreadable(path, mark.line + 2 if mark else 1, reason)]
    except (RecursionError, ValueError, OverflowError):
        return Description("article"), [_unreadable(path, 1, "it is nested too deep or garbled")]
    if not isinstance(root, yaml.MappingNode):
        return Description("article"), [_unreadable(path, 1, "it holds no keys")]
    given = {
        key.value.lower(): value for key, value in root.value if isinstance(key, yaml.ScalarNode)
    }
    found: dict[str, str] = {}
    problems = []
    for name, keys in _KEYS.items():
        for key in keys:
            node = given.get(key)
            if node is None or name in found:
                continue
            texts = _texts(node)
            value = ", ".join(texts) if name == "author" or len(texts) == 1 else ""
            iso = parse_date(value) if name == "published" else value
            if iso:
                found[name] = iso
            elif texts or not isinstance(node, yaml.ScalarNode):
                expected = (
                    "a date such as 2012-10-05" if name == "published" else "one line of text"
                )
                problems.append(
                    Problem(
                        path,
                        f"line {node.start_mark.line + 2}, {key}",
                        "its value cannot be read",
                        expected,
                    )
                )
    return Description("article", **found), problems


def describe(
    text: str, blocks: Sequence[Block], roles: Sequence[str | None], stated: Description
) -> Description:
    """``stated`` with title, author and date filled from the text where it leaves them out.

    The title is the first heading of level 1, or a heading that stands before all body text. Author
    and date are those of the first byline that names one. A publisher is never inferred.
    """
    if not stated.title:
        stated = replace(stated, title=_title(text, blocks, roles))
    for block, role in zip(blocks, roles, strict=True):
        if role != "byline":
            continue
        byline = parse_byline(text[block.body : block.end])
        if byline:
            stated = replace(
                stated,
                author=stated.author or byline.author,
                published=stated.published or byline.published,
            )
    return stated


def _title(text: str, blocks: Sequence[Block], roles: Sequence[str | None]) -> str | None:
    body = [block for block, role in zip(blocks, roles, strict=True) if not role]
    chosen = next((block for block in body if block.kind == "heading" and block.level == 1), None)
    if chosen is None and body and body[0].kind == "heading":
        chosen = body[0]
    return " ".join(text[chosen.body : chosen.end].split()) if chosen else None


def _texts(node: yaml.Node) -> list[str]:
    """The texts of a value: itself, its members, or the ``name`` of mappings among them."""
    members = node.value if isinstance(node, yaml.SequenceNode) else [node]
    texts = []
    for member in members:
        if isinstance(member, yaml.MappingNode):
            names = [value for key, value in member.value if key.value == "name"]
            member = names[0] if names else member
        if isinstance(member, yaml.ScalarNode):
            value = " ".join(member.value.split())
            plain = member.style is None
            if value and not (plain and value.lower() in ("null", "~")):
                texts.append(value)
    return texts


def _unreadable(path: str, line: int, reason: str) -> Problem:
    return Problem(
        path,
        f"line {line}, front matter",
        f"the front matter is not read: {reason}",
        "YAML such as title: …",
        "The text below it is loaded all the same",
    )
