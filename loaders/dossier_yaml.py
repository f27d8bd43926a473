"""Reading YAML as people write it by hand: every value is text, every value has a place.

YAML turns ``no`` into false and ``2012-10`` into a date; a dossier wants neither, so values are
built here from the parser's events. What a hand-written file does not need and an attacker does
(aliases, anchors, tags, deep nesting) is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

MAX_DEPTH = 50

Path: TypeAlias = tuple["str | int", ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file: line and column, both from 1, the column in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: where, what was found, what was expected and what to do about it."""

    place: Place
    path: Path
    found: str
    expected: str = ""
    advice: str = ""


@dataclass(slots=True)
class Tree:
    """One YAML document: its value, the places of all values and keys, and what was wrong.

    ``refused`` holds the paths whose value could not be taken; nothing is known below them.
    """

    value: Any = ""  # strings and booleans in lists and dictionaries
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    refused: set[Path] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)

    def mistake(self, path: Path, found: str, expected: str = "", advice: str = "") -> None:
        """Note a mistake in the value at ``path``."""
        self.mistakes.append(Mistake(self.values[path], path, found, expected, advice))

    def key_mistake(self, path: Path, found: str, expected: str = "", advice: str = "") -> None:
        """Note a mistake in the key at ``path``."""
        self.mistakes.append(Mistake(self.keys[path], path, found, expected, advice))

    def sound(self, path: Path) -> bool:
        """Whether nothing at or above ``path`` was refused."""
        return not any(path[:length] in self.refused for length in range(len(path) + 1))


