"""What stands in the fields of a header: words, parameters, addresses, dates, Message-IDs."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from .mail_charset import clean, decode
from .mail_mime import decode_base64

# Message-IDs of one field; the longest real threads have some hundred.
REFERENCES = 1_000
# Parameters of one field, the pieces of RFC 2231 counted each.
PARAMETERS = 500
# Characters of a field's value that are kept in a cache, where senders and lists repeat.
_CACHED = 300

_FOLD = re.compile(rb"\r?\n[ \t]*")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([BbQq])\?([^?]*)\?=")
_PARAMETER = re.compile(
    r';\s{0,99}([^\s=;"]{1,80})\s{0,99}=\s{0,99}(?:"((?:[^"\\]|\\.)*)"|([^;]*))', re.DOTALL
)
_SEGMENT = re.compile(r"(.+?)(?:\*([0-9]{1,4}))?(\*)?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,64}")
_ANGLE_ID = re.compile(r"<([^<>]*)>")
_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*)"'  # 1: a quoted string
    r"|<([^<>]*)>"  # 2: an address
    r"|\[(?:mailto:)?([^\s\[\]<>\"@]{1,200}@[^\s\[\]<>\"]{1,300})\]"  # 3: one as in Outlook
    r'|([,;:()"<>])'  # 4: a sign
    r'|([^\s,;:()"<>]+)',  # 5: a word
    re.DOTALL,
)
# Words and one address, in which nothing is quoted, encoded or a comment.
_USUAL = re.compile(
    r"\s{0,9}([^\s,;:()\"<>\[\]'@=][^,;:()\"<>\[\]'@=]{0,200}|)\s{0,9}"
    r"<([^\s,;:()\"<>\[\]'@]{1,100}@[^\s,;:()\"<>\[\]'@]{1,200})>\s{0,9}"
)
_OBFUSCATED = re.compile(r"([^\s@<>()\",;]{1,100}) at ([A-Za-z0-9.-]{1,200})")
_COMMENT = re.compile(r"\\.|[()]", re.DOTALL)  # quotation marks mean nothing in comments

Names = list[tuple[str, str]]


def unfold(value: bytes) -> tuple[str, bool]:
    """A field's value as one line of clean text, encoded words left as they are.

    The second value says whether its 8-bit bytes were no UTF-8, so that their charset was guessed.
    """
    if b"\n" in value:
        value = _FOLD.sub(b" ", value)
    value = value.strip()
    if value.isascii() and (line := value.decode("ascii")).isprintable():
        return line, False
    text, mark = decode(value)
    if "\n" in text or "\t" in text:
        text = text.replace("\n", " ").replace("\t", " ")
    return text, mark is not None


def decode_words(text: str) -> tuple[str, bool]:
    """``text`` with its encoded words (RFC 2047) decoded, and whether a charset was guessed.

    Words of one charset that follow each other are decoded together: many programs cut them in
    the middle of a character. What is no sound encoded word stays as written.
    """
    if "=?" not in text:
        return text, False
    pieces: list[str] = []
    waiting: list[bytes] = []
    charset = ""
    guessed = False
    at = 0

    def flush() -> bool:
        if not waiting:
            return False
        decoded, mark = decode(b"".join(waiting), charset)
        pieces.append(decoded.replace("\n", " ").replace("\t", " "))
        waiting.clear()
        return mark is not None

    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        declared = word[1].partition("*")[0].lower()
        if between and not (at and between.isspace()):
            guessed |= flush()
            pieces.append(between)
        elif declared != charset:
            guessed |= flush()
        charset = declared
        raw = word[3].encode("utf-8")
        waiting.append(
            decode_base64(raw)[0] if word[2] in "Bb" else binascii.a2b_qp(raw, header=True)
        )
        at = word.end()
    guessed |= flush()
    pieces.append(text[at:])
    return "".join(pieces), guessed


def read_text(value: bytes) -> tuple[str, bool]:
    """An unstructured field (Subject) as text, and whether a charset was guessed."""
    text, guessed = unfold(value)
    decoded, also = decode_words(text)
    return decoded.strip(), guessed or also


def media_type(value: str) -> str:
    """The media type that begins a Content-Type, in lower case; "" where it is none."""
    name = value.partition(";")[0].strip().lower()
    return name if _MEDIA_TYPE.fullmatch(name) else ""


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition by lower-case name.

    RFC 2231's charsets and continuations are undone, and encoded words, which do not belong there
    and are common. Of equal names the first counts; one of RFC 2231 goes before a plain one.
    """
    if ";" not in value:
        return {}
    if len(value) <= _CACHED:
        return dict(_cached_parameters(value))
    return _parameters(value)


