"""Articles made to be slow to read: what a text repeats, without end and without a paragraph."""

from __future__ import annotations

REPEATED = {
    "straight marks": '"',
    "straight marks and spaces": '" ',
    "opening marks": "“",
    "empty quotations": "“”",
    "unclosed quotations": "“a ",
    "quotations": "“a” ",
    "no space between quotations": "”“a",
    "titles": "“Aa Bb” ",
    "nested quotations": '“a "b “c” d" e” ',
    "mixed nesting": '“"“"',
    "single marks": "'",
    "unclosed single marks": "'a ",
    "single quotations": "‘s' ",
    "doubled marks": "'' ",
    "quotations with brackets": "“a [b] c” ",
    "quotations with a cue": '"a," said X, ',
    "split quotations": "“a,” he said, “b.” ",
    "cue and quotation": "said “x” ",
    "labels": "X: “a” ",
    "commas": ",",
    "commas and spaces": ", ",
    "square brackets": "[",
    "brackets": "(",
    "closed brackets": "() ",
    "closing brackets": ") said ",
    "bracketed subjects": "a (b) said ",
    "abbreviations": "Aa Bb (AB) ",
    "dashes": "— ",
    "insertions": "X - a - said ",
    "that": "that ",
    "who": "who ",
    "who said": "who said ",
    "said": "said ",
    "saying": "saying, ",
    "he said": "he said, ",
    "said he said": "said he said ",
    "name said": "X said, ",
    "names and commas": "the x, ",
    "appositives": "X, said ",
    "relative clauses": "X, who said ",
    "phrases": "of x said ",
    "passives": "of by X said ",
    "described": "described by X as a lie by Y ",
    "to say": "asked to say ",
    "claims": "his claim that ",
    "adjectives": "is sure that ",
    "according": "according to ",
    "put it": "as X put it, ",
    "relations": "X echoed what Y denied, ",
    "provenance": "first reported by X ",
    "earlier": "Aa has already ",
    "code names": "identified as ",
    "capitals": "A",
    "hyphens": "A-",
    "initials": "a.",
    "full stops": "U.S. ",
    "short lines": "a\n",
    "unclosed paragraphs": "“a b c d\n",
}
NUMBERED = {
    "names": "Mr Na{0} said it was so. ",
    "descriptions": "The diplomat of x{0} said so. ",
    "chained names": "Xa{0} said so. Xa{1} said so. Xa{0}, dubbed Xa{1}, said so. ",
    "chained from the end": "X-{0}, known as X{1}, said so. ",
}
NAMES = [*REPEATED, *NUMBERED]


def hostile(name: str, size: int) -> str:
    """The text of that name, cut to ``size`` code points."""
    if name in REPEATED:
        unit = REPEATED[name]
        return (unit * (size // len(unit) + 1))[:size]
    unit = NUMBERED[name]
    text = "".join(unit.format(number, number + 1) for number in range(size // len(unit) + 1))
    return text[:size]
