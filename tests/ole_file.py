"""Writes OLE files (MS-CFB), as Outlook's .msg are, and the objects of MAPI in them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import TypeAlias

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Tree: TypeAlias = "Mapping[str, bytes | Tree]"
Value: TypeAlias = "str | bytes | int | datetime"


def ole(tree: Tree) -> bytes:
    """An OLE file with these streams (bytes) and storages (mappings)."""
    entries: list[list[object]] = [["Root Entry", 5, FREE, b"", END, 0]]
    nexts: dict[int, int] = {}

    def add(parent: int, children: Tree) -> None:
        last = FREE
        for name, content in reversed(list(children.items())):
            number = len(entries)
            kind = 2 if isinstance(content, bytes) else 1
            data = content if isinstance(content, bytes) else b""
            entries.append([name, kind, FREE, data, END, len(data)])
            nexts[number] = last
            last = number
            if not isinstance(content, bytes):
                add(number, content)
        entries[parent][2] = last

    add(0, tree)
    mini, minifat = bytearray(), list[int]()
    for entry in entries:
        data = entry[3]
        assert isinstance(data, bytes)
        if entry[1] == 2 and data and len(data) < CUTOFF:
            count = -(-len(data) // MINI)
            entry[4] = len(minifat)
            minifat += [*range(len(minifat) + 1, len(minifat) + count), END]
            mini += data.ljust(count * MINI, b"\0")
    entries[0][3], entries[0][5] = bytes(mini), len(mini)
    sectors, fat = bytearray(), list[int]()

    def store(data: bytes) -> int:
        if not data:
            return END
        start, count = len(fat), -(-len(data) // SECTOR)
        fat.extend([*range(start + 1, start + count), END])
        sectors.extend(data.ljust(count * SECTOR, b"\0"))
        return start

    for entry in entries:
        data = entry[3]
        assert isinstance(data, bytes)
        if entry[1] == 5 or len(data) >= CUTOFF:
            entry[4] = store(data)
    packed = struct.pack(f"<{len(minifat)}I", *minifat)
    minis = store(packed.ljust(-(-len(packed) // SECTOR) * SECTOR, b"\xff"))
    directory = store(
        b"".join(_entry(entry, nexts.get(number, FREE)) for number, entry in enumerate(entries))
    )
    blocks = -(-(len(fat) + 4) // (SECTOR // 4 - 1))
    first = len(fat)
    fat += [FAT] * blocks
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(blocks * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, blocks)
    header += struct.pack(
        "<IIIIIII", directory, 0, CUTOFF, minis, -(-len(packed) // SECTOR), END, 0
    )
    header += struct.pack("<109I", *range(first, first + blocks), *[FREE] * (109 - blocks))
    return header + bytes(sectors) + table


def _entry(entry: list[object], right: int) -> bytes:
    name, kind, child, _, start, size = entry
    encoded = f"{name}\0".encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        encoded, len(encoded), kind, 1, FREE, right, child, b"", 0, 0, 0, start, size,
    )  # fmt: skip


def mapi(
    header: int, values: Mapping[int, Value], more: Tree | None = None, kind: int = 0x1F
) -> Tree:
    """An object of MAPI: ``header`` bytes before its table, its properties, what lies inside.

    ``kind`` is the type of its strings, 0x1E for those of a code page (here windows-1251).
    """
    table = bytes(header)
    streams: dict[str, bytes | Tree] = {}
    for name, value in values.items():
        if isinstance(value, int):
            table += struct.pack("<HHIII", 0x3, name, 0, value, 0)
        elif isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=timezone.utc)).total_seconds()) * 10**7
            table += struct.pack("<HHIQ", 0x40, name, 0, ticks)
        else:
            tag = 0x102 if isinstance(value, bytes) else kind
            encoding = "utf-16-le" if kind == 0x1F else "cp1251"
            data = value if isinstance(value, bytes) else value.encode(encoding)
            table += struct.pack("<HHIII", tag, name, 0, len(data), 0)
            streams[f"__substg1.0_{name:04X}{tag:04X}"] = data
    return {"__properties_version1.0": table, **streams, **(more or {})}


def msg(
    values: Mapping[int, Value],
    recipients: Sequence[Mapping[int, Value]] = (),
    attachments: Sequence[Tree] = (),
    header: int = 32,
    kind: int = 0x1F,
) -> Tree:
    """A message as a .msg has it, to be written with ``ole``."""
    more: dict[str, bytes | Tree] = {}
    for number, each in enumerate(recipients):
        more[f"__recip_version1.0_#{number:08X}"] = mapi(8, each, kind=kind)
    for number, tree in enumerate(attachments):
        more[f"__attach_version1.0_#{number:08X}"] = tree
    return mapi(header, values, more, kind)
