"""The sentence that tells a reader why a claim has its status. It never says true or false."""

from __future__ import annotations

from datasette_leaks.analysis.basis import Editor
from datasette_leaks.analysis.model import ClaimRow, Weights
from datasette_leaks.analysis.naming import SHOWN, listed, named, number, speakers
from datasette_leaks.analysis.scope import Scope

#: A status as it is written in a sentence.
LABELS = {
    "not_assessed": "not assessed",
    "retracted": "retracted",
    "disputed": "disputed",
    "corroborated": "corroborated",
    "echoed": "echoed",
    "single_source": "single source",
    "unidentified_origin": "unidentified origin",
    "unsourced": "unsourced",
}
_INDEPENDENCE = {
    "established": "established as independent of each other",
    "presumed": "taken as independent, not proven",
    "not_established": "not established as independent of each other",
}


_PEOPLE = frozenset({"person", "coded_source", "collective"})
_SINGULAR = {"deny": "denies", "dispute": "disputes"}


def explain(claim: ClaimRow, weights: Weights, scope: Scope) -> str:
    """A few plain sentences. ``scope`` is the one that gave the weights."""
    status, counted = weights.computed_status, weights.counted
    in_favour = bool(weights.origins or weights.unidentified)
    parts = [_reason(claim, weights, scope)]
    if weights.unidentified and status in ("corroborated", "echoed", "single_source"):
        also = listed(weights.unidentified, counted, scope, why=True)
        parts.append(f"Also in favour, unidentified: {also}.")
    if weights.against:
        parts.append(f"Against it: {listed(weights.against, counted, scope)}.")
    if weights.both_sides:
        parts += _on_both_sides(weights, scope)
    if weights.voiced_against:
        voice, be = _voice(claim, weights.voiced_against, scope)
        alone = not weights.against and not weights.both_sides
        said = (
            f"Only {voice} {be} against it" if alone else f"{_capital(voice)} {be} against it too"
        )
        parts.append(f"{said}, which {be} not counted.")
    elif not weights.against and in_favour and status != "not_assessed":
        nobody = "Nobody else is" if weights.both_sides else "Nobody is"
        still = "still " if weights.withdrawn_against else ""
        parts.append(f"{nobody} recorded as {still}denying this claim.")
    if weights.narrower_disputed and status != "not_assessed":
        parts.append("A narrower claim that counts here is disputed.")
    if weights.voiced and in_favour:
        voice, be = _voice(claim, weights.voiced, scope)
        parts.append(f"{_capital(voice)} {be} not counted.")
    withdrawn = weights.withdrawn_against + (weights.withdrawn if status != "retracted" else 0)
    if withdrawn:
        parts.append(f"Not counted, because retracted: {number(withdrawn, 'assertion')}.")
    if weights.circular:
        parts.append("Part of the reporting goes round in a circle.")
    return " ".join(parts)


def _on_both_sides(weights: Weights, scope: Scope) -> list[str]:
    """Who denies what it says itself, and who what another of its own origin says."""
    both: list[str] = []
    joined: list[str] = []
    for group, roots in sorted(weights.both_sides.items()):
        favour = speakers(weights.origins.get(group) or weights.unidentified[group], scope)
        against = speakers(roots, scope)
        both += [source for source in against if source in favour]
        others = [source for source in against if source not in favour]
        if others:
            stances = {scope.rows[against[source]][3] for source in others}
            many = len(others) > 1 or scope.source_rows[others[0]][2] == "collective"
            who = "who" if scope.source_rows[others[0]][2] in _PEOPLE else "which"
            verb = "dispute" if stances == {"disputes"} else "deny"
            joined.append(
                f"{named(others, scope)}, {who} {'count' if many else 'counts'} as one origin with "
                f"{named(list(favour), scope)}, {verb if many else _SINGULAR[verb]} it: "
                "not counted against it."
            )
    if len(joined) > SHOWN:
        more = number(len(joined) - SHOWN, "more origin")
        joined[SHOWN:] = [f"Not counted against it either, for the same reason: {more}."]
    if both:
        joined.append(f"On both sides, so not counted against it: {named(both, scope)}.")
    return joined


def _voice(claim: ClaimRow, voiced: list[int], scope: Scope) -> tuple[str, str]:
    """Whose own voice these assertions go back to, and the verb for it."""
    voices = {
        scope.voice[scope.rows[root][1]] for one in voiced for root in scope.origins.roots[one]
    }
    own = scope.voice[claim[0]]
    if voices == {own}:
        return "the publisher's own voice", "is"
    if len(voices) == 1:
        return "another publisher's own voice", "is"
    return "publishers' own voices", "are"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def with_editor(text: str, editor: Editor) -> str:
    """An explanation with what an editor made of the claim."""
    if editor.status is None:
        return text
    label = LABELS[editor.status]
    if editor.override == "in_force":
        return f"An editor set {label}; computed: {text[0].lower()}{text[1:]}"
    return f"{text} An editor's {label} rested on other evidence and no longer holds."


def _reason(claim: ClaimRow, weights: Weights, scope: Scope) -> str:
    status, counted = weights.computed_status, weights.counted
    if status == "not_assessed":
        return f"Not assessed: {_NOT_ASSESSED[claim[3]]}."
    if status == "retracted":
        gone = "Retracted: everything in favour has been withdrawn by its source"
        if not weights.voiced:
            return f"{gone}."
        voice, be = _voice(claim, weights.voiced, scope)
        return f"{gone}; only {voice} still {'says' if be == 'is' else 'say'} it."
    if status == "disputed":
        favour = {**weights.origins, **weights.unidentified}
        return f"Disputed: in favour {listed(favour, counted, scope)}."
    if status == "corroborated":
        return (
            f"Corroborated: {len(weights.origins)} origins, {_INDEPENDENCE[claim[5]]}: "
            f"{listed(weights.origins, counted, scope)}."
        )
    if status == "echoed":
        origin = listed(weights.origins, counted, scope)
        return (
            f"Echoed: one origin, {origin}, repeated by {listed(weights.echoes, counted, scope)}."
        )
    if status == "single_source":
        origin = listed(weights.origins, counted, scope)
        identified = "identified " if weights.unidentified else ""
        return f"Single source: everything {identified}in favour goes back to one origin, {origin}."
    if status == "unidentified_origin":
        unidentified = listed(weights.unidentified, counted, scope, why=True)
        return f"Unidentified origin: no identified source stands behind it, only {unidentified}."
    if weights.voiced:
        voice, be = _voice(claim, weights.voiced, scope)
        return f"Unsourced: only {voice} {be} in favour."
    return "Unsourced: nothing is recorded in favour."


_NOT_ASSESSED = {
    "opinion": "it is an opinion",
    "prediction": "it is a prediction",
    "not_checkable": "it cannot be checked",
}
