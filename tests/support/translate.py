"""Collects the texts of the pages into web/translations, and compiles them: for developers.

python -m tests.support.translate
"""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parents[2] / "web"
GERMAN = WEB / "translations" / "de" / "LC_MESSAGES"
METHODS = [("pages/**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Every marked text of the pages."""
    found = Catalog(locale="de", project="leadgate", charset="utf-8", fuzzy=False)
    for file, line, message, comments, context in extract_from_dir(
        WEB, METHODS, options_map={}, keywords=KEYWORDS, strip_comment_tags=True
    ):
        found.add(message, None, [(f"web/{file}", line)], auto_comments=comments, context=context)
    return found


def stored() -> Catalog:
    """What `translations` holds."""
    return read_po(io.BytesIO((GERMAN / "messages.po").read_bytes()), locale="de")


def compiled(catalog: Catalog) -> bytes:
    """The form that is read at run time."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> None:
    """Brings the stored texts up to date; what is new has no translation yet."""
    GERMAN.mkdir(parents=True, exist_ok=True)
    known = stored() if (GERMAN / "messages.po").exists() else Catalog(locale="de")
    fresh = extracted()
    for message in fresh:
        if message.id and (old := known.get(message.id)) is not None:
            message.string = old.string
    file = io.BytesIO()
    write_po(file, fresh, omit_header=False, sort_output=True, no_location=True, width=110)
    text = file.getvalue().decode()
    kept = [line for line in text.splitlines() if "Date:" not in line and "Generated-By" not in line]
    (GERMAN / "messages.po").write_text("\n".join(kept).rstrip() + "\n", "utf-8")
    (GERMAN / "messages.mo").write_bytes(compiled(stored()))


if __name__ == "__main__":
    main()
