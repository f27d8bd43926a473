"""The invented leak: its letters, its quotations, and what stands behind each of its claims."""

from __future__ import annotations

import email
import mailbox
import re
from collections import Counter
from contextlib import closing
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import pytest
import yaml
from sqlite_utils import Database

from datasette_leaks import demo
from datasette_leaks.analysis.model import STATUSES
from datasette_leaks.analysis.run import analyse
from datasette_leaks.loaders.records import (
    BASES,
    CLAIM_RELATION_KINDS,
    INDEPENDENCE,
    SOURCE_KINDS,
    SOURCE_RELATION_KINDS,
    STANCES,
    STATES,
    Document,
)
from datasette_leaks.loaders.webpage import HtmlLoader
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.loading import load_paths
from datasette_leaks.store.report import LoadReport

HARBOUR = Path(__file__).parents[1] / "examples" / "harbour"
NERVOUS = HARBOUR / "mail" / "19-hb2-nervous.eml"
RESERVED = re.compile(r"\.(example|test)$|^schema\.org$")  # that one is JSON-LD's vocabulary
DOSSIERS = ("dossier.yaml", "second.yaml")
TEXTS = tuple(name for name in demo.HARBOUR if name not in DOSSIERS)
#: Words of the article's quotations that others use for something else, too.
COMMON = ("coffee", "no reason to doubt it")
FLAGS = (
    "reported_corroboration", "circular_reporting", "self_inconsistent", "paraphrase_exceeds_quote",
)  # fmt: skip

#: What stands behind each claim of dossier.yaml, and its flags.
EXPECTED: dict[str, tuple[str, ...]] = {
    "six-cranes": ("corroborated",),
    "nobody-climbed-7": ("single_source",),
    "ring-came-apart": ("corroborated",),
    "hush-order": ("single_source",),
    "letters-published": ("single_source",),
    "post-read-all": ("unsourced",),
    "third-of-the-grain": ("unsourced",),
    "crack-in-september": ("echoed",),
    "nineteen-weeks": ("corroborated",),
    "off-the-list": ("corroborated",),
    "thale-was-told": ("single_source",),
    "no-ring-ordered": ("single_source",),
    "signatures-to-be-bought": ("single_source", "paraphrase_exceeds_quote"),
    "gannet-fee": ("corroborated",),
    "three-at-1200": ("single_source",),
    "three-inspectors-paid": ("disputed",),
    "oxbow-paid": ("disputed",),
    "envelope-unopened": ("single_source",),
    "thale-wanted-names": ("single_source",),
    "narrow-gate": ("unidentified_origin",),
    "nobody-looked-up": ("single_source",),
    "fourth-being-asked": ("echoed",),
    "plover-confirmed": ("echoed", "reported_corroboration"),
    "insurer-not-told": ("single_source",),
    "firm-bought-inspections": ("disputed",),
    "visit-announced": ("single_source",),
    "coffee-no-climbing": ("single_source",),
    "form-filled-in": ("single_source",),
    "crane-7-passed": ("corroborated",),
    "oxbow-on-crane-7": ("disputed", "self_inconsistent"),
    "director-did-not-ask": ("single_source",),
    "incurious-is-cheaper": ("not_assessed",),
    "pikestaff-fourth": ("retracted",),
    "wind-brought-it-down": ("disputed",),
    "wind-under-limit": ("corroborated",),
    "crane-4-cracked": ("corroborated",),
    "night-lifts": ("corroborated",),
    "second-crane-withdrawn": ("unidentified_origin", "circular_reporting"),
    "oxbow-suspended": ("unidentified_origin",),
    "everybody-knew": ("unidentified_origin",),
    "more-suits": ("not_assessed",),
    "licence-in-autumn": ("unsourced",),
}
WITH_PROPOSED = {
    "visit-announced": "corroborated",
    "wind-under-limit": "echoed",
    "night-lifts": "single_source",
    "crane-7-passed": "echoed",
}
#: What loading second.yaml adds and changes.
SECOND: dict[str, tuple[str, ...]] = {
    "hush-order": ("echoed",),
    "thale-wanted-names": ("echoed",),
    "wire-inspectors-bribed": ("disputed", "reported_corroboration"),
    "wire-no-answer": ("unsourced",),
    "wire-worst-scandal": ("not_assessed",),
}


def load(db: Database, *names: str) -> LoadReport:
    report = load_paths(db, [HARBOUR / name for name in names], all_loaders())
    analyse(db)
    return report


