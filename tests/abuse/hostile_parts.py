"""Hostile multiparts and messages inside messages: boundaries that lie, nesting, types that lie."""

from __future__ import annotations

import base64

from abuse.hostile_case import HEAD, TEXT, Case, Expect, attached, mixed, typed

INNER = b"Subject: in\nFrom: Bo <bo@x.example>\n\ninner\n"
HTML = b"Content-Type: text/html\n\n<p>html"
FILE = b"Content-Type: application/x-a; name=f\n\ndata"


def nested(levels: int, same: bool) -> bytes:
    """Multiparts inside each other, none of them closed."""
    pieces = [HEAD]
    for level in range(levels):
        mark = b"b" if same else b"b%d" % level
        pieces.append(b"Content-Type: multipart/mixed; boundary=%s\n\n--%s\n" % (mark, mark))
    return b"".join(pieces) + b"\nx\n"


def packed(levels: int, size: int) -> bytes:
    """Messages inside each other, each in base64 once more."""
    data = b"Subject: deepest\n\n" + b"x" * size
    for _ in range(levels):
        data = (
            b"Subject: outer\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(data)
        )
    return data


BOUNDARIES = (
    Case("usual boundary", mixed(TEXT, FILE),
         Expect(text="x", attached=(("f", 4),), unmarked=("boundary_broken",))),
    Case("before and after", typed("multipart/mixed; boundary=b",
         b"before\n--b\n" + TEXT + b"\n--b--\nafter\n"),
         Expect(text="x")),
    Case("never closed", typed("multipart/mixed; boundary=b", b"--b\n" + TEXT + b"\n--b\n" + FILE),
         Expect(text="x", attached=(("f", 4),), marks=("boundary_broken",))),
    Case("never opened", typed("multipart/mixed; boundary=b", b"just text\n"),
         Expect(text="just text\n", marks=("boundary_broken",))),
    Case("not declared", typed("multipart/mixed", b"--b\n" + TEXT + b"\n--b--\n"),
         Expect(text="x", marks=("boundary_broken",))),
    Case("empty boundary", typed('multipart/mixed; boundary=""', b"--\n" + TEXT + b"\n----\n")),
    Case("boundary of spaces", typed('multipart/mixed; boundary="   "',
         b"--   \n" + TEXT + b"\n--   --\n")),
    Case("boundary of 1,000 characters", mixed(TEXT, boundary="b" * 1_000)),
    Case("boundary of 70 characters", mixed(TEXT, FILE, boundary="b" * 70),
         Expect(text="x", attached=(("f", 4),))),
    Case("boundary of signs", mixed(TEXT, boundary="(.*)+[a-z]$|^?"),
         Expect(text="x", attached=())),
    Case("boundary with spaces inside", mixed(TEXT, boundary="a b c"), Expect(text="x")),
    Case("boundary with = unquoted",
         typed("multipart/mixed; boundary==_b=", b"--=_b=\n" + TEXT + b"\n--=_b=--\n"),
         Expect(text="x")),
    Case("boundary not ASCII", mixed(TEXT, boundary="bäh"), Expect(text="x")),
    Case("wrong boundary", typed("multipart/mixed; boundary=a", b"--b\n" + TEXT + b"\n--b--\n"),
         Expect(text="x", marks=("boundary_broken",))),
    Case("declared twice", typed("multipart/mixed; boundary=b; boundary=c",
         b"--b\n" + TEXT + b"\n--b--\n"),
         Expect(text="x")),
    Case("spaces after it", typed("multipart/mixed; boundary=b",
         b"--b  \t\n" + TEXT + b"\n--b-- \n"), Expect(text="x")),
    Case("CRLF", mixed(TEXT, FILE).replace(b"\n", b"\r\n"), Expect(text="x", attached=(("f", 4),))),
    Case("first a prefix of the second", mixed(
        b"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n" + TEXT + b"\n--bb--", FILE),
        Expect(text="x", attached=(("f", 4),))),
    Case("second a prefix of the first", mixed(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + TEXT + b"\n--b--", FILE,
        boundary="bb"),
        Expect(text="x", attached=(("f", 4),))),
    Case("the same at two levels", mixed(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + TEXT + b"\n--b--", FILE),
        Expect(has=("x",))),
    Case("part without fields", typed("multipart/mixed; boundary=b", b"--b\n\nx\n--b--\n"),
         Expect(text="x")),
    Case("part without a blank line",
         typed("multipart/mixed; boundary=b", b"--b\nplain words\n--b--\n"),
         Expect(has=("plain words",))),
    Case("part that is empty", typed("multipart/mixed; boundary=b",
         b"--b\n--b\n" + TEXT + b"\n--b--\n"),
         Expect(text="x")),
    Case("part of fields only",
         typed("multipart/mixed; boundary=b", b"--b\nContent-Type: text/plain\n--b--\n"),
         Expect(text="")),
    Case("parts after the end",
         typed("multipart/mixed; boundary=b", b"--b\n" + TEXT + b"\n--b--\n--b\n" + FILE),
         Expect(text="x", attached=(("f", 4),), marks=("boundary_broken",))),
    Case("no parts at all", typed("multipart/mixed; boundary=b", b""), Expect(text="")),
    Case("nothing but the end", typed("multipart/mixed; boundary=b", b"--b--\n")),
    Case("lookalikes", lambda: typed("multipart/mixed; boundary=b",
         b"--b\n\nx" + b"\n--bx" * 4_000_000)),
    Case("closed 4,000,000 times",
         lambda: typed("multipart/mixed; boundary=b", b"--b--\n" * 4_000_000)),
    Case("hyphens and no boundary", lambda: typed("multipart/mixed", b"--b" * 7_000_000)),
    Case("hyphens and spaces", lambda: typed("multipart/mixed",
         (b"--b" + b" " * 60 + b"\n") * 300_000)),
    Case("1,000,000 empty parts",
         lambda: typed("multipart/mixed; boundary=b", b"--b\n" * 1_000_000),
         Expect(marks=("parts_cut",))),
    Case("100,000 attachments", lambda: mixed(TEXT, *[FILE] * 100_000),
         Expect(text="x", marks=("parts_cut",))),
    Case("499 texts", lambda: mixed(*[TEXT] * 499),
         Expect(text="\n\n".join("x" * 499), unmarked=("parts_cut",))),
)  # fmt: skip

