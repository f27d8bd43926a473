"""Fixtures for every test."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.cli import cli
from datasette.version import __version__
from hypothesis import settings
from of_datasette import of_datasette

ROOT = Path(__file__).parents[1]
SEED_ARTICLE = ROOT.parent / "shared" / "seed" / "article.md"

# A deadline would time the machine, not test the code.
settings.register_profile("leaks", deadline=None, print_blob=True)
settings.load_profile("leaks")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of tests/of_datasette.py."""
    told = "run only the modules that a version of Datasette can change"
    parser.addoption("--of-datasette", action="store_true", help=told)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the other modules out with that option."""
    if not config.getoption("--of-datasette") or collection_path.suffix != ".py":
        return None
    return not of_datasette(collection_path) or None


def pytest_report_header() -> str:
    """Say which Datasette is tested."""
    return f"datasette: {__version__}"


@pytest.fixture(scope="session")
def datasette_version() -> str:
    """The version of Datasette that runs, such as ``0.65.5``."""
    return str(__version__)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example databases, made as users make them. Tests only read them."""
    folder = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(cli, ["leaks", "demo", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="session")
def example_db(demo_folder: Path) -> Path:
    """The database of the invented example, examples/harbour. A test that writes copies it."""
    return demo_folder / "harbour.db"


@pytest.fixture(scope="session")
def seed_article() -> Path:
    """The article of the first case, whose text is no part of the repository."""
    if not SEED_ARTICLE.exists():
        pytest.skip(
            f"needs the first case's article, which is not in the repository: {SEED_ARTICLE}"
        )
    return SEED_ARTICLE
