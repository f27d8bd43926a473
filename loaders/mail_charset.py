"""Bytes of a mail to clean text: charsets that are declared, wrong, unknown or missing."""

from __future__ import annotations

import codecs
import re
from encodings.aliases import aliases

GUESSED = "charset_guessed"
REPLACED = "charset_replaced"

# What looks like a text encoding to Python and must not be had by a name in a mail: some are no
# charsets, punycode and idna take quadratic time.
_REFUSED = (
    "base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec",
    "mbcs", "oem", "undefined", "punycode", "idna", "unicode_escape", "raw_unicode_escape",
)  # fmt: skip
# Names that mean a wider charset in practice (WHATWG Encoding, section 4.2), and names that
# Python lacks. A value "" is a name that says nothing.
_WIDER = {
    "ascii": "ascii us_ascii ansi_x3.4_1968 646 7bit",
    "cp1252": "iso_8859_1 iso8859_1 latin1 latin_1 l1 cp819 8859_1 8859 iso88591 windows1252 "
    "cp_1252 win_1252 ansi x_ansi x_cp1252 iso_ir_100 iso_8859_1_1987 westeuropean",
    "cp1254": "iso_8859_9 iso8859_9 latin5",
    "cp874": "iso_8859_11 iso8859_11 tis_620 tis620 windows_874",
    "gb18030": "gb2312 gb_2312 gb_2312_80 gbk x_gbk cp936 ms936 chinese euc_cn gb2312_80 "
    "windows_936",
    "cp949": "ks_c_5601 ks_c_5601_1987 ks_c_5601_1989 ksc5601 ksc_5601 euc_kr euckr korean "
    "windows_949 x_windows_949",
    "big5hkscs": "big5 big5_tw big5_hkscs cn_big5 x_x_big5",
    "cp932": "shift_jis sjis x_sjis s_jis ms_kanji windows_31j shiftjis",
    "iso2022_jp_ext": "iso_2022_jp iso2022_jp iso_2022_jp_ms csiso2022jp",
    "iso2022_kr": "iso_2022_kr",
    "euc_jp": "x_euc_jp euc_jp eucjp",
    "mac_roman": "x_mac_roman macintosh x_macroman",
    "koi8_u": "koi8_u koi8_ru",
    "iso8859_8": "iso_8859_8_i iso_8859_8_e",
    "utf_8": "utf8 utf_8 utf_8_sig unicode_1_1_utf_8 x_utf_8 utf8mb4 x_unicode20utf8",
    "utf_7": "unicode_1_1_utf_7 x_utf_7",
    "utf_16": "ucs_2 unicode iso_10646_ucs_2 csunicode",
    "": "x_unknown unknown unknown_8bit x_user_defined default default_charset none null 8bit "
    "binary iso x_none _autodetect_all auto charset",
}
_CODECS = {
    **{name: codec for name, codec in aliases.items() if codec not in _REFUSED},
    **{codec: codec for codec in aliases.values() if codec not in _REFUSED},
    **{name: codec for codec, names in _WIDER.items() for name in names.split()},
}
# Bytes below 0x80 mean other things than ASCII in these.
_EBCDIC = ("cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140")
_NOT_ASCII = frozenset(
    codec
    for codec in _CODECS.values()
    if codec.startswith(("utf_16", "utf_32", "utf_7", "iso2022", "hz")) or codec in _EBCDIC
)
_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Decoded, bytes free of controls give text free of controls in these.
_CLEAN_CODECS = (None, "ascii", "utf_8", "cp1252")
_UTF_16 = ("utf_16_le", "utf_16_be")
# A wrong byte in these is one lost character; read as Windows-1252 all others would be lost too.
_MULTIBYTE = _NOT_ASCII | {"gb18030", "cp949", "big5hkscs", "cp932", "euc_jp", "johab", "cp950"}
_MENDED = 4 * 1024 * 1024  # bytes: where many are wrong, UTF-7 takes 0.1 s for each megabyte
_BYTE_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n")
_UTF8_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_PIECE = 65_536  # code points that are cleaned at once
_HIGH_PAIRS = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