NESTING = (
    Case("a message inside", mixed(TEXT, b"Content-Type: message/rfc822\n\n" + INNER),
         Expect(text="x", inner=("in",))),
    Case("a message and nothing else", typed("message/rfc822", INNER),
         Expect(text="", inner=("in",))),
    Case("a message in base64", typed("message/rfc822", base64.encodebytes(INNER), "base64"),
         Expect(inner=("in",))),
    Case("a message of nothing", typed("message/rfc822", b"")),
    Case("a message of a body", typed("message/rfc822", b"only words\n")),
    Case("a digest", mixed(b"\n" + INNER, b"\n" + INNER, kind="multipart/digest"),
         Expect(inner=("in", "in"))),
    Case("half a message", typed("message/partial; id=a; number=1; total=2", b"Subject: x\n\nx")),
    Case("a message elsewhere",
         typed("message/external-body; access-type=URL; URL=\"http://x.example/\"", b"\n"),
         Expect(inner=())),
    Case("a delivery report", mixed(TEXT,
         b"Content-Type: message/delivery-status\n\nStatus: 5.0.0", kind="multipart/report"),
         Expect(text="x")),
    Case("10,000 multiparts deep", lambda: nested(10_000, False), Expect(marks=("nesting_cut",))),
    Case("10,000 multiparts deep, one boundary", lambda: nested(10_000, True)),
    Case("10,000 messages deep",
         lambda: HEAD + b"Content-Type: message/rfc822\n\nSubject: x\n" * 10_000),
    Case("10,000 of both in turn", lambda: HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
        b"Content-Type: message/rfc822\n\nSubject: x\n" % (n, n)
        for n in range(10_000))),
    Case("10,000 alternatives deep",
         lambda: nested(10_000, False).replace(b"/mixed", b"/alternative")),
    Case("29 messages around 20 MB", lambda: HEAD + b"".join(
        b"Content-Type: message/rfc822\n\nSubject: %d\n" % n for n in range(29)) + b"\n"
        + b"x\n" * 10_000_000),
    Case("8 times in base64", lambda: packed(8, 3_000_000),
         Expect(subject="outer", inner=("outer",))),
    Case("base64 100 times", lambda: packed(25, 1_000), Expect(subject="outer")),
    Case("5,000 messages side by side",
         lambda: mixed(*[b"Content-Type: message/rfc822\n\n" + INNER] * 5_000),
         Expect(marks=("parts_cut",))),
    Case("a multipart in base64",
         typed("multipart/mixed; boundary=b", base64.encodebytes(b"--b\n" + TEXT + b"\n--b--\n"),
         "base64"), Expect(text="x")),
)  # fmt: skip

