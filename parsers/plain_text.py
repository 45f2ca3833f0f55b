"""A text/plain or text/enriched body as the text a person reads: line ends, flowed lines, control characters.

RFC 3676 (format=flowed) and RFC 1896 (text/enriched). Linear.
"""

from __future__ import annotations

import re

from parsers.parts import Part

_LINE_ENDS = re.compile(r"\r+\n?")
_ENRICHED_COMMAND = re.compile(r"<(/?)([A-Za-z0-9-]{1,60})>")
_LINE_BREAKS = re.compile(r"\n+")
_HELD = "\x01"


def plain(text: str, part: Part) -> str:
    """The text of a body that is no HTML; LF line ends, zero-width characters and no-break spaces out."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        text = _LINE_ENDS.sub("\n", text) if "\r" in text else text
    if "\0" in text:
        text = text.replace("\0", "")
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, part.parameters.get("delsp", "").lower() == "yes")
    elif part.content_type in ("text/enriched", "text/richtext"):
        text = enriched(text)
    if "\ufeff" in text or "\u200b" in text:
        text = text.replace("\ufeff", "").replace("\u200b", "")
    return text.replace("\xa0", " ") if "\xa0" in text else text


def unflow(text: str, delete_space: bool) -> str:
    """format=flowed: a line that ends with a space goes on in the next of the same quote depth; `-- ` never does."""
    if " \n" not in text:
        return text
    out: list[str] = []
    held, held_depth = "", -1
    for line in text.split("\n"):
        rest = line.lstrip(">")
        depth = len(line) - len(rest)
        rest = rest[1:] if rest[:1] == " " else rest
        if held_depth >= 0 and depth != held_depth:
            out.append(held)
            held, held_depth = "", -1
        flows = rest.endswith(" ") and rest != "-- "
        mark = (">" * depth + " ") if depth else ""
        whole = held + rest if held_depth >= 0 else mark + rest
        if flows:
            held, held_depth = (whole[:-1] if delete_space else whole), depth
        else:
            out.append(whole)
            held, held_depth = "", -1
    if held_depth >= 0:
        out.append(held)
    return "\n".join(out)


def enriched(text: str) -> str:
    """text/enriched without its commands: one line break is a blank, more are one less; what <param> holds is none."""
    text = text.replace("<<", _HELD)
    text = _LINE_BREAKS.sub(lambda match: match[0][1:] or " ", text.strip("\n"))
    pieces: list[str] = []
    at = hidden = 0
    for match in _ENRICHED_COMMAND.finditer(text):
        if not hidden:
            pieces.append(text[at : match.start()])
        if match[2].lower() == "param":
            hidden = max(hidden + (-1 if match[1] else 1), 0)
        elif match[2].lower() in ("nl", "paragraph") and not match[1]:
            pieces.append("\n")
        at = match.end()
    return "".join([*pieces, text[at:]]).replace(_HELD, "<")
