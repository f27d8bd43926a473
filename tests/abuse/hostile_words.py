"""Hostile encoded words (RFC 2047), parameters (RFC 2231), attachment names and dates."""

from __future__ import annotations

from abuse.hostile_case import Case, Expect, attached, field, mixed, typed


def subject(name: str, value: bytes, text: str | None = None) -> Case:
    """A subject and what it says; None where all that counts is that it can be read."""
    return Case(name, field("Subject", value), Expect(subject=text) if text is not None else None)


WORDS = (
    subject("word in Q", b"=?utf-8?q?caf=C3=A9_au_lait?=", "café au lait"),
    subject("word in B", b"=?utf-8?B?Y2Fmw6k=?=", "café"),
    subject("word with a language", b"=?utf-8*en?q?a?=", "a"),
    subject("words that follow each other", b"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
    subject("words folded", b"=?utf-8?q?a?=\n =?utf-8?q?b?=", "ab"),
    subject("words with text between", b"=?utf-8?q?a?= - =?utf-8?q?b?=", "a - b"),
    subject("a character cut in two", b"=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
    subject("two charsets", b"=?utf-8?q?=C3=A9?= =?iso-8859-1?q?=E9?=", "éé"),
    subject("padding missing", b"=?utf-8?b?w6k?=", "é"),
    subject("an encoding nobody knows", b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
    subject("a charset nobody knows", b"=?klingon?q?abc?=", "abc"),
    subject("an empty word", b"a =?utf-8?q??= b"),
    subject("a word without an end", b"=?utf-8?q?abc", "=?utf-8?q?abc"),
    subject("spaces in a word", b"=?utf-8?q?a b?=", "a b"),
    subject("a word in a word", b"=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=", "=?utf-8?q?x?="),
    Case("line end in a word", field("Subject", b"=?utf-8?q?a=0ABcc:_e@x.example?="),
         Expect(subject="a Bcc: e@x.example", roles=("from",))),
    subject("NUL in a word", b"=?utf-8?q?a=00b?=", "ab"),
    subject("UTF-7", b"=?utf-7?q?+AOk-?=", "é"),
    subject("UTF-16", b"=?utf-16be?b?AGEAYg==?=", "ab"),
    subject("ISO-2022-JP", b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
    subject("ISO-2022-JP cut in an escape", b"=?iso-2022-jp?b?GyRCRg==?="),
    subject("GB 2312", b"=?gb2312?b?1tDOxA==?=", "中文"),
    subject("KOI8-R", b"=?koi8-r?b?8NLJ18XU?=", "Привет"),
    subject("wrong charset", b"=?utf-8?q?caf=E9?=", "café"),
    subject("surrogates in UTF-8", b"=?utf-8?q?=ED=A0=BD=ED=B8=80?="),
    subject("surrogate in UTF-7", b"=?utf-7?q?+2AA-x?="),
    subject("overlong NUL", b"=?utf-8?q?a=C0=80b?="),
    subject("punycode as a charset", b"=?punycode?q?" + b"a-" * 50_000 + b"?="),
    subject("a codec as a charset", b"=?base64_codec?q?YWJj?=", "YWJj"),
    subject("a compressed charset", b"=?zlib_codec?b?eJxLBAAAYgBi?="),
    subject("a charset of 10,000 letters", b"=?" + b"u" * 10_000 + b"?q?a?="),
    subject("16,000 words", b"=?utf-8?q?=C3=A9?=" * 14_000),
    subject("beginnings of words", b"=?utf-8?q?" * 25_000),
    subject("ends of words", b"?=" * 120_000, "?=" * 120_000),
    subject("question marks", b"=?" * 120_000),
    subject("words of two charsets in turn", b"=?utf-8?q?=C3=A9?= =?koi8-r?q?=E9?= " * 7_000),
    subject("words of many charsets", b" ".join(
        b"=?" + name + b"?q?=E4=B8=AD?=" for name in (
            b"big5", b"hz", b"utf-7", b"utf-16", b"utf-32", b"cp037", b"iso-2022-kr", b"euc-kr",
            b"shift_jis",
            b"idna", b"rot13", b"unicode_escape", b"mbcs", b"undefined", b"tis260", b"\xff",
            b"none")
    )),
    Case("word of 1 MB", lambda: field("Subject", b"=?utf-8?b?" + b"w6k" * 333_333 + b"?="),
         Expect(text="text\n", marks=("headers_cut",))),
    Case("word as a quoted name", field("From", b'"=?utf-8?q?J=C3=A9?=" <j@x.example>'),
         Expect(sender=("Jé", "j@x.example"))),
    Case("word as an address", field("From", b"=?utf-8?q?j=40x.example?=")),
)  # fmt: skip


def named(name: str, disposition: bytes, told: str | None) -> Case:
    """An attachment of 4 bytes and its name."""
    return Case(
        name, attached(b"attachment; " + disposition), Expect(text="x", attached=((told, 4),))
    )


def some(name: str, disposition: bytes) -> Case:
    """An attachment whose name is not said: only that the message is read."""
    return Case(name, attached(b"attachment; " + disposition), Expect(text="x"))


NAMES = (
    named("plain name", b"filename=a.txt", "a.txt"),
    named("quoted name", b'filename="a b.txt"', "a b.txt"),
    named("name with a semicolon", b'filename="a;b.txt"', "a;b.txt"),
    named("name with an escape", b'filename="a\\"b.txt"', 'a"b.txt'),
    named("spaces without quotes", b"filename=a b.txt", "a b.txt"),
    named("RFC 2231", b"filename*=utf-8''na%C3%AFve.txt", "naïve.txt"),
    named("RFC 2231 in Latin-1", b"filename*=iso-8859-1'fr'caf%E9.txt", "café.txt"),
    named("RFC 2231 without a charset", b"filename*=%41.txt", "A.txt"),
    named("RFC 2231 before plain", b"filename=plain.txt; filename*=utf-8''r%C3%A9al.txt",
         "réal.txt"),
    named("continued", b'filename*0="a"; filename*1="b.txt"', "ab.txt"),
    named("continued out of order", b'filename*1="b.txt"; filename*0="a"', "ab.txt"),
    named("continued within a character", b"filename*0*=utf-8''%C3; filename*1*=%A9.txt", "é.txt"),
    named("percent signs that are none", b"filename*=utf-8''a%ZZ%.txt", "a%ZZ%.txt"),
    named("name by an encoded word", b'filename="=?utf-8?q?caf=C3=A9.txt?="', "café.txt"),
    named("no name", b"", None),
    named("empty name", b'filename=""', None),
    named("path upwards", b'filename="../../../etc/passwd"', "../../../etc/passwd"),
    named("path of Windows", b'filename="..\\\\..\\\\boot.ini"', "..\\..\\boot.ini"),
    named("absolute path", b'filename="/etc/shadow"', "/etc/shadow"),
    named("a device", b"filename=CON", "CON"),
    named("a stream", b'filename="a.txt::$DATA"', "a.txt::$DATA"),
    named("NUL in a name", b"filename*=utf-8''a.png%00.exe", "a.png.exe"),
    named("line end in a name", b"filename*=utf-8''a%0D%0ASet-Cookie:x", "a Set-Cookie:x"),
    named("markup in a name", b'filename="<img src=x>.txt"', "<img src=x>.txt"),
    some("right-to-left override in a name", "filename=\"a\u202egnp.exe\"".encode()),
    some("a number is missing", b"filename*0=a; filename*2=c"),
    some("a huge number", b"filename*99999999999999999999=a; filename*0=b"),
    some("negative number", b"filename*-1=a"),
    some("stars", b"filename" + b"*" * 5_000 + b"=a"),
    some("10,000 continuations", b"; ".join(b"filename*%d=a" % n for n in range(10_000))),
    some("continuations all of number 0", b"; ".join([b"filename*0=a"] * 10_000)),
    some("10,000 parameters", b"; ".join(b"p%d=a" % n for n in range(10_000))),
    some("quotation mark without an end in a name", b'filename="' + b"a" * 200_000),
    some("semicolons", b";" * 200_000),
    some("spaces between", (b";" + b" " * 98) * 2_000 + b"filename=a"),
    some("percent signs", b"filename*=utf-8''" + b"%" * 200_000),
    some("name of 100,000 characters", b"filename=" + b"a" * 100_000),
    some("apostrophes", b"filename*=" + b"'" * 100_000),
    Case("type names the attachment", mixed(b"Content-Type: text/plain\n\nx",
         b"Content-Type: image/png; name=a.png\n\nPNG!"),
         Expect(text="x", attached=(("a.png", 4),))),
)  # fmt: skip


def dated(date: bytes, sent: str | None) -> Case:
    """A date and what it is in UTC; None: nobody can say, and it is marked so."""
    marks = () if sent else ("date_unreadable",)
    name = f"date {date[:60].decode('latin-1')!r}"
    return Case(name, field("Date", date), Expect(sent=sent, text="text\n", marks=marks))


DATES = (
    dated(b"Sun, 1 Jan 2012 10:00:00 +0530", "2012-01-01T04:30:00Z"),
    dated(b"1 Jan 2012 10:00 -0800", "2012-01-01T18:00:00Z"),
    dated(b"Fri, 1 Jan 2012 10:00:00 GMT", "2012-01-01T10:00:00Z"),
    dated(b"Sun, 1 Jan 2012 10:00:00 -0000", "2012-01-01T10:00:00Z"),
    dated(b"Sun, 1 Jan 2012 10:00:00 EST", "2012-01-01T15:00:00Z"),
    dated(b"Sun, 01 Jan 2012 10:00:00 +0100 (CET)", "2012-01-01T09:00:00Z"),
    dated(b"Sun,\n 1 Jan 2012\n 10:00:00 +0000", "2012-01-01T10:00:00Z"),
    dated(b"1 Jan 12 10:00:00 GMT", "2012-01-01T10:00:00Z"),
    dated(b"1 Jan 99 10:00:00 GMT", "1999-01-01T10:00:00Z"),
    dated(b"2012-01-01T10:00:00Z", "2012-01-01T10:00:00Z"),
    dated(b"Sun Jan  1 10:00:00 2012", "2012-01-01T10:00:00Z"),
    dated(b"Wed, 29 Feb 2012 10:00:00 +0000", "2012-02-29T10:00:00Z"),
    dated(b"Tue, 19 Jan 2038 03:14:08 +0000", "2038-01-19T03:14:08Z"),
    dated(b"Sat, 31 Dec 2011 23:59:59 -0001", "2012-01-01T00:00:59Z"),
    dated(b"Tue, 29 Feb 2011 10:00:00 +0000", None),
    dated(b"Fri, 31 Feb 2012 10:00:00 +0000", None),
    dated(b"Sat, 1 Jan 0000 00:00:00 +0000", None),
    dated(b"Fri, 31 Dec 9999 23:59:59 -2359", None),
    dated(b"Thu, 1 Jan 1970 00:00:00 +0000", None),
    dated(b"Sun, 1 Jan 2012 10:00:00 +9999", None),
    dated(b"Sun, 1 Jan 2012 24:00:00 +0000", None),
    dated(b"Sun, 1 Jan 2012 10:61:00 +0000", None),
    dated(b"Sun, 0 Jan 2012 10:00:00 +0000", None),
    dated(b"Sun, 1 Foo 2012 10:00:00 +0000", None),
    dated(b"Sun, 99999999999999999999 Jan 2012 10:00:00 +0000", None),
    dated(b"Sun, 1 Jan 2012 99999999999999999999:00:00 +0000", None),
    dated(b"Sun, 1 Jan 99999999999999999999 10:00:00 +0000", None),
    dated(b"Sun, 1 Jan 2012 10:00:00 +99999999999999999999", None),
    dated(b"1325412000", None),
    dated(b"-1", None),
    dated(b"nonsense", None),
    dated("1 Jan ٢٠١٢ 10:00:00 +0000".encode(), "2012-01-01T10:00:00Z"),
    dated(b"9" * 100_000, None),
    dated(b"1 " * 100_000, None),
    dated(b":" * 100_000, None),
    Case("no date", b"From: a@x.example\nSubject: s\n\ntext\n",
         Expect(sent=None, marks=("headers_missing",))),
    Case("empty date", field("Date", b""), Expect(sent=None)),
    Case("NUL in a date", field("Date", b"Sun, 1 Jan\0 2012 10:00:00 +0000"),
         Expect(sent="2012-01-01T10:00:00Z")),
    Case("date in an encoded word", field("Date", b"=?utf-8?q?1_Jan_2012_10:00:00_+0000?="), None),
    Case("two dates",
         b"Date: Sun, 1 Jan 2012 10:00:00 +0000\nDate: Mon, 2 Jan 2012 10:00:00 +0000\n\nx",
         Expect(sent="2012-01-01T10:00:00Z")),
    Case("date in a type", typed("text/plain; date=x", b"x"), Expect(text="x")),
)  # fmt: skip