@lru_cache(maxsize=1024)
def _cached_parameters(value: str) -> dict[str, str]:
    return _parameters(value)


def _parameters(value: str) -> dict[str, str]:
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(value)):
        if count == PARAMETERS:
            break
        name = found[1].lower()
        content = _ESCAPED.sub(r"\1", found[2]) if found[2] is not None else found[3].strip()
        if "*" not in name:
            plain.setdefault(name, decode_words(content)[0])
            continue
        segment = _SEGMENT.fullmatch(name)
        if segment:
            numbered = pieces.setdefault(segment[1], {})
            numbered.setdefault(int(segment[2] or 0), (content, segment[3] is not None))
    for name, numbered in pieces.items():
        plain[name] = _join_segments([numbered[number] for number in sorted(numbered)])
    return plain


def _join_segments(segments: list[tuple[str, bool]]) -> str:
    charset, data = "", bytearray()
    for index, (content, encoded) in enumerate(segments):
        if encoded and index == 0 and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        raw = content.encode("utf-8")
        data += unquote_to_bytes(raw) if encoded else raw
    return decode(bytes(data), charset)[0].replace("\n", " ").replace("\t", " ")


def file_name(value: str) -> str | None:
    """A declared file name as one clean line, never trusted; None where it is empty."""
    return clean(value).replace("\n", " ").replace("\t", " ").strip() or None


def addresses(value: str, most: int) -> Names:
    """The (name, address) pairs of an address field, at most ``most``; either may be "".

    ``value`` is unfolded, encoded words still in it: a comma inside one parts nothing. Groups give
    their members, comments the name where there is no other. ``user at domain (Name)``, as mailing
    list archives write it, gives the address. Addresses come in lower case.
    """
    if len(value) <= _CACHED:
        return list(_cached_addresses(value))[:most]
    items = _items(value) if most > 0 else None
    if items is None:
        return _addresses(value, most)
    found: Names = []
    for item in items:
        found += _cached_addresses(item) if len(item) <= _CACHED else _addresses(item, most)
        if len(found) >= most:
            break
    return found[:most]


def _items(value: str) -> list[str] | None:
    """What stands between the commas of an address field, None where they cannot tell.

    The same people are in many long fields, so that each is read once.
    """
    if "(" in value or "[" in value or "\\" in value:
        return None
    items: list[str] = []
    pieces: list[str] = []  # of an item with commas in a quoted string that has no end yet
    for piece in value.split(","):
        if piece.count('"') % 2:
            pieces.append(piece)
            if len(pieces) == 1:
                continue
            piece, pieces = ",".join(pieces), []
        elif pieces:
            pieces.append(piece)
            continue
        if "<" in piece or ">" in piece:
            before, _, inside = piece.partition("<")
            if ">" in before or "<" in inside or '"' in inside or inside.count(">") != 1:
                return None
        items.append(piece)
    return None if pieces else items


@lru_cache(maxsize=4096)
def _cached_addresses(value: str) -> tuple[tuple[str, str], ...]:
    usual = _USUAL.fullmatch(value)
    if usual is None:
        return tuple(_addresses(value, _CACHED))
    address = usual[2].lower()
    return ((" ".join(usual[1].split()), address),)


