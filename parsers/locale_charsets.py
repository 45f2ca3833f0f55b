"""Charset labels as mail programs write them, and the Python codec that reads what is meant: data only."""

from __future__ import annotations

# The common characters of each charset as bytes, narrow ranges first: what unlabelled text looks like.
LIKELY_BYTES: tuple[tuple[str, bytes], ...] = (
    ("koi8_r", rb"[\xc0-\xdf]"),
    ("cp1251", rb"[\xe0-\xff]"),
    ("iso8859_5", rb"[\xd0-\xef]"),
    ("cp949", rb"[\xb0-\xc8][\xa1-\xfe]"),
    ("euc_jp", rb"[\xa4\xa5][\xa1-\xf6]|[\xb0-\xcf][\xa1-\xfe]|\xa1[\xa1-\xfe]"),
    ("gb18030", rb"[\xb0-\xd7][\xa1-\xfe]|[\xa1\xa3][\xa1-\xfe]"),
    ("cp932", rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]|\x81[\x41-\x5b]|[\x88-\x97][\x40-\xfc]"),
    ("big5hkscs", rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]|\xa1[\x40-\xfe]"),
)

# What the label says -> the codec that reads what is really meant (a superset of the named one where one exists).
ALIASES: dict[str, str] = {
    "us-ascii": "ascii", "ansi_x3.4-1968": "ascii", "iso-ir-6": "ascii", "646": "ascii", "x-ascii": "ascii", "ansi": "cp1252",
    "utf8": "utf-8", "utf": "utf-8", "unicode": "utf-8", "x-utf-8": "utf-8", "x-unicode": "utf-8", "utf-8mb4": "utf-8", "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8", "unicode-1-1-utf-7": "utf-7", "utf-7-imap": "utf-7",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252",
    "iso-8859-1-windows-3.1-latin-1": "cp1252", "iso-8859-1-windows-3.0-latin-1": "cp1252", "8859-1": "cp1252",
    "windows1252": "cp1252", "windows-1252": "cp1252", "x-cp1252": "cp1252", "cp-1252": "cp1252", "win-1252": "cp1252", "x-ansi": "cp1252",
    "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8", "logical": "iso8859-8", "iso-8859-6-i": "iso8859-6", "iso-8859-6-e": "iso8859-6",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "dos-874": "cp874",
    "windows-31j": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "ms_kanji": "cp932", "ms932": "cp932",
    "iso-2022-jp": "iso2022_jp_2", "iso-2022-jp-ms": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext", "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "ksc_5601": "cp949", "euc-kr": "cp949", "korean": "cp949", "windows-949": "cp949", "x-windows-949": "cp949",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "gb_2312": "gb18030", "chinese": "gb18030", "csgb2312": "gb18030", "x-mac-chinesesimp": "gb18030", "cp936": "gb18030",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "cn-big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "mac": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "x-mac-ukrainian": "mac_cyrillic",
    "koi8": "koi8_r", "koi": "koi8_r", "koi8-ru": "koi8_u", "x-koi8-r": "koi8_r", "x-cp1251": "cp1251", "win-1251": "cp1251", "windows1251": "cp1251", "x-cp1250": "cp1250", "win-1250": "cp1250",
    "utf-16": "utf-16", "ucs-2": "utf-16", "iso-10646-ucs-2": "utf-16", "x-user-defined": "cp1252", "x-unknown": "utf-8", "unknown-8bit": "utf-8", "8bit": "utf-8", "7bit": "ascii",
    "binary": "utf-8", "default": "utf-8", "default_charset": "utf-8", "_iso-2022-jp$esc": "iso2022_jp_2", "_iso-2022-jp$sio": "iso2022_jp_2", "none": "utf-8", "charset": "utf-8",
}
