"""Messages forwarded in the text of another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.mail_forwards import (
    BLOCKS,
    body_of,
    find_blocks,
    find_forwards,
    is_forward,
)

NEVER = 1 << 40


def bodies(text: str, subject: str = "", reply_from: int = NEVER) -> list[str]:
    forwards = find_forwards(text, subject, find_blocks(text), reply_from)
    return [body_of(text, forward) for forward in forwards]


FIELDS = "From: Ann <a@e.org>\nDate: Tue, 4 Oct 2011\nSubject: Crane\nTo: b@e.org\n"


@pytest.mark.parametrize(
    "introduction",
    [
        "---------- Forwarded message ----------\n",
        "---------- Forwarded message ---------\n",
        "Begin forwarded message:\n\n",
        "-------- Weitergeleitete Nachricht --------\n",
        "Anfang der weitergeleiteten E-Mail:\n\n",
        "---------- Message transféré ----------\n",
        "Début du message réexpédié :\n\n",
        "---------- Mensaje reenviado ----------\n",
        "---------- Doorgestuurd bericht ----------\n",
        "----- Forwarded message from Ann <a@e.org> -----\n\n",
    ],
)
def test_introduced_forwards(introduction: str) -> None:
    text = f"See below.\n\n{introduction}{FIELDS}\nThe crane\n\nis late.\n"
    (block,) = find_blocks(text)
    assert text[block.start :].startswith(introduction)
    assert text[: block.end].endswith("To: b@e.org")
    assert block.fields == {
        "from": "Ann <a@e.org>",
        "date": "Tue, 4 Oct 2011",
        "subject": "Crane",
        "to": "b@e.org",
    }
    assert bodies(text) == ["The crane\n\nis late."]


@pytest.mark.parametrize(
    "fields",
    [
        "Von: Ann\nGesendet: Dienstag, 4. Oktober 2011 15:14\nAn: Bob\nBetreff: Kran\n",
        "De : Ann\nEnvoyé : mardi 4 octobre 2011 15:14\nÀ : Bob\nObjet : Grue\n",
        "De: Ann\nEnviado el: martes, 4 de octubre de 2011\nPara: Bob\nAsunto: Grua\n",
        "Van: Ann\nVerzonden: dinsdag 4 oktober 2011\nAan: Bob\nOnderwerp: Kraan\n",
        "*From:* Ann\n*Sent:* Tuesday\n*To:* Bob\n*Subject:* Crane\n",
    ],
)
def test_blocks_in_other_languages(fields: str) -> None:
    text = f"Hi\n\n{fields}\nbody"
    (block,) = find_blocks(text)
    assert block.fields["from"] == "Ann"
    assert block.fields["to"] == "Bob"
    assert set(block.fields) == {"from", "date", "to", "subject"}
    assert bodies(text, "WG: Kran") == ["body"]
    assert bodies(text, "AW: Kran") == []


def test_an_original_message_is_a_forward_only_in_a_mail_that_forwards() -> None:
    text = f"Hi\n\n-----Original Message-----\n{FIELDS}\nfirst\n\n{FIELDS}\nsecond"
    assert bodies(text, "Re: Crane") == []
    assert bodies(text, "FW: Crane") == [f"first\n\n{FIELDS}\nsecond"]
    assert bodies(text, "FW: Crane", reply_from=0) == []


def test_several_forwards_one_after_the_other() -> None:
    one = f"---------- Forwarded message ----------\n{FIELDS}\n"
    assert bodies(f"Hi\n{one}first\n\n{one}second") == ["first", "second"]


def test_a_forward_in_a_forward_is_inside_it() -> None:
    inner = f"---------- Forwarded message ----------\n{FIELDS}\nfirst"
    text = f"Begin forwarded message:\n\nFrom: Bob\nSubject: Fwd: Crane\n\nsee\n\n{inner}"
    assert bodies(text) == [f"see\n\n{inner}"]
    assert bodies(f"see\n\n{inner}", "Fwd: Crane") == ["first"]


def test_a_quoted_forward_ends_with_its_quotation() -> None:
    lines = "".join(f"> {line}\n" for line in f"{FIELDS}\nThe crane\n> was\n\nis late.".split("\n"))
    text = f"Hi\n\nBegin forwarded message:\n\n{lines}\nThat was it.\n"
    assert bodies(text) == ["The crane\n> was\n\nis late."]


def test_a_forward_that_says_where_it_ends() -> None:
    end = "----- End forwarded message -----\nAnn"
    text = f"----- Forwarded message from x -----\n\n{FIELDS}\nbody\n\n{end}"
    assert bodies(text) == ["body"]


def test_what_a_reply_quotes_is_no_forward() -> None:
    text = "".join(
        f"> {line}\n" for line in f"Begin forwarded message:\n\n{FIELDS}\nbody".split("\n")
    )
    assert bodies(f"Yes.\n\n{text}", "Re: x") == []


@pytest.mark.parametrize(
    "text",
    [
        "To: be\nor not",
        "Subject: one\n\nSubject: two\n",
        "From: here\nTo: there\n",
        "Begin forwarded message:\n\nFrom: Ann\n",
        "He sent a forwarded message.\nFrom: here\nTo: there\n",
        "",
    ],
)
def test_what_is_no_block(text: str) -> None:
    assert find_blocks(text) == []


def test_recipients_go_over_lines() -> None:
    text = (
        "Begin forwarded message:\n\nFrom: Ann\nTo: b@e.org,\n c@e.org,\nd@e.org\n"
        "Subject: x\nCc: e@e.org,\nf@e.org\n\nbody"
    )
    (block,) = find_blocks(text)
    assert block.fields["to"] == "b@e.org, c@e.org, d@e.org"
    assert block.fields["cc"] == "e@e.org, f@e.org"
    assert bodies(text) == ["body"]


def test_a_forward_as_lotus_notes_writes_it() -> None:
    text = (
        "fyi\n-------------- Forwarded by Ann Doe/HB on 10/04/2001 03:14 PM ------------\n\n\n"
        "Bob Roe\n10/03/2001 10:00 AM\nTo:\tAnn Doe/HB\ncc:\t \nSubject:\tCrane\n\nbody"
    )
    (block,) = find_blocks(text)
    assert block.fields == {"to": "Ann Doe/HB", "cc": "", "subject": "Crane"}
    assert text[block.start :].startswith("-----")
    assert bodies(text) == ["body"]


def test_what_introduces_one_block_does_not_introduce_the_next() -> None:
    first, second = find_blocks(f"Begin forwarded message:\n{FIELDS}{FIELDS}")
    assert (first.introduced, second.introduced) == (True, False)
    assert first.end < second.start


def test_subjects_of_forwards() -> None:
    for subject in ("Fwd: x", "FW: x", "[list] fw: x", "WG: x", "TR : x", "RV: x", "Fwd[2]: x"):
        assert is_forward(subject)
    for subject in ("Re: Fwd: x", "Forward: x", "x", "", "Trend: x"):
        assert not is_forward(subject)


def test_more_blocks_than_the_cap_are_not_looked_for() -> None:
    assert len(find_blocks(f"{FIELDS}\nx\n\n" * (BLOCKS + 5))) == BLOCKS


LINES = st.sampled_from(
    ["From: a", "Date: b", "To: c,", "Subject: Fwd: d", "> From: a", "> Date: b", "> To: c", "x",
     "", "Begin forwarded message:", "> Begin forwarded message:", "-----Original Message-----",
     ">", "---------- Forwarded message ----------", "Cc:", "----- End forwarded message -----"]
)  # fmt: skip


@given(st.lists(LINES, max_size=40).map("\n".join) | st.text(), st.sampled_from(["", "Fw: x"]))
def test_forwards_lie_in_the_text_one_after_the_other(text: str, subject: str) -> None:
    at = 0
    for forward in find_forwards(text, subject, find_blocks(text), NEVER):
        assert at <= forward.start < forward.block.end <= forward.body <= forward.end
        at = forward.end
        assert at <= len(text)
        assert len(body_of(text, forward)) <= forward.end - forward.body
