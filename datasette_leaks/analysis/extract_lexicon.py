"""The words that the rules know: verbs that attribute, and the small words between them.

A verb has flags that say what it may be followed by:
q a quotation, also with the speaker after it ("said Smith") · t "that" and a clause · z a clause
without "that" · n a noun phrase that is itself the content ("denied the claim") · i "to" and a
verb · w "whether", "how" and a clause · o the one spoken to, before the rest ("told reporters") ·
a somebody or something as something ("called it a lie").
"""

from __future__ import annotations

from datasette_leaks.analysis.extract_words import words

_VERBS = """
qtz say add write note explain argue conclude respond reply continue insist declare
qtz observe assert concede contend stress reiterate recall acknowledge tweet admit remark
qtz testify confess exclaim joke quip muse opine elaborate retort blog counter chime
qtzn reveal disclose
qtz suggest emphasize emphasise mention recount disclose
qtzn claim estimate demand comment
qtz report
qt state maintain boast hint reason
qtzn allege predict confirm deny lament recite repeat summarize summarise underline
qtz announce
q read
q shout scream chant interject deadpan yell cry whisper text sneer thunder intone implore caption
qnw ask
qtzo tell assure
to inform notify convince persuade reassure
qtow remind warn advise caution
qtio promise
qti vow pledge threaten propose agree swear
qt charge signal email
tz think believe feel realize realise assume suspect imagine
tzw know
tzi hope fear
tzi expect
t conclude indicate imply argue hold recommend decide determine doubt
n recommend
tw learn discover understand
tzn contend complain guarantee proclaim indicate estimate
tzwn show illustrate detail outline
tzw find prove confirm demonstrate
tn cite posit
qwn wonder
twn question recognize recognise
t reflect
n criticize criticise praise condemn denounce blast slam attack mock defend support endorse
n oppose reject dismiss blame accuse laud hail applaud ridicule decry deride assail lambast
n rebuke chide welcome discuss tout highlight address describe depict portray characterize
n characterise echo dispute contradict reference voice express rip
n thank congratulate challenge admonish berate scold disavow disown renounce repudiate
n downplay invoke label dub commend chastise castigate skewer hammer credit consider
n quote
a call describe label brand dub view regard characterize characterise portray depict consider deem
i plan refuse decline seek hope offer intend aim want
no urge encourage order instruct beg
"""

_IRREGULAR = {
    "say": "says said said saying",
    "write": "writes wrote written writing",
    "tell": "tells told told telling",
    "think": "thinks thought thought thinking",
    "know": "knows knew known knowing",
    "feel": "feels felt felt feeling",
    "find": "finds found found finding",
    "show": "shows showed shown showing",
    "hold": "holds held held holding",
    "swear": "swears swore sworn swearing",
    "see": "sees saw seen seeing",
    "seek": "seeks sought sought seeking",
    "understand": "understands understood understood understanding",
    "read": "reads read read reading",
}
_DOUBLING = words("admit refer dub quip blog rip plan beg chat")

# A noun for what was said, by whom before it: "his claim that", "the suggestion by X that".
NOUNS = words(
    "accusation allegation announcement argument assertion assessment assumption belief"
    " claim comment complaint conclusion contention conviction declaration denial"
    " expectation fear feeling finding hope idea insistence notion opinion pledge prediction"
    " promise proposal remark report revelation rumor rumour statement suggestion suspicion"
    " testimony theory threat view vow warning admission acknowledgment confession concern"
)
NOUNS |= {noun + "s" for noun in NOUNS} | {"theories", "testimonies"}
# Verbs whose base and third person are nouns as well: "claims", "the call".
NOUN_VERBS = words(
    "claim report estimate demand comment reason charge signal hope fear promise call"
    " support attack question note show plan regard blame praise welcome reference voice"
    " outline aim offer wish order vow pledge brand label hint boast quote dispute doubt"
    " challenge favor favour credit wonder address find judge figure detail desire slam"
    " raise tweet blog scream shout cry whisper joke quip counter caption text remark chant"
    " guarantee highlight damn nickname debate worry push focus vote dub document threat"
    " project rule"
)
PARTICLES = {
    "point": "out",
    "points": "out",
    "pointed": "out",
    "pointing": "out",
    "chimed": "in",
    "chimes": "in",
    "shot": "back",
    "fired": "back",
    "hit": "back",
}
# Verbs whose content stands behind a preposition.
PREPOSITIONAL = {
    "call": ("for", "on"),
    "refer": ("to",),
    "point": ("to",),
    "allude": ("to",),
    "object": ("to",),
    "respond": ("to",),
    "react": ("to",),
    "warn": ("of", "against", "about"),
    "complain": ("of", "about"),
    "talk": ("about", "of"),
    "speak": ("about", "of", "against"),
    "argue": ("for", "against"),
    "boast": ("of", "about"),
    "push": ("for",),
    "advocate": ("for",),
    "hint": ("at",),
    "insist": ("on",),
    "dwell": ("on",),
    "joke": ("about",),
    "equate": ("with",),
    "liken": ("to",),
    "compare": ("to", "with"),
}
# Verbs (and "for") whose object does what "to" and the next verb say: "asked him to deny it".
CONTROL = words(
    "for cause caused causes causing require required requires allow allowed allows"
    " allowing force forced forces forcing lead led leads urge urged urges urging encourage"
    " encouraged ask asked asks asking want wants wanted enable enabled prompt prompted"
    " prompting"
)
# Nouns for a thing that says something.
DOCUMENTS = words(
    "statement article letter email e-mail mail tweet post memo memorandum report document"
    " press release op-ed column editorial interview speech message note filing affidavit"
    " complaint lawsuit brief cable dispatch book video ad advertisement transcript"
    " recording"
)
# "is sure that", "was adamant that", "made clear that"
ADJECTIVES = words(
    "sure certain confident convinced aware adamant worried concerned afraid optimistic"
    " hopeful clear skeptical sceptical doubtful unsure positive glad proud"
)


def inflections(verb: str) -> list[tuple[str, str]]:
    """Its forms with what they are: base, third person, past, participle, -ing."""
    if verb in _IRREGULAR:
        third, past, participle, going = _IRREGULAR[verb].split()
    elif verb.endswith("e"):
        third, past, participle, going = verb + "s", verb + "d", verb + "d", verb[:-1] + "ing"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
        participle, going = past, verb + "ing"
    else:
        stem = verb + verb[-1] if verb in _DOUBLING else verb
        third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
        past = participle = stem + "ed"
        going = stem + "ing"
    return [(verb, "b"), (third, "s"), (past, "d"), (participle, "d"), (going, "g")]


def _read() -> dict[str, tuple[str, str, str]]:
    flags: dict[str, str] = {}
    for line in _VERBS.strip().splitlines():
        given, *verbs = line.split()
        for verb in verbs:
            flags[verb] = "".join(sorted({*flags.get(verb, ""), *given}))
    for verb in PREPOSITIONAL:
        flags.setdefault(verb, "")
    flags.setdefault("point", "")
    forms: dict[str, tuple[str, str, str]] = {}
    for verb, given in flags.items():
        for word, form in inflections(verb):
            forms.setdefault(word, (verb, form, given))
    return forms


# word in lower case -> (verb, form: b base, s third person, d past or participle, g -ing, flags)
VERBS = _read()
