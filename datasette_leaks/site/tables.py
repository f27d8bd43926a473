"""How Datasette shows our tables without any configuration by the user.

Facets, labels, order, search and descriptions for every leaks database. What users set themselves,
in metadata.json or datasette.yaml, wins, key by key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette_leaks import compat
from datasette_leaks.site import descriptions, menus
from datasette_leaks.site.detect import known_columns, leaks_columns

if TYPE_CHECKING:
    from datasette.app import Datasette

# Facets are columns that are indexed or stand in a table that stays small: each facet is a GROUP BY
# on every page. documents shows few rows, as each carries a whole text.
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "claims_by_status": {
        "facets": ["status", "article_id", "kind"],
        "label_column": "claim",
        "sort": "claim_number",
        "fts_table": "claims_fts",
        "fts_pk": "claim_number",
    },
    "claims_by_source": {
        "facets": ["source_id", "stance", "status", "article_id"],
        "sort": "claim_number",
        "fts_table": "claims_fts",
        "fts_pk": "claim_number",
    },
    "claims": {
        "facets": ["article_id"],
        "label_column": "text",
        "sort": "number",
        "fts_table": "claims_fts",
        "fts_pk": "number",
    },
    "sources": {
        "facets": ["kind"],
        "label_column": "name",
        "fts_table": "sources_fts",
        "fts_pk": "number",
    },
    "documents": {
        "facets": ["kind"],
        "label_column": "title",
        "fts_table": "documents_fts",
        "fts_pk": "id",
        "size": 20,
    },
    "assertions": {"facets": ["stance", "source_id"]},
    "attributions": {"facets": ["kind", "source_type", "rule"]},
    "claim_relations": {"facets": ["kind"]},
    "derivations": {"facets": ["state"]},
    "dossiers": {"label_column": "title"},
    "extractions": {"facets": ["engine"]},
    "links": {"facets": ["role"]},
    "load_problems": {"facets": ["load_id"]},
    "loads": {"label_column": "path", "sort_desc": "id"},
    "passages": {"facets": ["document_id"]},
    "reported_by": {"facets": ["source_id"]},
    "reviews": {"sort_desc": "id"},
    "source_grades": {"facets": ["scale"]},
    "source_relations": {"facets": ["kind"]},
    "emails": {"facets": ["folder_id"], "label_column": "subject", "sort_desc": "sent"},
    "attachments": {"facets": ["media_type"]},
    "insights": {"facets": ["key"]},
    "threads": {"label_column": "subject", "sort_desc": "messages"},
    "correspondents": {"sort_desc": "sent"},
    "folders": {"label_column": "name", "sort_desc": "messages"},
    "archive_files": {"label_column": "path"},
    "attachment_contents": {"hidden": True, "size": 5},  # a row may weigh some megabytes
    "copies": {"hidden": True},
    "document_pages": {"hidden": True},
    "email_references": {"hidden": True},
    "email_spans": {"hidden": True},
    "load_progress": {"hidden": True},
    "claim_counts": {"hidden": True},
    "_sqlite_migrations": {"hidden": True},
}

COLUMN_KEYS = ("label_column", "sort", "sort_desc", "fts_pk")


def settings(present: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    """Settings and descriptions, as metadata.json would have them, of tables that are present.

    ``present``: table names and their columns. What is not there is left out, as a facet or
    description of a missing column would be an error page or a lie. The result is the caller's to
    change.
    """
    tables: dict[str, dict[str, Any]] = {}
    for table, columns in present.items():
        wanted = SETTINGS.get(table, {})
        made = {
            key: value
            for key, value in wanted.items()
            if key not in COLUMN_KEYS or value in columns
        }
        if "facets" in made:
            made["facets"] = [name for name in made["facets"] if name in columns]
        if "fts_pk" not in made or made["fts_table"] not in present:
            made.pop("fts_pk", None)
            made.pop("fts_table", None)
        if table in descriptions.TABLES:
            made["description"] = descriptions.TABLES[table]
            made["columns"] = {
                name: text for name in columns if (text := descriptions.column(table, name))
            }
        if made:
            tables[table] = made
    return tables


# What users of 0.65 see of each database's tables, as long as these are the ones it has.
_made: WeakKeyDictionary[Datasette, dict[str, tuple[Mapping[str, Any], compat.Tables]]] = (
    WeakKeyDictionary()
)


def metadata(datasette: Datasette, key: str | None, database: str | None) -> dict[str, Any]:
    """Answer to Datasette 0.65's hook ``get_metadata``; of ``database`` only, when that is given.

    Datasette asks for many keys, some forty times a page, and copies or changes what it gets. Only
    the keys under which tables stand are answered, by copies two levels deep, and without the
    descriptions where it looks for permissions and facets only.
    """
    if key not in (None, "databases", "tables"):
        return {}
    made = _made.setdefault(datasette, {})
    databases = {}
    for name, db in datasette.databases.items():
        if database in (None, name) and (present := known_columns(db)):
            if name not in made or made[name][0] is not present:
                tables = compat.unless_set_by_user(datasette, name, settings(present))
                made[name] = (present, tables)
            databases[name] = compat.database_entry(
                datasette, name, menus.entry(datasette, name)
            ) | {
                "tables": {
                    table: {
                        what: dict(value) if isinstance(value, dict) else value
                        for what, value in values.items()
                        if key != "tables" or what not in ("columns", "description")
                    }
                    for table, values in made[name][1].items()
                }
            }
    return {"databases": databases} if databases else {}


async def fill(datasette: Datasette) -> None:
    """At start-up: look at every database, and give Datasette 1.0 the settings of ours."""
    for name, db in datasette.databases.items():
        if present := await leaks_columns(db):
            await compat.fill_tables(datasette, name, settings(present))