def field_path(path: Path) -> str:
    """``("claims", 3, "at")`` as ``claims[3].at``; counted from 0, as JSON paths are."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def read(text: str, booleans: Collection[str]) -> Iterator[Tree]:
    """The documents of a YAML stream, in order.

    Every scalar is a string, except true and false as the value of a key named in ``booleans``.
    Where the syntax is broken, the last tree holds that mistake and no value; it never raises.
    """
    tree = Tree()
    try:
        events = yaml.parse(text, Loader=yaml.SafeLoader)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                tree = Tree()
                _Builder(tree, events, booleans).value((), next(events))
                yield tree
                tree = Tree()
    except _TooDeepError as error:
        tree.refused.add(())
        tree.mistakes.append(
            Mistake(error.place, (), f"nested more than {MAX_DEPTH} levels deep",
                    "a dossier, which needs 6", "Check the brackets and the indentation.")
        )  # fmt: skip
        yield tree
    except yaml.MarkedYAMLError as error:
        tree.refused.add(())
        tree.mistakes.append(_syntax_mistake(error))
        yield tree
    except yaml.reader.ReaderError as error:
        tree.refused.add(())
        tree.mistakes.append(_character_mistake(text, error))
        yield tree


class _TooDeepError(ValueError):
    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


class _Builder:
    """Builds the value of one document from its events."""

    def __init__(self, tree: Tree, events: Iterator[yaml.Event], booleans: Collection[str]) -> None:
        self.tree = tree
        self.events = events
        self.booleans = booleans

    def value(self, path: Path, event: yaml.Event, depth: int = 0) -> Any:
        """The value that starts with ``event``, taken in with its places and mistakes."""
        place = _place(event.start_mark)
        if depth > MAX_DEPTH:
            raise _TooDeepError(place)
        self.tree.values.setdefault(path, place)
        self._refuse_references(path, event)
        result: Any = ""
        if isinstance(event, yaml.SequenceStartEvent):
            result = self._sequence(path, depth)
        elif isinstance(event, yaml.MappingStartEvent):
            result = self._mapping(path, depth)
        elif isinstance(event, yaml.ScalarEvent):
            result = self._scalar(path, event)
        if not path:
            self.tree.value = result
        return result

    def _sequence(self, path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value((*path, len(items)), event, depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(path, event, depth)
            below = (*path, key)
            if key in result:
                first = self.tree.keys[below]
                self.tree.mistakes.append(
                    Mistake(_place(event.start_mark), below, f"the key {key!r} stands twice",
                            "each key once",
                            f"Remove one of the two; the first is on line {first.line}.")
                )  # fmt: skip
                # Where the second value belongs is open, so it is read to its end and left out.
                _Builder(Tree(), self.events, self.booleans).value((), next(self.events), depth + 1)
                continue
            self.tree.keys[below] = _place(event.start_mark)
            result[key] = self.value(below, next(self.events), depth + 1)
        return result

    def _key(self, path: Path, event: yaml.Event, depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_references(path, event)
            return event.value
        spare = Tree()
        if not isinstance(event, yaml.AliasEvent):
            _Builder(spare, self.events, self.booleans).value((), event, depth + 1)
        self.tree.mistakes.append(
            Mistake(_place(event.start_mark), path, "a key that is not text", "a field's name",
                    "Write the key as one word; text in brackets or braces needs quotation marks.")
        )  # fmt: skip
        self.tree.refused.add(path)
        return f"?{len(self.tree.mistakes)}"

    def _scalar(self, path: Path, event: yaml.ScalarEvent) -> str | bool:
        text: str = event.value
        plain = event.style is None
        if plain and path and path[-1] in self.booleans and text.lower() in ("true", "false"):
            return text.lower() == "true"
        bad = next((c for c in text if unicodedata.category(c) in BARRED and c not in "\n\t"), None)
        if bad is not None:
            self.tree.refused.add(path)
            self.tree.mistake(
                path, f"the character U+{ord(bad):04X}, which no text needs", "readable text",
                "Take it out.",
            )  # fmt: skip
        return text

    def _refuse_references(self, path: Path, event: yaml.Event) -> None:
        alias = isinstance(event, yaml.AliasEvent)
        anchor = getattr(event, "anchor", None)
        tag = getattr(event, "tag", None)
        if anchor is not None:
            mark = "*" if alias else "&"
            name = "alias" if alias else "anchor"
            found = f"the YAML {name} {mark}{anchor}"
            advice = f"Write the value out; text that begins with {mark} needs quotation marks."
            self._refuse(path, event, found, advice)
        if tag is not None:
            written = str(tag).replace("tag:yaml.org,2002:", "!!")
            found = f"the YAML tag {written}"
            advice = "Remove the tag; text that begins with ! needs quotation marks."
            self._refuse(path, event, found, advice)

    def _refuse(self, path: Path, event: yaml.Event, found: str, advice: str) -> None:
        self.tree.refused.add(path)
        self.tree.mistakes.append(
            Mistake(_place(event.start_mark), path, found, "plain values", advice)
        )


BARRED = ("Cc", "Cs")  # control characters and halves of surrogate pairs: SQLite takes neither well


def _place(mark: Any) -> Place:  # a yaml.Mark; the stubs allow others
    return Place(mark.line + 1, mark.column + 1)


def _syntax_mistake(error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    place = _place(mark) if mark else Place(1, 1)
    problem = error.problem or error.context or "no YAML"
    found = f"not valid YAML: {problem}"
    if error.context and error.context_mark and error.context_mark.line + 1 != place.line:
        found += f" ({error.context} that began on line {error.context_mark.line + 1})"
    advice = next(
        (advice for pattern, advice in SYNTAX_ADVICE if re.search(pattern, problem)),
        "Check the indentation, brackets and quotation marks on this line and the one before.",
    )
    return Mistake(place, (), found, "", advice)


SYNTAX_ADVICE = (
    (r"mapping values are not allowed",
     "Put text that holds a colon and a space into quotation marks."),
    (r"'\\t'", "Indent with spaces instead of tabs."),
    (r"unknown escape", "Write \\\\ for a backslash, or use single quotation marks."),
    (r"cannot start any token",
     "Text that begins with @, ` or % needs quotation marks around it."),
    (r"found undefined alias|alphabetic or numeric",
     "Text that begins with * or & needs quotation marks around it."),
    (r"unexpected end of stream",
     "A quotation mark or bracket that was opened is never closed."),
)  # fmt: skip


def _character_mistake(text: str, error: yaml.reader.ReaderError) -> Mistake:
    before = text[: error.position]
    place = Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
    code = error.character if isinstance(error.character, int) else ord(error.character)
    return Mistake(
        place, (), f"the character U+{code:04X}, which YAML does not allow", "readable text",
        "Take it out.",
    )  # fmt: skip
