"""Ways from Datasette's own pages to ours: menus, and the cells of the native tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from markupsafe import Markup, escape

from . import vocabulary
from .detect import is_leaks_database, known_columns
from .links import Links
from .queue import any_waits, has_queue

if TYPE_CHECKING:
    from datasette.app import Datasette

_STATUS_COLUMNS = {
    "claims_by_status": ("status",),
    "claims_by_source": ("status",),
    "claim_counts": ("status",),
}
# Columns whose text leads to a page of ours: the row's column that holds the id, and the page.
_TEXT_COLUMNS = {
    ("claims", "text"): ("id", "claim"),
    ("claims_by_status", "claim"): ("id", "claim"),
    ("sources", "name"): ("id", "source"),
    ("documents", "title"): ("slug", "article"),
    ("emails", "subject"): ("document_id", "document"),
    ("insights", "code"): ("document_id", "document"),
    ("threads", "subject"): ("id", "thread_of"),
}
# Foreign keys lead to our page of what they point to, and not to its bare row.
_KEY_COLUMNS = {
    "claim_id": "claim",
    "source_id": "source",
    "voice_id": "source",
    "article_id": "document",
    "document_id": "document",
    "parent_id": "document",
    "said_in_id": "document",
    "target_id": "document",
}
# Tables whose rows may be proposed: the word is marked as on our pages.
_STATE_TABLES = {
    "assertions", "claim_relations", "claims", "claims_by_source", "claims_by_status",
    "derivations", "source_relations",
}  # fmt: skip
# The state stands far to the right: the claim of such a row says it too.
_SAYS_STATE = {("claims", "text"), ("claims_by_status", "claim")}
_COLUMNS = {
    "state",
    *(column for columns in _STATUS_COLUMNS.values() for column in columns),
    *(column for _, column in _TEXT_COLUMNS),
    *_KEY_COLUMNS,
}
_STATUS_CELLS = {
    term.key: Markup(
        '<span class="leaks-status leaks-s-{}">'
        '<span class="leaks-sign" aria-hidden="true">{}</span>{}</span>'
    ).format(term.key, term.sign, term.label)
    for term in vocabulary.STATUSES.values()
}
_PROPOSED_CELL = Markup(
    '<span class="leaks-proposed"><span class="leaks-sign" aria-hidden="true">{}</span>{}</span>'
).format(vocabulary.PROPOSED.sign, vocabulary.PROPOSED.label)


def entry(datasette: Datasette, database: str) -> str:
    """A line on the page of a leaks database that leads to the overview; "" for another one."""
    db = datasette.databases.get(database)
    if db is None or not known_columns(db):
        return ""
    href = Links(datasette, database).overview()
    return str(
        Markup(
            '<p class="leaks-entry"><a href="{}">Claims overview</a>: '
            "what is disputed, what rests on one source, who says what.</p>"
        ).format(href)
    )


async def database_actions(datasette: Datasette, database: str) -> list[dict[str, str]]:
    """The entries of a leaks database's menu; none for another database."""
    db = datasette.get_database(database)
    if not await is_leaks_database(db):
        return []
    links = Links(datasette, database)
    archive = {
        "href": links.archive(),
        "label": "Archive",
        "description": "E-mails over time, who wrote them, what was loaded",
    }
    search = {
        "href": links.search(),
        "label": "Search the documents",
        "description": "Words in e-mails, articles, web pages and filings",
    }
    queue = {
        "href": links.queue(),
        "label": "Proposals",
        "description": "What waits for an editor, the least sure first",
    }
    present = known_columns(db)
    waits = has_queue(present) and await db.execute_fn(any_waits)
    return [
        {
            "href": links.overview(),
            "label": "Claims overview",
            "description": "Articles, what is disputed, and who says what",
        },
        {
            "href": links.table("claims_by_status"),
            "label": "Claims by status",
            "description": "Every claim with what stands behind it",
        },
        {
            "href": links.table("claims_by_source"),
            "label": "Claims by source",
            "description": "Who takes which stance on which claim",
        },
        *([queue] if waits else []),
        *([archive] if "mail_months" in present else []),
        *([search] if "documents_fts" in present else []),
    ]


async def table_actions(datasette: Datasette, database: str, table: str) -> list[dict[str, str]]:
    """The entry of a leaks table's menu."""
    db = datasette.get_database(database)
    if not await is_leaks_database(db) or table not in known_columns(db):
        return []
    return [{"href": Links(datasette, database).overview(), "label": "Claims overview"}]


def render_cell(
    datasette: Datasette, database: str | None, table: str | None, column: str, row: Any, value: Any
) -> Markup | None:
    """Statuses and what is proposed with their signs; claims, sources and documents as links.

    ``value`` is a dict of value and label where Datasette has expanded a foreign key. None leaves
    the cell to Datasette. Called for every cell of every table, hence the look at the column first.
    """
    if column not in _COLUMNS or value is None or not database or not table:
        return None
    db = datasette.databases.get(database)
    if db is None or table not in known_columns(db):
        return None
    if column in _STATUS_COLUMNS.get(table, ()):
        return _STATUS_CELLS.get(value)
    if column == "state":
        return _PROPOSED_CELL if value == "proposed" and table in _STATE_TABLES else None
    if (table, column) in _TEXT_COLUMNS:
        key_column, page = _TEXT_COLUMNS[table, column]
        key = row[key_column]
        key = key["value"] if isinstance(key, dict) else key
        link = _link(datasette, database, page, key, value or "(empty)")
        if (table, column) in _SAYS_STATE and _state(row) == "proposed":
            return link + " " + _PROPOSED_CELL
        return link
    if isinstance(value, dict) and column in _KEY_COLUMNS:
        key = value["value"]
        return _link(datasette, database, _KEY_COLUMNS[column], key, value["label"] or key)
    return None


def _state(row: Any) -> Any:
    """The row's state; None where an older database or the page has no such column."""
    return row["state"] if "state" in row.keys() else None  # noqa: SIM118, a row is of values


_links: WeakKeyDictionary[Datasette, dict[str, Links]] = WeakKeyDictionary()


def _link(datasette: Datasette, database: str, page: str, key: Any, label: Any) -> Markup:
    links = _links.setdefault(datasette, {})
    if database not in links:
        links[database] = Links(datasette, database)
    href = getattr(links[database], page)(str(key))
    return Markup(f'<a href="{escape(href)}">{escape(label)}</a>')  # noqa: S704, both are escaped


def css_urls(datasette: Datasette, database: str | None) -> list[str]:
    """Our stylesheet, on the pages of leaks databases only."""
    db = datasette.databases.get(database) if database else None
    if db is None or not known_columns(db):
        return []
    return [datasette.urls.static_plugins("datasette_leaks", "leaks.css")]
