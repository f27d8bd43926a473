"""Find or install the Chromium that the browser tests and the screenshots drive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-dejavu-core")
FLAGS = (
    "--no-sandbox",  # containers and root have none; only our own server is visited
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # A request to anywhere else is recorded by the harness and goes nowhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
ADVICE = (
    "No Chromium found, and the browser tests need one. Install it (Debian, Ubuntu: "
    f"`sudo apt-get install {' '.join(PACKAGES)}`; elsewhere your system's Chromium or Chrome) "
    "or name it: `make test CHROMIUM=/path/to/chromium`."
)


class NoChromium(Exception):
    """There is no Chromium; the message says what to do."""


def find() -> str:
    """The path of Chromium: what ``CHROMIUM`` in the environment names, else what is on PATH.

    Raises NoChromium when there is none, or when ``CHROMIUM`` names something that is no program.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            raise NoChromium(f"CHROMIUM names {named}, which is no program. {ADVICE}")
        return path
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise NoChromium(ADVICE)


def find_or_install() -> str:
    """Like find, but installs it with apt when that is there and this is root."""
    try:
        return find()
    except NoChromium:
        if os.environ.get("CHROMIUM") or os.geteuid() != 0 or not shutil.which("apt-get"):
            raise
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-y", "-q", *PACKAGES]):
        try:
            subprocess.run(["apt-get", *arguments], check=True, env=environment)
        except subprocess.CalledProcessError as error:
            raise NoChromium(f"apt-get {arguments[0]} failed. {ADVICE}") from error
    return find()


def launch(playwright: Playwright) -> Browser:
    """Start Chromium, without a window. Raises NoChromium."""
    return playwright.chromium.launch(executable_path=find(), args=list(FLAGS))


def main() -> None:
    """Print the path of Chromium, installed if need be."""
    try:
        print(f"Chromium: {find_or_install()}")
    except NoChromium as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
