"""The invented leak: its letters, its quotations, and what stands behind each of its claims."""

from __future__ import annotations

import email
import re
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

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
)
from datasette_leaks.plugins import all_loaders
from datasette_leaks.store.connection import open_database
from datasette_leaks.store.loading import load_paths
from datasette_leaks.store.report import LoadReport

HARBOUR = Path(__file__).parents[1] / "examples" / "harbour"
LETTERS = sorted((HARBOUR / "mail").glob("*.eml"))
RESERVED = re.compile(r"\.(example|test)$")
TEXTS = ("article.md", "second-article.md", "filing.txt", "statement.txt")
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
    assert not load(db, *TEXTS, "dossier.yaml", "second.yaml").problems
    return db


def read(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


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
        return (HARBOUR / "statement.txt").read_text("utf-8")
    number = int(name.removeprefix("letter "))
    return plain_text(read(LETTERS[number - 1]))


def quotations() -> list[tuple[str, str, str]]:
    """Rows of the README's table of quotations: words, where found, what it is."""
    lines = (HARBOUR / "README.md").read_text("utf-8").splitlines()
    first = lines.index("| words in the article | found in | what it is |") + 2
    rows = []
    for line in lines[first : lines.index("", first)]:
        words, where, what = (cell.strip() for cell in line.strip("|").split("|"))
        rows.append((words, where, what))
    return rows


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_letter_has_its_headers(path: Path) -> None:
    message = read(path)
    assert not message.defects
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None
    assert all(message[header] for header in ("From", "To", "Subject"))
    assert re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", message["Message-ID"])
    assert plain_text(message).strip()


def test_the_letters_are_in_order_and_in_threads() -> None:
    letters = [read(path) for path in LETTERS]
    assert [int(path.name[:2]) for path in LETTERS] == list(range(1, 25))
    dates = [parsedate_to_datetime(letter["Date"]) for letter in letters]
    assert dates == sorted(dates)
    seen: set[str] = set()
    for letter in letters:
        parents = str(letter.get("References", "")).split()
        assert seen.issuperset(parents)
        assert letter.get("In-Reply-To", "") == (parents[-1] if parents else "")
        seen.add(letter["Message-ID"])
    assert len(seen) == 24


def test_the_letters_show_what_mail_can_be() -> None:
    parts = [part for path in LETTERS for part in read(path).walk()]
    encodings = {str(part.get("Content-Transfer-Encoding", "")) for part in parts}
    assert encodings >= {"7bit", "quoted-printable", "base64"}
    assert {part.get_content_charset() for part in parts} >= {"us-ascii", "utf-8", "iso-8859-1"}
    assert any(part.get_content_type() == "text/html" for part in parts)
    assert [part.get_filename() for part in parts if part.get_filename()] == ["note-0207.txt"]
    assert not str(read(LETTERS[15])["Subject"]).isascii()
    assert b"Subject: =?utf-8?" in LETTERS[15].read_bytes()


def test_every_address_is_reserved() -> None:
    headers = ("From", "To", "Cc")
    for path in LETTERS:
        message = read(path)
        addresses = [a for h in headers for _, a in getaddresses(message.get_all(h, []))]
        identifiers = re.findall(r"@([^>\s]+)>", message.as_string())
        hosts = [address.rsplit("@", 1)[1] for address in addresses] + identifiers
        assert hosts
        for host in hosts:
            assert RESERVED.search(host), f"{path.name}: {host}"
    for path in (*HARBOUR.glob("*.md"), *HARBOUR.glob("*.yaml"), *HARBOUR.glob("*.txt")):
        for host in re.findall(r"https?://([^/\s)\"]+)", path.read_text("utf-8")):
            assert RESERVED.search(host), f"{path.name}: {host}"


@pytest.mark.parametrize(("words", "where", "what"), quotations(), ids=lambda text: text[:24])
def test_a_quotation_is_what_the_readme_says(words: str, where: str, what: str) -> None:
    article = squeezed((HARBOUR / "article.md").read_text("utf-8").replace("*", ""))
    assert squeezed(words) in article
    if where == "nowhere":
        for path in LETTERS:
            assert squeezed(words) not in squeezed(plain_text(read(path)))
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


def test_the_protected_name_is_in_one_letter_only() -> None:
    """Letter 19 breaks the code, for a publisher's redaction to find; nothing else repeats it."""
    found = re.search(r"(\w+ (\w+)) was nervous today", plain_text(read(LETTERS[18])))
    assert found is not None
    for path in HARBOUR.rglob("*"):
        if path.is_file() and path != LETTERS[18]:
            assert found[2] not in path.read_text("utf-8", errors="replace"), path.name


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
    assert load(harbour, *TEXTS, "dossier.yaml", "second.yaml").unchanged