def results(db: Database) -> dict[str, tuple[str, ...]]:
    """Each claim's status, followed by its flags."""
    rows = db["claims_by_status"].rows
    return {row["id"]: (row["status"], *(f for f in FLAGS if row[f])) for row in rows}


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """All of the example, loaded."""
    db = open_database(tmp_path_factory.mktemp("harbour") / "harbour.db", create=True)
    assert not load(db, *TEXTS, *DOSSIERS).problems
    return db


def parse(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def archive() -> list[EmailMessage]:
    """The messages of the archive, in its order."""
    with closing(mailbox.mbox(HARBOUR / "letters.mbox", create=False)) as box:
        stored = [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118 - a mailbox iterates over messages
    return [parse(re.sub(rb"(?m)^>(>*From )", rb"\1", data)) for data in stored]


ARCHIVE = archive()
LETTERS = {
    int(number[1]): message
    for message in ARCHIVE
    if (number := re.match(r"<20(\d\d)\.", message.get("Message-ID", "")))
} | {19: parse(NERVOUS.read_bytes())}


def plain_text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def squeezed(text: str) -> str:
    """One space for any white space and straight marks, so that wrapped lines compare."""
    straight = text.translate(str.maketrans("‘’“”–", "''\"\"-"))
    return " ".join(straight.split())


def own_words(text: str) -> str:
    """The letter without quoted lines and without what it forwards."""
    written = text.split("---------- Forwarded message")[0]
    return "\n".join(line for line in written.splitlines() if not line.startswith(">"))


def carrier(name: str) -> str:
    """The text of "letter 7" or "statement", as the README names them."""
    if name == "statement":
        [page] = HtmlLoader().load(HARBOUR / "statement.html")
        assert isinstance(page, Document)
        return page.text
    return plain_text(LETTERS[int(name.removeprefix("letter "))])


def table(header: str) -> list[list[str]]:
    """The rows of a table of the README, as cells."""
    lines = (HARBOUR / "README.md").read_text("utf-8").splitlines()
    first = lines.index(header) + 2
    rows = lines[first : lines.index("", first)]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def quotations() -> list[tuple[str, str, str]]:
    """Words, where found, what it is."""
    rows = table("| words in the article | found in | what it is |")
    return [(words, where, what) for words, where, what in rows]


def red_herrings() -> list[str]:
    """Words of everyday mails that come near to a quotation."""
    rows = table("| in an everyday mail | near to |")
    return [words for words, _ in rows]


def everything(message: EmailMessage) -> str:
    """Headers and all texts of a message, also of those inside it."""
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    texts = [str(part.get_content()) for part in parts if isinstance(part, EmailMessage)]
    return "\n".join([str(message["From"]), str(message["To"]), str(message["Subject"]), *texts])


IDS = {letter["Message-ID"] for letter in LETTERS.values()}
EVERYDAY = [squeezed(everything(each)) for each in ARCHIVE if each["Message-ID"] not in IDS]


@pytest.mark.parametrize("number", sorted(LETTERS))
def test_a_letter_has_its_headers(number: int) -> None:
    message = LETTERS[number]
    assert not message.defects
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None
    assert all(message[header] for header in ("From", "To", "Subject"))
    assert re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", message["Message-ID"])
    assert plain_text(message).strip()


def test_the_letters_are_in_order_and_in_threads() -> None:
    assert sorted(LETTERS) == list(range(1, 25))
    letters = [LETTERS[number] for number in sorted(LETTERS)]
    dates = [parsedate_to_datetime(letter["Date"]) for letter in letters]
    assert dates == sorted(dates)
    seen: set[str] = set()
    for letter in letters:
        parents = str(letter.get("References", "")).split()
        assert seen.issuperset(parents)
        assert letter.get("In-Reply-To", "") == (parents[-1] if parents else "")
        seen.add(letter["Message-ID"])
    assert len(seen) == 24


def test_the_archive_is_sound_but_for_what_it_is_to_show() -> None:
    unreadable, anonymous = [], []
    for message in ARCHIVE:
        parts = list(message.walk())
        defects = [defect for part in parts for defect in part.defects]
        assert not defects, message["Subject"]
        if message["Date"].datetime is None:
            unreadable.append(str(message["Subject"]))
        if "Message-ID" not in message:
            anonymous.append(str(message["Subject"]))
        for part in parts:
            if part.get_content_maintype() == "text":
                assert isinstance(part, EmailMessage)
                assert "\ufffd" not in part.get_content()
    assert len(ARCHIVE) == 266
    assert unreadable == ["You have WON", "First aid cupboard"]
    assert anonymous == ["Stop press: printer on the second floor"]
    copies = Counter(message.as_bytes() for message in ARCHIVE)
    assert [parse(data)["Subject"] for data, number in copies.items() if number > 1] == [
        "Visit in November",
        "Forms in the registry, a request",
    ]


def test_the_archive_shows_what_mail_can_be() -> None:
    parts = [part for message in ARCHIVE for part in message.walk()]
    encodings = {str(part.get("Content-Transfer-Encoding", "")) for part in parts}
    assert encodings >= {"7bit", "8bit", "quoted-printable", "base64"}
    assert {part.get_content_charset() for part in parts} >= {
        "us-ascii", "utf-8", "iso-8859-1", "windows-1252",
    }  # fmt: skip
    assert {part.get_content_type() for part in parts} >= {
        "text/html", "text/csv", "image/png", "application/pdf", "message/rfc822",
        "multipart/alternative", "multipart/digest", "multipart/related", "multipart/report",
    }  # fmt: skip
    assert sum(message.get_content_type() == "text/html" for message in ARCHIVE) == 4
    files = Counter(part.get_filename() for part in parts if part.get_filename())
    assert files["parking-from-september.pdf"] == 3
    assert files["note-0207.txt"] == 1
    texts = [plain_text(message) for message in ARCHIVE if message.get_body(("plain",))]
    assert sum("-----Original Message-----" in text for text in texts) > 5
    assert sum("---------- Forwarded message" in text for text in texts) == 2
    assert sum("\n>> " in text for text in texts) > 5
    assert not str(LETTERS[16]["Subject"]).isascii()


def test_every_address_is_reserved() -> None:
    headers = ("From", "To", "Cc")
    for message in (*ARCHIVE, LETTERS[19]):
        addresses = [a for h in headers for _, a in getaddresses(message.get_all(h, []))]
        source = message.as_string()
        hosts = [address.rsplit("@", 1)[1] for address in addresses]
        hosts += re.findall(r"@([^>\s]+)>", str(message.get("Message-ID", "")))
        hosts += re.findall(r"https?://([^/\s)\"]+)", source)
        assert hosts
        for host in hosts:
            assert RESERVED.search(host), f"{message['Subject']}: {host}"
    for name in demo.HARBOUR:
        if not name.endswith((".pdf", ".mbox")):
            text = (HARBOUR / name).read_text("utf-8")
            for host in re.findall(r"https?://([^/\s)\"]+)", text):
                assert RESERVED.search(host), f"{name}: {host}"


@pytest.mark.parametrize(("words", "where", "what"), quotations(), ids=lambda text: text[:24])
def test_a_quotation_is_what_the_readme_says(words: str, where: str, what: str) -> None:
    article = squeezed((HARBOUR / "article.md").read_text("utf-8").replace("*", ""))
    assert squeezed(words) in article
    if where == "nowhere":
        for message in (*ARCHIVE, LETTERS[19]):
            assert squeezed(words) not in squeezed(everything(message))
        return
    text = carrier(where)
    if what.startswith("verbatim"):
        to_the_end = squeezed(words).rstrip(".") + "."
        assert to_the_end in squeezed(own_words(text))
    elif what.startswith(("partial", "too short")):
        assert squeezed(words).rstrip("…") in squeezed(own_words(text))
    elif what.startswith("elided"):
        pieces = [squeezed(piece) for piece in words.split("[...]")]
        places = [squeezed(own_words(text)).find(piece) for piece in pieces]
        assert -1 not in places
        assert places == sorted(places)
    elif what.startswith("inserted words"):
        without = squeezed(re.sub(r"\[[^]]*\]", "", words))
        assert without in squeezed(own_words(text))
    elif what.startswith("passed on"):
        assert squeezed(words) in squeezed(text)
        assert squeezed(words) not in squeezed(own_words(text)) or f'"{words}"' in squeezed(text)
    elif what.startswith("altered"):
        assert squeezed(words) not in squeezed(text)
        assert squeezed(words.replace("I do need", "I do not need")) in squeezed(own_words(text))
    else:
        assert what.startswith("cut short")
        assert squeezed(words) not in squeezed(text)
        assert squeezed(words).removesuffix(".") + " that" in squeezed(own_words(text))


def test_every_exception_is_among_the_quotations() -> None:
    kinds = {re.split("[:;]", what)[0].split(" to ")[0] for _, _, what in quotations()}
    assert kinds >= {
        "verbatim", "partial", "elided", "inserted words", "altered", "passed on", "too short",
        "in no letter", "cut short",
    }  # fmt: skip


@pytest.mark.parametrize("words", [words for words, _, _ in quotations() if words not in COMMON])
def test_the_everyday_mails_only_come_near_to_a_quotation(words: str) -> None:
    """They are there to mislead a check of quotations, not to be found by it."""
    pieces = [squeezed(piece) for piece in re.split(r"\[[^]]*\]", words.rstrip("…"))]
    for text in EVERYDAY:
        assert not all(piece in text for piece in pieces), text[:200]


@pytest.mark.parametrize("words", [*red_herrings(), *COMMON], ids=lambda text: text[:24])
def test_a_red_herring_is_there(words: str) -> None:
    assert any(squeezed(words) in text for text in EVERYDAY)


def forbidden() -> list[str]:
    """The protected source's name, and each part of it: letter 19 is careless with both."""
    found = re.search(r"(\w+) (\w+) was nervous today", plain_text(LETTERS[19]))
    assert found is not None
    return [found[0].removesuffix(" was nervous today"), found[1], found[2]]


def test_the_protected_name_is_in_one_letter_only() -> None:
    """Letter 19 breaks the code, for a publisher's redaction to find; nothing else repeats it."""
    assert NERVOUS.name not in demo.HARBOUR
    files = [path for path in HARBOUR.rglob("*") if path.is_file() and path != NERVOUS]
    texts = [path.read_text("utf-8", errors="replace") for path in files]
    texts += [everything(message) for message in ARCHIVE]
    for name in forbidden():
        assert not [text[:80] for text in texts if name.lower() in text.lower()]


def test_the_protected_name_is_nowhere_in_the_database(harbour: Database) -> None:
    dump = "\n".join(harbour.conn.iterdump()).lower()
    data = [row["data"].lower() for row in harbour["attachment_contents"].rows]
    for name in forbidden():
        assert name.lower() not in dump
        assert not any(name.lower().encode() in each for each in data)


def test_every_cited_letter_is_in_the_archive(harbour: Database) -> None:
    """Also the sheet that came with one of them: it is cited by the slug of its text."""
    cited = [
        document
        for document in yaml.safe_load((HARBOUR / "dossier.yaml").read_text("utf-8"))["documents"]
        if document["kind"] in ("email", "attachment")
    ]
    loaded = {
        row["slug"]: (row["kind"], row["message_id"])
        for row in harbour.query(
            "SELECT slug, kind, emails.message_id FROM documents"
            " LEFT JOIN emails ON emails.document_id = documents.id WHERE text IS NOT NULL"
        )
    }
    for document in cited:
        assert loaded.get(document["id"]) == (document["kind"], document.get("message_id"))
    assert len(cited) == 23


def test_only_a_report_that_nobody_has_is_still_cited_only(harbour: Database) -> None:
    rows = harbour["documents"].rows_where("text IS NULL")
    assert [row["slug"] for row in rows] == ["berth-4-report"]


def test_the_grades_of_a_source_change_over_time(harbour: Database) -> None:
    """As its own reports give them; an answer that quotes one repeats its grades."""
    rows = harbour.query(
        "SELECT reliability, credibility FROM insights JOIN emails USING (document_id)"
        " WHERE \"key\" = 'HB2' AND subject NOT LIKE 'Re: %' ORDER BY insights.sent"
    )
    given = [(row["reliability"], row["credibility"]) for row in rows]
    assert given == [
        ("F", "6"), ("D", "4"), ("D", "3"), ("C", "3"), ("C", "2"), ("D", "4"), ("C", "2"),
    ]  # fmt: skip
    readme = (HARBOUR / "README.md").read_text("utf-8")
    assert ", ".join(" ".join(grades) for grades in given) in " ".join(readme.split())


def test_no_coded_source_is_unmasked(harbour: Database) -> None:
    """A code is protected, and no relation, not even a proposed one, ties it to somebody named."""
    coded = {row["id"] for row in harbour["sources"].rows_where("kind = 'coded_source'")}
    assert coded == {row["id"] for row in harbour["sources"].rows_where("protected")}
    for row in harbour["source_relations"].rows_where("kind = 'same_as'"):
        ends = {row["source_id"], row["other_id"]}
        assert ends <= coded or not ends & coded, ends


def test_established_independence_has_its_reason(harbour: Database) -> None:
    rows = harbour["claims"].rows_where("independence = 'established'")
    assert {row["id"]: bool(row["note"]) for row in rows} == {"gannet-fee": True}


def test_what_stands_behind_each_claim(tmp_path: Path) -> None:
    db = open_database(tmp_path / "first.db", create=True)
    assert not load(db, *TEXTS, "dossier.yaml").problems
    assert results(db) == EXPECTED


def test_the_second_article_adds_echoes_only(harbour: Database) -> None:
    assert results(harbour) == EXPECTED | SECOND


def test_what_would_follow_from_the_proposals(harbour: Database) -> None:
    rows = harbour["claims_by_status"].rows_where("status <> status_with_proposed")
    assert {row["id"]: row["status_with_proposed"] for row in rows} == WITH_PROPOSED


def test_the_statuses_without_any_text(tmp_path: Path) -> None:
    db = open_database(tmp_path / "untold.db", create=True)
    assert not load(db, "second.yaml", "dossier.yaml").problems
    assert results(db) == EXPECTED | SECOND


def test_each_status_and_each_flag_occurs() -> None:
    assert {found[0] for found in EXPECTED.values()} == set(STATUSES)
    assert {flag for found in EXPECTED.values() for flag in found[1:]} == set(FLAGS)


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("claims", "independence", INDEPENDENCE),
        ("claims", "kind", ("statement", "opinion", "prediction")),
        ("claim_relations", "kind", CLAIM_RELATION_KINDS),
        ("source_relations", "kind", SOURCE_RELATION_KINDS),
        ("sources", "kind", SOURCE_KINDS),
        ("sources", "named", (0, 1)),
        ("sources", "protected", (0, 1)),
        ("assertions", "stance", STANCES),
        ("assertions", "state", STATES),
        ("assertions", "basis", BASES),
        ("derivations", "state", STATES),
        ("source_relations", "state", ("accepted", "proposed")),
    ],
)
def test_everything_occurs(
    harbour: Database, table: str, column: str, values: tuple[str | int, ...]
) -> None:
    assert {row[column] for row in harbour[table].rows} == set(values)