TYPES = (
    Case("no type", HEAD + b"\ntext\n", Expect(text="text\n", text_from="plain")),
    Case("half a type", typed("text", b"text\n"), Expect(text="text\n")),
    Case("a slash", typed("/", b"text\n"), Expect(text="text\n")),
    Case("only semicolons", typed(";;;;", b"text\n"), Expect(text="text\n")),
    Case("type of 100,000 letters", typed("a" * 50_000 + "/" + "b" * 50_000, b"text\n")),
    Case("two types", HEAD + b"Content-Type: text/plain\nContent-Type: text/html\n\n<b>\n",
         Expect(text="<b>\n")),
    Case("comments in a type", typed("text/plain (or so); charset=utf-8", b"text\n"),
         Expect(has=("text",))),
    Case("a picture that is HTML",
         mixed(TEXT, b"Content-Type: image/png; name=a.png\n\n<script>x</script>"),
         Expect(text="x", attached=(("a.png", 18),))),
    Case("a text that is a program", mixed(TEXT, b"Content-Type: text/plain; name=a.txt\n"
         b"Content-Disposition: attachment\n\nMZ\x90\0\x03"),
         Expect(text="x", attached=(("a.txt", 5),))),
    Case("a PDF that is none", mixed(TEXT,
         b"Content-Type: application/pdf; name=a.pdf\n\n%PDF-1.4 and no more"),
         Expect(text="x", attached=(("a.pdf", 20),))),
    Case("a body that is a PDF", typed("application/pdf", b"%PDF-1.4\n\xff\xfe\0"),
         Expect(text="", attached=((None, 12),))),
    Case("plain and HTML", mixed(TEXT, HTML, kind="multipart/alternative"),
         Expect(text="x", text_from="plain", attached=())),
    Case("HTML and plain", mixed(HTML, TEXT, kind="multipart/alternative"),
         Expect(text="x", text_from="plain", attached=())),
    Case("plain is empty", mixed(b"Content-Type: text/plain\n\n \n", HTML,
         kind="multipart/alternative"),
         Expect(text="html", text_from="html")),
    Case("alternative of one", mixed(HTML, kind="multipart/alternative"),
         Expect(text="html", text_from="html")),
    Case("alternative of none", mixed(kind="multipart/alternative"),
         Expect(marks=("boundary_broken",))),
    Case("alternative with a file", mixed(TEXT, HTML, FILE, kind="multipart/alternative"),
         Expect(text="x", attached=(("f", 4),))),
    Case("related", mixed(HTML, b"Content-Type: image/png\nContent-ID: <i@x>\n\nPNG!",
         kind="multipart/related"),
         Expect(text="html", attached=((None, 4),))),
    Case("a kind of multipart nobody knows", mixed(TEXT, kind="multipart/x-odd"), Expect(text="x")),
    Case("100,000 alternatives in HTML",
         lambda: mixed(*[HTML] * 100_000, kind="multipart/alternative"),
         Expect(marks=("parts_cut",))),
    Case("400 texts of 100 KB",
         lambda: mixed(*[b"Content-Type: text/plain; format=flowed\n\n" + b"x \n" * 30_000] * 400)),
    Case("400 pages of HTML", lambda: mixed(*[b"Content-Type: text/html\n\n" + b"<div>" * 600
         + b"x<b>y\n" * 5_000] * 400)),
    Case("attachment of no bytes", attached(b"attachment; filename=a", b""),
         Expect(attached=(("a", 0),))),
    Case("disposition nobody knows", attached(b"odd; filename=a"), Expect(attached=(("a", 4),))),
    Case("disposition without its word", attached(b"; filename=a"), Expect(attached=(("a", 4),))),
)  # fmt: skip
