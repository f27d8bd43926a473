"""The sources of a draft, and the documents they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from datasette_leaks.analysis.attribution import DraftSource, Extraction
from datasette_leaks.analysis.draft_words import plain
from datasette_leaks.loaders.records import (
    Cited,
    Description,
    Document,
    Drafted,
    Source,
)
from datasette_leaks.loaders.slugs import slugify
from datasette_leaks.store.keys import title_key, url_key

UNRESOLVED = "Nobody is found who says it."

_TELLING = 4  # letters: of a shorter name, too many publishers end with it

_OUTLET = re.compile(
    r"\b(?:News|Times|Post|Journal|Herald|Guardian|Courier|Gazette|Tribune|Telegraph|Magazine"
    r"|Observer|Chronicle|Wire|Weekly|Daily|Radio|TV|Television|Broadcasting|BBC|CNN|Reuters"
    r"|Associated Press|Agence France-Presse)\b"
)
_ORGANISATION = re.compile(
    r"\b(?:Inc|Ltd|LLC|Corp|Corporation|Company|Group|Union|Institute|Foundation|Association|Bank"
    r"|University|Archive|Risk|Survey|Party|Committee|Council|Network|Partners)\b"
)
_AGENCY = re.compile(
    r"\b(?:agency|administration|authority|authorities|bureau|commission|council|court|department"
    r"|government|inspectorate|ministry|office|parliament|police|prosecutors?)\b",
    re.IGNORECASE,
)
_DOCUMENTS = (
    ("email", r"e-?mails?|letters?|messages?|memos?"),
    ("court_filing", r"filings?|indictments?|affidavits?|lawsuits?|suits?|complaints?|rulings?"),
    ("report", r"reports?|audits?|stud(?:y|ies)|surveys?|investigations?"),
    ("article", r"articles?|stor(?:y|ies)|columns?|editorials?"),
    ("web_page", r"websites?|pages?|posts?|tweets?"),
)
_RECORD = re.compile(
    r"\b(?:filings?|indictments?|affidavits?|rulings?|registers?|records?|transcripts?|logs?"
    r"|census|certificates?)\b",
    re.IGNORECASE,
)


class Ids:
    """Ids that are free: in a draft, and in the others of the same call."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str, otherwise: str) -> str:
        """An id made of ``wanted``, at most 60 characters, with a number where it is taken."""
        base = slugify(wanted)[:60].strip("-") or otherwise
        number, id_ = 1, base
        while id_ in self._taken:
            number += 1
            id_ = f"{base}-{number}"
        self._taken.add(id_)
        return id_


@dataclass(frozen=True, slots=True)
class Cast:
    """The sources and documents of a draft.

    ``sources`` are by the engine's ids, in order, ``outlet`` is the one that speaks when the
    article speaks for itself; ``of_source`` gives the id of the document that a source stands for,
    ``of_link`` that of a URL's document.
    """

    sources: Mapping[str, Source]
    outlet: Source | None
    documents: tuple[Cited, ...]
    of_source: Mapping[str, str]
    of_link: Mapping[str, str]


def cast(
    document: Document,
    extraction: Extraction,
    used: Mapping[str, Drafted],
    source_ids: Ids,
    document_ids: Ids,
) -> Cast:
    """The sources of ``extraction`` that ``used`` names, and the documents the draft cites.

    ``used`` says who drafted each. ``source_ids`` and ``document_ids`` are taken from.
    """
    outlet_key = title_key(document.description.publisher)
    sources: dict[str, Source] = {}
    documents: list[Cited] = []
    of_source: dict[str, str] = {}
    outlet = None
    for each in extraction.sources:
        if each.id not in used:
            continue
        source = _source(document.text, each, source_ids.take(each.id, "source"), used[each.id])
        key = title_key(source.name)
        if outlet is None and len(key) >= _TELLING and outlet_key.endswith(key):
            outlet = source = replace(source, kind="outlet", named=True, description=None)
        sources[each.id] = source
        if each.type == "document":
            id_ = document_ids.take(each.name, "document")
            about = Description(
                document_kind(each.name), title=_sentence(each.name), voice=source.id
            )
            documents.append(Cited(id_, about))
            of_source[each.id] = id_
    if outlet is None and outlet_key:
        name = plain(document.description.publisher or "")
        outlet = Source(source_ids.take(name, "outlet"), name, "outlet")
    of_link: dict[str, str] = {}
    by_key: dict[str, str] = {}
    for url, words in _cited_links(document, extraction).items():
        key = url_key(url) or url
        if key not in by_key:
            by_key[key] = document_ids.take(words, "document")
            about = Description(
                document_kind(words, "web_page"), title=_sentence(words), url=plain(url)
            )
            documents.append(Cited(by_key[key], about))
        of_link[url] = by_key[key]
    return Cast(sources, outlet, tuple(documents), of_source, of_link)


