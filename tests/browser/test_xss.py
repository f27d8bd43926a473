"""Sixty hostile texts in every place that takes a text, loaded from files, then visited.

The pages of conftest.py notice what runs: a dialog, a request to elsewhere, an error. Here the
elements themselves are looked at too.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from abuse.xss_vectors import VECTORS
from datasette.utils import tilde_encode
from playwright.sync_api import Page

from browser.databases import build
from browser.web import get, squeezed

# No loader takes the first of these characters, and a dossier has neither.
NUMBERED = [(number, re.sub(r"[\x00\x01]", "", text)) for number, (_, text) in enumerate(VECTORS)]
NAME = "x\"><img src=x onerror=alert(1)>'{{7*7}}"  # of the database's file
TABLES = [
    "claims_by_status", "claims_by_source", "claims", "sources", "source_names", "source_grades",
    "source_relations", "assertions", "derivations", "claim_relations", "documents", "dossiers",
    "document_descriptions", "passages", "links", "emphases",
]  # fmt: skip


def hostile_dossier() -> dict[str, Any]:
    """A dossier with every vector in each of its texts."""
    sources = [
        {
            "id": f"s{number}",
            "name": text,
            "kind": "person",
            "aliases": [text],
            "description": text,
            "grades": [{"value": text, "scale": "unknown", "given_by": text, "note": text}],
            "relations": [{"dependent_on": f"s{(number + 1) % 60}", "note": text}],
        }
        for number, text in NUMBERED
    ]
    claims = [
        {
            "id": f"c{number}",
            "text": text,
            "note": text,
            "at": {"start": f"Here is number {number} for you"},
            "same_as": [{"claim": f"c{(number + 1) % 60}", "note": text}] if number % 2 else [],
            "assertions": [
                {
                    "source": f"s{number}",
                    "stance": "asserts",
                    "cue": text,
                    "hedge": text,
                    "note": text,
                    "said_in": f"d{number}",
                    "reported_by": [f"s{(number + 2) % 60}"],
                },
                {
                    "source": f"s{(number + 1) % 60}",
                    "stance": "echoes",
                    "derives_from": [{"assertion": f"c{number}--s{number}", "note": text}],
                },
            ],
        }
        for number, text in NUMBERED
    ]
    documents = [
        {
            "id": f"d{number}",
            "kind": "article",
            "title": text,
            "author": text,
            "publisher": text,
            "url": text,
            "note": text,
        }
        for number, text in NUMBERED
    ]
    return {
        "dossier": "hostile",
        "title": NUMBERED[0][1],
        "note": NUMBERED[1][1],
        "article": {"id": "article", "title": "Hostile", "voice": "s0", "url": NUMBERED[0][1]},
        "documents": documents,
        "sources": sources,
        "claims": claims,
    }


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of it in one database, with each vector as Markdown, as plain text and as a link."""
    folder = tmp_path_factory.mktemp("hostile")
    markdown = ["# Hostile"]
    plain = ["Hostile and plain"]
    for number, (_, text) in enumerate(VECTORS):
        text = text.replace("\0", "")
        markdown += [f"Here is number {number} for you:", text, f"[a link]({text})"]
        markdown += [f"[{text}](<https://a.example/{number}>) ![{text}]({text})"]
        plain += [text]
    files = {
        "article.md": "\n\n".join(markdown),
        "plain.txt": "\n\n".join(plain),
        "dossier.yaml": json.dumps(hostile_dossier()),
    }
    for number, text in NUMBERED:
        front = json.dumps({"title": text, "author": text, "url": text})
        files[f"titled-{number}.md"] = f"---\n{front}\n---\n\nA text with a title, {number}.\n"
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return build(folder / "hostile.db", *(folder / name for name in files))


@pytest.fixture(scope="session")
def base_url(server: Callable[..., str], database: Path) -> str:
    """The database under a name like others, and under a hostile one."""
    named = shutil.copy(database, database.with_name(f"{NAME}.db"))
    return server(database, named, arguments=("--setting", "max_returned_rows", "5000"))


HOSTILE = """
() => Array.from(document.querySelectorAll("main *, table *, h1, h1 *, .facet-results *, nav *"))
  .flatMap(element => Array.from(element.attributes)
    .filter(({name, value}) => name.startsWith("on")
      || (["href", "src", "action", "formaction", "data", "xlink:href", "srcdoc", "cite"]
            .includes(name)
          && /^(javascript|data|vbscript):/i.test(value.replace(/[\\u0000-\\u0020]/g, ""))))
    .map(({name, value}) => `${element.tagName} ${name}=${value}`))
"""


def visit(page: Page, path: str) -> str:
    """Open a page, see that nothing hostile has become an element or attribute; its words."""
    response = page.goto(path)
    assert response is not None
    assert response.status == 200, path
    assert page.evaluate(HOSTILE) == [], path
    return squeezed(page.inner_text("section.content"))


@pytest.mark.parametrize(
    ("pages", "step"),
    [
        ("-/leaks/claims/c", 1),
        ("-/leaks/sources/s", 1),
        ("-/leaks/articles/d", 1),
        ("claims_by_status/c", 6),
        ("sources/s", 6),
    ],
)
def test_each_is_text_on_the_pages_about_it(page: Page, pages: str, step: int) -> None:
    for number, text in NUMBERED[::step]:
        path = f"/hostile/{pages}{number}"
        assert squeezed(text) in visit(page, path), path


@pytest.mark.parametrize("article", ["article", "hostile-and-plain"])
def test_all_are_text_in_an_article(page: Page, article: str) -> None:
    words = visit(page, f"/hostile/-/leaks/articles/{article}")
    assert [text for _, text in NUMBERED if squeezed(text) not in words] == []


@pytest.mark.parametrize("path", ["", "/-/leaks", *(f"/{table}?_size=max" for table in TABLES)])
def test_nothing_runs_where_many_are_together(page: Page, path: str) -> None:
    visit(page, f"/hostile{path}")


@pytest.mark.parametrize(
    "path",
    [
        "-/leaks",
        "-/leaks/claims/c0",
        "-/leaks/sources/s0",
        "-/leaks/articles/article",
        "claims_by_status",
        "claims_by_source",
        "claims_by_status/c0",
    ],
)
def test_nothing_runs_in_a_database_of_hostile_name(page: Page, path: str) -> None:
    # Not on the other tables: where Datasette 0.65 draws foreign keys itself, such a name runs.
    visit(page, f"/{tilde_encode(NAME)}/{path}")
    assert squeezed(NAME) in squeezed(page.inner_text("body"))


@pytest.mark.parametrize(("kind", "key"), [("claims", "c"), ("sources", "s"), ("articles", "d")])
def test_each_is_text_in_the_json_twins(base_url: str, kind: str, key: str) -> None:
    for number, text in NUMBERED:
        answer = get(f"{base_url}/hostile/-/leaks/{kind}/{key}{number}.json")
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert text in json.loads(answer.text).values()
