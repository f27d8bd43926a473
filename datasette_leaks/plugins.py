"""The loaders there are: ours, and those of other plugins."""

from __future__ import annotations

from itertools import chain

from datasette.plugins import pm

from datasette_leaks import hookspecs
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
