"""Mail in compressed files and archives: all of it found, nothing unpacked, no bomb goes off."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ole_file import msg, ole

from datasette_leaks.loaders import mail_mapi as names
from datasette_leaks.loaders import mail_mbox, mail_streams
from datasette_leaks.loaders.mail_heads import LARGEST
from datasette_leaks.loaders.mail_mbox import Mbox, mailbox
from datasette_leaks.loaders.mail_packed import PackedMail
from datasette_leaks.loaders.mail_records import RawMessage

FROM = b"From ada at harbour.example  Sat May  1 11:22:33 2004\n"
MAIL = b"From: ada at harbour.example (Ada)\nDate: Sat, 1 May 2004 11:22:33 +0000\n\nHello.\n"
MORE = b"From: ben at harbour.example (Ben)\nDate: Sat, 1 May 2004 12:22:33 +0000\n\nYes.\n"
MBOX = FROM + MAIL + b"\n" + FROM + MORE
PACKED = PackedMail()
Members = dict[str, bytes]


def write(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def zipped(members: Members) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def tarred(members: Members, format: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=format) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


ARCHIVES: dict[str, Callable[[Members], bytes]] = {
    "a.zip": zipped,
    "a.tar": tarred,
    "a.tar.gz": lambda members: gzip.compress(tarred(members)),
    "a.tgz": lambda members: gzip.compress(tarred(members, tarfile.GNU_FORMAT)),
    "a.tar.bz2": lambda members: bz2.compress(tarred(members, tarfile.USTAR_FORMAT)),
    "a.tar.xz": lambda members: lzma.compress(tarred(members)),
}


def taken(path: Path) -> list[tuple[str, str, bytes]]:
    """Member, folder and bytes of each message; ``read`` gives the same bytes again."""
    loader: PackedMail = pickle.loads(pickle.dumps(PACKED))
    good = []
    for raw in loader.messages(path):
        if raw.problem is None:
            assert raw.data is not None
            assert loader.read(path, raw.member, raw.offset, raw.length) == raw.data
            good.append((raw.member, raw.folder, raw.data))
    return good


def refused(path: Path) -> list[tuple[str, str]]:
    """Member and reason of what gave no message."""
    return [(raw.member, raw.problem.found) for raw in PACKED.messages(path) if raw.problem]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_mbox(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = write(tmp_path, "2004-May.txt.gz", pack(MBOX))
    assert taken(path) == [("", "2004-May", MAIL), ("", "2004-May", MORE)]
    assert [raw.offset for raw in PACKED.messages(path)] == [len(FROM), len(MBOX) - len(MORE)]
    assert refused(path) == []


def test_a_compressed_message(tmp_path: Path) -> None:
    assert taken(write(tmp_path, "a.eml.gz", gzip.compress(MAIL))) == [("", "", MAIL)]


def test_the_name_below_the_compression_counts(tmp_path: Path) -> None:
    bare = b"no headers"
    assert taken(write(tmp_path, "a.eml.gz", gzip.compress(bare))) == [("", "", bare)]
    path = write(tmp_path, "a.zip", zipped({"a.eml.gz": gzip.compress(bare)}))
    assert taken(path) == [("a.eml.gz", "", bare)]


def test_several_gzip_streams_in_a_file_are_one(tmp_path: Path) -> None:
    data = gzip.compress(MBOX + b"\n") + gzip.compress(MBOX)
    assert len(taken(write(tmp_path, "a.mbox.gz", data))) == 4


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_of_all_kinds(tmp_path: Path, name: str) -> None:
    members = {
        "./mail/Inbox.mbox": MBOX,
        "mail/1.": MAIL,
        "mail/b.eml": MORE,
        "ada/cur/1:2,S": MAIL,
        "ada/.Sent.2004/new/2": b"no headers",
        "list/2004-May.txt.gz": gzip.compress(FROM + MAIL),
        "x/" + "long/" * 40 + "c.eml": MAIL,
        "__MACOSX/._b.eml": b"\0",
        "mail/.DS_Store": b"\0",
        ".git/c.eml": MAIL,
    }
    if name == "a.tar.bz2":
        del members["x/" + "long/" * 40 + "c.eml"]
    path = write(tmp_path, name, ARCHIVES[name](members))
    inbox = "mail/Inbox.mbox" if name == "a.zip" else "./mail/Inbox.mbox"
    expected = [
        ("mail/Inbox", MAIL),
        ("mail/Inbox", MORE),
        ("mail", MAIL),
        ("mail", MORE),
        ("ada", MAIL),
        ("ada/Sent/2004", b"no headers"),
        ("list/2004-May", MAIL),
        ("x/" + "/".join(["long"] * 40), MAIL),
    ]
    found = taken(path)
    assert [(folder, data) for _, folder, data in found] == expected[: len(members) - 2]
    assert {member for member, _, _ in found} <= {*members, inbox}
    assert refused(path) == []
    assert list(PACKED.messages(path)) == list(PACKED.messages(path))


@pytest.mark.parametrize("name", ARCHIVES)
def test_what_is_no_mail_is_told(tmp_path: Path, name: str) -> None:
    members = {
        "a.eml": MAIL,
        "report.pdf": b"%PDF-1.4",
        "empty.eml": b"",
        "more.zip": zipped({"a.eml": MAIL}),
        "more.tgz": gzip.compress(tarred({"a.eml": MAIL})),
        "more.pst": b"!BDN" + bytes(100),
        "last.eml": MORE,
    }
    path = write(tmp_path, name, ARCHIVES[name](members))
    inside = "it is an archive inside the archive"
    assert refused(path) == [
        ("report.pdf", "no mail: it does not begin with headers"),
        ("empty.eml", "the file is empty"),
        ("more.zip", inside),
        ("more.tgz", inside),
        ("more.pst", inside),
    ]
    assert [member for member, _, _ in taken(path)] == ["a.eml", "last.eml"]


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.parametrize("member", ["../a.eml", "/etc/a.eml", "x/../../a.eml", "C:\\a.eml"])
def test_names_that_point_elsewhere_are_refused(tmp_path: Path, name: str, member: str) -> None:
    path = write(tmp_path, name, ARCHIVES[name]({member: MAIL, "b.eml": MORE}))
    assert refused(path) == [(member, "its name points out of the archive")]
    assert [one[2] for one in taken(path)] == [MORE]
    with pytest.raises(FileNotFoundError):
        PACKED.read(path, member, 0, 10)


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_a_name_twice_is_two_members(tmp_path: Path, name: str) -> None:
    file = io.BytesIO()
    if name == "a.zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.eml", MAIL)
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr("a.eml", MORE)
    else:
        file.write(tarred({"a.eml": MAIL})[:1024] + tarred({"a.eml": MORE}))
    path = write(tmp_path, name, file.getvalue())
    assert taken(path) == [("a.eml", "", MAIL), ("a.eml (2)", "", MORE)]


def test_names_of_any_bytes_can_be_stored(tmp_path: Path) -> None:
    data = tarred({"b\udcff\n.eml": MAIL}, tarfile.GNU_FORMAT)
    [(member, _, found)] = taken(write(tmp_path, "a.tar", data))
    assert (member, found) == ("b\\xff\\x0a.eml", MAIL)


def test_links_and_devices_in_a_tar_are_told(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for number, kind in enumerate(
            (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)
        ):
            info = tarfile.TarInfo(f"{number}.eml")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    path = write(tmp_path, "a.tar", file.getvalue())
    assert refused(path) == [
        ("0.eml", "it is a link"),
        ("1.eml", "it is a link"),
        ("2.eml", "it is a device"),
        ("3.eml", "it is a pipe"),
    ]


def test_a_sparse_file_in_a_tar_is_told(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.eml")
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": "1000000000000"}
        archive.addfile(info)
    assert refused(write(tmp_path, "a.tar", file.getvalue())) == [("a.eml", "it is a sparse file")]


def test_links_and_encrypted_members_of_a_zip_are_told(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("link.eml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("secret.eml", MAIL)
        archive.writestr("strange.eml", MAIL)
        archive.writestr("folder/", b"")
    data = bytearray(file.getvalue())
    secret = data.index(b"secret.eml", data.index(b"PK\x01\x02")) - 46
    data[secret + 8] |= 1
    strange = data.rindex(b"strange.eml") - 46
    data[strange + 10] = 9  # a method that zipfile does not know
    path = write(tmp_path, "a.zip", bytes(data))
    assert [member for member, _ in refused(path)] == ["link.eml", "secret.eml", "strange.eml"]
    reasons = [found for _, found in refused(path)]
    assert reasons[:2] == ["it is a link", "it is encrypted"]
    assert reasons[2].startswith("it cannot be read: ")
    [advice] = [raw.problem.advice for raw in PACKED.messages(path) if raw.problem][1:2]
    assert "password" in advice


def test_members_of_a_zip_that_overlap_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.eml": MAIL, "b.eml": MORE, "c.eml": MAIL}))
    central = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", central + 4)
    data[second + 42 : second + 46] = data[central + 42 : central + 46]
    path = write(tmp_path, "a.zip", bytes(data))
    assert [member for member, _, _ in taken(path)] == ["a.eml", "c.eml"]
    assert refused(path) == [("b.eml", "its bytes are those of another member too")]


def test_a_message_of_outlook_in_an_archive(tmp_path: Path) -> None:
    rtf = b"\x16\0\0\0\x0a\0\0\0MELA\0\0\0\0{\\rtf1 Hi}"
    values: dict[int, Any] = {names.SUBJECT: "One", names.BODY: "", names.RTF: rtf}
    path = write(tmp_path, "a.zip", zipped({"x/a.msg": ole(msg(values)), "b.msg": MAIL}))
    one, two = taken(path)
    assert (one[0], one[1]) == ("x/a.msg", "x")
    message = PACKED.parse(one[2])
    assert (message.subject, message.text, message.text_from) == ("One", "Hi", "rtf")
    assert two[2] == MAIL


@pytest.mark.parametrize("cut", [1, 4, 9, 30])
def test_a_truncated_gzip_gives_what_was_read(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path, "a.mbox.gz", gzip.compress(MBOX)[:-cut])
    assert taken(path)[0][2].startswith(MAIL)
    [(member, reason)] = refused(path)
    assert member == ""
    assert "damaged or cut off" in reason
    [problem] = [raw.problem for raw in PACKED.messages(path) if raw.problem]
    assert problem.place.startswith("byte ")
    assert problem.advice == "Copy or download it again"


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.eml": MAIL, "b.eml": MORE}))
    data[data.index(b"a.eml") + 10] ^= 0x55
    path = write(tmp_path, "a.zip", bytes(data))
    assert [member for member, _ in refused(path)] == ["a.eml"]
    assert [member for member, _, _ in taken(path)] == ["b.eml"]


@pytest.mark.parametrize("cut", [100, 512, 700, 1100, 1536, 2048])
def test_a_truncated_tar_is_told(tmp_path: Path, cut: int) -> None:
    data = tarred({"a.eml": MAIL, "b.eml": MORE}, tarfile.USTAR_FORMAT)
    path = write(tmp_path, "a.tar", data[:cut])
    assert refused(path)
    assert len(taken(path)) <= 2


def test_a_member_that_a_truncated_tar_cuts_is_named(tmp_path: Path) -> None:
    data = tarred({"a.eml": MAIL}, tarfile.USTAR_FORMAT)[: 512 + len(MAIL) - 3]
    path = write(tmp_path, "a.tar", data)
    short = "it ends 3 bytes too early"
    assert refused(path) == [
        ("a.eml", short),
        ("", f"the archive cannot be read to its end: {short}"),
    ]
    assert taken(path) == [("a.eml", "", MAIL[:-3])]


def test_a_broken_header_in_a_tar_does_not_end_it_silently(tmp_path: Path) -> None:
    data = bytearray(tarred({"a.eml": MAIL, "b.eml": MORE}, tarfile.USTAR_FORMAT))
    data[1024] ^= 1
    path = write(tmp_path, "a.tar", bytes(data))
    assert [member for member, _, _ in taken(path)] == ["a.eml"]
    assert refused(path) == [
        ("", "the archive cannot be read to its end: no header at byte 1024 of the archive")
    ]


def test_what_stands_after_the_end_of_a_tar_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "a.tar", tarred({"a.eml": MAIL}) + tarred({"b.eml": MORE}))
    assert [member for member, _, _ in taken(path)] == ["a.eml"]
    [(_, reason)] = refused(path)
    assert "after its end mark" in reason


def test_a_huge_name_in_a_tar_is_not_read(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 8 << 30
    path = write(tmp_path, "a.tar", info.tobuf(tarfile.GNU_FORMAT) + bytes(10240))
    [(_, reason)] = refused(path)
    assert "a header of 8,589,934,592 bytes" in reason


@pytest.mark.parametrize("data", [b"PK\x03\x04" + bytes(100), zipped({"a.eml": MAIL})[:-10]])
def test_a_broken_zip_is_one_problem(tmp_path: Path, data: bytes) -> None:
    [(member, reason)] = refused(write(tmp_path, "a.zip", data))
    assert (member, reason[:11]) == ("", "no zip file")


@pytest.mark.parametrize(
    ("name", "data"), [("a.zip", zipped({})), ("a.zip", zipped({".hidden": b""}))]
)
def test_an_archive_of_nothing_is_told(tmp_path: Path, name: str, data: bytes) -> None:
    assert refused(write(tmp_path, name, data)) == [("", "the archive holds no files")]


@pytest.mark.parametrize("data", [b"", b"not compressed", MBOX])
def test_a_file_that_only_says_it_is_compressed(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path, "a.gz", data)
    assert len(taken(path)) == (2 if data == MBOX else 0)
    assert bool(refused(path)) == (data != MBOX)


# --- bombs: small on disk, large when unpacked; LARGEST is 64 MiB -------------------------------

BOMB = LARGEST + (8 << 20)


def zeros(opened: Any, head: bytes, size: int = BOMB) -> None:
    opened.write(head)
    block = bytes(1 << 20)
    for _ in range(size >> 20):
        opened.write(block)


def bomb(head: bytes) -> bytes:
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb") as opened:
        zeros(opened, head)
    return file.getvalue()


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.eml.gz", bomb(MAIL))
    assert path.stat().st_size < 100_000
    [(_, reason)] = refused(path)
    assert "expand to more than 100 times" in reason
    assert next(iter(PACKED.messages(path))).data is None


def test_a_bomb_in_an_mbox_is_cut_off(tmp_path: Path) -> None:
    path = write(tmp_path, "a.mbox.gz", bomb(MBOX))
    raws = list(PACKED.messages(path))
    assert raws[0].data == MAIL
    assert raws[-1].problem is not None
    assert "expand" in raws[-1].problem.found
    assert all(raw.data is None or len(raw.data) <= LARGEST + 1 for raw in raws)


def test_a_bomb_in_a_zip_leaves_the_others(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("bomb.eml", "w") as opened:
            zeros(opened, MAIL)
        archive.writestr("inside.eml.gz", bomb(MAIL))
        archive.writestr("a.eml", MORE)
    path = write(tmp_path, "a.zip", file.getvalue())
    assert [member for member, _ in refused(path)] == ["bomb.eml", "inside.eml.gz"]
    assert [member for member, _, _ in taken(path)] == ["a.eml"]


def test_a_bomb_in_a_tar_ends_it(tmp_path: Path) -> None:
    raw = tarred({"first.eml": os.urandom(2 << 20), "a.eml": MORE})[: (2 << 20) + 3 * 512]
    info = tarfile.TarInfo("bomb.jpg")
    info.size = BOMB
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb") as opened:
        opened.write(raw)
        zeros(opened, info.tobuf())
    path = write(tmp_path, "a.tgz", file.getvalue())
    assert [member for member, _, _ in taken(path)] == ["first.eml", "a.eml"]
    last = refused(path)[-1]
    assert last[0] == ""
    assert "expand" in last[1]


def test_a_large_message_that_is_no_bomb_is_cut_in_memory_only(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    info = tarfile.TarInfo("a.eml")
    info.size = BOMB + len(MAIL)
    with path.open("wb") as opened:
        zeros(opened, info.tobuf() + MAIL)
        opened.write(bytes(-info.size % 512 + 1024))
    [raw] = PACKED.messages(path)
    assert raw.data is not None
    assert (raw.length, len(raw.data)) == (info.size, LARGEST + 1)


def test_a_large_message_in_an_mbox_is_cut_in_memory_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("mail_streams.LARGEST", "mail_mbox.LARGEST"):
        monkeypatch.setattr(f"datasette_leaks.loaders.{module}", 300_000)
    monkeypatch.setattr(mail_streams, "BLOCK", 4096)
    large = MAIL + os.urandom(700_000).hex().encode() + b"\n"
    path = write(tmp_path, "a.mbox.gz", gzip.compress(FROM + large + b"\n" + FROM + MORE))
    one, two = PACKED.messages(path)
    assert one.data is not None
    assert (one.length, one.data) == (len(large), large[:300_001])
    assert two.data == MORE


@given(
    messages=st.lists(
        st.binary(max_size=3000).map(
            lambda body: b"Content-Length: %d\n\n%s\n\n%s" % (len(body) + 2 + len(FROM), body, FROM)
        ),
        min_size=1,
        max_size=20,
    ),
    block=st.integers(1000, 5000),
)
def test_packed_messages_are_those_of_the_mbox(
    tmp_path_factory: pytest.TempPathFactory, messages: list[bytes], block: int
) -> None:
    folder = tmp_path_factory.mktemp("packed")
    data = b"".join(FROM + one + b"\n\n" for one in messages)
    plain = write(folder, "a.mbox", data)
    packed = write(folder, "a.mbox.gz", gzip.compress(data, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail_streams, "BLOCK", block)
        patch.setattr(mail_mbox, "BLOCK", block)
        patch.setattr(mail_mbox, "_NULS", bytes(block))
        found = list(PACKED.messages(packed))
    assert [(raw.offset, raw.length, raw.data) for raw in found] == [
        (raw.offset, raw.length, data[raw.offset : raw.offset + raw.length])
        for raw in Mbox().messages(plain)
    ]
    assert all(isinstance(raw, RawMessage) and raw.folder == mailbox("a.mbox") for raw in found)


@pytest.mark.parametrize(
    ("data", "knows"),
    [
        (zipped({"a": b""}), True),
        (tarred({"a": b""}), True),
        (gzip.compress(b""), True),
        (bz2.compress(b""), True),
        (lzma.compress(b""), True),
        (MAIL, False),
        (b"", False),
    ],
    ids=["zip", "tar", "gz", "bz2", "xz", "mail", "nothing"],  # the bytes hold the time
)
def test_recognised_by_the_head(data: bytes, knows: bool) -> None:
    assert PACKED.recognises(data[:4096]) is knows
