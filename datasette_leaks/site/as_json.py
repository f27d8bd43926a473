"""The JSON twin of a page: its record, field by field, as docs/json.md describes it."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from . import vocabulary


def as_json(record: object, **context: str) -> str:
    """The page's record as a JSON object, with ``context`` and the notice on what a status is."""
    body = {"ok": True, **context, "notice": vocabulary.DISCLAIMER, **_plain(record)}
    return json.dumps(body, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Records, whether dataclasses or named tuples, as dicts; everything else as it is."""
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: _plain(item) for name, item in zip(value._fields, value, strict=True)}
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
