"""Dossiers with mistakes, and what must be said of each: line, field, and words of the message."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "dossier: letters\ntitle: Letters\n"
ARTICLE = HEAD + "article: {id: port}\n"
CLAIM = ARTICLE + "claims:\n  - id: paid\n    text: It paid.\n"
SAID = CLAIM + "    assertions:\n      - source: ada\n        stance: asserts\n"


@dataclass(frozen=True)
class Case:
    """``told`` holds, for each mistake, its line, its field and words that the message has."""

    name: str
    text: str
    told: tuple[tuple[int, str, tuple[str, ...]], ...]


def one(name: str, text: str, line: int, path: str, *words: str) -> Case:
    return Case(name, text, ((line, path, words),))


CASES = (
    one("text only", "hello\n", 1, "", '"hello"', "dossier: ID"),
    one("list at the top", "- dossier: a\n", 1, "", "a list", "dossier: ID"),
    Case("empty mapping", "{}\n", ((1, "", ("no dossier", "Add dossier:")),
                                   (1, "", ("no title", "Add title:")))),
    one("empty document", "---\n", 2, "", "nothing"),
    one("no title", "dossier: letters\n", 1, "", "no title"),
    one("misspelt key", HEAD + "sorces: []\n", 3, "sorces", "unknown field",
        "Did you mean sources?"),
    one("misspelt stance", SAID.replace("asserts", "assert"), 9, "claims.paid.assertions[0].stance",
        '"assert"', "declines_to_comment", "Did you mean asserts?"),
    one("kind with a space", HEAD + "sources:\n- {id: a, name: A, kind: coded source}\n", 4,
        "sources.a.kind", "Did you mean coded_source?"),
    one("key of another item",
        SAID + "        claim: paid\n", 10, "claims.paid.assertions[0].claim",
        "unknown field", "is about that claim"),
    one("id with capitals", HEAD.replace("letters", "The Letters"), 1, "dossier", '"The Letters"',
        "lower-case", "Write the-letters"),
    one("id too long", HEAD.replace("letters", "a" * 81), 1, "dossier", "at most 80 characters"),
    one("id with a line break", HEAD.replace("letters", '"letters\\n"'), 1, "dossier", "an id"),
    one("id of another script", HEAD.replace("letters", "письма"), 1, "dossier", "an id"),
    one("empty title", "dossier: letters\ntitle:\n", 2, "title", "nothing", "leave it out"),
    one("title of spaces", 'dossier: letters\ntitle: "  "\n', 2, "title", "expected text"),
    one("title is a list", "dossier: letters\ntitle: [a, b]\n", 2, "title", "a list"),
    one("claims empty", ARTICLE + "claims:\n", 4, "claims", "nothing", "a list"),
    one("claims is a mapping", ARTICLE + "claims:\n  id: paid\n", 5, "claims", "a mapping",
        "a list"),
    one("one alias as text", HEAD + "sources:\n- {id: a, name: A, kind: person, aliases: Al}\n", 4,
        "sources.a.aliases", "a list", "Write [Al]"),
    one("yes for a boolean", HEAD + "sources:\n- {id: a, name: A, kind: person, named: yes}\n", 4,
        "sources.a.named", '"yes"', "true or false"),
    one("quoted boolean", HEAD + 'sources:\n- {id: a, name: A, kind: person, named: "true"}\n', 4,
        "sources.a.named", "without quotation marks"),
    one("boolean for text", HEAD + "note: {a: true}\n", 3, "note", "a mapping", "text"),
    one("date of words", ARTICLE.replace("port", "port, published: March 2021"), 3,
        "article.published", '"March 2021"', "2012-10"),
    one("day that is none", ARTICLE.replace("port", "port, published: 2021-02-30"), 3,
        "article.published", "2021-02-30 is no date", "calendar"),
    one("month 13", SAID + "        said_on: 2021-13\n", 10, "claims.paid.assertions[0].said_on",
        "month"),
    one(
        "year 0", SAID + "        said_on: 0000\n", 10, "claims.paid.assertions[0].said_on", "year",
    ),
    one("time without UTC", SAID + "        said_on: 2021-01-01T10:00\n", 10,
        "claims.paid.assertions[0].said_on", "T11:00:00Z"),
    one("anchor as text", CLAIM + "    at: paid three\n", 7, "claims.paid.at", "{start:"),
    one("anchor without start", CLAIM + "    at: {end: away}\n", 7, "claims.paid.at", "no start"),
    one("relation as text", CLAIM + "    narrower_than: other\n", 7, "claims.paid.narrower_than",
        "Write [other]"),
    one("relation as list", CLAIM + "    narrower_than: [[other]]\n", 7,
        "claims.paid.narrower_than[0]", "a list", "a claim's id"),
    one("relation without claim", CLAIM + "    same_as: [{state: proposed}]\n", 7,
        "claims.paid.same_as[0]", "no claim"),
    one("relation misspelt", CLAIM + "    same_as: [{claim: b, stat: proposed}]\n", 7,
        "claims.paid.same_as[0].stat", "Did you mean state?"),
    one("claim relations as sources have them", CLAIM + "    relations: [a]\n", 7,
        "claims.paid.relations", "narrower_than: [ID]"),
    one("two relations in one", HEAD + "sources:\n- id: a\n  name: A\n  kind: person\n"
        "  relations:\n  - {same_as: b, dependent_on: c}\n", 8, "sources.a.relations[0]",
        "not exactly one"),
    one("narrower than itself", CLAIM + "    narrower_than: [paid]\n", 7,
        "claims.paid.narrower_than[0]", "itself"),
    one("the same as itself", HEAD + "sources:\n- id: a\n  name: A\n  kind: person\n"
        "  relations:\n  - {same_as: a}\n", 8, "sources.a.relations[0].same_as", "itself"),
    one("derives from itself", SAID + "        derives_from: [paid--ada]\n", 10,
        "claims.paid.assertions[0].derives_from[0]", "itself"),
    one("the same relation twice", CLAIM + "    supports: [b, {claim: b}]\n", 7,
        "claims.paid.supports[1].claim", "twice"),
    one("circle of claims", ARTICLE + "claims:\n- {id: a, text: A, narrower_than: [b]}\n"
        "- {id: b, text: B, narrower_than: [{claim: c}]}\n- {id: c, text: C, narrower_than: [a]}\n",
        7, "claims.c.narrower_than[0]", "a → b → c → a"),
    one("echo of nothing", SAID.replace("asserts", "echoes"), 9, "claims.paid.assertions[0].stance",
        "derives_from"),
    one("claims without article", HEAD + "claims: [{id: a, text: A}]\n", 3, "claims", "no article"),
    one("claim id twice", CLAIM + "  - {id: paid, text: B}\n", 7, "claims[1].id", "used twice",
        "line 5"),
    one("document id twice", ARTICLE + "documents: [{id: port}]\n", 4, "documents[0].id", "twice"),
    one("assertion id twice", SAID + "      - {id: paid--ada, source: b, stance: denies}\n", 10,
        "claims.paid.assertions[1]", "paid--ada is used twice", "line 8"),
    one("own claim from outside", CLAIM
        + "assertions:\n- {claim: paid, source: a, stance: denies}\n", 8,
        "assertions[0].claim", "Put the assertion under the claim on line 5"),
    one("dossier id twice", HEAD + "---\n" + HEAD, 4, "dossier", "used twice", "line 1"),
    one("key twice", HEAD + "title: Other\n", 3, "title", "stands twice", "line 2"),
    one("alias", "dossier: letters\ntitle: &t Letters\n", 2, "title", "anchor &t"),
    Case("anchor and alias", HEAD + "note: &n a\narticle: {id: a, note: *n}\n",
         ((3, "note", ("&n",)), (4, "article.note", ("alias *n", "quotation marks")))),
    Case("billion laughs", "dossier: &a [x, x]\ntitle: &b [*a, *a]\nnote: [*b, *b]\n",
         ((1, "dossier", ("&a",)), (2, "title", ("&b",)), (2, "title[0]", ("*a",)),
          (2, "title[1]", ("*a",)), (3, "note[0]", ("*b",)), (3, "note[1]", ("*b",)),
          (3, "note", ("a list",)))),
    one("python tag", HEAD + "note: !!python/object/apply:os.system [ls]\n", 3, "note",
        "the YAML tag !!python"),
    one("local tag", HEAD + "note: !secret a\n", 3, "note", "tag !secret"),
    one("merge key", HEAD + "<<: {note: a}\n", 3, "<<", "unknown field"),
    one("list as a key", HEAD + "? [a]\n: b\n", 3, "", "a key that is not text"),
    one("deep list", HEAD + "note: " + "[" * 5000 + "\n", 3, "", "50 levels"),
    one("deep mapping", HEAD + "note: " + "{a: " * 5000 + "\n", 3, "", "50 levels"),
    one("deep key", HEAD + "? " + "[" * 5000 + "\n", 3, "", "50 levels"),
    one("colon in text", "dossier: a\ntitle: Re: the letters\n", 2, "", "not valid YAML",
        "quotation marks"),
    one("tab", "dossier: a\ntitle: b\narticle:\n\tid: c\n", 4, "", "spaces instead of tabs"),
    one("bracket left open", HEAD + "documents: [{id: a}\n", 4, "", "not valid YAML"),
    one("quotation mark left open", HEAD + 'note: "a\n', 4, "", "never closed"),
    one("text that begins with @", HEAD + "note: @a\n", 3, "", "quotation marks"),
    one("text that begins with *", HEAD + "note: *\n", 3, "", "quotation marks"),
    one("escape that is none", HEAD + 'note: "a\\q"\n', 3, "", "backslash"),
    one("wrong indentation", HEAD + "documents:\n  - id: a\n   title: b\n", 5, "", "not valid"),
    one("control character", HEAD + "note: a\x07b\n", 3, "", "U+0007"),
    one("escaped control character", HEAD + 'note: "a\\0b"\n', 3, "note", "U+0000"),
    one("half a character", HEAD + 'note: "\\ud800"\n', 3, "note", "U+D800"),
    Case("many at once", "dossier: A B\ntitle: ''\nsources:\n- {id: a, kind: man}\nclaim: []\n",
         ((1, "dossier", ("an id",)), (2, "title", ("nothing",)), (4, "sources.a", ("no name",)),
          (4, "sources.a.kind", ("one of person",)), (5, "claim", ("Did you mean claims?",)))),
)  # fmt: skip
