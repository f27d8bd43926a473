"""The sentence that tells a reader why a claim has its status. It never says true or false."""

from __future__ import annotations

from datasette_leaks.analysis.basis import Editor
from datasette_leaks.analysis.model import ClaimRow, Roots, Weights
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
_SHOWN = 3  # names in a list; the rest is a number


def explain(claim: ClaimRow, weights: Weights, scope: Scope) -> str:
    """A few plain sentences. ``scope`` is the one that gave the weights."""
    parts = [_reason(claim, weights, scope)]
    if weights.against:
        parts.append(f"Against it: {_listed(weights.against, scope)}.")
    elif (weights.origins or weights.unidentified) and claim[3] == "statement":
        nobody = "Nobody else" if weights.both_sides else "Nobody"
        parts.append(f"{nobody} is recorded as denying it.")
    if weights.both_sides:
        speakers = _listed(weights.both_sides, scope)
        parts.append(f"On both sides, so not counted against it: {speakers}.")
    if weights.voiced and (weights.origins or weights.unidentified):
        parts.append("The publisher's own voice is not counted.")
    if weights.withdrawn and weights.computed_status != "retracted":
        parts.append(f"Not counted, because retracted: {_number(weights.withdrawn, 'assertion')}.")
    if weights.circular:
        parts.append("Part of the reporting goes round in a circle.")
    return " ".join(parts)


def with_editor(text: str, editor: Editor) -> str:
    """An explanation with what an editor made of the claim."""
    if editor.status is None:
        return text
    label = LABELS[editor.status]
    if editor.override == "in_force":
        return f"An editor set {label}; computed: {text[0].lower()}{text[1:]}"
    return f"{text} An editor's {label} rested on other evidence and no longer holds."


def _reason(claim: ClaimRow, weights: Weights, scope: Scope) -> str:
    status = weights.computed_status
    if status == "not_assessed":
        return f"Not assessed: {_NOT_ASSESSED[claim[3]]}."
    if status == "retracted":
        return "Retracted: everything in favour has been withdrawn by its source."
    if status == "disputed":
        return f"Disputed: in favour {_listed({**weights.origins, **weights.unidentified}, scope)}."
    if status == "corroborated":
        return (
            f"Corroborated: {len(weights.origins)} origins, {_INDEPENDENCE[claim[5]]}: "
            f"{_listed(weights.origins, scope)}."
        )
    if status == "echoed":
        origin = _listed(weights.origins, scope)
        return f"Echoed: one origin, {origin}, repeated by {_listed(weights.echoes, scope)}."
    if status == "single_source":
        origin = _listed(weights.origins, scope)
        return f"Single source: everything in favour goes back to one origin, {origin}."
    if status == "unidentified_origin":
        unidentified = _listed(weights.unidentified, scope, why=True)
        return f"Unidentified origin: no identified source stands behind it, only {unidentified}."
    if weights.voiced:
        return "Unsourced: only the publisher's own voice is in favour."
    return "Unsourced: nothing is recorded in favour."


_NOT_ASSESSED = {
    "opinion": "it is an opinion",
    "prediction": "it is a prediction",
    "not_checkable": "it cannot be checked",
}


def _listed(groups: Roots, scope: Scope, *, why: bool = False) -> str:
    """Origins by the name of their first root's source, those with most assertions first.

    With ``why`` each name is followed by what makes it unidentified.
    """
    names = scope.speaker_name
    ranked = sorted([(-len(roots), names[min(roots)], min(roots)) for roots in groups.values()])
    shown = [
        f"{name}{scope.why_unidentified(root) if why else ''} ({_number(-count, 'assertion')})"
        for count, name, root in ranked[:_SHOWN]
    ]
    if len(ranked) > _SHOWN:
        shown.append(f"{len(ranked) - _SHOWN} more")
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
