"""The invented leak: its letters, its quotations, and what stands behind each of its claims."""

from __future__ import annotations

import email
import re
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import pytest

HARBOUR = Path(__file__).parents[1] / "examples" / "harbour"
LETTERS = sorted((HARBOUR / "mail").glob("*.eml"))
RESERVED = re.compile(r"\.(example|test)$")


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
    if what.startswith(("verbatim", "partial", "too short")):
        assert squeezed(words).rstrip(".…") in squeezed(own_words(text))
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
