"""The effect transaction: deduplicate, match, effect, receipt. Everything of one message, or nothing.

The caller (`process`) holds the lease's fence and the locks of all contacts and conversations in the
batch, so what is looked up here cannot change before the commit. A savepoint per message keeps one
message's failure from the others.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from ingest.letter import Letter, Reading, Stop, who
from ingest.match import Attach, Candidates, Create, Hold, Match, match
from ingest.prepare import Prepared, line
from ingest.receiving import Keys, Receiving
from ingest.timeline import email_entry, note_entry
from parsers.message import Message
from store import matching
from store.addresses import lead_number
from store.arriving import rank
from store.lead_rows import NewLead
from store.locks import contact_key, thread_key
from store.receipts import expose, find_copy, kinds_of, supersede
from store.scope import AccountScope
from store.session import now

WAIT_FOR_PARENT = timedelta(seconds=60)
ONLY_FROM_CONTACTS = ("list", "bulk", "auto-generated")
LOOKED_THROUGH = ("partner", "form")
"""Kinds of address to which portals and form plugins write with such headers."""


class ParentWaiting(Exception):
    """It answers a message that is still to be understood: decide it after that one."""


def lock_keys(prepared: Prepared) -> list[str]:
    """The locks of everything that deciding this message may create or join."""
    account_id, message, verdict = prepared.letter.key[0], prepared.message, prepared.verdict
    people = verdict.people if isinstance(verdict, Reading) else ()
    ids = [] if message is None else [message.message_id, *_references(message)]
    return [contact_key(account_id, person.normal) for person in people] + [
        thread_key(account_id, rfc_id) for rfc_id in ids if rfc_id
    ]


def settle(connection: Connection, prepared: Prepared, keys: Keys) -> str:
    """Decides one message and writes everything; its outcome. Raises ParentWaiting before any write."""
    letter, message, verdict = prepared.letter, prepared.message, prepared.verdict
    receiving = Receiving(connection, prepared, keys)
    scope, trail = receiving.scope, receiving.trail
    references = _references(message) if message else []
    thread = matching.by_thread(connection, scope, references, except_message=letter.id)
    if thread.waiting and now(connection) - letter.received_at < WAIT_FOR_PARENT:
        raise ParentWaiting
    original = _copy_of(connection, scope, letter, receiving.content_key)
    if original:
        trail.append(line("deduplicate", "copy", original))
        return receiving.finish("ignored", "duplicate", duplicate_of=original, content_key=None)
    trail.append(line("deduplicate", "first"))
    if prepared.identity:
        expose(connection, scope, prepared.identity.exposed)
    if isinstance(verdict, Stop):
        return _stopped(receiving, prepared, verdict)
    decision = match(verdict, _candidates(connection, scope, prepared, verdict, thread, keys))
    trail.append(_match_line(decision))
    assert message is not None
    if (
        message.automatic in ONLY_FROM_CONTACTS
        and isinstance(decision, Create)
        and letter.kind not in LOOKED_THROUGH
    ):
        trail.append(line("effect", "none", "automatic mail of nobody known"))
        reason = "list" if message.automatic in ("list", "bulk") else "auto_generated"
        return receiving.finish("ignored", reason, data={"who": who(message)}, direction="in")
    return _carry_out(receiving, prepared, verdict, decision)


def _stopped(receiving: Receiving, prepared: Prepared, stop: Stop) -> str:
    """The receipt of a message that is not read; a bounce or automatic reply is noted where it belongs."""
    letter, message = prepared.letter, prepared.message
    outcome, reason = stop.outcome, stop.reason
    if message is None:
        return receiving.finish(outcome, reason, data=stop.data, hold_user_id=stop.user_id)
    noted = _answered(receiving, letter, message, stop)
    if noted and reason == "bounce":
        outcome, reason = "history_added", "bounce_noted"
    editor = receiving.editor(outcome, reason)
    for lead in noted:
        kind = "bounce" if stop.reason == "bounce" else "note"
        event = "message.bounced" if kind == "bounce" else None
        editor.add_entry(lead.id, note_entry(letter, message, kind), event)
    editor.finish()
    data = dict(stop.data) | ({"who": _about(message)} if noted else {})
    return receiving.finish(outcome, reason, data=data, hold_user_id=stop.user_id, direction=stop.direction)


def _carry_out(receiving: Receiving, prepared: Prepared, reading: Reading, decision: Match) -> str:
    """What the decision means for leads, then the receipt."""
    letter, message, trail = prepared.letter, prepared.message, receiving.trail
    assert message is not None
    event = "lead.email.sent" if reading.direction == "out" else "lead.email.received"
    if isinstance(decision, Hold):
        trail.append(line("effect", "held", decision.reason))
        return receiving.finish(
            "held",
            decision.reason,
            data={"who": decision.who},
            hold_user_id=reading.forwarded_by or reading.user_id or reading.owner_id,
            candidates=[lead.id for lead in decision.candidates],
            direction=reading.direction,
        )
    if isinstance(decision, Attach):
        outcome, reason, name = "history_added", decision.reason, decision.who
    else:
        outcome, reason, name = "lead_created", "no_match", reading.people[0].address
    editor = receiving.editor(outcome, reason)
    if isinstance(decision, Attach):
        for lead in decision.leads:
            if decision.joining:
                editor.add_people(lead.id, [decision.joining])
            if letter.tags:
                editor.tag(lead.id, add=letter.tags)
            editor.add_entry(lead.id, email_entry(letter, message, reading), event)
        trail.append(line("effect", "history added", ", ".join(f"#{lead.number}" for lead in decision.leads)))
    else:
        lead_id = editor.create(new_lead(letter, reading))
        editor.add_entry(lead_id, email_entry(letter, message, reading), event)
        trail.append(line("effect", "lead created"))
    editor.finish()
    trail.append(line("events", "written", str(len(editor.event_ids))))
    return receiving.finish(outcome, reason, data={"who": name}, direction=reading.direction)


def new_lead(letter: Letter, reading: Reading) -> NewLead:
    """The lead that a mail begins."""
    main, inbound = reading.people[0], letter.inbound
    return NewLead(
        title=reading.subject or main.name or main.address,
        source_kind="email" if letter.kind == "leads" else letter.kind,
        source_name=inbound.name if inbound else "",
        owner_id=reading.owner_id,
        people=reading.people,
        tags=letter.tags,
        fields=reading.fields,
    )


def _answered(
    receiving: Receiving, letter: Letter, message: Message, stop: Stop
) -> tuple[matching.Candidate, ...]:
    """The leads that a bounce or automatic reply answers."""
    if stop.reason not in ("bounce", "auto_reply"):
        return ()
    original = message.bounce.original_message_id if message.bounce else None
    references = [original] if original else _references(message)
    connection, scope = receiving.connection, receiving.scope
    return matching.by_thread(connection, scope, references, except_message=letter.id).leads


def _about(message: Message) -> str:
    """Whom a bounce or automatic reply is about."""
    failed = ", ".join(recipient.address for recipient in message.bounce.recipients) if message.bounce else ""
    return failed or who(message)


def _copy_of(
    connection: Connection, scope: AccountScope, letter: Letter, content_key: bytes | None
) -> str | None:
    """The message this one is a copy of; None also when the copy gives way to this more specific one."""
    if content_key is None:
        return None
    found = find_copy(connection, scope, content_key, except_message=letter.id)
    if found is None:
        return None
    copy_id, outcome = found
    if outcome == "held":
        ranks = [rank(kind) for kind in kinds_of(connection, scope, copy_id)]
        if ranks and rank(letter.kind) < min(ranks):
            supersede(connection, scope, copy_id, letter.id)
            return None
    return copy_id


def _candidates(
    connection: Connection,
    scope: AccountScope,
    prepared: Prepared,
    reading: Reading,
    thread: matching.Thread,
    keys: Keys,
) -> Candidates:
    letter = prepared.letter
    addressed = None
    if letter.kind == "lead":
        local_part = letter.arrival.recipient.rpartition("@")[0].partition("+")[0]
        number = lead_number(keys.address, scope.account_id, local_part)
        addressed = matching.by_number(connection, scope, number) if number is not None else None
    people = [person.normal for person in reading.people]
    return Candidates(
        addressed=addressed,
        was_addressed=letter.kind == "lead",
        thread=matching.Thread((), frozenset(), False) if letter.kind in ("partner", "form") else thread,
        contacts=matching.by_contact(connection, scope, people),
    )


def _match_line(decision: Match) -> dict[str, Any]:
    match decision:
        case Attach():
            detail = ", ".join(f"#{lead.number}" for lead in decision.leads)
            if decision.unmatched:
                detail += f"; without a lead: {', '.join(decision.unmatched)}"
            return line("match", decision.reason, detail)
        case Hold():
            return line(
                "match", decision.reason, ", ".join(f"#{lead.number}" for lead in decision.candidates)
            )
        case Create():
            return line("match", "none")


def _references(message: Message) -> list[str]:
    """The Message-IDs this mail answers, the nearest first, bounded."""
    nearest = [message.in_reply_to] if message.in_reply_to else []
    return list(dict.fromkeys([*nearest, *reversed(message.references)]))[:30]
