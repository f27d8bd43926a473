"""The small words of English, each with the one letter that the rules read sentences by.

D determiner · P preposition · R pronoun that can be a subject · O one that cannot · A auxiliary ·
V verb · B adverb · C and, or · L but, so, yet · S subordinator · T that · W who, which · Z to ·
M day, month · N anything else in small letters · X a name · # number · E word in -ed · G word in
-ing · K verb of the lexicon · Q quotation · and the marks , ; : . ( ) - for themselves.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a list written as one string."""
    return frozenset(text.split())


_LETTERS = {
    "D": """
a an the this these those his her its their our my your some any no every each either neither
several many few more most all both half another such certain various numerous other multiple
one two three four five six seven eight nine ten eleven twelve dozens hundreds thousands
""",
    "P": """
of in at on by for from with about into over under after before during since through against
between among within without around near across behind beyond toward towards upon via per amid
despite like unlike including inside outside above below off onto throughout regarding concerning
alongside besides except
""",
    "R": "i he she it we they you everyone everybody nobody someone somebody anyone anybody others",
    "O": "him me us them himself herself itself themselves ourselves myself yourself",
    "A": """
is was are were be been being am has have had having do does did will would can could may might
must shall should ought isn't wasn't aren't weren't hasn't haven't hadn't don't doesn't didn't won't
wouldn't can't couldn't shouldn't mustn't cannot not never ain't gets got get
""",
    "V": """
made make makes took take takes went go goes came come comes gave give gives became become becomes
began begin begins left leave leaves kept keep keeps put puts set sets ran run runs met meet meets
won win wins lost lose loses led lead leads stood stand stands sat sit sits sent send sends brought
bring brings built build builds bought buy buys caught catch fell fall falls fought fight flew fly
forgot forget grew grow grows heard hear hears hit hits lay lies let lets paid pay pays rose rise
rises sold sell sells spent spend spends spoke speaks speak taught teach threw throw won wore woke
broke break breaks chose choose chooses cut cuts drew draw draws drove drive drives ate eat seem
seems seemed appear appears appeared look looks remain remains need needs want work works live
lives include includes serve serves allow allows keep follow follows turn turns move moves start
starts stop stops help helps play plays use uses try tries happen happens provide provides continue
cause causes mean means meant represent represents face faces hopes gone done taken given
""",
    "B": """
also now later then again once still just already even only often soon too here there ever always
long sometimes perhaps maybe however instead meanwhile moreover furthermore nevertheless nonetheless
therefore thus indeed further elsewhere earlier ago yet far well first almost quite rather very much
thereafter afterward afterwards though
""",
    "C": "and or nor &",
    "L": "but so",
    "S": "because if when while although whereas whether unless until as than lest once whenever",
    "T": "that",
    "W": "who whom whose which what where why how whoever whatever",
    "Z": "to",
    "M": """
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays
fridays saturdays sundays january february march april june july august september october november
december yesterday today tomorrow tonight
""",
}

LETTERS = {word: letter for letter, words in _LETTERS.items() for word in words.split()}
LETTERS.update({word.replace("'", "’"): letter for word, letter in LETTERS.items() if "'" in word})

# Pronouns with a verb grown onto them: "he's", "they'd".
GROWN = words("s d ll ve re m")
REFLEXIVES = words("himself herself itself themselves")

# Words that a full stop belongs to. Those of the second kind may end a sentence as well.
TITLES = words(
    "mr mrs ms dr sen rep gov gen col lt sgt capt cmdr maj adm prof rev hon st mt ft messrs"
    " pres supt det insp del jan feb mar apr jun jul aug sept oct nov dec no vs v fig pp"
    " reps sens gov"
)
ENDINGS = words(
    "jr sr inc corp co ltd llc etc plc u.s u.k u.n d.c a.m p.m ph.d n.y n.h n.j calif fla"
    " ariz mass mich minn wis pa ill conn va ga tex ala ark colo del ind kan ky la md mo"
    " mont neb nev okla ore tenn vt wash r d i wisc ks ri il oh tx ca ny nj fl nc sc nv co"
    " nm mt ut wyo n.c s.c n.m n.d s.d w.va"
)

# What a title in quotation marks is said to be.
WORKS = words(
    "film movie book song show series novel play album documentary program programme ad"
    " podcast essay magazine episode broadcast hit single memoir titled entitled called named"
    " anthem"
)

# Suffixes of words that are mostly adverbs or verb forms.
NOT_ADVERBS = words("family ally assembly reply supply italy rally bully july daily monthly weekly")
NOT_PASTS = words(
    "united hundred bed speed need seed feed breed weed deed reed bleed indeed exceed"
    " proceed succeed shed sped sled fled"
)
NOT_GOING = words(
    "thing king ring spring morning evening meeting building hearing everything anything"
    " nothing something filing briefing beijing wing sibling ceiling being"
)
