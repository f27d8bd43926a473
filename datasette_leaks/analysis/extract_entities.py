"""What a mention is by its words alone: a name, a code, a document, a body, people, somebody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from datasette_leaks.analysis.extract_lexicon import DOCUMENTS
from datasette_leaks.analysis.extract_words import words

_WORD = re.compile(r"[^\W_]+(?:[-.'’&][^\W_]+)*")
BRACKETS = re.compile(r"\s*\([^()]{0,40}\)")
_TITLES = words(
    "mr mrs ms dr sen rep gov gen col president senator representative governor secretary"
    " judge justice minister prime sir lady lord prof professor chancellor king queen"
    " attorney councillor mayor chairman chairwoman chancellor deputy captain inspector"
    " officer"
)
_PAPERS = DOCUMENTS | words(
    "filing paper record file memo poll survey study data dossier log ledger diary note"
    " cable list indictment warrant ruling order text finding audit review analysis contract"
    " sign label banner registry spreadsheet minutes accounts account register letter"
)
_BODIES = words(
    "company firm ministry agency department government regulator campaign administration"
    " committee court bank authority council newspaper outlet network party union board hall"
    " embassy office commission police institute organisation organization group association"
    " foundation university army navy congress parliament senate house corporation publisher"
    " broadcaster watchdog union service bureau state kremlin pentagon church charity"
    " exchange team paper site website"
)
_BODY_NAMES = words(
    "inc corp ltd llc plc shipping holdings bank energy media press news times post herald"
    " observer journal guardian tribune gazette telegraph institute university college"
    " authority agency ministry department association union council committee commission"
    " court party company group foundation police office bureau house senate congress centre"
    " center society airlines motors industries systems technologies partners international"
    " trust fund service network daily weekly review magazine league federation alliance"
)
_GENERIC = words("source informant person individual official man woman insider contact")
_NUMBER = words(
    "some many several few most both all others two three four five six seven eight nine"
    " ten dozens multiple numerous various more analysts"
)
_STOPS = words(
    "of for from with in on at by who whom which that to near against inside made released obtained"
    " seen filed published reviewed uncovered"
)
_PLURALS = words("people men women police media children staff clergy")
_EDGES = words("the a an this that these those same his her its their our my another one")


_AGENTS = re.compile(r"(?:er|or|ist|ant|ent|ial|ian|ic|ert|st|ee|ive|ary|our)s$")


@dataclass(frozen=True, slots=True)
class Look:
    """A mention's words taken apart.

    ``kind`` is name, code, body, document, people or somebody; ``head`` the noun it turns on, in
    the singular; ``words`` its telling words, cut to stems, and ``proper`` those with a capital
    ("the Mexican diplomat"); ``name`` what is a name in it. ``definite``: it points back ("the
    diplomat"). ``generic``: its noun fits anybody ("the source").
    """

    kind: str
    head: str
    words: frozenset[str]
    proper: frozenset[str]
    name: tuple[str, ...]
    definite: bool
    generic: bool


@lru_cache(maxsize=1 << 12)
def look(mention: str, opens: bool = False) -> Look:
    """Take a mention apart. ``opens``: it opens a sentence, so its first capital tells nothing."""
    clean = BRACKETS.sub("", mention).strip(" \"'“”‘’")
    words = _WORD.findall(clean)
    if opens and words and _common(words):
        words[0] = words[0].lower()
    core = [re.sub(r"['’]s?$", "", word) for word in _core(words)]
    lows = [word.lower() for word in core]
    head = lows[-1] if lows else ""
    single = singular(head)
    name = _name(core)
    stems = frozenset(
        stem(word.lower()) for word in words if len(word) > 2 and word.lower() not in _EDGES
    )
    proper = frozenset(stem(word.lower()) for word in words[1:] if word[0].isupper())
    definite = bool(words) and words[0].lower() in ("the", "this", "that", "these", "those", "same")
    named_head = bool(core) and core[-1][0].isupper()
    if named_head and any(char.isdigit() for char in core[-1]) and not core[-1].isdigit():
        kind = "code"
    elif named_head:
        body = lows[-1] in _BODY_NAMES or bool(set(lows[1:]) & _BODY_NAMES) or _acronym(core[-1])
        kind = (
            "body"
            if body or (definite and head not in _TITLES and len(name) + 1 == len(words))
            else "name"
        )
    elif single in _PAPERS and head not in _BODIES:
        kind = "document"
    elif single in _BODIES or head in _BODIES:
        kind = "body"
    elif (
        head in _PLURALS
        or single != head
        or _AGENTS.search(head)
        or (words and words[0].lower() in _NUMBER)
    ):
        kind = "people"
    else:
        kind = "somebody"
    if words and words[0].lower() in ("one", "another") and kind == "people":
        kind = "somebody"
    return Look(
        kind, single, stems, proper, name if named_head else (), definite, single in _GENERIC
    )


def _common(words: list[str]) -> bool:
    """Whether a capitalised first word is no name: "Prosecutors", "Police", "Others"."""
    low = words[0].lower()
    if len(words) > 1 and words[1][0].isupper():
        return low in _NUMBER or low in _EDGES
    single = singular(low)
    known = low in _NUMBER or low in _PLURALS or single in _PAPERS or single in _BODIES
    return known or single in _GENERIC or bool(_AGENTS.search(low)) or len(words) > 1


def _core(words: list[str]) -> list[str]:
    """The words up to the first preposition or relative pronoun, edges aside."""
    core: list[str] = []
    for word in words:
        if word.lower() in _STOPS and core:
            break
        if word.lower() not in _EDGES or core:
            core.append(word)
    return core or words


def _name(core: list[str]) -> tuple[str, ...]:
    """The capitalised words at the end, without titles: "investigative reporter Ann Lee"."""
    name: list[str] = []
    for word in reversed(core):
        if not word[0].isupper() or word.lower().rstrip(".") in _TITLES:
            break
        name.append(re.sub(r"['’]s?$", "", word))
    return tuple(reversed(name))


def _acronym(word: str) -> bool:
    return 2 <= len(word) <= 6 and word.isupper() and word.isalpha()


def singular(word: str) -> str:
    """A noun's singular, as far as matching goes."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if (
        word.endswith("s")
        and not word.endswith(("ss", "us", "is", "ics", "news"))
        and len(word) > 3
    ):
        return word[:-1]
    return word


def stem(word: str) -> str:
    """What "diplomat" and "diplomatic" share."""
    return singular(word.rstrip("'’"))[:7]
