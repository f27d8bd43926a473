"""Mistakes that the JSON Schema of dossiers finds, told in the words of the format."""

from __future__ import annotations

import json
import re
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
ADVICE = {  # by the list that the item stands in, and the unknown field
    ("assertions", "claim"): "An assertion under a claim is about that claim.",
    ("claims", "relations"): "Claims name the relation itself, such as narrower_than: [ID].",
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
    schema: Any = error.schema
    limit: Any = error.validator_value
    value: Any = error.instance
    if error.validator == "additionalProperties":
        _tell_unknown(tree, path, value, schema["properties"])
    elif error.validator == "required":
        # One error for each missing field; the message alone says which.
        missing = next(name for name in limit if error.message.startswith(repr(name)))
        tree.mistake(path, f"no {missing}", schema["description"], f"Add {missing}: here.")
    elif error.validator == "anyOf":  # an id, or a mapping that holds one
        if isinstance(value, (str, dict)):
            wanted = int(isinstance(value, dict))
            for below in error.context or ():
                if below.relative_schema_path[0] == wanted:
                    _tell(tree, below)
        else:
            tree.mistake(path, _found(value), schema["description"])
    elif error.validator == "oneOf":
        found = "not exactly one of same_as and dependent_on"
        tree.mistake(path, found, schema["description"], "Write one relation an item.")
    elif error.validator == "enum":
        hint = suggestion(value, limit) if isinstance(value, str) else ""
        tree.mistake(path, _found(value), "one of " + ", ".join(limit), hint)
    else:
        expected, advice = _expected(str(error.validator), limit, value, schema)
        tree.mistake(path, _found(value), expected, advice)


def _tell_unknown(tree: Tree, path: Path, value: dict[str, Any], known: dict[str, Any]) -> None:
    inside = next((step for step in reversed(path) if isinstance(step, str)), "")
    free = set(known) - set(value)
    for key in value:
        if key not in known and (*path, key) in tree.keys:
            advice = ADVICE.get((inside, key)) or suggestion(key, free)
            tree.key_mistake(
                (*path, key),
                f"the unknown field {_found(key)}",
                "one of " + ", ".join(known),
                advice or "Take it out, or put it into a note.",
            )


def _expected(validator: str, limit: Any, value: Any, schema: Any) -> tuple[str, str]:
    """What was expected, and advice."""
    if validator == "type" and limit == "boolean":
        return "true or false", "Write true or false, without quotation marks."
    if validator == "type" and limit == "array":
        if isinstance(value, str) and value:
            return "a list", f"Write [{value}]."
        return "a list", "Begin each item with a hyphen, or leave the field out."
    if validator == "maxLength":
        return f"at most {limit} characters", "Shorten it."
    description = schema["description"]
    if value == "":
        return description, "Fill the field or leave it out."
    if validator == "pattern" and "an id" in description:
        return description, _advise_id(value)
    return description, ""


def _advise_id(word: str) -> str:
    lowered = "-".join(re.findall(r"[a-z0-9_]+", word.lower(), re.ASCII)).strip("_")[:80]
    return f"Write {lowered}, for example." if lowered else ""


def _found(value: Any) -> str:
    """A value as a person would name it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if not value:
        return "nothing"
    return json.dumps(value if len(value) <= 60 else value[:59] + "…", ensure_ascii=False)
