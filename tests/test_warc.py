"""Web archives: which records are documents, what is told of the others, and hostile files."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_files import Sheet, make_pdf
from store_world import everything, load, new

from datasette_leaks.loaders import warc
from datasette_leaks.loaders.records import Document, Problem
from datasette_leaks.loaders.warc import WarcLoader
from datasette_leaks.store.integrity import check

PAGE = b"""<html><head><meta name="date" content="2012-10-04">
<link rel="canonical" href="https://quay.example/other"></head><body><h1>Board paid twice</h1>
<p>The harbour board paid twice for the same crane, as a <a href="/l/17">letter</a> shows.</p>
</body></html>"""
NOTE = "The letter names the account, the sum and the two members of the board who signed."


def record(
    uri: str,
    body: bytes,
    content_type: str | None = "text/html",
    status: str = "200 OK",
    kind: str = "response",
    http: str = "",
    warc_headers: str = "",
    length: int | None = None,
) -> bytes:
    """A WARC record; ``http`` and ``warc_headers`` are further header lines."""
    block = body
    if kind == "response":
        declared = f"Content-Type: {content_type}\r\n" if content_type else ""
        block = f"HTTP/1.1 {status}\r\n{declared}{http}\r\n".encode() + body
    media = "application/http; msgtype=response" if kind == "response" else content_type
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\n"
        f"WARC-Date: 2012-10-05T11:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n{warc_headers}"
        f"Content-Type: {media}\r\nContent-Length: {len(block) if length is None else length}\r\n"
    )
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def read(tmp_path: Path, data: bytes, name: str = "quay.warc") -> list[Document | Problem]:
    path = tmp_path / name
    path.write_bytes(data)
    return list(WarcLoader().load(path))


def one(items: list[Document | Problem]) -> Document:
    (item,) = items
    assert isinstance(item, Document), item
    return item


def fault(items: list[Document | Problem]) -> Problem:
    (item,) = items
    assert isinstance(item, Problem), item
    return item


def test_a_page_is_a_document(tmp_path: Path) -> None:
    document = one(read(tmp_path, record("https://quay.example/a", PAGE)))
    said = document.description
    assert (said.title, said.url) == ("Board paid twice", "https://quay.example/a")
    assert (said.published, said.note) == ("2012-10-04", "archived 2012-10-05T11:00:00Z")
    assert document.links[0].url == "https://quay.example/l/17"
    assert document.file.path == f"{tmp_path / 'quay.warc'}#1"
    assert document.file.size == len(PAGE)
    assert document.file.sha256 == hashlib.sha256(PAGE).hexdigest()


def test_what_may_be_a_text_is_an_item_and_nothing_else_is(tmp_path: Path) -> None:
    pdf = make_pdf(Sheet([NOTE[:40]]))
    items = read(
        tmp_path,
        b"".join([
            record("", b"software: x\r\n", "application/warc-fields", kind="warcinfo"),
            record("https://q.example/r", b"GET / HTTP/1.1\r\n\r\n", kind="request"),
            record("https://q.example/1", PAGE),
            record("https://q.example/a.png", b"\x89PNG", "image/png"),
            record("https://q.example/a.css", b"a {}", "text/css"),
            record("https://q.example/2", pdf, "application/pdf"),
            record("https://q.example/3", NOTE.encode(), "text/plain; charset=utf-8"),
            record("https://q.example/robots.txt", b"User-agent: *", "text/plain"),
            record("https://q.example/4", b"", status="301 Moved", http="Location: /5\r\n"),
            record("https://q.example/6", PAGE, kind="revisit"),
            record("https://q.example/7", PAGE + b"7", None),
            record("https://q.example/8", pdf + b"8", "application/octet-stream"),
            record("https://q.example/9", b"\x89PNG", "application/octet-stream"),
            record("https://q.example/10", PAGE + b"10", kind="resource"),
            record("urn:text:https://q.example/1", NOTE.encode(), "text/plain", kind="resource"),
            record("dns:q.example", b"20121005\r\n", "text/dns", kind="response"),
        ]),
    )  # fmt: skip
    assert [
        (i.description.url, i.description.kind, i.file.media_type, i.file.path.rpartition("#")[2])
        for i in items
        if isinstance(i, Document)
    ] == [
        ("https://q.example/1", "web_page", "text/html", "3"),
        ("https://q.example/2", "report", "application/pdf", "6"),
        ("https://q.example/3", "web_page", "text/plain", "7"),
        ("https://q.example/7", "web_page", "text/html", "11"),
        ("https://q.example/8", "report", "application/pdf", "12"),
        ("https://q.example/10", "web_page", "text/html", "14"),
    ]
    assert len(items) == 6


def test_error_pages_and_pages_without_text_are_problems(tmp_path: Path) -> None:
    items = read(
        tmp_path,
        record("https://q.example/1", PAGE, status="404 Not Found")
        + record("https://q.example/2", b"<html></html>")
        + record("https://q.example/3", b"\0\1\2" * 9, "text/plain")
        + record("https://q.example/a.png", b"\x89PNG", "image/png", status="404 Not Found"),
    )
    assert [(i.place, i.path) for i in items if isinstance(i, Problem)] == [
        (f"record {n}, https://q.example/{n}", str(tmp_path / "quay.warc")) for n in (1, 2, 3)
    ]
    assert "404" in str(items[0])
    assert "no text" in str(items[1])
    assert len(items) == 3


def test_an_archive_without_texts_is_a_problem(tmp_path: Path) -> None:
    assert "no page" in fault(read(tmp_path, b"")).found
    image = record("https://q.example/a.png", b"\x89PNG", "image/png")
    assert "no page" in fault(read(tmp_path, image)).found


def test_transfer_and_content_encodings_are_undone(tmp_path: Path) -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    items = read(
        tmp_path,
        record("https://q.example/1", gzip.compress(PAGE), http="Content-Encoding: gzip\r\n")
        + record("https://q.example/2", chunked, http="Transfer-Encoding: chunked\r\n")
        + record("https://q.example/3", b"\x1b\x07", http="Content-Encoding: zstd\r\n"),
    )
    assert [i.text for i in items if isinstance(i, Document)] == [
        "Board paid twice\n\nThe harbour board paid twice for the same crane, as a letter shows."
    ] * 2
    assert "zstd" in str(items[2])


def test_the_charset_of_http_counts(tmp_path: Path) -> None:
    page = PAGE.replace(b"Board", "Škoda".encode("iso-8859-2"))
    document = one(read(tmp_path, record("https://q.example/", page, "text/html;charset=latin2")))
    assert document.description.title == "Škoda paid twice"


@pytest.mark.parametrize("together", [False, True])
def test_compressed_by_record_or_as_a_whole(tmp_path: Path, together: bool) -> None:
    records = [record(f"https://q.example/{n}", PAGE + b"%d" % n) for n in range(3)]
    data = gzip.compress(b"".join(records)) if together else b"".join(map(gzip.compress, records))
    items = read(tmp_path, data, "quay.warc.gz")
    assert [i.file.path.rpartition("#")[2] for i in items if isinstance(i, Document)] == [
        "1", "2", "3",
    ]  # fmt: skip


def wacz(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in members:
            packed.writestr(name, data)
    return file.getvalue()


def test_a_wacz_is_read_where_it_lies(tmp_path: Path) -> None:
    data = wacz(
        ("datapackage.json", b"{}"),
        ("archive/a.warc.gz", gzip.compress(record("https://q.example/1", PAGE))),
        ("archive/../../b.warc", record("https://q.example/2", PAGE + b"2")),
        ("other/c.warc", record("https://q.example/3", PAGE)),
    )
    items = read(tmp_path, data, "quay.wacz")
    assert [i.file.path for i in items if isinstance(i, Document)] == [
        f"{tmp_path / 'quay.wacz'}#archive/a.warc.gz#1",
        f"{tmp_path / 'quay.wacz'}#archive/../../b.warc#1",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["quay.wacz"]


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LARGEST_UNPACKED", 1_000_000)
    bomb = gzip.compress(record("https://q.example/1", PAGE)) + gzip.compress(
        record("https://q.example/2", b" " * 50_000_000, "image/png")
    )
    for data, name in ((bomb, "b.warc.gz"), (wacz(("archive/b.warc.gz", bomb)), "b.wacz")):
        first, second = read(tmp_path, data, name)
        assert isinstance(first, Document)
        assert isinstance(second, Problem)
        assert "unpacks to more" in second.found


def test_a_record_too_large_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LARGEST", 1_000)
    items = read(
        tmp_path,
        record("https://q.example/1", PAGE + b" " * 200_000) + record("https://q.example/2", PAGE),
    )
    assert "larger than" in str(items[0])
    assert isinstance(items[1], Document)


def test_what_is_cut_off_is_told(tmp_path: Path) -> None:
    whole = record("https://q.example/1", PAGE)
    for compress in (bytes, gzip.compress):
        data = compress(whole) + compress(record("https://q.example/2", PAGE + b"2"))[:-120]
        first, second = read(tmp_path, data)
        assert isinstance(first, Document)
        assert isinstance(second, Problem)
        assert "lacks" in second.found or "cannot be read" in second.found
    for data in (whole + b"garbage\r\n" * 9, b"\x1f\x8b\x08garbage", b"PK\x03\x04garbage"):
        assert isinstance(read(tmp_path, data)[-1], Problem)


@pytest.mark.parametrize(
    "headers",
    [
        b"\r\n",
        b"WARC-Type: response\r\nContent-Length: 9\r\n\r\nHTTP/1.1 \r\n\r\n",
        b"WARC-Type: response\r\nWARC-Target-URI: http://q\r\n\r\nHTTP/1.1 200\r\n\r\n<p>",
        b"WARC-Type: response\r\nWARC-Target-URI: http://q\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_records_that_are_none(tmp_path: Path, headers: bytes) -> None:
    items = read(tmp_path, b"WARC/1.1\r\n" + headers)
    assert items
    assert all(isinstance(item, Problem) for item in items)


def test_a_head_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LONGEST_HEAD", 100_000)
    head = b"WARC/1.1\r\nA: " + b"x" * 200_000
    problem = fault(read(tmp_path, head))
    assert "longer than 100,000 bytes" in problem.found


def test_what_stands_between_records_is_passed_over_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (record(f"https://q.example/{n}", PAGE + b"%d" % n) for n in range(2))
    assert len(read(tmp_path, first.rstrip() + b"stray\r\n\r\n" + second)) == 2
    assert capsys.readouterr() == ("", "")


def test_an_altered_record_is_noted(tmp_path: Path) -> None:
    digest = base64.b32encode(hashlib.sha1(b"other").digest()).decode()
    data = record("https://q.example/", PAGE, warc_headers=f"WARC-Block-Digest: sha1:{digest}\r\n")
    note = one(read(tmp_path, data)).description.note
    assert note is not None
    assert note.endswith("its content is not that of which the archive gives the digest")


def test_without_warcio_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "find_spec", lambda name: None)
    assert "datasette-leaks[warc]" in fault(read(tmp_path, b"")).advice


def test_links_resolve_to_archived_pages_and_a_second_load_adds_nothing(tmp_path: Path) -> None:
    db = new(tmp_path)
    article = tmp_path / "article.md"
    article.write_text("# The crane\n\nSee [it](http://www.quay.example/a/?utm_source=x#top).\n")
    path = tmp_path / "quay.warc"
    path.write_bytes(
        record("https://quay.example/a", PAGE) + record("https://quay.example/b", PAGE)
    )
    report = load(db, article, path)
    assert report.problems == ()
    assert [(file.loaded, file.duplicates) for file in report.files] == [(1, 0), (1, 1)]
    sql = """SELECT links.text, documents.url FROM links
    JOIN documents ON documents.id = target_id WHERE links.resolution = 'resolved'"""
    assert db.conn.execute(sql).fetchall() == [("it", "https://quay.example/a")]
    assert check(db) == []
    before = everything(db)
    load(db, article, path)
    assert everything(db) == before


SEED = record("https://q.example/1", PAGE) + record(
    "https://q.example/2", NOTE.encode(), "text/plain"
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.integers(0, len(SEED)), st.binary(max_size=6)), max_size=8), st.booleans()
)
def test_mutants_never_fail(tmp_path: Path, changes: list[tuple[int, bytes]], packed: bool) -> None:
    data = gzip.compress(SEED) if packed else SEED
    for at, put in changes:
        data = data[:at] + put + data[at + len(put) :]
    items = read(tmp_path, data)
    assert items
    assert all(isinstance(item, (Document, Problem)) for item in items)
