"""Which loader reads which mail archive."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from .mail_heads import HEAD, is_numbered
from .mail_mbox import Mbox
from .mail_msg import Msg
from .mail_packed import PackedMail
from .mail_pst import Pst
from .mail_tree import Eml, MailTree, holds_mail, is_maildir
from .registry import MailLoader
from .wikileaks import WikiLeaksLoader


class SavedPages(WikiLeaksLoader):
    """Saved pages of an e-mail archive. No ending is theirs alone: other .html are articles."""

    suffixes = ()


mbox = Mbox()
eml = Eml()
maildir = MailTree("maildir")
mail_tree = MailTree("mail_tree")
packed_mail = PackedMail()
pst = Pst()
msg = Msg()
wikileaks = SavedPages()

MAIL_LOADERS: tuple[MailLoader, ...] = (
    mbox, eml, maildir, mail_tree, packed_mail, pst, msg, wikileaks,
)  # fmt: skip

_HEAD = 4 * HEAD  # bytes: a saved page has much in front of what tells it
# Endings that settle nothing: archives of lists are .txt, and mail in plain text is called .msg.
_UNSETTLED = (".txt", ".text", ".mail", ".email", ".msg", ".old", ".bak")


def choose_mail(path: Path) -> MailLoader | None:
    """The loader that takes a file or a folder as mail, None where it is none.

    A name's ending decides where it can; the first bytes do where there is none ("Inbox", "12.",
    "2004-05.1") or an ambiguous one. Under any other ending only an mbox ("Inbox.Sent") and a saved
    page of an archive are seen. What a file is that cannot be read stays open: None.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    if stat.S_ISDIR(mode):
        if is_maildir(path):
            return maildir
        return mail_tree if holds_mail(path) else None
    if not stat.S_ISREG(mode):
        return None
    name = path.name.lower()
    by_name = _by_name(name)
    if by_name is not None and by_name is not msg:
        return by_name
    by_head = _by_head(path)
    if by_head in (mbox, wikileaks) or (by_head is not None and _unsettled(name)):
        return by_head
    return by_name


def _by_name(name: str) -> MailLoader | None:
    """The loader with the longest ending of a name in lower case."""
    fitting = (
        (len(suffix), number)
        for number, loader in enumerate(MAIL_LOADERS)
        for suffix in loader.suffixes
        if name.endswith(suffix)
    )
    best = max(fitting, default=None)
    return None if best is None else MAIL_LOADERS[best[1]]


def _unsettled(name: str) -> bool:
    ending = os.path.splitext(name.rstrip("."))[1]
    return not ending or ending in _UNSETTLED or is_numbered(ending[1:])


def _by_head(path: Path) -> MailLoader | None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return None
    return next((loader for loader in MAIL_LOADERS if loader.recognises(head)), None)
