"""Which blocks of an article are furniture, by what is usual in print-outs and CMS exports.

The rules read English. Where they are in doubt a block is body: text that a reader misses is worse
than an advert that stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .blocks import Block
from .bylines import parse_byline
from .records import Passage

_SHORT = 120  # code points; a longer paragraph is running prose unless a rule says otherwise

_CREDIT_LABEL = re.compile(
    r"\(?(?:(?:lead |top |main |cover )?(?:photo(?:graph)?s?|images?|pictures?|illustrations?"
    r"|graphics?)(?: credits?)?|credits?)\s*:\s*\S",
    re.IGNORECASE,
)
_CREDIT_BY = re.compile(
    r"\(?(?:photo(?:graph)?s?|photography|images?|pictures?|illustrations?|graphics?)\s+"
    r"(?:by|courtesy(?:\s+of)?|via)\s+\S",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"(?:related(?:\s+(?:articles?|stor(?:y|ies)|content|coverage|reading|posts?|links?|news))?"
    r"|(?:read|see|watch)\s+(?:more|also|next)|also\s+read|further\s+reading|recommended(?:\s+reading)?"
    r"|(?:recommended|more)\s+for\s+you|more\s+(?:stories|articles|coverage|news)"
    r"|more\s+(?:on|about|from)\s+.{1,40}|you\s+(?:may|might)\s+also\s+like"
    r"|most\s+(?:read|popular)|trending(?:\s+now)?|don['’]t\s+miss)",
    re.IGNORECASE,
)
_ADVERT = re.compile(
    r"(?:subscribe(?:\s+(?:to|now|today|for|here)\b.*)?"
    r"|sign\s+up(?:\s+(?:to|for|now|today|here)\b.*)?"
    r"|(?:join|get)\s+(?:our|the)\b.*\bnewsletter\b.*"
    r"|(?:our|daily|weekly|free)\s+newsletters?|newsletter\s+sign-?up"
    r"|advert(?:isement|ising)?s?|sponsored(?:\s+(?:content|post|links?))?|promoted(?:\s+content)?"
    r"|support\s+(?:our|independent)\s+(?:journalism|work|reporting)|donate(?:\s+(?:now|today))?"
    r"|become\s+a\s+(?:member|subscriber|supporter)(?:\s+(?:now|today))?"
    r"|start\s+your\s+free\s+trial)",
    re.IGNORECASE,
)
_INVITES = re.compile(r"(?:subscribe|sign\s+up)\s+(?:to|for|now|today|here)\b", re.IGNORECASE)
_OFFER = re.compile(
    r"^(?:get|discover|enjoy|join|become|support\s+(?:our|independent)|never\s+miss|don['’]t\s+miss"
    r"|stay\s+(?:informed|up\s+to\s+date)|subscribe|sign\s+up|start\s+your|donate|order\s+now)\b"
    r"|\b(?:we\s+bring\s+you|in\s+your\s+inbox|to\s+your\s+inbox|your\s+(?:e-?mail|inbox)"
    r"|our\s+(?:readers|journalism|subscribers|newsletter|reporting)|unsubscribe|cancel\s+any\s?time"
    r"|free\s+trial|money[- ]back|unlimited\s+access|subscribe\s+(?:to|now|today))\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:said|says|told|according\s+to|wrote|writes|claimed|reported|alleged)\b", re.IGNORECASE
)
_NAVIGATION = re.compile(
    r"share(?:\s+(?:this(?:\s+\w+)?|on\s+.{1,30}))?|print(?:\s+(?:this(?:\s+\w+)?|page|article))?"
    r"|e-?mail\s+(?:this(?:\s+\w+)?|to\s+a\s+friend)|tweet(?:\s+this)?|back\s+to\s+top"
    r"|skip\s+to\s+(?:main\s+)?content|(?:next|previous)(?:\s+(?:page|article|story|post))?"
    r"|(?:leave\s+a\s+)?comments?|\d+\s+comments?|home|menu"
    r"|[-–—\s]*(?:p(?:age|\.)\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*",
    re.IGNORECASE,
)
_OPENING_MARKS = "\"'“‘«„([*_ "
_CLOSING_MARKS = "\"'”’»)] "


def classify(text: str, blocks: Sequence[Block]) -> list[str | None]:
    """The furniture role of each block of ``text``, or None for what belongs to the article.

    Roles are byline, credit, related, advert, navigation and other. Blocks are in text order.
    """
    words = [text[block.body : block.end].strip() for block in blocks]
    roles = [_alone(block, own) for block, own in zip(blocks, words, strict=True)]
    _bylines(blocks, words, roles)
    _related(blocks, words, roles)
    _adverts(blocks, words, roles)
    _edges(blocks, words, roles)
    return roles


def passages(
    text: str, blocks: Sequence[Block], roles: Sequence[str | None]
) -> tuple[Passage, ...]:
    """The passages of ``text`` for its ``blocks`` with the ``roles`` that classify gave them.

    A paragraph ``continues`` the last body passage where a rule, form feed or page furniture stands
    between them and it begins in lower case, or page furniture does and the last one breaks off.
    """
    made = []
    last: Block | None = None
    furniture = rule = False
    for block, role in zip(blocks, roles, strict=True):
        rule = rule or block.broken
        if role:
            furniture = furniture or role in ("byline", "navigation")
            made.append(Passage("furniture", block.start, block.end, block.level, role))
            continue
        continues = False
        if last and last.kind == block.kind == "paragraph" and (furniture or rule):
            continues = _goes_on(text, last, block, furniture)
        made.append(Passage(block.kind, block.start, block.end, block.level, None, continues))
        if block.kind != "caption":
            last, furniture, rule = block, False, False
    return tuple(made)


def _goes_on(text: str, last: Block, block: Block, furniture: bool) -> bool:
    opening = text[block.body : block.body + 20].lstrip(_OPENING_MARKS)
    if opening[:1].islower():
        return True
    before = text[last.body : last.end]
    ending = before.rstrip(_CLOSING_MARKS)
    broken_off = ending[-1:].isalnum() or ending.endswith((",", ";", "-", "–", "—"))
    return furniture and broken_off and len(before) > _SHORT


def _alone(block: Block, words: str) -> str | None:
    """The role that a block shows by itself."""
    if block.kind not in ("paragraph", "list_item", "caption"):
        return None
    if words.startswith("<!--") and words.find("-->") == len(words) - 3:
        return "other"
    if len(words) <= 300 and _CREDIT_LABEL.match(words) and not _is_sentence_pair(words):
        return "credit"
    if (
        len(words) <= _SHORT
        and _CREDIT_BY.match(words)
        and (block.marked or words[-1] not in ".!?")
    ):
        return "credit"
    set_apart = block.kind == "paragraph" or block.linked
    if set_apart and len(words) <= _SHORT and _NAVIGATION.fullmatch(words):
        return "navigation"
    before = block.beside_links[:_SHORT]
    if block.links and before.endswith(":") and _RELATED.fullmatch(before.rstrip(" :")):
        return "related"
    return None


def _is_sentence_pair(words: str) -> bool:
    return len(re.findall(r"[a-z]{3}[.!?]\s+[A-Z“\"]", words)) > 2


def _bylines(blocks: Sequence[Block], words: Sequence[str], roles: list[str | None]) -> None:
    """A byline that could be something else counts before the text begins, and repeated."""
    known: set[str] = set()
    begun = False
    for number, block in enumerate(blocks):
        if roles[number]:
            continue
        heading = block.kind == "heading"
        byline = None
        if block.kind in ("paragraph", "list_item") or (heading and block.level > 1):
            byline = parse_byline(words[number])
        if byline and (
            (byline.sure and not heading)
            or not begun
            or number == len(blocks) - 1
            or words[number] in known
        ):
            roles[number] = "byline"
            known.add(words[number])
        elif not heading and not block.linked and not block.image and not block.marked:
            begun = True


def _related(blocks: Sequence[Block], words: Sequence[str], roles: list[str | None]) -> None:
    """A line that announces links, and the run of them after it, across what pages put between."""
    for number, block in enumerate(blocks):
        if roles[number] or not _announces(block, words[number], _RELATED, colon=True):
            continue
        run = []
        for after in range(number + 1, len(blocks)):
            if roles[after] in ("byline", "credit", "navigation"):
                continue
            plain = not blocks[after].linked or blocks[after].kind == "heading"
            if roles[after] or plain or _calls(blocks[after], words[after]):
                break
            run.append(after)
        for member in [number, *run] if run else []:
            roles[member] = "related"


def _announces(block: Block, words: str, what: re.Pattern[str], colon: bool) -> bool:
    """Whether a heading or a line set apart is wholly what the pattern looks for."""
    if len(words) > _SHORT or block.kind not in ("heading", "paragraph", "list_item", "caption"):
        return False
    apart = block.kind == "heading" or block.marked or block.linked
    apart = apart or (colon and words.endswith((":", "：")))
    return apart and what.fullmatch(words.rstrip(" :：.!»>→")) is not None


def _adverts(blocks: Sequence[Block], words: Sequence[str], roles: list[str | None]) -> None:
    """An advert begins with its call and goes on for as long as blocks speak like one."""
    number = 0
    while number < len(blocks):
        if roles[number] or not _calls(blocks[number], words[number]):
            number += 1
            continue
        end = _advert_end(blocks, words, roles, number)
        for member in range(number, end):
            if roles[member] in (None, "related", "navigation"):
                roles[member] = "advert"
        number = end


def _calls(block: Block, words: str) -> bool:
    if _announces(block, words, _ADVERT, colon=True):
        return True
    if block.kind != "paragraph" or len(words) > 2 * _SHORT:
        return False
    if words.isupper() and _ADVERT.fullmatch(words.rstrip(".!")):
        return True
    return _INVITES.match(words) is not None and _REPORTED.search(words) is None


def _advert_end(
    blocks: Sequence[Block], words: Sequence[str], roles: Sequence[str | None], call: int
) -> int:
    """The number of the first block after the advert that the block ``call`` opens."""
    opener = blocks[call]
    end = number = call + 1
    for number in range(call + 1, len(blocks)):
        block, own = blocks[number], words[number]
        if roles[number]:
            continue
        if block.kind == "heading":
            within = opener.kind == "heading" and block.level > opener.level
            if _calls(block, own):
                end = number + 1
            elif not within:
                return end
        elif _calls(block, own) or _offers(block, own):
            end = number + 1
        elif block.kind == "list_item" or (len(own) <= 60 and (block.linked or block.marked)):
            # A list belongs to what stands before it.
            if end == number or blocks[number - 1].kind == "heading":
                end = number + 1
        else:
            return end
    return end


def _offers(block: Block, words: str) -> bool:
    return (
        block.kind == "paragraph"
        and _OFFER.search(words) is not None
        and _REPORTED.search(words) is None
    )


def _edges(blocks: Sequence[Block], words: Sequence[str], roles: list[str | None]) -> None:
    """Lists of nothing but links at the very start and end, unless a line announces them."""
    if all(role or block.linked for block, role in zip(blocks, roles, strict=True)):
        return
    numbers = range(len(blocks))
    for order in (numbers, reversed(numbers)):
        run: list[int] = []
        links = 0
        stopped = None
        for number in order:
            if roles[number]:
                links += blocks[number].links if roles[number] == "navigation" else 0
                continue
            listed = blocks[number].kind == "list_item" or blocks[number].links > 1
            if not blocks[number].linked or not listed:
                stopped = number
                break
            run.append(number)
            links += blocks[number].links
        announced = False
        if stopped is not None and run and stopped < run[0]:
            announced = blocks[stopped].kind == "heading" or words[stopped].endswith((":", "："))
        if links >= 2 and not announced:
            for number in run:
                roles[number] = "navigation"
