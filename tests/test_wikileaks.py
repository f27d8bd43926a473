"""Saved pages of an e-mail archive. All of them are invented, in the layouts that are known."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_leaks.loaders.mail_records import MARKS, Address, Message
from datasette_leaks.loaders.mojibake import repair
from datasette_leaks.loaders.wikileaks import LARGEST, WikiLeaksLoader

LOADER = WikiLeaksLoader()

KEY = f"""Key fingerprint {" ".join(["0A1B"] * 10)}

-----BEGIN PGP PUBLIC KEY BLOCK-----

{chr(10).join(["mQQBBinventedinventedinventedinventedinvented"] * 20)}
-----END PGP PUBLIC KEY BLOCK-----
"""
ABOUT = "Some years ago the site began to publish the harbour's mails. They reveal its workings."

OLD = f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd">
<html><head><title>The Global Intelligence Files - INSIGHT - HARBOUR - HB01</title>
<link rel="canonical" href="https://wikileaks.org/gifiles/docs/11/119_insight-harbour-.html"/>
<script>var a = "<pre>no text</pre>", b = "Ã©";</script></head><body>
<pre style="display:none">{KEY}</pre>
<h1><a href="/gifiles/">The Global Intelligence Files</a></h1>
<h2>Search the GI Files</h2>
<form>From<br/>To<br/>Date<br/><input name="q"/></form>
<p>{ABOUT}</p>
<h2>[alpha] INSIGHT - HARBOUR - the quay - HB01</h2>
<h4>Released on 2013-09-10 00:00 GMT</h4>
<table class="cable">
<tr><th>Email-ID</th><td>119</td></tr>
<tr><th>Date</th><td>2011-09-06 14:02:03</td></tr>
<tr><th>From</th><td>Ada Quill &lt;ada@harbour.example&gt;</td></tr>
<tr><th>To</th><td>Alpha List&lt;&gt;,<br/>Bo Pier &lt;bo@harbour.example&gt;</td></tr>
<tr><th>Others</th><td>MessageId: &lt;quay-1@harbour.example&gt;<br/>
Listname: mailto:alpha@harbour.example<br/>InReplyTo: &lt;quay-0@harbour.example&gt;</td></tr>
</table>
<div id="doc-description"><pre>
PUBLICATION: Ask Ada first
ATTRIBUTION: Harbour official
SOURCE Reliability : A

The porta**s quay is sinking, they say.

On 9/5/2011 1:00 PM, Bo Pier wrote:
&gt; Is it sinking?
</pre></div>
<div id="footer">All of it free of charge.</div>
</body></html>"""

TABS = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta property="og:url" content="https://wikileaks.org/harbour-emails//emailid/5078">
<title>WikiLeaks - The Harbour Emails</title></head><body>
<div class="nav">WikiLeaks <a href="/harbour-emails/">The Harbour Emails</a></div>
<pre>{KEY}</pre>
<h2>The Harbour Emails</h2>
<ul class="nav-tabs"><li>View email</li><li>View source</li></ul>
<div class="tab-content"><div id="email"><header>
<h2>This email has also been checked</h2>
<span>From:</span> ada@harbour.example<br>
<span>To:</span> bo@harbour.example, cy@harbour.example<br>
<span>CC:</span> Di &lt;di@harbour.example&gt;<br>
<span>Date:</span> 2015-03-02 11:20<br>
<span>Subject:</span> Re: the quay <br>
</header>
<div class="email-content clearfix" id="content"><p>It sinks.</p>
<table><tr><td>From</td><td>not a field</td></tr></table>
<blockquote>Does it?</blockquote></div></div>
<div id="source"><pre>Received: from x
Message-ID: &lt;CA+quay@mail.harbour.example&gt;
References: &lt;q1@harbour.example&gt;
\t&lt;q2@harbour.example&gt;
Subject: Re: the quay

It sinks.</pre></div></div></body></html>"""

MINIMAL = f"""<html><head><title>WikiLeaks</title></head><body>
<pre>{KEY}</pre>
<h1>WikiLeaks</h1>
<p>Lunch at the quay</p>
<p>Email-ID: 77<br>Date: Mon, 2 May 2011 10:00:00 +0200<br>From: Ada Quill&lt;&gt;<br>
To:</p>
<pre>At noon?

