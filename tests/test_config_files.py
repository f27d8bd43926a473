"""metadata.json and datasette.yaml of the demo: each Datasette is told the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from datasette.app import Datasette
from datasette_fixtures import started

from datasette_leaks import compat
from datasette_leaks.site import guard
from datasette_leaks.site.warnings import IGNORED, ignored

ROOT = Path(__file__).parents[1]


def files() -> tuple[dict[str, Any], dict[str, Any]]:
    metadata: dict[str, Any] = json.loads((ROOT / "metadata.json").read_text())
    config: dict[str, Any] = yaml.safe_load((ROOT / "datasette.yaml").read_text())
    return metadata, config


def test_nothing_that_1_0_ignores_is_in_metadata_alone() -> None:
    assert ignored(*files()) == []


def test_both_say_the_same_where_both_say_something() -> None:
    metadata, config = files()
    for name, database in config["databases"].items():
        for key, value in database.items():
            if key in IGNORED:
                assert metadata["databases"][name][key] == value


def test_licences_stand_on_every_level() -> None:
    """1.0 does not pass them on from the instance to databases and tables."""
    metadata, _ = files()
    databases = metadata["databases"].values()
    tables = [table for database in databases for table in database["tables"].values()]
    for level in (metadata, *databases, *tables):
        assert level["license"] == metadata["license"]
        assert level["license_url"] == metadata["license_url"]


def test_the_demo_databases_are_the_ones_configured(demo_folder: Path) -> None:
    metadata, _ = files()
    assert {path.stem for path in demo_folder.glob("*.db")} == set(metadata["databases"])


@pytest.mark.asyncio
async def test_the_demo_site_is_served(
    demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metadata, config = files()
    databases = sorted(demo_folder.glob("*.db"))
    arguments: dict[str, Any] = {"metadata": metadata}
    if compat.is_v1(await started()):
        arguments["config"] = config
    datasette = await started(*databases, **arguments)
    assert metadata["title"] in (await datasette.client.get("/")).text
    for name, database in metadata["databases"].items():
        for table in ("", "/claims_by_status", "/claims_by_source"):
            page = await datasette.client.get(f"/{name}{table}")
            assert page.status_code == 200
            assert "Apache License 2.0" in page.text
        assert database["title"] in (await datasette.client.get(f"/{name}")).text
    answer = await datasette.client.get("/harbour/claims_per_document.json?_shape=array")
    assert answer.json()[0]["claims"] > 0
    assert capsys.readouterr().err == ""


DOCS = (ROOT / "docs" / "configuration.md").read_text()


@pytest.mark.parametrize("key", IGNORED)
def test_the_docs_tell_what_1_0_ignores(key: str) -> None:
    row = re.search(rf"^\| `{key}` \|.*$", DOCS, re.MULTILINE)
    assert row is not None
    assert "`datasette.yaml`" in row[0].split("|")[3]
    assert "`metadata.json`" not in row[0].split("|")[3]


def test_the_settings_in_the_docs_are_taken() -> None:
    in_json = re.findall(r"^```json\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    in_yaml = re.findall(r"^```yaml\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    for setting in [*map(json.loads, in_json), *map(yaml.safe_load, in_yaml)]:
        assert guard.allowed_hosts(Datasette(metadata=setting)) == {"leaks.example.org"}
