"""What a reader does: from the overview to a claim, to its words in the article, and back."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.databases import stranger, stratfor_without_text
from browser.web import Answer, get, makes_up, marked
from tools.server import serving

CLAIM = "Nobody climbed crane 7 on 9 November 2020."
ELEMENT = "claim-nobody-climbed-7"
PLACE = f'xpath=//*[@id="{ELEMENT}"]'

Follow = Callable[[Locator], None]


@pytest.fixture(scope="session")
def untold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stratfor_without_text(tmp_path_factory.mktemp("untold"))


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stranger(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="session")
def base_url(
    request: pytest.FixtureRequest,
    server: Callable[..., str],
    demo_folder: Path,
    example_db: Path,
    untold: Path,
    other: Path,
) -> str:
    """The examples served without configuration, or in the way that a test asks for."""
    way = getattr(request, "param", "plain")
    if way == "prefix":
        return server(example_db, arguments=("--setting", "base_url", "/prefix/"))
    if way == "immutable":
        return server(arguments=("-i", str(example_db)))
    if way == "told":
        return server(demo_folder / "stratfor-2012.db")
    return server(example_db, untold, other)


def follow(link: Locator) -> None:
    link.click()


def touch(link: Locator) -> None:
    link.tap()


def reach_and_enter(link: Locator) -> None:
    """Tab to the link, as often as it takes, and press Enter."""
    for _ in range(1000):
        if link.evaluate("link => link === document.activeElement"):
            break
        link.page.keyboard.press("Tab")
    expect(link).to_be_focused()
    link.page.keyboard.press("Enter")


def to_the_words_and_back(page: Page, follow: Follow, root: str = "") -> None:
    """Overview, matrix cell, native table, claim, its words in the article, note, claim."""
    page.goto(f"{root}/harbour/-/leaks")
    cell = page.locator(".leaks-matrix tr", has_text="Sela Tarn").locator(".leaks-b-single_source")
    number = int(cell.inner_text())
    follow(cell)
    expect(page).to_have_url(
        f"{root}/harbour/claims_by_source?source_id=sela-tarn&status=single_source"
    )
    rows = page.locator("table.rows-and-columns tbody tr")
    expect(rows).to_have_count(number)
    for status in rows.locator(".col-status").all():
        expect(status).to_contain_text("Single source")

    follow(rows.get_by_role("link", name=CLAIM))
    expect(page.locator("h1")).to_have_text(CLAIM)
    place = page.get_by_role("region", name="Where the article makes it")
    words = place.locator("mark").inner_text()
    follow(place.get_by_role("link", name="Read it in place"))

    expect(page).to_have_url(f"{root}/harbour/-/leaks/articles/harbour-article#{ELEMENT}")
    expect(page.locator(f"{PLACE}/following::mark[1]")).to_be_in_viewport()
    [marks] = marked(page, [(ELEMENT, "nobody-climbed-7")])
    assert makes_up(marks, words)

    number_in_text = page.locator(f"{PLACE}/following::sup[1]/a")
    number = int(number_in_text.inner_text())
    follow(number_in_text)
    note = page.locator(f"#note-{number}")
    expect(note).to_be_in_viewport()
    follow(note.get_by_role("link", name=CLAIM))
    expect(page.locator("h1")).to_have_text(CLAIM)


@pytest.mark.parametrize(
    ("base_url", "root"),
    [("plain", ""), ("prefix", "/prefix"), ("immutable", "")],
    indirect=["base_url"],
)
def test_from_the_overview_to_the_words_and_back(page: Page, root: str) -> None:
    to_the_words_and_back(page, follow, root)


def test_the_same_without_javascript(no_js_page: Page) -> None:
    to_the_words_and_back(no_js_page, follow)


def test_the_same_with_the_keyboard_alone(page: Page) -> None:
    to_the_words_and_back(page, reach_and_enter)


def test_the_same_on_a_phone(phone_page: Page) -> None:
    to_the_words_and_back(phone_page, touch)


def test_from_a_note_back_to_the_text(page: Page) -> None:
    page.goto("/harbour/-/leaks/articles/harbour-article")
    back = page.locator(".leaks-note .leaks-back").last
    number = back.inner_text()
    back.click()
    expect(page).to_have_url(f"/harbour/-/leaks/articles/harbour-article#mark-{number}")
    expect(page.locator(f'mark[data-claims~="{number}"]').first).to_be_in_viewport()


def test_from_a_claim_to_its_source_and_to_who_has_it_from_there(page: Page) -> None:
    page.goto("/harbour/-/leaks/claims/thale-wanted-names")
    page.locator(".leaks-evidence .leaks-who a").first.click()
    expect(page.locator("main")).to_have_attribute("data-leaks", "source")
    origin = page.locator("h1").inner_text()
    echo = page.get_by_role("region", name="Repeated by").get_by_role("link").first
    name = echo.inner_text()
    echo.click()
    expect(page.locator("h1")).to_have_text(name)
    from_whom = page.get_by_role("region", name="Repeats")
    from_whom.get_by_role("link", name=origin, exact=True).click()
    expect(page.locator("h1")).to_have_text(origin)


def test_a_facet_of_claims_by_status_leads_to_a_claim(page: Page) -> None:
    page.goto("/harbour/claims_by_status")
    page.locator(".facet-results").get_by_role("link", name="retracted", exact=True).click()
    expect(page).to_have_url("/harbour/claims_by_status?status=retracted")
    link = page.locator("table.rows-and-columns td.col-claim a")
    claim = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(claim)
    expect(page.locator(".leaks-standing")).to_contain_text("Retracted")


@pytest.mark.parametrize("table", ["claims_by_status", "claims_by_source"])
def test_a_search_finds_a_claim(page: Page, table: str) -> None:
    page.goto(f"/harbour/{table}")
    page.locator("input[name=_search]").fill("climbed crane")
    page.keyboard.press("Enter")
    page.locator("table.rows-and-columns").get_by_role("link", name=CLAIM).first.click()
    expect(page.locator("h1")).to_have_text(CLAIM)


def test_the_menu_of_the_database_leads_to_the_overview(page: Page) -> None:
    page.goto("/harbour")
    page.locator("details.actions-menu-links summary").click()
    page.locator("details.actions-menu-links a", has_text="Claims overview").click()
    expect(page.locator("main")).to_have_attribute("data-leaks", "overview")


def test_without_the_text_the_claims_are_read_in_order(page: Page, untold: Path) -> None:
    page.goto("/stratfor-2012/-/leaks")
    cell = page.locator(".leaks-matrix .leaks-cell").first
    number = int(cell.inner_text())
    cell.click()
    rows = page.locator("table.rows-and-columns tbody tr")
    expect(rows).to_have_count(number)
    link = rows.locator("td.col-claim_id a").first
    claim = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(claim)
    page.locator(".leaks-kicker a").click()

    reading = page.get_by_role("region", name="The text is not loaded")
    expect(reading.locator("pre")).to_have_text("datasette leaks load stratfor-2012.db article.md")
    with closing(sqlite3.connect(untold)) as conn:
        claims = conn.execute("SELECT text FROM claims ORDER BY position").fetchall()
    expect(page.locator(".leaks-note-claim")).to_have_text([text for (text,) in claims])
    expect(page.locator("mark")).to_have_count(0)
    reading.get_by_role("link", name=claim, exact=True).click()
    expect(page.locator("h1")).to_have_text(claim)


PLACES = """
SELECT 'claim-' || claims.id, claims.id, substr(documents.text, start + 1, "end" - start)
FROM claims JOIN documents ON documents.id = document_id
WHERE start IS NOT NULL AND claims.state <> 'rejected' AND slug = :slug
UNION ALL
SELECT 'said-' || assertions.id, claim_id, substr(documents.text, start + 1, "end" - start)
FROM assertions JOIN documents ON documents.id = document_id
WHERE start IS NOT NULL AND state <> 'rejected' AND slug = :slug
"""


def assert_marks_are_the_words(page: Page, database: Path, slug: str) -> None:
    """Every claim and assertion with a place in the document is marked there, on its words."""
    with closing(sqlite3.connect(database)) as conn:
        places = conn.execute(PLACES, {"slug": slug}).fetchall()
    found = marked(page, [(element, claim) for element, claim, _ in places])
    wrong = [
        element
        for (element, _, words), marks in zip(places, found, strict=True)
        if not makes_up(marks, words)
    ]
    assert wrong == []
    assert places != []


@pytest.mark.parametrize("slug", ["harbour-article", "harbour-filing", "harbour-second-article"])
def test_every_place_is_marked_on_its_words(page: Page, example_db: Path, slug: str) -> None:
    page.goto(f"/harbour/-/leaks/articles/{slug}")
    assert_marks_are_the_words(page, example_db, slug)


@pytest.mark.parametrize("base_url", ["told"], indirect=True)
def test_every_place_of_the_first_case_is_marked_on_its_words(
    page: Page, demo_folder: Path, seed_article: Path
) -> None:
    page.goto("/stratfor-2012/-/leaks/articles/stratfor-us-troops-mexico")
    assert_marks_are_the_words(page, demo_folder / "stratfor-2012.db", "stratfor-us-troops-mexico")


def bare_of(answer: Answer, address: str) -> str:
    """The text without what differs between two servers: address, port and time taken."""
    return re.sub(r"[0-9.]+ms", "", answer.text.replace(address, ""))


def test_another_database_shows_no_trace_of_the_plugin(
    base_url: str, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What Datasette asks before it looks for plugins.
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys._called_from_test = True\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with serving([other], tmp_path / "log") as bare:
        assert json.loads(get(f"{bare}/-/plugins.json").text) == []
        for path in (
            "/other",
            "/other/claims",
            "/other/claims/1",
            "/other/claims.json?_shape=array",
        ):
            with_plugin, without = get(base_url + path), get(bare + path)
            assert with_plugin.status == 200
            assert bare_of(with_plugin, base_url) == bare_of(without, bare), path
        assert get(f"{base_url}/other/-/leaks").status == 404
        assert get(f"{base_url}/other/-/leaks.json").status == 404
