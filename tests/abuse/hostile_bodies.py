"""Hostile bodies: charsets, encodings, HTML, quotations, forwards, INSIGHT blocks."""

from __future__ import annotations

import base64

from abuse.hostile_case import HEAD, Case, Expect, field, mixed, typed


def said(name: str, charset: str, data: bytes, text: str | None = None, *marks: str) -> Case:
    """A body in a charset and the text it is; None: only that it is read."""
    expect = None if text is None else Expect(text=text, marks=marks)
    return Case(f"charset: {name}", typed(f'text/plain; charset="{charset}"', data), expect)


CHARSETS = (
    said("UTF-8", "utf-8", "é 日 😀".encode(), "é 日 😀"),
    said("UTF-8 with a mark", "utf-8", "\ufeffé".encode(), "é"),
    said("UTF-8 that is Latin-1", "utf-8", b"caf\xe9", "café", "charset_guessed"),
    said("Latin-1 that is UTF-8", "iso-8859-1", "café, déjà".encode(), "café, déjà"),
    said("Latin-1 with Windows' quotation marks", "iso-8859-1", b"\x93a\x94", "“a”"),
    said("ASCII with 8 bits", "us-ascii", b"caf\xe9", "café", "charset_guessed"),
    said("unknown", "x-klingon", "é".encode(), "é", "charset_guessed"),
    said("none", "", "é".encode(), "é"),
    said("KOI8-R", "koi8-r", "Привет".encode("koi8-r"), "Привет"),
    said("Shift JIS", "shift_jis", "日本".encode("shift_jis"), "日本"),
    said("Big5", "big5", "中文".encode("big5"), "中文"),
    said("EUC-KR", "euc-kr", "한국".encode("euc-kr"), "한국"),
    said("ISO-2022-JP", "iso-2022-jp", "日本".encode("iso-2022-jp"), "日本"),
    said("ISO-2022-JP never switched back", "iso-2022-jp", b"\x1b$BF|K\\"),
    said("ISO-2022-JP with 8 bits", "iso-2022-jp", b"\x1b$B\xff\xff\x1b(B"),
    said("ISO-2022 escapes only", "iso-2022-kr", b"\x1b$)C" * 10_000),
    said("HZ", "hz", b"~{VPND~}", "中文"),
    said("UTF-7", "utf-7", b"caf+AOk-", "café"),
    said("UTF-7 with half a pair", "utf-7", b"a+2AA-b"),
    said("UTF-7 without an end", "utf-7", b"+" * 10_000),
    said("UTF-16 with a mark", "utf-16", "é日".encode("utf-16"), "é日"),
    said("UTF-16 without one", "utf-16", "plain".encode("utf-16-le"), "plain"),
    said("UTF-16 of an odd length", "utf-16le", "plain".encode("utf-16-le") + b"x"),
    said("UTF-16 with half a pair", "utf-16le", b"a\0\x00\xd8b\0"),
    said("UTF-16 that is ASCII", "utf-16", b"plain text", "plain text"),
    said("UTF-32", "utf-32", "é".encode("utf-32"), "é"),
    said("UTF-32 out of range", "utf-32le", b"\xff\xff\xff\x7f"),
    said("EBCDIC", "cp037", "Plain".encode("cp037"), "Plain"),
    said("surrogates in UTF-8", "utf-8", b"a\xed\xa0\xbd\xed\xb8\x80b"),
    said("overlong", "utf-8", b"a\xc0\x80\xc0\xafb"),
    said("beyond Unicode", "utf-8", b"a\xf4\x90\x80\x80b"),
    said("NULs", "utf-8", b"a\0b\0", "ab"),
    said("C1 controls", "utf-8", b"a\xc2\x80\xc2\x9bb", "ab"),
    said("controls hidden in controls", "utf-8", b"a\xc2\xc2\x80\x80b"),
    said("bare CR", "utf-8", b"a\rb\r\r\nc", "a\nb\n\nc"),
    said("punycode", "punycode", b"a-" * 100_000),
    said("idna", "idna", b"xn--" * 50_000),
    said("unicode_escape", "unicode_escape", b"\\ud800\\N{BULLET}", "\\ud800\\N{BULLET}"),
    said("rot13", "rot13", b"uryyb", "uryyb"),
    said("a name that is a path", "../../etc/passwd", b"a", "a"),
    said("a name of 50,000 letters", "u" * 50_000, b"a", "a"),
    said("two names", 'utf-8"; charset="koi8-r', "é".encode(), "é"),
    Case("charset: 10 MB of controls in UTF-16",
         lambda: typed("text/plain; charset=utf-16le",
         "\x01\u4e00".encode("utf-16le") * 10_000_000)),
    Case("charset: 40 MB of C1 controls",
         lambda: typed("text/plain; charset=utf-8", b"\xc2\x80ab" * 10_000_000)),
    Case("charset: half pairs in UTF-7",
         lambda: typed("text/plain; charset=utf-7", b"+2AA-a" * 2_000_000)),
    Case("charset: 20 MB of wrong UTF-7",
         lambda: typed("text/plain; charset=utf-7", b"+\xff" * 10_000_000)),
    Case("charset: 20 MB of wrong EUC-JP",
         lambda: typed("text/plain; charset=euc-jp", b"\xff" * 20_000_000)),
    Case("charset: 10 MB of emoji",
         lambda: typed("text/plain; charset=utf-8", "😀".encode() * 2_500_000)),
)  # fmt: skip


