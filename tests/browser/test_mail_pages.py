"""The pages of a mail archive in a browser: for all readers, and deaf to what the mails hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from abuse.xss_vectors import TRACKER, VECTORS
from mail_world import MESSAGES, make_mail_database, message
from playwright.sync_api import Page, expect

from browser.conftest import opened
from browser.databases import build
from browser.test_xss import HOSTILE
from browser.web import Answer, broken_fragments, crawl, elements, get, is_ours, squeezed
from datasette_leaks.loaders.mail_records import Address, Attachment, Insight, MailSpan, Message

Check = Callable[..., list[str]]

SLUGS = [f"mail-{item.sha256[:16]}" for _, item in MESSAGES]
KINDS = [
    f"/mails/-/leaks/mail/{SLUGS[0]}",  # a claim without a place, a copy
    f"/mails/-/leaks/mail/{SLUGS[2]}",  # a claim marked, quotations, reservations
    f"/mails/-/leaks/mail/{SLUGS[3]}",  # a message forwarded in the text
    f"/mails/-/leaks/mail/{SLUGS[4]}",  # an INSIGHT block, attachments
    f"/mails/-/leaks/mail/{SLUGS[6]}",  # nothing in it
    f"/mails/-/leaks/threads/{SLUGS[0]}",
    "/mails/-/leaks/archive",
    "/mails/-/leaks/search",
    "/mails/-/leaks/search?q=inspectors",
    "/mails/-/leaks/search?q=nothing-of-this",
    "/mails/-/leaks/sources/hb2",
    "/empty/-/leaks/archive",
]
# SQLite takes no text with the first of these characters, and headers have neither.
TEXTS = [re.sub(r"[\x00\x01]", "", text) for _, text in VECTORS]


def hostile(number: int, text: str) -> tuple[str, Message]:
    """A message with the text in each of its places."""
    blocks = (Insight(0, len(text), *[text] * 11),)
    mail = message(
        number,
        text,
        f"{text}\n\n> {text}\n",
        spans=(MailSpan("quoted", len(text) + 2, 2 * len(text) + 4, 1),),
        addresses=tuple(Address(role, text, text) for role in ("from", "to", "cc", "reply_to")),
        message_id=text,
        references=(f"{TEXTS[number - 1]}",),
        date=text,
        marks=(text,),
        insights=blocks,
        attachments=(Attachment(text, text, text, text.encode(), content_id=text, text=text),),
    )
    return text, mail


@pytest.fixture(scope="session")
def base_url(server: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive, one with a vector in each of its texts, one of HTML mail, and an empty one."""
    folder = tmp_path_factory.mktemp("archives")
    vectors = [hostile(number, text) for number, text in enumerate(TEXTS)]
    html = folder / "html.eml"
    html.write_bytes(html_mail().as_bytes())
    return server(
        make_mail_database(folder / "mails.db"),
        make_mail_database(folder / "hostile.db", vectors),
        build(folder / "html.db", html),
        build(folder / "empty.db"),
        arguments=("--setting", "max_returned_rows", "5000"),
    )