def test_every_anchor_has_its_place(harbour: Database) -> None:
    for table in ("claims", "assertions"):
        rows = list(harbour.query(f'SELECT id, "start" FROM {table}'))
        assert [row["id"] for row in rows if row["start"] is None] == []
    elsewhere = harbour.query(
        "SELECT slug, count(*) AS n FROM assertions JOIN documents ON documents.id = document_id"
        " WHERE anchor_document IS NOT NULL GROUP BY slug"
    )
    assert {row["slug"]: row["n"] for row in elsewhere} == {
        "harbour-filing": 4,
        "harbour-statement": 5,
        **dict.fromkeys(("letter-01", "letter-05", "letter-11", "letter-20", "letter-21"), 1),
        **dict.fromkeys(("letter-22", "letter-23"), 1),
        "letter-06": 2,
        "letter-10": 4,
    }


def test_a_marked_claim_opens_and_closes_its_quotations(harbour: Database) -> None:
    spans = harbour.query(
        'SELECT claims.id, substr(documents.text, start + 1, "end" - start) AS words'
        " FROM claims JOIN documents ON documents.id = document_id"
    )
    assert [row["id"] for row in spans if row["words"].count("“") != row["words"].count("”")] == []


def test_claims_overlap_in_the_article(harbour: Database) -> None:
    overlaps = harbour.query(
        "SELECT one.id AS one, other.id AS other FROM claims AS one JOIN claims AS other"
        " ON one.document_id = other.document_id AND one.start < other.start"
        ' AND other.start < one."end"'
    )
    assert {(row["one"], row["other"]) for row in overlaps} >= {
        ("six-cranes", "nobody-climbed-7"),
        ("three-inspectors-paid", "oxbow-paid"),
    }


def test_a_source_has_grades_on_two_scales(harbour: Database) -> None:
    grades = harbour["source_grades"].rows_where("source_id = 'hb2' AND aspect = 'reliability'")
    assert {(row["value"], row["scale"]) for row in grades} == {
        ("C", "nato-stanag-2511"),
        ("B", "uk-5x5x5"),
    }


def test_loaded_twice_it_changes_nothing(harbour: Database) -> None:
    assert load(harbour, *TEXTS, *DOSSIERS).unchanged
