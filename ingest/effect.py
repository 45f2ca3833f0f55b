"""The effect transaction: deduplicate, match, effect, receipt. Everything of one message, or nothing.

The caller (`process`) holds the lease's fence and the locks of all contacts and conversations in the
batch, so what is looked up here cannot change before the commit. Mails of one account are decided one after the
other in an `Office`: in memory, each seeing what the ones before it did; the office writes them together.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from ingest.addressed import addressed, numbers
from ingest.confirm import confirm, locks_of
from ingest.copies import copy_of
from ingest.known_posts import print_of, same_enquiry
from ingest.letter import Letter, Reading, Stop, who
from ingest.match import Attach, Candidates, Create, Hold, Match, match
from ingest.prepare import Prepared, line
from ingest.receiving import Office, Receiving
from ingest.returned import came_back
from ingest.timeline import entry_of, note_entry
from parsers.message import Message
from store.form_prints import Print, remember, same_post
from store.known_mail import PassedOn, leads_with
from store.lead_rows import NewLead
from store.locks import contact_key, thread_key
from store.matching import Candidate, Thread, Wanted
from store.receipts import expose
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
    ids = [] if message is None else [message.message_id, *references_of(message)]
    known = print_of(prepared, b"")
    return [
        *(contact_key(account_id, person.normal) for person in people),
        *(thread_key(account_id, rfc_id) for rfc_id in ids if rfc_id),
        *(known.locks(account_id) if known else ()),
        *(locks_of(prepared.letter, verdict) if isinstance(verdict, Reading) else ()),
    ]


def wanted(office: Office, prepared: Prepared) -> Wanted:
    """What deciding this message will ask for: read beforehand for a whole batch."""
    letter, message, verdict = prepared.letter, prepared.message, prepared.verdict
    if message is None:
        return Wanted()
    identity = office.content_key(prepared)
    people = verdict.people if isinstance(verdict, Reading) else ()
    return Wanted(
        frozenset([*references_of(message), *_answers(message)]),
        frozenset(person.normal for person in people),
        frozenset(numbers(letter, office.keys)),
        frozenset([] if identity is None else [identity]),
    )


def settle(office: Office, prepared: Prepared) -> str:
    """Decides one message; its outcome. The office has it to write. Raises ParentWaiting before any effect."""
    letter, message, verdict = prepared.letter, prepared.message, prepared.verdict
    receiving = Receiving(office, prepared)
    trail = receiving.trail
    references = references_of(message) if message else []
    thread = office.known.by_thread(references, except_message=letter.id)
    if thread.waiting and now(office.connection) - letter.received_at < WAIT_FOR_PARENT:
        raise ParentWaiting
    original = copy_of(office, letter, prepared.identity, receiving.content_key)
    if original:
        trail.append(line("deduplicate", "copy", original))
        return receiving.finish("ignored", "duplicate", duplicate_of=original, content_key=None)
    known = print_of(prepared, office.keys.content)
    if known and (again := same_post(office.connection, office.scope, known)):
        trail.append(line("deduplicate", "copy", again))
        return receiving.finish("ignored", "duplicate", duplicate_of=again)
    trail.append(line("deduplicate", "first"))
    if prepared.identity:
        expose(office.connection, office.scope, prepared.identity.exposed)
    unwanted = thread.unwanted and not (prepared.identity and prepared.identity.user_id)
    if isinstance(verdict, Stop):
        if unwanted and verdict.outcome == "held":
            return _unwanted(receiving)
        return _stopped(receiving, prepared, verdict)
    found = _candidates(office, letter, verdict, thread)
    decision = _decision(office, verdict, found, known)
    trail.append(_match_line(decision))
    if unwanted and not isinstance(decision, Attach):
        return _unwanted(receiving)
    assert message is not None
    if (
        message.automatic in ONLY_FROM_CONTACTS
        and isinstance(decision, Create)
        and letter.kind not in LOOKED_THROUGH
    ):
        trail.append(line("effect", "none", "automatic mail of nobody known"))
        reason = "list" if message.automatic in ("list", "bulk") else "auto_generated"
        return receiving.finish("ignored", reason, data={"who": who(message)}, direction="in")
    outcome = _carry_out(receiving, prepared, verdict, decision)
    if known:
        remember(office.connection, office.scope, known)
    return outcome


def _decision(office: Office, reading: Reading, found: Candidates, known: Print | None) -> Match:
    """Where it belongs. What a forger may have written never comes onto a lead that is there (product §6)."""
    if reading.forwarder is not None:
        return Create()
    return _known(office, reading, found) or same_enquiry(office, reading, known) or match(reading, found)


def _unwanted(receiving: Receiving) -> str:
    """A mail that no lead has, in a conversation that a person decided to ignore."""
    receiving.trail.append(line("effect", "none", "its conversation is ignored"))
    return receiving.finish("ignored", "ignored_thread", direction="in")


def _stopped(receiving: Receiving, prepared: Prepared, stop: Stop) -> str:
    """The receipt of a message that is not read; a bounce or automatic reply is noted where it belongs."""
    letter, message = prepared.letter, prepared.message
    outcome, reason = stop.outcome, stop.reason
    if message is None:
        return receiving.finish(outcome, reason, data=stop.data, hold_user_id=stop.user_id)
    own = came_back(receiving.office, letter, message) if reason == "bounce" else None
    if own is not None:
        reason, stop = "own_mail_bounced", replace(stop, data={"who": own.address})
    noted = ((own.lead,) if own.lead else ()) if own else _answered(receiving.office, letter, message, stop)
    if noted and stop.reason == "bounce":
        outcome, reason = "history_added", "bounce_noted"
    editor = receiving.editor(outcome, reason)
    for lead in noted:
        kind = "bounce" if stop.reason == "bounce" else "note"
        event = "message.bounced" if kind == "bounce" else None
        receiving.add_entry(editor, lead.id, note_entry(letter, message, kind), event)
    editor.finish()
    data = dict(stop.data) | ({"who": own.address if own else _about(message)} if noted else {})
    hints = addressed(receiving.office, letter) if outcome == "held" else ()
    return receiving.finish(
        outcome,
        reason,
        data=data,
        hold_user_id=stop.user_id,
        direction=stop.direction,
        candidates=[lead.id for lead in hints],
    )


def _carry_out(receiving: Receiving, prepared: Prepared, reading: Reading, decision: Match) -> str:
    """What the decision means for leads, then the receipt."""
    letter, message, trail = prepared.letter, prepared.message, receiving.trail
    assert message is not None
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
        main = next((person.address for person in reading.people), reading.called)
        reason = "no_match" if reading.forwarder is None else "sender_unconfirmed"
        outcome, name = "lead_created", main or "?"
    editor = receiving.editor(outcome, reason)
    if isinstance(decision, Attach):
        for lead in decision.leads:
            if decision.joining:
                editor.add_people(lead.id, [decision.joining])
            if letter.tags or reading.tags:
                editor.tag(lead.id, add=(*letter.tags, *reading.tags))
            receiving.add_entry(editor, lead.id, *entry_of(letter, message, reading, reason))
        lead_ids = [lead.id for lead in decision.leads]
        trail.append(line("effect", "history added", ", ".join(f"#{lead.number}" for lead in decision.leads)))
    else:
        lead_ids = [editor.create(new_lead(letter, reading))]
        receiving.add_entry(editor, lead_ids[0], *entry_of(letter, message, reading, reason))
        trail.append(line("effect", "lead created"))
    editor.finish()
    of_leads = [int(receiving.office.shelf.get(lead_id).row["number"]) for lead_id in lead_ids]
    if confirmed := confirm(receiving.office, letter, reading, of_leads):
        trail.append(confirmed)
    trail.append(line("events", "written", str(len(editor.event_ids))))
    data = {"who": name} | ({} if reading.forwarder is None else {"forwarder": reading.forwarder})
    return receiving.finish(outcome, reason, data=data, direction=reading.direction)


def new_lead(letter: Letter, reading: Reading) -> NewLead:
    """The lead that a mail begins."""
    inbound = letter.inbound
    names = (name for person in reading.people[:1] for name in (person.name, person.address) if name)
    return NewLead(
        title=reading.subject or next(names, "") or reading.called or (inbound.name if inbound else ""),
        source_kind="email" if letter.kind == "leads" else letter.kind,
        source_name=letter.source_name,
        owner_id=reading.owner_id,
        people=reading.people,
        tags=(*letter.tags, *reading.tags),
        fields=reading.fields,
        values={} if reading.forwarder is None else {"sender_unconfirmed": True},
        team_id=None if reading.owner_id else reading.team_id or (inbound.team_id if inbound else None),
    )


def _answers(message: Message) -> list[str]:
    """The Message-IDs that a bounce or automatic reply is about."""
    original = message.bounce.original_message_id if message.bounce else None
    return [original] if original else references_of(message)


def _answered(office: Office, letter: Letter, message: Message, stop: Stop) -> tuple[Candidate, ...]:
    """The leads that a bounce or automatic reply answers."""
    if stop.reason not in ("bounce", "auto_reply"):
        return ()
    return office.known.by_thread(_answers(message), except_message=letter.id).leads


def _about(message: Message) -> str:
    """Whom a bounce or automatic reply is about."""
    failed = ", ".join(recipient.address for recipient in message.bounce.recipients) if message.bounce else ""
    return failed or who(message)


def _candidates(office: Office, letter: Letter, reading: Reading, thread: Thread) -> Candidates:
    return Candidates(
        addressed=addressed(office, letter),
        was_addressed=letter.kind == "lead",
        thread=Thread((), frozenset(), False) if letter.kind in ("partner", "form") else thread,
        contacts=office.known.by_contact(person.normal for person in reading.people),
    )


def _known(office: Office, reading: Reading, found: Candidates) -> Attach | None:
    """The leads that have the forwarded mail already, open or closed; of a lead written to, only that one."""
    if not reading.forwarded_by:
        return None
    of_people = (lead for leads in found.contacts.values() for lead in leads)
    pool = found.addressed if found.was_addressed else (*found.thread.leads, *of_people)
    if not pool:
        return None
    author = reading.author
    mail = PassedOn(
        reading.direction,
        author.normal if author else None,
        reading.subject,
        (reading.forwarded or {}).get("date"),
        reading.text,
    )
    office.write()  # the mail may have come in this very transaction
    known = leads_with(office.connection, office.scope, [lead.id for lead in pool], mail)
    those = {lead.id: lead for lead in pool if lead.id in known}
    return Attach(tuple(those.values()), "already_known", reading.people[0].address) if those else None


def _match_line(decision: Match) -> dict[str, Any]:
    match decision:
        case Attach():
            detail = ", ".join(f"#{lead.number}" for lead in decision.leads)
            if decision.unmatched:
                detail += f"; without a lead: {', '.join(decision.unmatched)}"
            if decision.suggested:
                detail += f"; perhaps also {', '.join(f'#{lead.number}' for lead in decision.suggested)}"
            return line("match", decision.reason, detail)
        case Hold():
            return line(
                "match", decision.reason, ", ".join(f"#{lead.number}" for lead in decision.candidates)
            )
        case Create():
            return line("match", "none")


def references_of(message: Message) -> list[str]:
    """The Message-IDs this mail answers, the nearest first, bounded."""
    nearest = [message.in_reply_to] if message.in_reply_to else []
    return list(dict.fromkeys([*nearest, *reversed(message.references)]))[:30]
