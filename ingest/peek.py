"""The Message-ID of raw bytes, read at the door without parsing the message.

A reply must know that its parent is still waiting to be understood (product §3, Matching), so the id is
stored with the bytes. One bounded search in the header; what it cannot find is found by the parser later.
"""

import re

_HEADER_BYTES = 64 * 1024
_MESSAGE_ID = re.compile(rb"^message-id:[ \t\r\n]{0,16}(<[^<>\s]{1,990}>)", re.IGNORECASE | re.MULTILINE)


def peek_message_id(raw: bytes) -> str | None:
    """The first Message-ID field's id with its angle brackets (RFC 5322 §3.6.4), None without one."""
    head = raw[:_HEADER_BYTES]
    ends = [end for end in (head.find(b"\r\n\r\n"), head.find(b"\n\n")) if end >= 0]
    found = _MESSAGE_ID.search(head, 0, min(ends) + 1 if ends else len(head))
    return found[1].decode("utf-8", "replace") if found else None
