"""A mail's HTML, cleaned so that it loads nothing and does nothing: for the sandboxed frame of `/inbox/<id>/html`.

Own lists, because the cleaner's defaults keep remote images and relative links. What remains is structure and
text: no image, no link target, no style sheet, no form, no attribute that names an address. The policy of the
answer (`headers.MAIL_POLICY`) would stop what the lists missed; neither relies on the other.
"""

import nh3

from parsers import charsets, mime

MOST_CHARACTERS = 2_000_000
TAGS = set(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details "
    "dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark ol p pre q rp rt "
    "ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul "
    "var wbr".split()
)
ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type"},
    "td": {"align", "colspan", "rowspan", "valign"},
    "th": {"align", "colspan", "rowspan", "scope", "valign"},
    "tr": {"align", "valign"},
}
NOT_EVEN_TEXT = {
    "script",
    "style",
    "title",
    "head",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "math",
    "xmp",
}


def html_of(raw: bytes) -> str | None:
    """The first HTML text of a message, as written; None if it has none."""
    for part in mime.read(raw).root.walk():
        if part.content_type == "text/html" and not part.children and part.disposition != "attachment":
            return charsets.decode(b"".join(part.chunks()), part.charset)[0][:MOST_CHARACTERS]
    return None


def clean(html: str) -> str:
    """HTML that loads nothing and does nothing, whatever `html` is."""
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=NOT_EVEN_TEXT,
        attributes=ATTRIBUTES,
        url_schemes=set(),
        link_rel=None,
        strip_comments=True,
    )
