"""Pictures of the demo for the README: `make shots`, or `python -m tools.shots NAME=PATH…`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tools.chromium import launch
from tools.demo import build
from tools.server import ROOT, configuration, serving

FOLDER = ROOT / "docs" / "images"
WIDTHS = {"desktop": 1440, "phone": 390}  # CSS pixels
HEIGHT = 900  # a picture ends here: it invites to the page and does not replace it
# Of the invented example only: the text of the other case is not ours to publish.
PAGES = {
    "overview": "/harbour/-/leaks",
    "claim": "/harbour/-/leaks/claims/three-inspectors-paid",
    "source": "/harbour/-/leaks/sources/hb2",
    "article": "/harbour/-/leaks/articles/harbour-article",
    "by-status": "/harbour/claims_by_status",
    "by-source": "/harbour/claims_by_source",
}


def take(browser: Browser, address: str, pages: Mapping[str, str], folder: Path) -> list[Path]:
    """Write ``NAME-desktop.png`` and ``NAME-phone.png`` for each page; gives their paths.

    Raises SystemExit when a page does not answer 200, as a picture of an error is of no use.
    """
    written = []
    for device, width in WIDTHS.items():
        phone = device == "phone"
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": HEIGHT}, is_mobile=phone
        )
        page = context.new_page()
        for name, path in pages.items():
            response = page.goto(path)
            if response is None or response.status != 200:
                sys.exit(f"{path} does not answer 200, so there is no picture of it.")
            target = folder / f"{name}-{device}.png"
            page.screenshot(path=target)
            print(target, flush=True)
            written.append(target)
        context.close()
    return written


def main() -> None:
    """Take the pictures of PAGES, or of the NAME=PATH pairs that are given."""
    pages = dict(pair.split("=", 1) for pair in sys.argv[1:]) or PAGES
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        databases = build(folder)
        log = folder / "server.log"
        with serving(databases, log, configuration()) as address, sync_playwright() as playwright:
            browser = launch(playwright)
            take(browser, address, pages, FOLDER)
            browser.close()


if __name__ == "__main__":
    main()
