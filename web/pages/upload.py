"""Mails as files, handed in: several at once, each answered by itself.

Every file goes through the one acceptance function, so it is durable before it is shown as taken, and the same file
twice is one message. A file that is too large or is no mail is named, and the others are taken. With a script each
file is sent by itself, with its progress; without one they come together in one form.
"""

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from store import inbound_list
from store.accounts import get_account, get_user
from store.session import now
from web.pages.route import Answer, Show, Visit
from web.services import MIB, HandedIn, NotNow

MOST_FILES = 200
HERE = "/upload"
_MBOX = b"From "
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
"""How a mail begins: with a header field (RFC 5322 §2.2)."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of one file: the message that it is, or why it was not taken."""

    name: str
    message_id: str | None
    fault: str = ""


def upload(visit: Visit) -> Answer:
    """The page that takes files."""
    return _shown(visit, [])


def take(visit: Visit) -> Answer:
    """Takes files; each is answered with its receipt, or with what is wrong with it."""
    with visit.services.database.read() as connection:
        visit.call.connection_or_none = connection
        to = visit.given("to", 400) or _default(visit)
        files = [file for file in visit.request.files.getlist("file") if file.filename or file.content_length]
        try:
            told = [_take(visit, file, to) for file in files[:MOST_FILES]]
        finally:
            for file in files:
                file.close()
        return _shown(visit, told, nothing=not told, further=max(0, len(files) - MOST_FILES))


def _take(visit: Visit, file: FileStorage, to: str) -> Uploaded:
    name = (file.filename or _("(no name)"))[-200:]
    most = visit.services.limits.message_bytes
    raw = file.stream.read(most + 1)
    if len(raw) > most:
        return Uploaded(name, None, _("larger than %(size)s, which is the most", size=size(most)))
    raw = raw.removeprefix(_BOM)
    if raw.startswith(_MBOX):  # as some programs save one mail: the line of an mbox before it
        raw = raw.partition(b"\n")[2]
    if not _FIELD.match(raw):
        return Uploaded(name, None, _("this is no mail"))
    handed_in = HandedIn(
        account_id=visit.viewer.account_id,
        user_id=visit.viewer.user_id,
        door="upload",
        to=to,
        mail_from="",
        client_ip=visit.call.client_ip,
        tls=visit.call.https,
        raw=raw,
    )
    try:
        return Uploaded(name, visit.services.accept(handed_in))
    except NotNow:
        return Uploaded(name, None, _("could not be stored just now; try again"))


def size(number: int) -> str:
    """A limit as people say it."""
    return f"{number // MIB} MB" if number >= MIB else f"{number // 1024} KB"


def _shown(visit: Visit, told: list[Uploaded], *, nothing: bool = False, further: int = 0) -> Show:
    context = {
        "told": told,
        "nothing": nothing,
        "further": further,
        "addresses": _addresses(visit),
        "chosen": visit.given("to", 400) or visit.asked("to") or _default(visit),
        "most_bytes": visit.services.limits.message_bytes,
        "most": size(visit.services.limits.message_bytes),
    }
    return Show("upload.html", context)


def _default(visit: Visit) -> str:
    return f"leads@{get_account(visit.connection, visit.viewer.scope).domain}"


def _addresses(visit: Visit) -> list[tuple[str, str]]:
    """Where the viewer may hand in: admins anywhere, others to the addresses that everybody knows and their own."""
    every = inbound_list.list_addresses(visit.connection, visit.viewer.scope)
    own = get_user(visit.connection, visit.viewer.scope, visit.viewer.user_id).address
    return [
        (one.address, one.address if one.name == one.local_part else f"{one.name} · {one.address}")
        for one in inbound_list.present(every, now(visit.connection))
        if one.enabled
        and one.accepted_until is None
        and (visit.viewer.is_admin or one.kind in ("leads", "bcc") or one.address == own)
    ]
