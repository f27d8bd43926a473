"""Small PDFs for tests, written by hand: Helvetica, one text line a line, links, metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TOP, LEFT, LEADING = 720, 72, 14


@dataclass(frozen=True)
class Sheet:
    """A page: its lines from the top ("" is a gap), links as (rectangle, URL), or a picture.

    A line that begins with blanks is indented by half an em each.
    """

    lines: Sequence[str] = ()
    links: Sequence[tuple[tuple[int, int, int, int], str]] = ()
    picture: bool = False


def make_pdf(*sheets: Sheet, info: str = "", trailer: str = "") -> bytes:
    """A PDF of these pages. ``info`` are entries of its information dictionary."""
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body if isinstance(body, bytes) else body.encode("latin-1"))
        return len(objects)

    add("<< /Type /Catalog /Pages 2 0 R >>")
    add("")
    font = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    image = add(_stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
                        "/ColorSpace /DeviceGray", b"\x80"))  # fmt: skip
    kids = []
    for sheet in sheets:
        content = add(_stream("", _content(sheet)))
        links = [
            add(
                f"<< /Type /Annot /Subtype /Link /Rect [{' '.join(map(str, box))}] "
                f"/A << /S /URI /URI ({url}) >> >>"
            )
            for box, url in sheet.links
        ]
        page = add(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R "
            f"/Resources << /Font << /F {font} 0 R >> /XObject << /I {image} 0 R >> >> "
            f"/Annots [{' '.join(f'{link} 0 R' for link in links)}] >>"
        )
        kids.append(f"{page} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    if info:
        trailer += f" /Info {add(f'<< {info} >>')} 0 R"
    return _file(objects, trailer)


def _content(sheet: Sheet) -> bytes:
    drawn = [b"q 612 0 0 792 0 0 cm /I Do Q"] if sheet.picture else []
    for number, line in enumerate(sheet.lines):
        indent = 6 * (len(line) - len(line.lstrip()))
        words = line.strip().encode("cp1252")
        for character in (b"\\", b"(", b")"):
            words = words.replace(character, b"\\" + character)
        place = f"1 0 0 1 {LEFT + indent} {TOP - LEADING * number} Tm"
        if words:
            drawn.append(b"BT /F 12 Tf " + place.encode() + b" (" + words + b") Tj ET")
    return b"\n".join(drawn)


def _stream(entries: str, data: bytes) -> bytes:
    head = f"<< {entries} /Length {len(data)} >>\nstream\n"
    return head.encode() + data + b"\nendstream"


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    written = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(written)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode("latin-1")
    return bytes(written) + f"startxref\n{start}\n%%EOF\n".encode()
