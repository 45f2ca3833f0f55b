"""Every problem code a message can carry: stable words that receipts, tests and operators rely on.

A problem never stops the reading of a message. A code is never renamed; its sentence (`EXPLAINED`) may be.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """What was odd about a message. The value is the stable code of the parse contract."""

    UNREADABLE = "unreadable-file"
    EMPTY = "empty-message"
    NO_HEADER = "no-header"
    MALFORMED_HEADER = "malformed-header"
    DUPLICATE_HEADER = "duplicate-header"
    HEADERS_CUT = "headers-cut"
    HEADER_TOO_LONG = "header-too-long"
    ADDRESSES_CUT = "addresses-cut"
    RAW_8BIT_HEADER = "raw-8bit-header"
    BAD_ENCODED_WORD = "bad-encoded-word"
    BAD_ADDRESS = "bad-address"
    BAD_DATE = "bad-date"
    BARE_CR = "bare-cr"
    NUL = "nul-byte"
    UNKNOWN_CHARSET = "unknown-charset"
    WRONG_CHARSET = "wrong-charset"
    BROKEN_BASE64 = "broken-base64"
    UNKNOWN_ENCODING = "unknown-transfer-encoding"
    MISSING_BOUNDARY = "missing-boundary"
    UNCLOSED_MULTIPART = "unclosed-multipart"
    PARTS_CUT = "parts-cut"
    NESTING_CUT = "nesting-cut"
    TEXT_CUT = "text-cut"
    HTML_CUT = "html-cut"
    UNSAFE_FILENAME = "unsafe-filename"
    FILE_LEFT_OUT = "file-left-out"
    DOCUMENT_CUT = "document-cut"
    DOCUMENT_DAMAGED = "document-damaged"
    ENTITIES_IGNORED = "entities-ignored"
    OTHER_DOCUMENT = "other-document"
    LINES_SKIPPED = "lines-skipped"
    NO_HEADER_ROW = "no-header-row"
    UNKNOWN_LABELS = "unknown-labels"
    RAGGED_ROW = "ragged-row"
    DUPLICATE_ROW = "duplicate-row"
    ROW_WITHOUT_CONTACT = "row-without-contact"
    AMBIGUOUS_DATE = "ambiguous-date"
    AMBIGUOUS_NUMBER = "ambiguous-number"
    UNREADABLE_VALUE = "unreadable-value"
    PARSER_FALLBACK = "parser-fallback"
    PARSER_CRASH = "parser-crash"


Problems = list[tuple[Code, str]]
"""What is collected on the way: codes and what exactly."""

EXPLAINED: dict[Code, str] = {
    Code.UNREADABLE: "The file could not be opened.",
    Code.EMPTY: "The message has no bytes at all.",
    Code.NO_HEADER: "The message has no header; all of it was read as text.",
    Code.MALFORMED_HEADER: "A line of the header is no header field.",
    Code.DUPLICATE_HEADER: "A field that may stand once stands several times; the first counts, of recipients all.",
    Code.HEADERS_CUT: "There are more header fields than are read.",
    Code.HEADER_TOO_LONG: "A header field is longer than is read.",
    Code.ADDRESSES_CUT: "An address list is longer than is read.",
    Code.RAW_8BIT_HEADER: "A header field holds unencoded 8-bit characters; their charset was guessed.",
    Code.BAD_ENCODED_WORD: "An encoded word of a header field cannot be decoded.",
    Code.BAD_ADDRESS: "An address cannot be read for certain.",
    Code.BAD_DATE: "The date cannot be read.",
    Code.BARE_CR: "Lines end with CR alone.",
    Code.NUL: "The message holds NUL bytes.",
    Code.UNKNOWN_CHARSET: "A charset is not known; another was tried.",
    Code.WRONG_CHARSET: "A text is not in the charset it claims; another was tried.",
    Code.BROKEN_BASE64: "A base64 body is damaged; what could be decoded was kept.",
    Code.UNKNOWN_ENCODING: "A transfer encoding is not known; the body was taken as it stands.",
    Code.MISSING_BOUNDARY: "A multipart has no usable boundary; it was read as text.",
    Code.UNCLOSED_MULTIPART: "A multipart has no end.",
    Code.PARTS_CUT: "There are more parts than are read.",
    Code.NESTING_CUT: "Parts are nested deeper than is read.",
    Code.TEXT_CUT: "The text is longer than is read.",
    Code.HTML_CUT: "The HTML is longer or deeper than is read.",
    Code.UNSAFE_FILENAME: "A file name was made safe.",
    Code.FILE_LEFT_OUT: "A file of a form post was too large; the rest of the post was taken.",
    Code.DOCUMENT_CUT: "A document of leads is longer or deeper than is read.",
    Code.DOCUMENT_DAMAGED: "A document of leads is not well-formed; what could be read was kept.",
    Code.ENTITIES_IGNORED: "A document defines entities; they are never expanded.",
    Code.OTHER_DOCUMENT: "Another document was left unread beside the one that counts.",
    Code.LINES_SKIPPED: "Lines of a table are no leads: a title, a repeated header, a total.",
    Code.NO_HEADER_ROW: "A table has no header; only what is certain by its value has a field.",
    Code.UNKNOWN_LABELS: "No label of a table is known; only what is certain by its value has a field.",
    Code.RAGGED_ROW: "A row has more or fewer cells than the table has columns.",
    Code.DUPLICATE_ROW: "The same row stands several times.",
    Code.ROW_WITHOUT_CONTACT: "A row names nobody and nothing to reach somebody by.",
    Code.AMBIGUOUS_DATE: "A date may be read in two ways; it stays as written.",
    Code.AMBIGUOUS_NUMBER: "A number may be read in two ways; it stays as written.",
    Code.UNREADABLE_VALUE: "A value is no possible date or number; it stays as written.",
    Code.PARSER_FALLBACK: "A library gave up on this message; a simpler reader was used.",
    Code.PARSER_CRASH: "A step of the reading failed unexpectedly; the rest was kept.",
}
