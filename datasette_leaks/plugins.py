"""The loaders and the engines there are: ours, and those of other plugins."""

from __future__ import annotations

from itertools import chain

from datasette.plugins import pm

from datasette_leaks import hookspecs
from datasette_leaks.analysis.attribution import Engine
from datasette_leaks.analysis.engine_llm import Llm
from datasette_leaks.analysis.engine_spacy import Spacy
from datasette_leaks.analysis.extract_rules import Rules
from datasette_leaks.loaders.article import MarkdownLoader, TextLoader
from datasette_leaks.loaders.dossier import DossierLoader
from datasette_leaks.loaders.mail import MAIL_LOADERS
from datasette_leaks.loaders.pdf import PdfLoader
from datasette_leaks.loaders.registry import Loader, MailLoader
from datasette_leaks.loaders.warc import WarcLoader
from datasette_leaks.loaders.webpage import HtmlLoader

pm.add_hookspecs(hookspecs)


def all_loaders() -> list[Loader | MailLoader]:
    """All loaders, those of other plugins last so that they can replace ours."""
    texts: list[Loader] = [
        MarkdownLoader(),
        TextLoader(),
        HtmlLoader(),
        PdfLoader(),
        WarcLoader(),
        DossierLoader(),
    ]
    ours = [*texts, *MAIL_LOADERS]
    # pluggy asks the plugin registered last first.
    return [*ours, *chain.from_iterable(reversed(pm.hook.register_leaks_loaders()))]


def all_engines() -> dict[str, Engine]:
    """All engines by name, those of other plugins last so that they can replace ours."""
    ours: list[Engine] = [Rules(), Spacy(), Llm()]
    # pluggy asks the plugin registered last first.
    theirs = chain.from_iterable(reversed(pm.hook.register_leaks_engines()))
    return {engine.name: engine for engine in (*ours, *theirs)}