def _addresses(value: str, most: int) -> Names:
    found: Names = []
    words: list[str] = []
    comments: list[str] = []
    angle: str | None = None
    named = True  # no @ among the words yet, so that a colon would end the name of a group
    unclosed = False
    token = _TOKEN.search(value)
    while token:
        quoted, inside, outlook, sign, word = token.groups()
        end = token.end()
        if word is not None:
            named = named and "@" not in word
            if words and word[0] == "@" and words[-1] and value[token.start() - 1] == '"':
                words[-1] += word
            else:
                words.append(word)
        elif inside is not None or outlook is not None:
            if angle:
                named = named and "@" not in angle
                words.append(angle)
            angle = inside if inside is not None else outlook
        elif quoted is not None:
            named = named and "@" not in quoted
            words.append(_ESCAPED.sub(r"\1", quoted))
        elif sign == "(":
            stop = _comment_end(value, end)
            comments.append(value[end:stop])
            end = stop + 1
        elif sign in ",;":
            _take(found, words, comments, angle)
            words, comments, angle, named = [], [], None, True
            if len(found) >= most:
                return found[:most]
        elif sign == ":" and named:
            words = []  # the name of a group
        elif sign == '"':
            # The quoted string has no end, so it is none: the rest is read without its marks.
            unclosed = True
            break
        token = _TOKEN.search(value, end)
    if unclosed:
        rest = value[end:].replace('"', " ")
        head = " ".join([*words, f"<{angle}>" if angle else ""])
        return found + _addresses(f"{head} {rest}".replace('"', " "), most - len(found))
    _take(found, words, comments, angle)
    return found[:most]


def _comment_end(value: str, at: int) -> int:
    """Where the comment ends whose words begin at ``at``: its closing parenthesis, or the end."""
    depth = 1
    for sign in _COMMENT.finditer(value, at):
        depth += (sign[0] == "(") - (sign[0] == ")")
        if not depth:
            return sign.start()
    return len(value)


def _take(found: Names, words: list[str], comments: list[str], angle: str | None) -> None:
    """Add what was read up to a comma, if it is anything."""
    phrase = " ".join(words)
    if angle is None or not angle.strip():
        address = ""
        if "@" in phrase:
            spot = next((n for n, word in enumerate(words) if "@" in word.strip("@")), None)
            if spot is None:
                address, phrase = "@".join(map(str.strip, phrase.split("@"))), ""
            else:
                address = words[spot]
                phrase = " ".join(words[:spot] + words[spot + 1 :])
        elif (hidden := _OBFUSCATED.fullmatch(phrase)) and (comments or "." in hidden[2]):
            address, phrase = f"{hidden[1]}@{hidden[2]}", ""
    else:
        address = angle
    address = _plain_address(address)
    name = _plain_name(phrase or " ".join(comments))
    if name or address:
        found.append(("" if name.lower() == address else name, address))


def _plain_address(address: str) -> str:
    address = address.strip().lower().removeprefix("mailto:")
    if address.startswith("@") and ":" in address:  # a route, RFC 5322 section 4.4
        address = address.rpartition(":")[2]
    if " at " in address and (hidden := _OBFUSCATED.fullmatch(address)):
        address = f"{hidden[1]}@{hidden[2]}"
    if "@" in address:
        address = "@".join(map(str.strip, address.split("@")))
    return address.strip("'\"").replace("<", "").replace(">", "")


def _plain_name(name: str) -> str:
    if "=?" in name:
        name = decode_words(name)[0]
    name = " ".join(name.replace("<", " ").replace(">", " ").split())
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name


def message_ids(values: Iterable[bytes]) -> tuple[tuple[str, ...], bool]:
    """The Message-IDs in fields, without angle brackets, each once, and whether some were left out.

    Where nothing stands in angle brackets, words with an @ count (RFC 5322 section 4.5.4).
    """
    found: dict[str, None] = {}
    for value in values:
        text, _ = unfold(value)
        ids = _ANGLE_ID.findall(text) or [word.strip("<>") for word in text.split() if "@" in word]
        for each in ids:
            if each := "".join(each.split()):
                found[each] = None
    return tuple(found)[:REFERENCES], len(found) > REFERENCES
