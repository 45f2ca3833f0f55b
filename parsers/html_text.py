"""HTML mail as readable text: what a person would read, in reading order.

One pass over the tags without building a tree, so neither depth nor size can hurt: 20,000 nested elements cost what
20,000 flat ones do, and nothing recurses. Kept: paragraphs, line breaks, list items, table rows (cells beside each
other, a tab between them, so that label/value rows stay rows), quotes as `> `, links whose address the text does
not show. Left out: head, style, script, hidden elements.

Why not a library: inscriptis takes 0.07 s to import and 1.5 s for 20,000 table rows, and everything below its
parser's depth limit is lost; the standard library's HTMLParser is quadratic in unclosed constructs.
"""

from __future__ import annotations

import re
from html import unescape

from parsers.html_writer import SPACES, Writer

LONGEST = 8_000_000
TAGS = 60_000  # what follows them is read without its structure
LONGEST_TAG = 8_192
PICTURES = 50
BAD_TAGS = 50  # tags whose quotes do not close: from then on quotes are not looked at

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_TAG_END = re.compile(r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>")
_ANY_TAG = re.compile(r"<[^<>]*>")
_BLANK_LINES = re.compile(r"\n{3,}")
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.IGNORECASE)
_STYLE = re.compile(r"\bstyle\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden|(?:max-height|opacity)\s*:\s*0(?![.\d]*[1-9])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_HIDDEN_ATTRIBUTE = re.compile(r"(?:^|\s)hidden(?=[\s=/]|$)", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_START = re.compile(r"\bstart\s*=\s*[\"']?(\d{1,6})", re.IGNORECASE)
_LOOSE_JOINERS = re.compile(r"(?<![\u200c\u200d])[\u200c\u200d]++(?=\s|$)|(?<=\s)[\u200c\u200d]+")
_CHECKED = re.compile(r"\bchecked\b", re.IGNORECASE)

RAW_TEXT = frozenset(("style", "script", "title", "xml"))
SILENT = frozenset(("head", "noscript", "template", "select", "object", "svg", "math"))
VOID = frozenset(
    ("br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr")
)
BLOCK = frozenset(
    "div section article header footer main nav aside address form fieldset figure figcaption center table thead tbody"
    " tfoot tr ul ol dl dt dd body html legend details summary caption dir menu hgroup".split()
)
ROWS = frozenset(("tr", "table", "thead", "tbody", "tfoot"))
LISTS = frozenset(("ul", "ol", "dir", "menu"))
HEAD_ONLY = frozenset(
    ("meta", "link", "base", "html", "head", "noscript", "template", "object", "style", "script", "title")
)
PARAGRAPH = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6"))
KEPT_LINKS = ("http://", "https://", "mailto:", "ftp://", "whatsapp:")
RULE = "_" * 32

# Characters that are white space or nothing at all, whatever they are called.
_ODD = {
    0xA0: " ", 0x202F: " ", 0x2007: " ", 0x2028: "\n", 0x2029: "\n", 0x85: "\n", 0x200B: None, 0x2060: None,
    0xFEFF: None, 0xAD: None, 0x200E: None, 0x200F: None, 0x034F: None, 0x180E: None, 0x2061: None, 0x2062: None,
    0x2063: None, 0x2064: None,
}  # fmt: skip


def to_text(html: str) -> tuple[str, bool]:
    """The text of an HTML body, and whether it was too long to be read whole."""
    reader = Reader(html[:LONGEST])
    reader.run()
    text = tidy("\n".join(reader.out.lines)) or tidy("\n".join(reader.pictures))
    return text, reader.at < min(len(html), LONGEST) or len(html) > LONGEST


def tidy(text: str) -> str:
    """Junk white space out: zero-width characters, no-break spaces, long runs of blank lines."""
    if not text.isascii():
        text = _LOOSE_JOINERS.sub("", text.translate(_ODD))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


class Reader:
    """Goes through the markup once, telling the writer."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.at = 0
        self.out = Writer()
        self.links: list[tuple[str, int, int]] = []  # target, line, piece of the line where its text begins
        self.quotes: list[bool] = []
        self.lists: list[int] = []  # the number of the next item; 0 where items have none
        self.pictures: list[str] = []  # what pictures show, in words
        self.skipped = ""  # the hidden element being left out
        self.skip_depth = 0
        self.bad_tags = 0
        self.open_comment = False

    def run(self) -> None:
        """Text and tags in turn, to the end."""
        html, size = self.html, len(self.html)
        for _ in range(TAGS):
            if self.at >= size:
                break
            opened = html.find("<", self.at)
            opened = size if opened < 0 else opened
            if opened > self.at and not self.skipped:
                data = html[self.at : opened]
                self.out.text(unescape(data) if "&" in data else data)
            self.at = opened
            if opened < size:
                self._markup()
        self.out.end_line()
        if self.at < size:
            self.out.lines.append(unescape(SPACES.sub(" ", _ANY_TAG.sub(" ", html[self.at :]))))

    def _markup(self) -> None:
        match = _TAG.match(self.html, self.at)
        if match is None:
            self._no_tag()
            return
        name, closing = match[1].lower(), self.html[self.at + 1] == "/"
        attributes = self._attributes(match.end())
        if self.skipped:
            self._skipping(name, attributes, closing=closing)
        else:
            self._close(name) if closing else self._open(name, attributes)

    def _no_tag(self) -> None:
        """A comment, a declaration, or a `<` that is text."""
        html, at = self.html, self.at
        if html.startswith("<!--", at) and not self.open_comment:
            end = html.find("-->", at + 4)
            if end >= 0:
                self.at = end + 3
                return
            self.open_comment = True
        if html[at + 1 : at + 2] in ("!", "?", "/"):
            end = html.find(">", at)
            self.at = end + 1 if end >= 0 else len(html)
            return
        if not self.skipped:
            self.out.text("<")
        self.at = at + 1

    def _attributes(self, start: int) -> str:
        """The attributes of the tag whose name ends at `start`; moves behind the tag."""
        if self.bad_tags < BAD_TAGS and (match := _TAG_END.match(self.html, start, start + LONGEST_TAG)):
            self.at = match.end()
        else:
            self.bad_tags += 1
            end = self.html.find(">", start)
            self.at = end + 1 if end >= 0 else len(self.html)
        return self.html[start : min(self.at - 1, start + LONGEST_TAG)]

    def _skipping(self, name: str, attributes: str, *, closing: bool) -> None:
        if self.skipped == "head" and not closing:
            if name in RAW_TEXT:
                self._skip_raw(name)
                return
            if name not in HEAD_ONLY:  # the end of the head was left out
                self.skipped = ""
                self._open(name, attributes)
                return
        if name == self.skipped:
            self.skip_depth += -1 if closing else not attributes.endswith("/")
            if self.skip_depth <= 0:
                self.skipped = ""

    def _open(self, name: str, attributes: str) -> None:
        out = self.out
        if name in RAW_TEXT:
            self._skip_raw(name)
        elif name not in VOID and (name in SILENT or _is_hidden(attributes)):
            if not attributes.endswith("/"):
                self.skipped, self.skip_depth = name, 1
        elif name == "br":
            out.end_line(force=True)
        elif name in ("td", "th"):
            out.cell()
        elif name == "li":
            out.end_line()
            out.prefix = self._item()
        elif name == "img":
            self._picture(attributes)
        elif name == "a":
            self.links.append((_target(attributes), len(out.lines), len(out.line)))
        elif name == "hr":
            out.end_line()
            out.line.append(RULE)
            out.end_line()
        elif name == "input" and "checkbox" in attributes:
            out.text("[x] " if _CHECKED.search(attributes) else "[ ] ")
        elif name == "blockquote":
            out.paragraph()
            indented = "border:none" in _style(attributes).replace(" ", "")
            self.quotes.append(not indented)
            out.quote = min(out.quote + (not indented), 50)
        else:
            self._edge(name, 1)
            if name in LISTS:
                start = _START.search(attributes) if name == "ol" else None
                self.lists.append(int(start[1]) if start else int(name == "ol"))

    def _item(self) -> str:
        """What stands before an item of a list."""
        depth = "  " * min(max(len(self.lists) - 1, 0), 10)
        if not self.lists or not self.lists[-1]:
            return f"{depth}- "
        self.lists[-1] += 1
        return f"{depth}{self.lists[-1] - 1}. "

    def _picture(self, attributes: str) -> None:
        """Pictures show nothing here, unless the mail has no words but theirs."""
        match = _ALT.search(attributes)
        words = unescape(match[1] or match[2] or "").strip() if match else ""
        if words and len(self.pictures) < PICTURES:
            self.pictures.append(words)

    def _close(self, name: str) -> None:
        out = self.out
        if name == "a":
            if self.links:
                _close_link(out, *self.links.pop())
        elif name == "li":
            out.end_line()
            out.prefix = ""
        elif name == "br":
            out.end_line(force=True)
        elif name == "blockquote":
            if not self.quotes:
                return
            out.end_line()
            if self.quotes.pop():
                while out.lines and out.lines[-1] and not out.lines[-1].strip("> "):
                    out.lines.pop()
                out.quote = max(out.quote - 1, 0)
            out.paragraph()
        else:
            self._edge(name, -1)
            if name in LISTS and self.lists:
                self.lists.pop()

    def _edge(self, name: str, step: int) -> None:
        """The beginning (1) or end (-1) of an element that only breaks lines."""
        if name in ROWS:
            self.out.row()
        elif name in BLOCK:
            self.out.end_line()
        elif name in PARAGRAPH:
            self.out.paragraph()
        elif name == "pre":
            self.out.end_line()
            self.out.pre = max(self.out.pre + step, 0)

    def _skip_raw(self, name: str) -> None:
        """Move behind a style or script, whose text is no markup."""
        for closing in (f"</{name}", f"</{name.upper()}"):
            end = self.html.find(closing, self.at)
            if end >= 0:
                close = self.html.find(">", end)
                self.at = close + 1 if close >= 0 else len(self.html)
                return
        self.at = self.at if name == "title" else len(self.html)


def _is_hidden(attributes: str) -> bool:
    if not attributes or attributes.isspace():
        return False
    return bool(
        _HIDDEN.search(_style(attributes))
        or ("hidden" in attributes and _HIDDEN_ATTRIBUTE.search(_QUOTED.sub('""', attributes)))
    )


def _style(attributes: str) -> str:
    match = _STYLE.search(attributes) if "style" in attributes or "STYLE" in attributes else None
    return (match[1] or match[2] or "") if match else ""


def _target(attributes: str) -> str:
    match = _HREF.search(attributes)
    target = unescape(match[1] or match[2] or match[3] or "").strip() if match else ""
    return target if target[:12].lower().startswith(KEPT_LINKS) and len(target) < 2_048 else ""


def _close_link(out: Writer, target: str, line: int, piece: int) -> None:
    """Write a link's address behind its text unless the text shows it."""
    if not target or line != len(out.lines):
        return
    shown = "".join(out.line[piece:]).strip()
    plain = target[7:].split("?", 1)[0] if target[:7].lower() == "mailto:" else target
    if shown and plain and plain.lower() not in shown.lower() and _bare(shown) != _bare(plain):
        out.line.append(f" <{plain}>")


def _bare(url: str) -> str:
    url = url.lower().strip().rstrip("/").strip("<>()[]")
    return url.removeprefix("https://").removeprefix("http://").removeprefix("mailto:").removeprefix("www.")
