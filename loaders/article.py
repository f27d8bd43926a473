"""Articles in Markdown and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from . import furniture, markdown, metadata
from .blocks import Block
from .bylines import parse_byline
from .decoding import TextFile, no_text, read_text
from .records import Description, Document, Link, Passage, Problem, SourceFile
from .slugs import slugify

_TITLE = 150  # code points: the longest first line of a text file that is taken as its title
_LINK_ROLES = {
    "byline": "byline",
    "related": "related",
    "navigation": "navigation",
    "advert": "navigation",
}
_BETWEEN = re.compile(r"\n(?:[^\S\n]*\n)+|\n?\f\n?|\A(?:[^\S\n]*\n)+")


class MarkdownLoader:
    """Markdown (CommonMark with tables, strikethrough, footnotes and YAML front matter)."""

    name = "markdown"
    suffixes: tuple[str, ...] = (".md", ".markdown")

    def load(self, path: Path) -> Iterator[Document | Problem]:
        """The article at ``path``, after a Problem for each fault of its front matter.

        Raises OSError where the file cannot be read.
        """
        read = read_text(path, "text/markdown")
        if isinstance(read, Problem):
            yield read
            return
        yaml, source = metadata.split_front_matter(read.text)
        stated = Description("article")
        if yaml is not None:
            stated, problems = metadata.read_front_matter(yaml, str(path))
            yield from problems
        try:
            plain = markdown.parse(source)
        except markdown.NestingError as error:
            skipped = read.text.count("\n") - source.count("\n")
            place = f"line {error.line + skipped}" if error.line else ""
            yield Problem(str(path), place, str(error), "an article", "Take out the nesting there")
            return
        if not plain.text:
            yield no_text(path, read.file.size)
            return
        yield assemble(read.file, plain, stated, furniture.classify(plain.text, plain.blocks))


class TextLoader:
    """Plain text, taken as it stands: offsets into the text are offsets into the file.

    (Of its decoded characters, without a byte order mark and with line ends as LF.) Passages are
    what blank lines and form feeds separate; a short first one without a full stop is the title.
    """

    name = "text"
    suffixes: tuple[str, ...] = (".txt",)

    def load(self, path: Path) -> Iterator[Document | Problem]:
        """The article at ``path``. Raises OSError where the file cannot be read."""
        read = read_text(path, "text/plain")
        if isinstance(read, Problem):
            yield read
            return
        yield text_document(read, Description("article"))


def text_document(read: TextFile, stated: Description) -> Document:
    """The document of a plain text; ``stated`` is what is known of it besides."""
    plain = markdown.PlainText(read.text, tuple(_text_blocks(read.text)), (), ())
    return assemble(read.file, plain, stated, furniture.classify(plain.text, plain.blocks))


def assemble(
    file: SourceFile,
    plain: markdown.PlainText,
    stated: Description,
    roles: Sequence[str | None],
    title: str | None = None,
) -> Document:
    """The document of a text, with ``roles`` as furniture.classify gives them for its blocks.

    What ``stated`` leaves out is filled from the text, and the links have the role of their place.
    ``title`` is for a text that has none either.
    """
    description = metadata.describe(plain.text, plain.blocks, roles, stated)
    description = replace(description, title=description.title or title)
    slug = slugify(description.title or "") or slugify(Path(file.path).stem)
    passages = furniture.passages(plain.text, plain.blocks, roles)
    return Document(
        slug=slug or f"article-{file.sha256[:12]}",
        description=description,
        text=plain.text,
        file=file,
        passages=passages,
        links=_with_roles(plain.links, passages),
        emphases=plain.emphases,
    )


def _with_roles(links: Sequence[Link], passages: Sequence[Passage]) -> tuple[Link, ...]:
    """The links with the role that the furniture around them gives. Both are in text order."""
    made = []
    around = iter(passages)
    passage = Passage("paragraph", 0, 0)
    for link in links:
        while passage.end < link.end:
            passage = next(around)
        role = _LINK_ROLES.get(passage.role or "", link.role)
        made.append(replace(link, role=role))
    return tuple(made)


def _text_blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    position = 0
    broken = False
    first = True
    last = len(text.rstrip())
    for gap in [*_BETWEEN.finditer(text), None]:
        end = gap.start() if gap else len(text)
        found = _text_block(text, position, min(end, last), broken, first and end < last)
        first = first and all(parse_byline(text[block.start : block.end]) for block in found)
        blocks += found
        if gap:
            broken = "\f" in gap[0]
            position = gap.end()
    return blocks


def _text_block(text: str, start: int, end: int, broken: bool, first: bool) -> list[Block]:
    words = text[start:end]
    if not words.strip():
        return []
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    words = text[start:end]
    if first:
        # "Title\nBy X" with no blank line between
        line, newline, rest = words.partition("\n")
        if newline and parse_byline(rest.partition("\n")[0]):
            return [
                *_text_block(text, start, start + len(line), broken, first),
                *_text_block(text, start + len(line) + 1, end, False, first=False),
            ]
        plain = not newline and words[-1] not in ".:,;" and not parse_byline(words)
        if plain and len(words) <= _TITLE:
            return [Block("heading", start, end, start, level=1, broken=broken, unlinked=words)]
    return [Block("paragraph", start, end, start, broken=broken, unlinked=words)]