def html_mail() -> EmailMessage:
    """A mail that would load pictures, styles and fonts, and run scripts, were it rendered."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Message-ID"] = "Remote", "Ada <a@q.example>", "<1@q>"
    body = (
        f'<link rel=stylesheet href="https:{TRACKER}.css"><style>@import "{TRACKER}"</style>'
        f'<p style="background:url(https:{TRACKER}.png)">Six cranes</p>'
        f'<img src="https:{TRACKER}.gif"><img src="cid:x">'
        f'<script src="https:{TRACKER}.js"></script>'
        '<script>alert(1)</script><a href="javascript:alert(1)">here</a>'
    )
    mail.set_content(body, subtype="html")
    mail.add_attachment(
        f'<img src="https:{TRACKER}.png"><script>alert(1)</script>'.encode(),
        maintype="text",
        subtype="html",
        filename="page.html",
    )
    mail.add_attachment(
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        maintype="image",
        subtype="svg+xml",
        filename="picture.svg",
    )
    return mail


@pytest.fixture(scope="session")
def found(base_url: str) -> dict[str, Answer]:
    """What can be reached from the archive."""
    return crawl(base_url, "/mails/-/leaks/archive") | crawl(
        base_url, f"/mails/-/leaks/mail/{SLUGS[4]}"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", KINDS)
def test_a_page_has_no_barriers(
    browser: object, base_url: str, troubles: list[str], axe: Check, path: str, scheme: str
) -> None:
    for width in (390, 1440):
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        with opened(browser, base_url, troubles, **options) as page:  # type: ignore[arg-type]
            page.goto(path)
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == width


def test_every_link_leads_somewhere(found: dict[str, Answer]) -> None:
    assert {url: answer.status for url, answer in found.items() if answer.status != 200} == {}
    assert broken_fragments(found) == []
    assert sum(is_ours(answer) for answer in found.values()) > 15


def test_no_page_has_scripts_or_styles_in_its_html(found: dict[str, Answer]) -> None:
    for answer in found.values():
        if is_ours(answer):
            names = [element.tag for element in elements(answer.text)]
            assert not {"script", "style"} & set(names), answer.url
            assert names.count("h1") == 1, answer.url
            assert "script-src" not in answer.headers["content-security-policy"]


def test_quotations_unfold(page: Page) -> None:
    page.goto(KINDS[1])
    quoted = page.get_by_text("three inspectors were paid")
    expect(quoted).to_be_hidden()
    page.get_by_text("Quoted text, 4 lines").click()
    page.get_by_text("Quoted text, 2 lines").click()
    expect(quoted).to_be_visible()


def test_a_thread_is_walked_by_keyboard(page: Page) -> None:
    page.goto(KINDS[5])
    page.get_by_role("link", name="Bo", exact=True).press("Enter")
    expect(page.locator(".leaks-thread-nav")).to_contain_text("message 2 of 5")
    page.locator(".leaks-thread-nav p", has_text="After it").get_by_role("link").press("Enter")
    expect(page.locator(".leaks-thread-nav")).to_contain_text("message 3 of 5")


def test_a_bar_and_the_table_lead_to_the_same_mails(page: Page) -> None:
    page.goto("/mails/-/leaks/archive")
    bar = page.locator(".leaks-plot a").first.get_attribute("href")
    page.get_by_text("The same as a table").click()
    row = page.locator(".leaks-narrow a").first
    assert row.get_attribute("href") == bar
    row.click()
    expect(page.locator("h1, h2, h3").filter(has_text="2 rows")).to_be_visible()


def test_a_search_is_made_and_followed(no_js_page: Page) -> None:
    no_js_page.goto("/mails/-/leaks")
    no_js_page.get_by_label("Search the documents").fill("told nothing")
    no_js_page.get_by_role("button", name="Search").click()
    expect(no_js_page.locator(".leaks-hits mark").first).to_have_text("told")
    no_js_page.locator(".leaks-hits h2 a").click()
    expect(no_js_page.locator("article mark")).to_have_text("told to say nothing")


def test_an_attachment_is_saved_and_never_shown(page: Page) -> None:
    page.goto(KINDS[3])
    with page.expect_download() as saved:
        page.get_by_role("link", name="list of payments.pdf").click()
    assert saved.value.suggested_filename == "list of payments.pdf"
    assert saved.value.path().read_bytes() == b"%PDF-1.4 <script>"


def test_nothing_of_an_html_mail_is_loaded_or_run(page: Page, base_url: str) -> None:
    slug = json.loads(get(f"{base_url}/html/emails.json?_shape=array").text)[0]["document_id"]
    page.goto(f"/html/-/leaks/documents/{slug}")
    expect(page.locator("h1")).to_have_text("Remote")
    expect(page.locator("article")).to_contain_text("Six cranes")
    assert page.locator("main img, main script, main style, main link").count() == 0
    for name in ("page.html", "picture.svg"):
        href = page.get_by_role("link", name=name).get_attribute("href")
        with page.expect_download() as saved:
            # Also where the link is opened as a page of its own.
            page.evaluate("href => { location.href = href }", href)
        assert saved.value.suggested_filename == name


def test_hostile_texts_are_text_on_every_page(page: Page, base_url: str) -> None:
    mails = json.loads(get(f"{base_url}/hostile/emails.json?_shape=array&_size=max").text)
    assert len(mails) == len(TEXTS)
    for mail in mails:
        response = page.goto(f"/hostile/-/leaks/documents/{mail['document_id']}")
        assert response is not None
        assert response.status == 200
        assert page.evaluate(HOSTILE) == []
        words = squeezed(page.inner_text("main"))
        assert words.count(squeezed(mail["subject"])) > 10, mail["subject"]
        assert page.locator("main img, main script, main iframe, main svg").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "-/leaks/archive",
        "-/leaks/search?q=alert",
        "-/leaks/search?q=alert&page=2",
        "-/leaks/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
        *("emails", "email_recipients", "attachments", "insights", "threads", "correspondents"),
        *("folders", "copies", "attachment_contents", "email_spans", "documents"),
    ],
)
def test_nothing_runs_where_many_are_together(page: Page, path: str) -> None:
    response = page.goto(f"/hostile/{path}")
    assert response is not None
    assert response.status == 200
    assert page.evaluate(HOSTILE) == []


def test_hostile_threads_and_names_of_files(page: Page, base_url: str) -> None:
    threads = json.loads(get(f"{base_url}/hostile/threads.json?_shape=array&_size=max").text)
    for thread in threads[:5]:
        page.goto(f"/hostile/-/leaks/documents/{thread['id']}/thread")
        assert page.evaluate(HOSTILE) == []
    parts = json.loads(get(f"{base_url}/hostile/attachments.json?_shape=array&_size=max").text)
    slugs = {
        row["id"]: row["slug"]
        for row in json.loads(
            get(f"{base_url}/hostile/documents.json?_shape=array&_size=max&_col=slug").text
        )
    }
    for part in parts:
        key = part["document_id"]
        data = json.loads(get(f"{base_url}/hostile/-/leaks/mail/{slugs[key]}.json").text)
        [line] = data["attachments"]
        assert line["name"] == part["name"]
