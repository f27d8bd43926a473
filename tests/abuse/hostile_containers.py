"""Hostile archives: each is made in a folder, and says what is in it and what must be refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

GIGABYTE = 1 << 30
BOMB = 200 << 20
SEPARATOR = b"From a@x.example Sun Jan  1 10:00:00 2012\n"


def mail(subject: str, body: bytes = b"text\n") -> bytes:
    """A usual message."""
    return f"From: Ann <ann@x.example>\nSubject: {subject}\n\n".encode() + body


def boxed(*subjects: str) -> bytes:
    """An mbox of usual messages."""
    return b"\n".join(SEPARATOR + mail(subject) for subject in subjects)


@dataclass(frozen=True)
class Container:
    """``make`` writes the archive into a folder and gives its path.

    ``subjects`` are those of the messages that must be read from it, in order; ``refused`` a word
    of each problem that must be told, in order. None: whatever comes, it must be told soundly.
    """

    name: str
    make: Callable[[Path], Path]
    subjects: tuple[str, ...] | None = None
    refused: tuple[str, ...] | None = None


def holding(name: str, data: Callable[[], bytes]) -> Callable[[Path], Path]:
    """Makes a file of these bytes."""

    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data())
        return folder / name

    return make


def sparse(name: str, head: bytes = b"", size: int = GIGABYTE) -> Callable[[Path], Path]:
    """Makes a file that is a hole after its first bytes."""

    def make(folder: Path) -> Path:
        with (folder / name).open("wb") as file:
            file.write(head)
            file.truncate(size)
        return folder / name

    return make


def zipped(*members: tuple[str, bytes], **more: int) -> bytes:
    """A zip file; ``more`` goes into each member's entry (external_attr, flag_bits)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in more.items():
                setattr(info, key, value)
            archive.writestr(info, data)
    return target.getvalue()


def many(*members: tuple[str, bytes]) -> bytes:
    """A zip file whose names repeat, without the warning."""
    names = [f"{number:03}{name[3:]}" for number, (name, _) in enumerate(members)]
    data = zipped(*zip(names, (data for _, data in members), strict=True))
    for number, (name, _) in enumerate(members):
        data = data.replace(names[number].encode(), name.encode())
    return data


def encrypted() -> bytes:
    """A zip file that says its member is encrypted."""
    data = bytearray(zipped(("a.eml", mail("a"))))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying(size: int) -> bytes:
    """A zip file whose member is said to be of another size."""
    data = bytearray(zipped(("a.eml", mail("a"))))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, size)
    struct.pack_into("<I", data, 22, size)
    return bytes(data)


def overlapping() -> bytes:
    """A zip file of 1,000 members that are all the same bytes."""
    data = zipped(("000.eml", mail("a", b"x" * 1_000_000)))
    begin, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = b"".join(
        data[begin:end].replace(b"000.eml", f"{number:03}.eml".encode()) for number in range(1_000)
    )
    record = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1_000, 1_000, len(entries), begin, 0)
    return data[:begin] + entries + record


def bomb(size: int) -> bytes:
    """A gzip file of zeros, after the headers of a message."""
    target = io.BytesIO()
    with gzip.GzipFile(fileobj=target, mode="wb", mtime=0) as file:
        file.write(mail("bomb"))
        block = bytes(1 << 20)
        for _ in range(size >> 20):
            file.write(block)
    return target.getvalue()