-- 
Ada</pre></body></html>"""

LINES = f"""<html><head><title>WikiLeaks - The Harbour Files</title></head><body><pre>{KEY}
The Harbour Files

Lunch at the quay
Released on 2012-02-27 02:00 GMT

Email-ID | 78 |
Date | 2011-05-02 10:00:00 |
From | ada@harbour.example |
To | |
At noon?
From: nobody
</pre></body></html>"""


def parse(html: str) -> Message:
    return LOADER.parse(html.encode("utf-8"))


def people(message: Message) -> list[tuple[str, str, str]]:
    return [(each.role, each.name, each.address) for each in message.addresses]


# --- layouts ------------------------------------------------------------------------------------


def test_the_old_layout() -> None:
    message = parse(OLD)
    assert message.subject == "[alpha] INSIGHT - HARBOUR - the quay - HB01"
    assert message.text.startswith("PUBLICATION: Ask Ada first\nATTRIBUTION: Harbour official\n")
    assert message.text.rstrip().endswith("\n> Is it sinking?")
    assert "port’s quay" in message.text
    assert message.text_from == "html"
    assert message.date == "2011-09-06 14:02:03"
    assert message.sent == "2011-09-06T14:02:03Z"
    assert message.message_id == "quay-1@harbour.example"
    assert message.in_reply_to == ("quay-0@harbour.example",)
    assert people(message) == [
        ("from", "Ada Quill", "ada@harbour.example"),
        ("to", "Alpha List", ""),
        ("to", "Bo Pier", "bo@harbour.example"),
    ]
    assert message.marks == ("mojibake_repaired",)
    assert message.part == ""
    data = OLD.encode("utf-8")
    assert (message.size, message.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_its_insight_has_the_code_of_the_page_title() -> None:
    (found,) = parse(OLD).insights
    assert (found.code, found.key, found.reliability) == ("HB01", "HB1", "A")


def test_what_others_wrote_is_marked_in_its_text() -> None:
    message = parse(OLD)
    spans = {(span.kind, message.text[span.start : span.end].strip()) for span in message.spans}
    assert ("quoted", "> Is it sinking?") in spans
    assert ("attribution", "On 9/5/2011 1:00 PM, Bo Pier wrote:") in spans


def test_the_layout_with_tabs() -> None:
    message = parse(TABS)
    assert message.subject == "Re: the quay"
    assert message.text == "It sinks.\n\nFrom\tnot a field\n\nDoes it?"
    assert [(span.kind, message.text[span.start : span.end]) for span in message.spans] == [
        ("quoted", "Does it?")
    ]
    assert message.sent == "2015-03-02T11:20:00Z"
    assert message.message_id == "CA+quay@mail.harbour.example"
    assert message.references == ("q1@harbour.example", "q2@harbour.example")
    assert people(message) == [
        ("from", "", "ada@harbour.example"),
        ("to", "", "bo@harbour.example"),
        ("to", "", "cy@harbour.example"),
        ("cc", "Di", "di@harbour.example"),
    ]
    assert message.marks == ()


def test_a_minimal_page() -> None:
    message = parse(MINIMAL)
    assert message.subject == "Lunch at the quay"
    assert message.text.strip() == "At noon?\n\n-- \nAda"
    assert message.sent == "2011-05-02T08:00:00Z"
    assert message.message_id is None  # of which collection is not said
    assert people(message) == [("from", "Ada Quill", "")]
    assert [span.kind for span in message.spans] == ["signature"]


def test_a_page_that_is_one_stretch_of_lines() -> None:
    message = parse(LINES)
    assert message.subject == "Lunch at the quay"
    assert message.text.strip() == "At noon?\nFrom: nobody"
    assert message.message_id == "wikileaks-harbour-files-78"
    assert people(message) == [("from", "", "ada@harbour.example")]


def test_fields_without_values_are_missing() -> None:
    page = OLD
    for value in ("Ada Quill &lt;ada@harbour.example&gt;", "2011-09-06 14:02:03"):
        page = page.replace(value, " ")
    message = parse(page)
    assert (message.date, message.sent) == (None, None)
    assert not any(each.role == "from" for each in message.addresses)
    assert "headers_missing" in message.marks
    assert message.text


def test_an_empty_subject_stays_empty() -> None:
    page = OLD.replace("[alpha] INSIGHT - HARBOUR - the quay - HB01", "")
    page = page.replace("Files - INSIGHT - HARBOUR - HB01", "Files")
    assert parse(page).subject == ""


def test_the_title_of_the_page_is_the_last_resort() -> None:
    page = TABS.replace("<span>Subject:</span> Re: the quay", "").replace(
        "This email has also been checked", "The Harbour Emails"
    )
    page = page.replace("The Harbour Emails</title>", "The Harbour Emails - The quay</title>")
    assert parse(page).subject == "The quay"


@pytest.mark.parametrize(
    ("head", "body", "id"),
    [
        ('<link rel="canonical" href="https://search.wikileaks.org/gifiles/emailid/119">', "",
         "wikileaks-gifiles-119"),
        ('<link rel="canonical" href="https://wikileaks.org/hackers/emails/emailid/5">', "",
         "wikileaks-hackers-emails-5"),
        ('<base href="https://wikileaks.org/gifiles/docs/121_re-x-.html">', "",
         "wikileaks-gifiles-121"),
        ("<title>The Global Intelligence Files - x</title>", "", "wikileaks-gifiles-77"),
        ("<title>WikiLeaks - The Harbour Emails</title>", "", "wikileaks-harbour-emails-77"),
        ("", '<a href="/dock-emails/emailid/78">next</a><a href="/dock-emails/emailid/77">here</a>',
         "wikileaks-dock-emails-77"),
        ("", '<a href="/dock-emails/emailid/78">next</a>', None),
        ('<link rel="stylesheet" href="https://wikileaks.org/gifiles/emailid/119">', "", None),
    ],
)  # fmt: skip
def test_the_place_in_the_archive_is_its_id(head: str, body: str, id: str | None) -> None:
    page = MINIMAL.replace("<title>WikiLeaks</title>", head).replace("<h1>WikiLeaks</h1>", body)
    assert parse(page).message_id == id


def test_the_writers_own_key_stays_in_the_text() -> None:
    own = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc\n-----END PGP PUBLIC KEY BLOCK-----"
    message = parse(OLD.replace("The porta**s quay", f"My key:\n{own}\nThe porta**s quay"))
    assert own in message.text
    assert "0A1B" not in message.text
    assert ABOUT not in message.text
    assert "free of charge" not in message.text


def test_what_stands_in_the_text_is_the_mails() -> None:
    page = OLD.replace(
        "<pre>\nPUB", "<h2>A heading</h2><pre>\nMessage-ID: &lt;x@y.example&gt;\nPUB"
    ).replace("MessageId: &lt;quay-1@harbour.example&gt;", "")
    message = parse(page)
    assert message.subject == "[alpha] INSIGHT - HARBOUR - the quay - HB01"
    assert message.message_id == "wikileaks-gifiles-119"
    text = MINIMAL.replace("At noon?", "At noon?\nMessage-ID: &lt;x@y.example&gt;")
    assert parse(text).message_id is None


def test_an_empty_element_is_not_the_text() -> None:
    empty = '<div class="email-content"> </div>'
    assert (
        parse(
            TABS.replace('<div class="email-content c', f'{empty}<div class="email-content c')
        ).text
        == parse(TABS).text
    )


@pytest.mark.parametrize("title", ["", "word " * 60 + "\n"])
def test_what_is_no_title_line_is_no_subject(title: str) -> None:
    page = LINES.replace("Lunch at the quay\n", title).replace("The Harbour Files\n", "")
    assert parse(page).subject == ""


def test_a_script_is_not_repaired() -> None:
    assert parse(OLD.replace("porta**s", "port")).marks == ()


def test_a_text_without_other_line_breaks_keeps_its_lines() -> None:
    page = OLD.replace("<pre>\n", "").replace("\n</pre></div>", "</div>")
    assert parse(page).text.splitlines()[:2] == parse(OLD).text.splitlines()[:2]


# --- wrong letters ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("gova**t", "gov’t"),
        ("countrya**s", "country’s"),
        ("wea**ll, theya**re, Ia**ve, hea**d, Ia**m", "we’ll, they’re, I’ve, he’d, I’m"),
        ("cafÃ© and donâ€™t", "café and don’t"),
        ("doubly CafÃƒÂ©", "doubly Café"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("one cafÃ©\nanother café", "one café\nanother café"),
    ],
)
def test_what_is_certain_is_repaired(wrong: str, right: str) -> None:
    assert repair(wrong) == right
    message = parse(OLD.replace("The porta**s quay is sinking", wrong))
    assert right in message.text
    assert "mojibake_repaired" in message.marks


@pytest.mark.parametrize(
    "text",
    [
        "a** s", "quaya**x", "quaya**sx", "1a**s", "**s", "quaya**", "quay a**s",
        "café", "Ã©tÃ© and é", "naïve façade", "Ã", "50 € – “quoted”", "voilà le",
        "cafÃ© " + "x" * 6000,
    ],
)  # fmt: skip
def test_what_is_not_certain_is_left(text: str) -> None:
    assert repair(text) == text


@given(st.text())
def test_a_repair_is_done_once(text: str) -> None:
    assert repair(repair(text)) == repair(text)


# --- recognising --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [OLD, TABS, MINIMAL, LINES])
def test_a_page_is_recognised(page: str) -> None:
    assert LOADER.recognises(page.encode("utf-8")[:4096])


SAVED = "<!-- saved from url=(0047)https://wikileaks.org/harbour-emails/emailid/5 -->\n"


@pytest.mark.parametrize(
    "head",
    [
        SAVED + "<html><head><title>x</title>",
        '<!DOCTYPE html>\n<html><head><meta content="https://wikileaks.org/a-emails//emailid/5"'
        ' property="og:url">',
        "<html><title>WikiLeaks - The Global Intelligence Files</title><table><tr><th>Email-ID</th>"
        "\n<td>5</td></tr>\n<tr><th>Date</th>",
        "<html><title>WikiLeaks</title><p>Email-ID: 5<br>\nDate: 2011",
        "<html><title>The Global Intelligence Files</title><div id='doc-description'>",
        '<html><title>WikiLeaks - The Dock Emails</title><div class="x email-content">',
    ],
)
def test_signs_of_a_page(head: str) -> None:
    assert LOADER.recognises(head.encode())


@pytest.mark.parametrize(
    "head",
    [
        "",
        "WikiLeaks Email-ID: 5 Date: 2011",
        "From: a@b.example\nDate: Mon, 2 May 2011 10:00:00 +0200\n\n" + OLD,
        "From a@b.example Mon May  2 10:00:00 2011\nFrom: a@b.example\n\n" + TABS,
        "From: a@b.example\nSubject: https://wikileaks.org/gifiles/emailid/5\n\n<html>",
        "<html><title>What WikiLeaks published</title><p>The site WikiLeaks has mails.</p>",
        '<html><title>WikiLeaks mails</title><a href="https://wikileaks.org/gifiles/emailid/5">x</a>',
        '<html><title>News</title><link rel="stylesheet" href="https://wikileaks.org/x/emailid/5">',
        '<html><title>News</title><link rel="canonical" href="https://news.example/docs/5_wikileaks">',
        '<html><title>WikiLeaks</title><link rel="canonical" href="https://wikileaks.org/gifiles/">',
        '<html><title>Mail of the day</title><div class="email-content">',
        "<html><title>Shop</title><p>Email-ID: 5<br>Date: 2011",
        "<html><title>WikiLeaks</title><p>Your email id: 5 letters. The date",
        '<html><title>WikiLeaks</title><div class="email-contents">',
        '<html><title>Mail</title><link rel="canonical" href="https://x.example/?u=https://wikileaks.org/">',
    ],
)
def test_what_is_no_such_page(head: str) -> None:
    assert not LOADER.recognises(head.encode())


# --- the file -----------------------------------------------------------------------------------


def test_a_file_has_one_message(tmp_path: Path) -> None:
    path = tmp_path / "119.html"
    path.write_text(OLD, encoding="utf-8")
    (place,) = LOADER.messages(path)
    assert (place.member, place.offset, place.data, place.problem) == ("", 0, None, None)
    data = LOADER.read(path, place.member, place.offset, place.length)
    assert data == path.read_bytes()
    assert LOADER.parse(data) == parse(OLD)


def test_an_empty_file_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "119.html"
    path.touch()
    (place,) = LOADER.messages(path)
    assert place.problem is not None
    assert "empty" in str(place.problem)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        list(LOADER.messages(tmp_path / "no.html"))


def test_other_encodings() -> None:
    page = OLD.replace("<head>", '<head><meta charset="iso-8859-1">').replace("quay is", "quäy is")
    message = LOADER.parse(page.encode("latin-1"))
    assert "quäy" in message.text
    assert "charset_guessed" not in message.marks
    page = page.replace("iso-8859-1", "utf-8")
    assert "charset_guessed" in LOADER.parse(page.encode("latin-1")).marks


# --- hostile pages ------------------------------------------------------------------------------

HOSTILE = {
    "nothing": "",
    "spaces": " \n" * 1000,
    "no body": "<html><head><title>x</title>",
    "binary": "\0\1\2<html>\0",
    "a script": "<html><script>" + "x<" * 500_000,
    "nested div": "<div>" * 200_000,
    "nested tables": "<table><tr><td>" * 60_000,
    "nested pre": "<pre>x" * 100_000,
    "end tags": "<b>" * 100_000 + "</i>" * 100_000,
    "attributes": "<a " + "b=c " * 250_000,
    "ampersands": "&" * 300_000,
    "angles": "<" * 300_000,
    "titles": "<title>" * 100_000,
    "keys": ("Key fingerprint " + "0A1B " * 10 + "-----BEGIN PGP PUBLIC KEY BLOCK-----") * 10_000,
    "fields": "<pre>" + "From: x,\n" * 100_000,
    "blank field": "<pre>Email-ID: 5\nDate: " + " " * 1_000_000,
    "canonical": "<link rel=canonical " * 50_000,
    "comments": "<!-- saved from url=" * 50_000,
    "classes": '<div class="' + "email-conten " * 80_000,
    "surrogates": "<pre>Email-ID: 5\nDate: x\n&#xD800;&#xDFFF;&#0;&#x110000;",
    "wrong letters": "<pre>" + "Ã©" * 400_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_give_a_message(name: str) -> None:
    page = HOSTILE[name]
    LOADER.recognises(page.encode()[:65536])
    message = parse(page)
    message.text.encode("utf-8")
    assert "headers_missing" in message.marks
    assert set(message.marks) <= set(MARKS)
    # The same, as a page that is known by its address.
    parse(OLD.replace("<pre>\nPUBLICATION", page + "<pre>\nPUBLICATION"))


def test_a_page_without_a_message() -> None:
    message = parse(
        "<html><title>WikiLeaks</title><body><p>Files released so far</p></body></html>"
    )
    assert (message.text, message.text_from, message.subject) == ("", "none", "")
    assert message.marks == ("headers_missing",)


def test_a_page_nested_too_deep_is_marked() -> None:
    assert "nesting_cut" in parse(OLD.replace("<pre>\nPUB", "<div>" * 300 + "<pre>\nPUB")).marks


def test_a_page_too_large_is_marked() -> None:
    before, body, after = OLD.encode().partition(b'<div id="doc-description">')
    page = before + b" " * LARGEST + body + after
    message = LOADER.parse(page)
    assert "too_large" in message.marks
    assert (message.size, message.text) == (len(page), "")


PIECES = st.sampled_from([
    "<pre>", "</pre>", "<div id=doc-description>", "<div class=email-content>", "</div>", "<table>",
    "<tr><td>", "</td><td>", "Email-ID", "Date: 2011-05-02 10:00:00", "From: a@b.example,", "\n",
    "<br>", "To", "Subject: x", "<h2>", "</h2>", "Others: MessageId: <a@b>", KEY, "&lt;a@b&gt;",
    "<title>The Dock Files - x</title>", "<blockquote>", "<body>", "\ue000here\ue000", "a**s",
])  # fmt: skip


@settings(max_examples=60)
@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_any_page_gives_a_message(page: str) -> None:
    message = parse(page)
    assert set(message.marks) <= set(MARKS)
    assert all(0 <= span.start < span.end <= len(message.text) for span in message.spans)
    assert all(isinstance(each, Address) for each in message.addresses)
