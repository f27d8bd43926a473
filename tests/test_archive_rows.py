"""A message becomes the rows of its tables, or is refused before the database sees it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.mail_records import (
    Address,
    Attachment,
    Insight,
    MailSpan,
    Message,
)
from datasette_leaks.store.archive_rows import NO_SUBJECT, Item, content_sha256, items_of

PLAIN = Message(sha256="a" * 64, size=9, subject="Cranes", text="Six > cranes", text_from="plain")


def item(message: Message) -> Item:
    return items_of(message)[0]


def test_a_message_is_one_item_and_those_inside_it_follow_what_holds_them() -> None:
    def inner(part: str, *inside: Message) -> Message:
        return replace(PLAIN, sha256=part * 32, part=part, inner=inside)

    whole = replace(PLAIN, inner=(inner("2", inner("2.1")), inner("3")))
    assert [(each.part, each.parent) for each in items_of(whole)] == [
        ("", None), ("2", 0), ("2.1", 1), ("3", 0),
    ]  # fmt: skip


def test_messages_inside_each_other_without_end_are_no_recursion() -> None:
    message = replace(PLAIN, part="0")
    for depth in range(1, 5_000):
        message = replace(PLAIN, part=str(depth), inner=(message,))
    assert [each.parent for each in items_of(message)] == [None, *range(4_999)]


def test_the_sender_is_the_author_by_name_or_address() -> None:
    named = replace(
        PLAIN, addresses=(Address("to", "", "B@x"), Address("from", "Ada", "A@X.Example"))
    )
    assert item(named).document[:3] == ("Cranes", "Ada", None)
    assert item(named).email[1:3] == ("Ada", "a@x.example")
    assert item(named).recipients == ((0, "to", "", "b@x"), (1, "from", "Ada", "a@x.example"))
    unnamed = replace(PLAIN, addresses=(Address("from", "", "A@X.Example"),))
    assert item(unnamed).document[1] == "a@x.example"
    assert item(PLAIN).document[1] is None


def test_a_title_is_the_subject_on_one_line() -> None:
    assert item(replace(PLAIN, subject="Six\r\n cranes")).document[0] == "Six cranes"
    blank = item(replace(PLAIN, subject="  "))
    assert (blank.document[0], blank.email[0]) == (NO_SUBJECT, "  ")


def test_references_begin_with_its_own_id_and_name_each_once() -> None:
    message = replace(
        PLAIN, message_id="a@x", in_reply_to=("b@x",), references=("c@x", "b@x", "a@x")
    )
    assert item(message).references == ((0, "a@x"), (1, "b@x"), (2, "c@x"))
    assert item(replace(message, message_id=None)).references == (
        (1, "b@x"), (2, "c@x"), (3, "a@x"),
    )  # fmt: skip
    assert item(PLAIN).references == ()


def test_a_content_is_given_once_and_its_text_only_if_it_says_something() -> None:
    message = replace(
        PLAIN,
        attachments=(
            Attachment("2", "a.txt", "text/plain", b"x", text="x"),
            Attachment("3", "b.txt", "text/plain", b"x", inline=True, content_id="i", text="x"),
            Attachment("4", None, "image/png", b"y", text=" \n"),
        ),
    )
    x, y = hashlib.sha256(b"x").hexdigest(), hashlib.sha256(b"y").hexdigest()
    assert item(message).attachments == (
        ("2", "a.txt", "text/plain", 0, None, 1, x),
        ("3", "b.txt", "text/plain", 1, "i", 1, x),
        ("4", None, "image/png", 0, None, 1, y),
    )
    assert [(each.sha256, each.text) for each in item(message).contents] == [(x, "x"), (y, None)]
    assert item(message).email[8] == 3


def test_one_mail_that_came_two_ways_has_one_content() -> None:
    other = replace(PLAIN, sha256="b" * 64, size=80, text="Six >\r\ncranes\n", subject=" Cranes")
    assert content_sha256(PLAIN, "a@x") == content_sha256(other, "a@x")
    for changed in (
        replace(PLAIN, text="Sixty"), replace(PLAIN, subject="No"), replace(PLAIN, sent="2011"),
    ):  # fmt: skip
        assert content_sha256(changed, "a@x") != content_sha256(PLAIN, "a@x")
    assert content_sha256(PLAIN, "b@x") != content_sha256(PLAIN, "a@x")


FAULTS = {
    "a span outside": replace(PLAIN, spans=(MailSpan("quoted", 4, 13, 1),)),
    "an empty span": replace(PLAIN, spans=(MailSpan("quoted", 4, 4, 1),)),
    "a span of no kind": replace(PLAIN, spans=(MailSpan("loud", 4, 5, 1),)),
    "a block outside": replace(PLAIN, insights=(Insight(-1, 3),)),
    "no such role": replace(PLAIN, addresses=(Address("by", "", "a@x"),)),
    "no such text": replace(PLAIN, text_from="word"),
    "one part twice": replace(PLAIN, inner=(PLAIN,)),
    "one attachment twice": replace(
        PLAIN, attachments=(Attachment("2", "", "a/b", b""), Attachment("2", "", "a/b", b""))
    ),
    "half a surrogate pair": replace(PLAIN, subject="\ud83d"),
    "half of one in a name": replace(PLAIN, addresses=(Address("to", "\ud83d", "a@x"),)),
    "half of one inside": replace(PLAIN, inner=(replace(PLAIN, part="2", text="\udcff"),)),
}


@pytest.mark.parametrize("message", FAULTS.values(), ids=FAULTS)
def test_what_the_database_would_refuse_is_refused_before(message: Message) -> None:
    with pytest.raises(ValueError):  # noqa: PT011, its words are for a loader's author
        items_of(message)


@given(st.text(), st.text())
def test_any_text_is_taken_that_can_be_stored(subject: str, text: str) -> None:
    made = item(replace(PLAIN, subject=subject, text=text))
    assert (made.email[0], made.document[3]) == (subject, text)
