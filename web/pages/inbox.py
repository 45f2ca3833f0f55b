"""Messages with their receipts: by outcome, one with trail and fields, raw, HTML, read again, holds resolved."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import render_template
from markupsafe import Markup

from parsers import mime
from store import outgoing, own_addresses
from store.doorbell import Work
from store.lead_lists import LeadFilter, list_leads
from store.leads import lead_json
from store.masking import masks_for
from store.message_views import MessageFilter, count_messages, get_message, list_messages, raw_of
from store.paging import Page as Rows
from store.session import Invalid, NotFound, Refused
from web import headers, html_mail
from web.api import messages as api
from web.api.bodies import Reprocess, Resolution
from web.api.queries import after_time, encode
from web.pages import forms, trail, words
from web.pages.route import Answer, Go, Send, Show, Visit
from web.pages.start import ways_in

TABS = {
    "attention": MessageFilter(outcome="held"),
    "processed": MessageFilter(outcomes=("lead_created", "history_added", "pending")),
    "ignored": MessageFilter(outcome="ignored", spam=False),
    "spam": MessageFilter(outcome="ignored", spam=True),
    "failed": MessageFilter(outcome="failed"),
}
ROWS = 50
MOST_COUNTED = 99


def inbox(visit: Visit) -> Answer:
    """The messages of one tab, newest first: for admins all, for others those that are their business."""
    tab = visit.asked("tab")
    tabs = {name: replace(wanted, mine=not visit.viewer.is_admin) for name, wanted in TABS.items()}
    counts = {
        name: count_messages(visit.connection, visit.viewer, wanted, most=MOST_COUNTED)
        for name, wanted in tabs.items()
    }
    if tab not in TABS:
        tab = "attention" if counts["attention"][0] else "processed"
    rows: Rows = list_messages(
        visit.connection,
        visit.viewer,
        tabs[tab],
        limit=ROWS,
        before=after_time(visit.asked("cursor") or None),
    )
    older = encode(rows.last) if rows.last else None
    return Show(
        "inbox.html",
        {
            "tab": tab,
            "counts": counts,
            "messages": rows.items,
            "further": older,
            "ways": None if rows.items else ways_in(visit),
        },
    )


def message(visit: Visit, message_id: str) -> Answer:
    """One message: what came, why it became what it is, and how many others wait for a decision."""
    found = get_message(visit.connection, visit.viewer, message_id)
    wanted = replace(TABS["attention"], mine=not visit.viewer.is_admin)
    held, exact = count_messages(visit.connection, visit.viewer, wanted, most=MOST_COUNTED)
    others = held - (found["outcome"] == "held")
    is_asked = found["reason"] == own_addresses.QUESTION  # which only those are told who may decide
    asked = own_addresses.asked(visit.connection, visit.viewer, message_id) if is_asked else None
    mails_links = asked is not None and outgoing.can_send(
        visit.connection, visit.viewer.scope, visit.services.post
    )
    return Show(
        "message.html",
        _around(visit, found)
        | {"asked": asked, "mails_links": mails_links}
        | {"others_held": others, "all_counted": exact},
    )


def raw(visit: Visit, message_id: str) -> Answer:
    """The bytes as received, as a file."""
    name = {"Content-Disposition": f'attachment; filename="{message_id}.eml"'}
    return Send(raw_of(visit.connection, visit.viewer, message_id), "message/rfc822", name)


def attachment(visit: Visit, message_id: str, digest: str) -> Answer:
    """One attachment as a file, found by its SHA-256. It is only ever saved, never shown: nobody vouches for it."""
    received = mime.read(raw_of(visit.connection, visit.viewer, message_id))
    listed = (get_message(visit.connection, visit.viewer, message_id)["parsed"] or {}).get("attachments", [])
    name = next((file["filename"] for file in listed if file["sha256"] == digest), None)
    for part in received.root.walk():
        content = b"" if part.children else b"".join(part.chunks())
        if content and hashlib.sha256(content).hexdigest() == digest:
            saved_as = f"attachment; filename*=UTF-8''{quote(name or 'attachment', safe='')}"
            return Send(content, "application/octet-stream", {"Content-Disposition": saved_as})
    raise NotFound("attachment")


def html(visit: Visit, message_id: str) -> Answer:
    """The mail's HTML, cleaned, for its sandboxed frame alone."""
    written = html_mail.html_of(raw_of(visit.connection, visit.viewer, message_id))
    # Cleaned by our own lists just now, and shown under a policy that loads and runs nothing.
    shown = render_template("mail_frame.html", body=Markup(html_mail.clean(written or "")))  # noqa: S704
    policy = {"Content-Security-Policy": headers.MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Send(shown.encode("utf-8", "replace"), "text/html", policy)


def reprocess(visit: Visit, message_id: str) -> Answer:
    """Reads a message again: first shows what would change, then applies just that.

    What was shown is named by its digest. If reading again has come to something else meanwhile, that is shown instead
    of being applied.
    """
    changes = api.reprocess(visit.call, message_id, Reprocess(apply=False)).body["changes"]
    shown = hashlib.sha256(json.dumps(changes, sort_keys=True).encode()).hexdigest()
    asked = visit.given("apply")
    if asked and hmac.compare_digest(asked.encode(), shown.encode()):
        api.reprocess(visit.call, message_id, Reprocess(apply=True))
        return Go(f"/inbox/{message_id}", "reprocessed")
    with visit.services.database.read() as connection:
        message = get_message(connection, visit.viewer, message_id)
    context = {"message": message, "changes": _differences(changes), "shown": shown, "stale": bool(asked)}
    return Show("reprocess.html", context, 409 if asked else 200)


def resolve(visit: Visit, message_id: str) -> Answer:
    """Resolves a hold as a person decided."""
    if visit.given("action") == "own_address":
        answer = {"action": "own_address", "user_id": visit.given("user") or None}
        api.resolve(visit.call, message_id, forms.read(Resolution, answer))
        mailed = Work.MAILS in visit.call.rings
        return Go(f"/inbox/{message_id}", "own_address_mailed" if mailed else "own_address")
    if visit.given("action") == "not_spam":
        api.resolve(visit.call, message_id, Resolution(action="not_spam"))
        return Go(f"/inbox/{message_id}", "not_spam")
    candidate = visit.given("candidate")  # a button of its own for each lead that is offered
    action, chosen = ("attach", candidate) if candidate else (visit.given("action"), visit.given("lead"))
    if action not in ("attach", "create", "ignore", "never_log", "spam"):
        raise Invalid("action", "is not one of those offered")
    lead_id = _lead_numbered(visit, chosen) if action == "attach" else None
    for_thread = visit.given("for_thread") == "yes"
    decision = Resolution.model_validate({"action": action, "lead_id": lead_id, "for_thread": for_thread})
    api.resolve(visit.call, message_id, decision)
    return Go(f"/inbox/{message_id}", "resolved")


def _lead_numbered(visit: Visit, text: str) -> str:
    """The id of the lead that a person means by its number, such as 12 or #12. Invalid if they see none."""
    number = text.removeprefix("#")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        with visit.services.database.read() as connection:
            found = list_leads(connection, visit.viewer, LeadFilter(number=int(number)), limit=1).items
        if found:
            return str(found[0]["id"])
    raise Invalid("lead", "no lead with this number")


def _around(visit: Visit, found: dict[str, Any]) -> dict[str, Any]:
    """A message with its leads, and what may be done with it."""
    leads = lead_json(visit.connection, visit.viewer, found["lead_ids"])
    masked = masks_for(visit.connection, visit.viewer).json(list(leads.values()))
    may_read_raw, has_html = True, False
    try:
        has_html = html_mail.html_of(raw_of(visit.connection, visit.viewer, found["id"])) is not None
    except Refused:
        may_read_raw = False
    return {
        "message": found,
        "trail": trail.told(found["trail"], {found["reason"]: found["sentence"]}),
        "leads": masked,
        "may_read_raw": may_read_raw,
        "has_html": has_html,
        "may_decide": found["reason"] is not None or found["outcome"] == "pending",
    }


def _differences(changes: Mapping[str, list[Any]]) -> list[tuple[str, str, str]]:
    """(what, now, then): of values within what was read each one that differs, not the whole around it."""
    found = []
    for name, (old, new) in changes.items():
        if isinstance(old or {}, dict) and isinstance(new or {}, dict) and (old or new):
            keys = sorted({*(old or {}), *(new or {})})
            pairs = [(key, (old or {}).get(key), (new or {}).get(key)) for key in keys]
            found += [(f"{name}.{key}", _told(key, a), _told(key, b)) for key, a, b in pairs if a != b]
        else:
            found.append((name, _told(name, old), _told(name, new)))
    return found


def _told(name: str, value: Any) -> str:
    if value in (None, [], {}):
        return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, indent=1)
    tables = {"outcome": words.OUTCOMES, "trust": words.TRUST, "direction": words.DIRECTIONS}
    return words.of(tables.get(name, {}), value)