def _source(text: str, draft: DraftSource, id_: str, drafted: Drafted) -> Source:
    kind, named, said = _kind(text, draft)
    aliases = tuple(plain(each).strip(" ,;") for each in draft.aliases)
    if draft.coded:
        # The text may name who is behind a code. To write that down is a person's decision.
        aliases = tuple(each for each in aliases if not _names(each))
    unique = dict.fromkeys(each for each in aliases if each and each != draft.name)
    return Source(
        id_,
        plain(draft.name) or id_,
        kind,
        aliases=tuple(unique),
        description=said,
        named=named,
        drafted=drafted,
    )


def _kind(text: str, draft: DraftSource) -> tuple[str, bool, str | None]:
    """The kind of source, whether it is named, and what an editor has to decide."""
    if draft.coded:
        return "coded_source", True, CODED
    if draft.type in ("collective", "anonymous"):
        return ("collective" if draft.type == "collective" else "person"), False, None
    if draft.type == "document":
        record = _RECORD.search(draft.name) is not None
        return ("official_record" if record else "collective"), record, WRITER
    if _OUTLET.search(draft.name):
        return "outlet", True, None
    if draft.type == "organisation":
        return ("agency" if _AGENCY.search(draft.name) else "organisation"), True, None
    if _ORGANISATION.search(draft.name) or not _person(text, draft):
        return "organisation", True, None
    return "person", True, None


def _person(text: str, draft: DraftSource) -> bool:
    """Whether a name looks like a person's: it has a first name, or a title before it."""
    if " " in draft.name.strip() or any(" " in each and _names(each) for each in draft.aliases):
        return True
    before = (
        rf"(?:\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?|(?<=[a-z,] )[A-Z][\w.-]+) {re.escape(draft.name)}\b"
    )
    return re.search(before, text) is not None


CODED = (
    "Known by a code. Decide whether it is protected; names that the text gives for it are left "
    "out here."
)
WRITER = "Whoever wrote it. Name the writer where the text does."


def _names(alias: str) -> bool:
    """Whether an alias may be a person's name: capitals alone, and no code."""
    words = re.findall(r"[^\W\d_][\w.'’-]*", alias)
    return bool(words) and all(word[0].isupper() for word in words) and not re.search(r"\d", alias)


def document_kind(words: str, otherwise: str = "other") -> str:
    """The kind of document that the words name, by the last noun of such a thing in them."""
    found = [
        (match.end(), kind)
        for kind, pattern in _DOCUMENTS
        for match in re.finditer(rf"\b(?:{pattern})\b", words, re.IGNORECASE)
    ]
    return max(found)[1] if found else otherwise


def _cited_links(document: Document, extraction: Extraction) -> dict[str, str]:
    """The web addresses that attributions cite, with the words of their first link, in order."""
    words: dict[str, str] = {}
    for link in document.links:
        if link.role == "citation" and url_key(link.url):
            words.setdefault(link.url, document.text[link.start : link.end])
    cited = dict.fromkeys(row.link for row in extraction.attributions if row.link in words)
    return {url: words[url] for url in cited if url is not None}


def _sentence(words: str) -> str | None:
    words = plain(words)
    return (words[:1].upper() + words[1:]) or None