def sent_as(name: str, encoding: str, data: bytes, text: str | None = None, *marks: str) -> Case:
    """A body in a Content-Transfer-Encoding and its text."""
    expect = None if text is None else Expect(text=text, marks=marks)
    return Case(f"encoding: {name}", typed("text/plain; charset=utf-8", data, encoding), expect)


ENCODINGS = (
    sent_as("base64", "base64", base64.encodebytes("é\n".encode()), "é\n"),
    sent_as("base64 with junk", "BASE64", b"w!6*k\n=\n", "é", "transfer_encoding_broken"),
    sent_as("base64 cut", "base64", b"w6nDqc", "éé", "transfer_encoding_broken"),
    sent_as("base64 without padding", "base64", b"w6k", "é", "transfer_encoding_broken"),
    sent_as("base64 with a list's footer", "base64", b"aGVsbG8=\n__________\nlist footer\n",
         "hello", "transfer_encoding_broken"),
    sent_as("base64 that is text", "base64", b"Dear all, this is not base64!\n"),
    sent_as("base64 of nothing", "base64", b"", ""),
    sent_as("base64 of padding", "base64", b"=" * 100_000),
    sent_as("quoted-printable", "quoted-printable", b"caf=C3=A9 =\nau lait=20\n",
         "café au lait \n"),
    sent_as("quoted-printable in small letters", "Quoted-Printable", b"caf=c3=a9", "café"),
    sent_as("quoted-printable broken", "quoted-printable", b"50% =ZZ a=4", "50% =ZZ a=4",
         "transfer_encoding_broken"),
    sent_as("quoted-printable cut", "quoted-printable", b"abc="),
    sent_as("quoted-printable with a NUL", "quoted-printable", b"a=00b", "ab"),
    sent_as("quoted-printable with a line end", "quoted-printable", b"a=0D=0Ab", "a\nb"),
    sent_as("uuencode", "x-uuencode", b"begin 644 a\n#0V%T\n`\nend\n", "Cat"),
    sent_as("uuencode without a beginning", "x-uuencode", b"plain words\n", "plain words\n",
         "transfer_encoding_broken"),
    sent_as("uuencode without an end", "x-uuencode", b"begin 644 a\n#0V%T\n", "Cat",
         "transfer_encoding_broken"),
    sent_as("uuencode of lying lengths", "x-uuencode", b"begin 644 a\nM0V%T\n~~~~\nend\n"),
    sent_as("uuencode in plain text", "", b"begin 644 ../../a\n#0V%T\n`\nend\n"),
    sent_as("yEnc", "", b"=ybegin line=128 size=3 name=a\n\x6d\x8b\x9e\n=yend size=3\n"),
    sent_as("one nobody knows", "x-odd", b"text\n", "text\n"),
    sent_as("with a parameter", "base64; x=y", b"w6k=", "é"),
    sent_as("with a comment", "8bit (or so)", "é".encode(), "é"),
    sent_as("of 10,000 letters", "b" * 10_000, b"text\n", "text\n"),
    Case("encoding: 50 MB of base64",
         lambda: mixed(b"Content-Type: text/plain\n\nx", b"Content-Type: application/x-a; name=f\n"
                       b"Content-Transfer-Encoding: base64\n\n"
                       + base64.encodebytes(bytes(37_500_000))),
         Expect(text="x", attached=(("f", 37_500_000),))),
    Case("encoding: 20 MB of padding",
         lambda: typed("application/x-a", b"QQ==" * 5_000_000, "base64")),
    Case("encoding: 20 MB of junk in base64",
         lambda: typed("application/x-a", b"Q*Q=" * 5_000_000, "base64")),
    Case("encoding: 20 MB of =",
         lambda: typed("text/plain", b"=" * 20_000_000, "quoted-printable")),
    Case("encoding: = and spaces",
         lambda: typed("text/plain", b"=" + b" " * 20_000_000, "quoted-printable")),
    Case("encoding: 60 MB of lines in uuencode",
         lambda: typed("text/plain", b"ab\n" * 20_000_000, "x-uuencode")),
    Case("encoding: 20 MB of uuencode",
         lambda: typed("application/x-a", b"begin 644 a\n" + b"#0V%T\n" * 3_000_000 + b"end\n",
         "x-uuencode")),
)  # fmt: skip


