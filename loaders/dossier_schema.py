"""Mistakes that the JSON Schema of dossiers finds, told in the words of the format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from .dossier_checks import suggestion
from .dossier_yaml import Path, Tree

SCHEMA: dict[str, Any] = json.loads(
    files(__package__).joinpath("dossier.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)


def _boolean_fields(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, below in schema.items():
            if isinstance(below, dict) and below.get("type") == "boolean":
                yield name
            yield from _boolean_fields(below)


BOOLEANS = frozenset(_boolean_fields(SCHEMA))
ADVICE = {
    "claim": "An assertion under a claim is about that claim.",
    "relations": "Claims name the relation itself, such as narrower_than: [ID].",
}


def check_schema(tree: Tree) -> None:
    """Note everything in ``tree`` that the schema does not allow."""
    if () in tree.refused:
        return
    for error in VALIDATOR.iter_errors(tree.value):
        _tell(tree, error)


def _tell(tree: Tree, error: ValidationError) -> None:
    path: Path = tuple(error.absolute_path)
    if not tree.sound(path):
        return
    if error.validator == "additionalProperties":
        _tell_unknown(tree, path, error)
    elif error.validator == "required":
        # One error for each missing field; the message alone says which.
        missing = next(n for n in error.validator_value if error.message.startswith(repr(n)))
        tree.mistake(path, f"no {missing}", error.schema["description"], f"Add {missing}: here.")
    elif error.validator == "anyOf":
        wanted = 1 if isinstance(error.instance, dict) else 0
        if not isinstance(error.instance, (dict, str)):
            tree.mistake(path, _found(error.instance), error.schema["description"])
        for below in error.context or ():
            if isinstance(error.instance, (dict, str)) and below.relative_schema_path[0] == wanted:
                _tell(tree, below)
    elif error.validator == "oneOf":
        tree.mistake(path, "not exactly one of same_as and dependent_on",
                     error.schema["description"], "Write one relation an item.")  # fmt: skip
    elif error.validator == "enum":
        expected = "one of " + ", ".join(error.validator_value)
        word = error.instance if isinstance(error.instance, str) else ""
        tree.mistake(path, _found(error.instance), expected,
                     suggestion(word, error.validator_value))  # fmt: skip
    else:
        tree.mistake(path, _found(error.instance), *_expected(error))


def _tell_unknown(tree: Tree, path: Path, error: ValidationError) -> None:
    known = error.schema["properties"]
    for key in error.instance:
        if key not in known and (*path, key) in tree.keys:
            advice = suggestion(key, set(known) - set(error.instance))
            advice = advice or ADVICE.get(key) or "Take it out, or put it into a note."
            tree.key_mistake((*path, key), f"the unknown field {key}",
                             "one of " + ", ".join(known), advice)  # fmt: skip


def _expected(error: ValidationError) -> tuple[str, str]:
    """What was expected, and advice."""
    kind = error.schema.get("type")
    if error.validator == "type" and kind == "boolean":
        return "true or false", "Write true or false, without quotation marks."
    if error.validator == "type" and kind == "array":
        advice = f"Write [{error.instance}]." if isinstance(error.instance, str) else ""
        return "a list", advice if error.instance else "Fill the list or leave the field out."
    if error.validator == "maxLength":
        return f"at most {error.validator_value} characters", "Shorten it."
    description = str(error.schema["description"])
    if error.instance == "":
        return description, "Fill the field or leave it out."
    if error.validator == "pattern" and "id" in description:
        return description, _advise_id(error.instance)
    return description, ""


def _advise_id(word: str) -> str:
    lowered = "-".join("".join(c if (c.isascii() and c.isalnum()) or c == "_" else " "
                               for c in word.lower()).split())  # fmt: skip
    return f"Write {lowered}, for example." if lowered else ""


def _found(value: Any) -> str:
    """A value as a person would name it."""
    if value == "":
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return json.dumps(value if len(value) <= 60 else value[:59] + "…", ensure_ascii=False)