def codec_of(charset: str | None) -> str | None:
    """Python's name of a charset as mail declares it, None where it says nothing known."""
    if not charset or len(charset) > 40:
        return None
    name = charset.strip("\"' \t").lower().replace("-", "_").replace(" ", "_")
    return _CODECS.get(name) or None


def decode(data: bytes, charset: str | None = None) -> tuple[str, str | None]:
    """The clean text of ``data`` and a mark (charset_guessed, charset_replaced) or None.

    The declared ``charset`` is tried, then strict UTF-8, then Windows-1252, as decoding.py does.
    Text that is declared Latin-1 and can only be UTF-8 is UTF-8. In a multibyte charset, or in
    UTF-8 with few faults, single wrong bytes become U+FFFD. Never raises.
    """
    codec = codec_of(charset)
    if codec not in _NOT_ASCII and not data.startswith(_BYTE_ORDER_MARKS):
        # Cleaning bytes is many times faster than cleaning text.
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if b"\f" in data or b"\v" in data:
            data = data.replace(b"\f", b"\n").replace(b"\v", b"\n")
        data = data.translate(None, _BYTE_CONTROLS)
        if data.isascii():
            return data.decode("ascii"), None
        if codec in _CLEAN_CODECS:
            if _UTF8_CONTROLS.search(data):
                for code in range(0x80, 0xA0):
                    data = data.replace(bytes((0xC2, code)), b"")
            return _decode(data, codec, bool(charset))
    text, mark = _decode(data, codec, bool(charset))
    return clean(text), mark


def clean(text: str) -> str:
    """``text`` with line ends as LF, without control characters and lone surrogates."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\f" in text or "\v" in text:
        text = text.replace("\f", "\n").replace("\v", "\n")
    text = _replace(_CONTROLS, "", text)
    return text if text.isascii() else _replace(_SURROGATES, "\ufffd", text)


def _replace(pattern: re.Pattern[str], by: str, text: str) -> str:
    """What ``sub`` does; that has all text between matches in memory as strings of their own."""
    if pattern.search(text) is None:
        return text
    return "".join(pattern.sub(by, text[at : at + _PIECE]) for at in range(0, len(text), _PIECE))


def _decode(data: bytes, codec: str | None, declared: bool) -> tuple[str, str | None]:
    if codec in ("utf_16", "utf_32"):
        codec = _with_byte_order(data, codec)
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
        codec = "utf_8"
    if codec is None and data.startswith(_BYTE_ORDER_MARKS):
        codec = "utf_16"
    if codec == "cp1252":
        if _is_surely_utf8(data):
            return data.decode("utf-8"), GUESSED
        # What Windows-1252 leaves undefined would be a control character.
        return data.decode("cp1252", "ignore"), None
    if codec is not None and codec != "ascii":
        try:
            return data.decode(codec), None
        except (UnicodeError, ValueError):
            pass
    try:
        return data.decode("utf-8"), GUESSED if declared and not data.isascii() else None
    except UnicodeDecodeError:
        pass
    if codec in _MULTIBYTE and len(data) <= _MENDED:
        return data.decode(codec or "ascii", "replace"), REPLACED
    lenient = data.decode("utf-8", "replace")
    wrong = lenient.count("\ufffd")
    if len(_HIGH_PAIRS.findall(data)) >= 4 * wrong:
        return lenient, REPLACED
    return data.decode("cp1252", "ignore"), GUESSED


def _with_byte_order(data: bytes, codec: str) -> str | None:
    """UTF-16 or UTF-32 with its byte order; None where the bytes are plainly neither."""
    if codec == "utf_32":
        marks = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
        return codec if data.startswith(marks) else "utf_32_be"
    if data.startswith(_BYTE_ORDER_MARKS):
        return codec
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if even == odd == 0 and data.isascii():
        return None
    return _UTF_16[0] if odd > even else _UTF_16[1]


def _is_surely_utf8(data: bytes) -> bool:
    """Whether bytes declared Latin-1 are UTF-8: all high ones pair up, and not by one chance."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    pairs = _HIGH_PAIRS.findall(data, 0, 65536)
    return len(pairs) > 1 or any(pair[0] in b"\xc2\xc3\xe2" for pair in pairs)