def shown(name: str, html: bytes, text: str | None = None) -> Case:
    """An HTML body and what a reader sees of it."""
    expect = Expect(text=text, text_from="html") if text else None
    return Case(f"html: {name}", typed("text/html; charset=utf-8", html), expect)


def floods(name: str, html: bytes, times: int) -> Case:
    """HTML that is one thing many times."""
    return Case(f"html: {name}", lambda: typed("text/html", html * times))


BILLION = b'<!DOCTYPE html [<!ENTITY a "lol">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 30)
)

HTML = (
    shown("plain", b"<p>one<p>two", "one\n\ntwo"),
    shown("not HTML", b"just words", "just words"),
    shown("nothing", b""),
    shown("scripts and styles", b"<style>a{}</style>a<script>alert(1)</script>b", "ab"),
    shown("a script without an end", b"<p>a<script>b<p>c", "a"),
    shown("hidden text", b'a<span style="display:none">b</span>c<div hidden>d</div>', "ac"),
    shown("comments", b"a<!-- b -->c<!--[if mso]>d<![endif]-->e", "ace"),
    shown("a remote picture", b'a<img src="http://x.example/pixel.gif" alt="t" onerror="x()">b',
         "ab"),
    shown("base, refresh and forms", b'<base href="http://x.example/"><meta http-equiv=refresh '
          b'content="0;url=http://x.example/"><form action=x><input value=v>a</form>', "a"),
    shown("frames", b'<iframe src="file:///etc/passwd">a</iframe>b', "b"),
    shown("references", b"&lt;b&gt; &amp;amp; &eacute; &#233; &#xE9;", "<b> &amp; é é é"),
    shown("references to nothing", b"a&#0;&#xD800;&#x110000;&#99999999999999999999;&nosuch;b"),
    shown("a billion laughs", BILLION + b"]><p>a&a29;"),
    shown("an external entity",
         b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><p>a&x;'),
    shown("XML", b'<?xml version="1.0"?><?xml-stylesheet href="http://x.example/"?>'
          b"<html><body>a</body></html>", "a"),
    shown("NULs", b"<p>a\0b<\0b>c"),
    shown("another charset declared", b'<meta charset="utf-7"><p>+ADw-b', "+ADw-b"),
    shown("quotations", b"a<blockquote>b<blockquote>c</blockquote></blockquote>"),
    shown("attributes without an end", b'<p a="' + b"x" * 100_000),
    shown("a tag without an end", b"<p " + b" " * 1_000_000),
    Case("html: 200,000 attributes",
         lambda: typed("text/html",
         b"<p " + b" ".join(b"a%d" % n for n in range(200_000)) + b">x")),
    Case("html: 20,000 attributes of one name",
         lambda: typed("text/html", b"<p " + b"a=b " * 20_000 + b">x"), Expect(text="x")),
    floods("100,000 tags deep", b"<div>", 100_000),
    floods("quotations 100,000 deep", b"<blockquote>x", 100_000),
    floods("tables 300,000 deep", b"<table><tr><td>", 300_000),
    floods("end tags", b"</p>", 1_000_000),
    floods("tags crossed", b"<b><i></b></i>", 300_000),
    floods("links crossed", b"<a><p></a>", 400_000),
    floods("less-than signs", b"<", 4_000_000),
    floods("ampersands", b"&", 4_000_000),
    floods("a million references", b"&lt;", 1_000_000),
    floods("numbered references", b"&#65;", 1_000_000),
    floods("beginnings of comments", b"<!--", 1_000_000),
    floods("beginnings of CDATA", b"<![CDATA[", 500_000),
    floods("instructions", b"<?x ", 1_000_000),
    floods("scripts", b"<script>", 500_000),
    Case("html: long references below 20,000 tags",
         lambda: typed("text/html",
         b"<div>" * 20_000 + b"&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * 150_000)),
    Case("html: short lines below 20,000 tags",
         lambda: typed("text/html", b"<div>" * 20_000 + "<b>中\n".encode() * 1_000_000)),
)  # fmt: skip


def read(
    name: str, body: bytes, spans: tuple[tuple[str, int], ...] | None = None, text: str = ""
) -> Case:
    """A plain body, and (kind, depth) of the spans in it."""
    expect = None if spans is None else Expect(spans=spans, starts=text)
    return Case(f"text: {name}", HEAD + b"\n" + body, expect)


def flowed(name: str, body: bytes, text: str, extra: str = "") -> Case:
    """A body of format=flowed and its text with lines joined."""
    return Case(
        f"flowed: {name}", typed("text/plain; format=flowed" + extra, body), Expect(text=text)
    )


BLOCK = b"SOURCE: MX1\nATTRIBUTION: a\nSOURCE RELIABILITY: A\nITEM CREDIBILITY: 2\n\nThe report.\n"
FORWARD = (
    b"-----Original Message-----\nFrom: Bo <bo@x.example>\n"
    b"Sent: Monday, January 2, 2012 9:00 AM\nTo: Ann\nSubject: Quay\n\n"
)
GMAIL = (
    b"---------- Forwarded message ----------\nFrom: Bo <bo@x.example>\n"
    b"Date: Mon, Jan 2, 2012 at 9:00 AM\nSubject: Fwd: Quay\nTo: a@x.example\n\n"
)
WROTE = b"On Mon, Jan 2, 2012 at 9:00 AM, Bo <bo@x.example> wrote:\n> hello\n"

TEXTS = (
    flowed("joined", b"one \ntwo\nthree\n", "one two\nthree\n"),
    flowed("DelSp", b"on \ne\n", "one\n", "; delsp=yes"),
    flowed("stuffed", b" From here\n", "From here\n"),
    flowed("a signature's mark is fixed", b"one \n-- \ntwo\n", "one \n-- \ntwo\n"),
    flowed("quoted", b"> one \n> two\nthree\n", "> one two\nthree\n"),
    Case("flowed: 1,000,000 soft lines",
         lambda: typed("text/plain; format=flowed", b"a \n" * 1_000_000)),
    Case("flowed: one paragraph of 190,000 lines",
         lambda: typed("text/plain; format=flowed; delsp=yes", b"ab \n" * 190_000)),
    Case("flowed: quoted in turn",
         lambda: typed("text/plain; format=flowed", b"> a \n>> b \n" * 90_000)),
    read("a quotation", b"mine\n> his\nmine\n", (("quoted", 1),), "mine"),
    read("a quotation in a quotation", b"> a\n>> b\n", (("quoted", 1), ("quoted", 2))),
    read("an attribution", WROTE, (("attribution", 0), ("quoted", 1))),
    read("a signature", b"mine\n-- \nAnn\n", (("signature", 0),)),
    read("no signature", b"mine --\nnone -- \n--- \n", ()),
    read("10,000 marks on a line", b">" * 10_000 + b" deep\n"),
    read("1,000 lines of 1,000 marks", (b">" * 1_000 + b"\n") * 1_000),
    read("every depth in turn", b"".join(b">" * (n % 60) + b" x\n" for n in range(60_000))),
    read("2,000,000 marks with spaces", b"> " * 2_000_000),
    read("signatures", b"-- \nx\n> y\n" * 100_000),
    read("signatures without their space", b"--\n" * 600_000),
    read("attributions", WROTE * 30_000),
    read("wrote", b"wrote:\n" * 300_000),
    read("wrote, with spaces", b"On 1 wrote:" + b" " * 500_000 + b"\n> x\n"),
    read("dates and no verb", b"On 1 2 3 4 5 6 7 8 9 :\n" * 100_000),
    read("labels", b"To: x\nSubject: y\n" * 100_000),
    read("header blocks", b"From: x\nDate: y\nTo: z\n\nb\n" * 50_000),
    read("a label with a line of 2 MB", b"From: " + b"x;" * 1_000_000 + b"\nDate: y\nTo: z\n\nb\n"),
    Case("forward: one", field("Subject", b"Fw: Quay",
         b"See below.\n\n" + FORWARD + b"The crane.\n"),
         Expect(inner=("Quay",), spans=(("forwarded", 0),), starts="See below.")),
    Case("forward: an answer is none",
         field("Subject", b"Re: Quay", b"Yes.\n\n" + FORWARD + b"The crane.\n"), Expect(inner=())),
    Case("forward: 1,000 in each other", field("Subject", b"Fw: Quay", GMAIL * 1_000 + b"x\n"),
         Expect(inner=("Fwd: Quay",))),
    Case("forward: 300 after each other",
         field("Subject", b"Fw: Quay", (GMAIL.replace(b"Fwd: ", b"") + b"x\n\n") * 300)),
    Case("forward: with 200 KB of colons",
         lambda: field("Subject", b"Fw: x", b"From: " + b"w " * 50_000 + b"x@y.example"
         + b":" * 100_000 + b"\nDate: y\nTo: z\n\nb\n")),
    Case("forward: 280,000 senders",
         lambda: field("Subject", b"Fw: x", b"From: " + b"".join(b"%d;" % n for n in range(280_000))
         + b"\nDate: y\nTo: z\n\nb\n")),
    Case("insight: one", HEAD + b"\n" + BLOCK, Expect(codes=("MX1",))),
    Case("insight: in a quotation",
         HEAD + b"\n" + b"".join(b"> " + line + b"\n" for line in BLOCK.splitlines()),
         Expect(codes=("MX1",))),
    Case("insight: two", HEAD + b"\n" + BLOCK + b"\n" + BLOCK.replace(b"MX1", b"US714"),
         Expect(codes=("MX1", "US714"))),
    Case("insight: prose is none", HEAD + b"\nSource: Reuters\n\nPublication: today\n",
         Expect(codes=())),
    Case("insight: 20,000", lambda: HEAD + b"\n" + BLOCK * 20_000),
    Case("insight: labels only", lambda: HEAD + b"\n" + b"SOURCE:\n" * 250_000),
    Case("insight: value of 1 MB",
         lambda: HEAD + b"\nSOURCE: MX1\nATTRIBUTION: " + b"a " * 500_000
         + b"\nSOURCE RELIABILITY: A\n"),
    Case("insight: hyphens above",
         lambda: HEAD + b"\n" + (b"subject: INSIGHT " + b"a-" * 140 + b"\n") * 5_000 + BLOCK),
    Case("insight: a subject of hyphens", field("Subject", b"INSIGHT " + b"a-" * 100_000, BLOCK),
         Expect(codes=("MX1",))),
    Case("insight: a number of 5,000 digits",
         HEAD + b"\nSOURCE: MX" + b"1" * 5_000 + b"\nSOURCE RELIABILITY: A\n"),
    Case("insight: colons", lambda: HEAD + b"\n" + b"code:" * 400_000),
)  # fmt: skip