def tarred(*members: tuple[str, bytes, bytes]) -> bytes:
    """A tar archive of (name, type, data)."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, kind, data in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(data), "/etc/passwd"
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def tar_of_size(size: bytes) -> bytes:
    """A tar archive whose member says it is of this size; its checksum is right."""
    data = bytearray(tarred(("a.eml", tarfile.REGTYPE, mail("a"))))
    data[124:136] = size.ljust(12, b"\0")
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


def maildir(folder: Path) -> Path:
    """A Maildir with odd names, links, a pipe, and a message that was never delivered."""
    root = folder / "Maildir"
    for name in ("cur", "new", "tmp", ".Sent.&AOk-&bad-/cur", ".../cur"):
        (root / name).mkdir(parents=True)
    (root / "cur" / "1.a:2,S").write_bytes(mail("cur"))
    (root / "new" / "..odd\n<b>\u202e.eml").write_bytes(mail("hidden"))
    (root / "new" / "2 <b>\n\u202e").write_bytes(mail("new"))
    (root / "tmp" / "3").write_bytes(mail("tmp"))
    (root / ".Sent.&AOk-&bad-" / "cur" / "4").write_bytes(mail("sent"))
    (root / "cur" / "5").symlink_to("/etc/passwd")
    (root / "cur" / "6").symlink_to(root)
    os.mkfifo(root / "cur" / "7")
    (root / "cur" / "8").write_bytes(b"")
    (root / "dovecot.index").write_bytes(b"\0")
    (root / os.fsdecode(b"cur/9\xff")).write_bytes(mail("bytes"))
    return root


def tree(folder: Path) -> Path:
    """A tree of .eml files with links that go round in circles."""
    root = folder / "tree"
    deep = root.joinpath(*["d" * 50] * 40)
    deep.mkdir(parents=True)
    (deep / "deep.eml").write_bytes(mail("deep"))
    (root / "a.eml").write_bytes(mail("a"))
    (root / "loop").symlink_to(root)
    (root / "out.eml").symlink_to("/etc/hostname")
    (root / "none.eml").symlink_to("nowhere")
    (root / "folder.eml").mkdir()
    (root / "folder.eml" / "b.eml").write_bytes(mail("b"))
    with (root / "hole.eml").open("wb") as file:
        file.truncate(GIGABYTE)
    return root


def cut(data: bytes) -> bytes:
    """The first two thirds."""
    return data[: len(data) * 2 // 3]


def _noise(size: int) -> bytes:
    return b"".join(b"%d\n" % (number * number % 1_000_003) for number in range(size // 6))


BOX = boxed("a", "b")
LONG = mail("long", _noise(300_000))

CONTAINERS = (
    Container("mbox", holding("a.mbox", lambda: BOX), ("a", "b"), ()),
    Container("mbox of nothing", holding("a.mbox", lambda: b""), (), ("empty",)),
    Container("mbox without separators", holding("a.mbox", lambda: mail("a")), (), ("no line",)),
    Container("mbox of separators", holding("a.mbox", lambda: (SEPARATOR + b"\n") * 1_000), ()),
    Container(
        "mbox with separators in messages",
        holding("a.mbox", lambda: SEPARATOR + mail("a", b"x\nFrom here on\n\nFrom now on, 2012\n")),
        ("a",), (),
    ),
    Container(
        "mbox with a Content-Length that lies",
        holding("a.mbox", lambda: BOX.replace(b"Sub", b"Content-Length: 999999\nSub")),
        ("a", "b"), (),
    ),
    Container(
        "mbox with a Content-Length of 300 digits",
        holding("a.mbox", lambda: BOX.replace(b"Sub", b"Content-Length: %s\nSub" % (b"9" * 300))),
        ("a", "b"), (),
    ),
    Container("mbox of beginnings",
              holding("a.mbox", lambda: SEPARATOR + b"\n\nFrom " * 1_000_000)),
    Container("mbox that is a hole", sparse("a.mbox"), (), ("NUL",)),
    Container("mbox with a hole after it", sparse("a.mbox", BOX), ("a", "b"), ("NUL",)),
    Container("eml of nothing", holding("a.eml", lambda: b""), (), ("empty",)),
    Container("eml that is a hole", sparse("a.eml"), (), ("NUL",)),
    Container("eml with a hole after it", sparse("a.eml", mail("a")), ("a",), ()),
    Container("gz that is a hole", sparse("a.gz"), (), None),
    Container("zip that is a hole", sparse("a.zip", zipped(("a.eml", mail("a")))), None, None),
    Container("tar that is a hole", sparse("a.tar"), (), None),
    Container("tar with a hole after it", sparse(
        "a.tar", tarred(("a.eml", tarfile.REGTYPE, mail("a")))), ("a",), None),
    Container("gz bomb of an eml", holding("a.eml.gz", lambda: bomb(BOMB)), None, ("",)),
    Container("gz bomb of an mbox", holding(
        "a.mbox.gz", lambda: gzip.compress(BOX) + bomb(BOMB)), None, None),
    Container("zip bomb", holding(
        "a.zip", lambda: zipped(("a.eml", mail("a") + bytes(BOMB)), ("b.eml", mail("b")))),
        None, None),
    Container("zip bomb of one member many times", holding("a.zip", overlapping), None, None),
    Container("bz2 bomb", holding("a.eml.bz2", lambda: bz2.compress(mail("a") + bytes(BOMB))),
              None, None),
    Container("xz bomb", holding(
        "a.eml.xz", lambda: lzma.compress(mail("a") + bytes(BOMB), preset=0)), None, None),
    Container("gz in gz in gz", holding(
        "a.gz", lambda: gzip.compress(gzip.compress(gzip.compress(BOX)))), (), ("archive",)),
    Container("zip in zip", holding("a.zip", lambda: zipped(("a.zip", zipped(("a.eml", BOX))))),
              (), ("archive",)),
    Container("gz cut", holding("a.eml.gz", lambda: cut(gzip.compress(LONG))), ("long",), ("cut",)),
    Container("bz2 cut", holding("a.eml.bz2", lambda: cut(bz2.compress(LONG * 9))), None, None),
    Container("xz cut", holding("a.eml.xz", lambda: cut(lzma.compress(LONG))), None, None),
    Container("zip cut", holding("a.zip", lambda: cut(zipped(("a.eml", LONG)))), (), ("zip",)),
    Container("tar cut", holding("a.tar", lambda: cut(tarred(("a.eml", b"0", LONG)))),
              None, None),
    Container("gz of noise", holding("a.gz", lambda: b"\x1f\x8b" + _noise(10_000)), (), None),
    Container("zip of noise", holding("a.zip", lambda: b"PK\x03\x04" + _noise(10_000)),
              (), ("zip",)),
    Container("tar of noise", holding("a.tar", lambda: _noise(10_000)), (), None),
    Container("zip with names that point out", holding("a.zip", lambda: zipped(
        ("../a.eml", mail("a")), ("/etc/b.eml", mail("b")), ("c\\..\\..\\c.eml", mail("c")),
        ("C:\\d.eml", mail("d")), ("ok.eml", mail("ok")))), ("ok",), ("out",) * 4),
    Container("zip with a name twice", holding("a.zip", lambda: many(
        ("000.eml", mail("a")), ("000.eml", mail("b")))), ("a", "b"), ()),
    Container("zip of links", holding("a.zip", lambda: zipped(
        ("a.eml", b"/etc/passwd"), external_attr=0o120777 << 16)), (), ("link",)),
    Container("zip encrypted", holding("a.zip", encrypted), (), ("encrypted",)),
    Container("zip that says more", holding("a.zip", lambda: lying(1 << 31)), None, None),
    Container("zip that says less", holding("a.zip", lambda: lying(1)), None, None),
    Container("zip of 20,000 nothings", holding(
        "a.zip", lambda: zipped(*((f"{number}.eml", b"") for number in range(20_000)))),
        (), ("empty",) * 20_000),
    Container("tar with names that point out", holding("a.tar", lambda: tarred(
        ("../a.eml", b"0", mail("a")), ("/etc/b.eml", b"0", mail("b")),
        ("ok.eml", b"0", mail("ok")))), ("ok",), ("out", "out")),
    Container("tar of links and devices", holding("a.tar", lambda: tarred(
        ("a", tarfile.SYMTYPE, b""), ("b", tarfile.LNKTYPE, b""), ("c", tarfile.CHRTYPE, b""),
        ("d", tarfile.BLKTYPE, b""), ("e", tarfile.FIFOTYPE, b""), ("ok.eml", b"0", mail("ok")))),
        ("ok",), ("link", "link", "device", "device", "pipe")),
    Container("tar of a size below zero", holding(
        "a.tar", lambda: tar_of_size(b"\xff" * 12)), (), None),
    Container("tar of a huge size", holding(
        "a.tar", lambda: tar_of_size(b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7)), None, None),
    Container("Maildir", maildir, ("sent", "cur", "new"), None),
    Container("tree", tree, None, None),
)  # fmt: skip
