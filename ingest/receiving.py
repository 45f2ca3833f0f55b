"""Messages being decided in an open transaction: their office, and of each its trail, its editor, its receipt.

Shared by the effect of a mail (`effect`) and by people's decisions (`resolve`).
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ingest.letter import Reading, who
from ingest.prepare import Prepared
from ingest.timeline import PRIVATE, SHARED, visibility
from parsers.message import Message
from rules.event import Actor, ActorKind, CauseKind, cause
from store.addresses import normal
from store.events import Origin
from store.history import NewEntry
from store.lead_ops import LeadEditor
from store.lead_shelf import LeadShelf
from store.matching import Decided, Known, is_unwanted
from store.outgoing import Post
from store.receipts import Read, Receipt, write_receipt
from store.scope import AccountScope

LONGEST_TEXT_IN_EVENTS = 1_000_000
"""As much of a text as rules search."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What deciding needs of the deployment: the keys of content keys and of computed addresses.

    `post`: with which mail is queued; None: nothing is.
    """

    content: bytes
    address: bytes
    post: Post | None = None


class Office:
    """What deciding mails of one account in one transaction works with: its leads, what is known, the keys.

    What is decided is in memory until `write`. `mails`: whether mail was queued, to be told after the commit.
    """

    def __init__(
        self,
        connection: Connection,
        account_id: str,
        keys: Keys,
        content_keys: Mapping[str, bytes | None] | None = None,
    ) -> None:
        """`content_keys`: those that were found before the transaction, by message id."""
        self.connection = connection
        self.scope = AccountScope(account_id)
        self.keys = keys
        self.shelf = LeadShelf(connection, self.scope)
        self.known = Known(connection, self.shelf)
        self.mails = False
        self._content_keys = dict(content_keys or {})

    def content_key(self, prepared: Prepared) -> bytes | None:
        """`content_key` of a message, found once: deciding asks twice."""
        message_id = prepared.letter.id
        if message_id not in self._content_keys:
            self._content_keys[message_id] = content_key_of(prepared, self.keys)
        return self._content_keys[message_id]

    def write(self) -> None:
        """Writes what was decided so far."""
        self.shelf.write()


class Receiving:
    """One message being decided in an open transaction: its trail, its editor, its receipt."""

    def __init__(self, office: Office, prepared: Prepared, origin: Origin | None = None) -> None:
        """`origin`: who decides, when that isn't the sender."""
        self.office = office
        self.trail: list[Mapping[str, Any]] = list(prepared.trail)
        self.content_key = office.content_key(prepared)
        self._entries: list[tuple[str, str]] = []
        self._prepared = prepared
        self._origin = origin or _origin(prepared)
        self._summary = summary(prepared)

    def editor(self, outcome: str, reason: str) -> LeadEditor:
        """An editor of leads for this message, whose events tell the outcome to come."""
        return LeadEditor(
            self.office.connection,
            self.office.scope,
            self._origin,
            message_id=self._prepared.letter.id,
            message={**self._summary, "outcome": outcome, "reason": reason},
            shelf=self.office.shelf,
        )

    def add_entry(self, editor: LeadEditor, lead_id: str, entry: NewEntry, event: str | None) -> None:
        """Adds the message to a lead's timeline."""
        editor.add_entry(lead_id, entry, event)
        self._entries.append((lead_id, entry.kind))

    def finish(self, outcome: str, reason: str, **more: Any) -> str:
        """Writes the receipt; `more` are further fields of `Receipt`. Gives the outcome back."""
        letter, identity, message = self._prepared.letter, self._prepared.identity, self._prepared.message
        told = self._summary
        if outcome == "held":
            told = summary(self._prepared, waits_for=more.get("hold_user_id"))
        receipt = Receipt(
            outcome=outcome,
            reason=reason,
            trail=self.trail,
            trust=identity.trust if identity else letter.trust,
            trust_detail=identity.judged.to_json() if identity else None,
            acting_user_id=identity.user_id if identity else None,
            held_for=letter.held_for,
            found=letter.found,
            **({"content_key": self.content_key} | more),
        )
        read = _read(message) if message else None
        write_receipt(
            self.office.shelf,
            letter.id,
            receipt,
            read,
            self._origin,
            {**told, "outcome": outcome, "reason": reason},
            decided_before=letter.decided_before,
        )
        self.office.known.decided(
            Decided(
                letter.id,
                outcome,
                read.rfc_message_id if read else None,
                read.participants if read else (),
                receipt.content_key,
                self._entries,
                is_unwanted(reason, receipt.data),
            )
        )
        return outcome


def content_key_of(prepared: Prepared, keys: Keys) -> bytes | None:
    """The content key of a message as it was prepared; None when nothing identifies it, or it could not be read."""
    return content_key(prepared.message, keys.content) if prepared.message else None


def content_key(message: Message, key: bytes) -> bytes | None:
    """HMAC over what the sender wrote, without trace headers; None when nothing identifies the mail."""
    if not message.message_id and message.date is None:
        return None
    parts: Sequence[str] = (
        message.message_id or "",
        normal(message.sender.address) if message.sender and message.sender.address else "",
        str(message.date.timestamp()) if message.date else "",
        " ".join((message.subject or "").split()),
        " ".join(message.text.split()),
        *sorted(attachment.sha256 for attachment in message.attachments),
    )
    return hmac.digest(key, "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256")


def _read(message: Message) -> Read:
    mailboxes = [m for m in (message.sender, *message.to, *message.cc) if m and m.address]
    return Read(
        rfc_message_id=message.message_id,
        sender_address=message.sender.address if message.sender else None,
        sender_name=message.sender.name if message.sender else None,
        subject=message.subject,
        participants=list(dict.fromkeys(normal(m.address) for m in mailboxes if m.address))[:200],
        parsed=message.to_json(),
    )


def _origin(prepared: Prepared) -> Origin:
    """Who acts: the verified user, else the sender."""
    causes = (cause(CauseKind.MESSAGE, prepared.letter.id),)
    identity, message = prepared.identity, prepared.message
    if identity and identity.user_id:
        name = prepared.letter.directory.names.get(identity.user_id)
        return Origin(Actor(ActorKind.USER, identity.user_id, name), causes)
    return Origin(Actor(ActorKind.SENDER, None, who(message) if message else None), causes)


def summary(prepared: Prepared, *, waits_for: str | None = None) -> Mapping[str, Any]:
    """The message as events, rules and webhooks see it; `waits_for`: the user who decides about a held one."""
    letter, message, verdict = prepared.letter, prepared.message, prepared.verdict
    inbound = letter.inbound
    base: dict[str, Any] = {
        "id": letter.id,
        "received_at": letter.received_at.isoformat(),
        "source": {"kind": letter.kind, "name": letter.source_name},
        "trust": prepared.identity.trust if prepared.identity else None,
        "direction": verdict.direction,
    }
    reading = verdict if isinstance(verdict, Reading) else None
    seen_by = visibility(letter, reading) if reading else SHARED
    if waits_for is not None:
        concerned = (waits_for, inbound.user_id if inbound else None)
        if any(letter.directory.visibility.get(user_id or "") == PRIVATE for user_id in concerned):
            seen_by = PRIVATE
    base["visibility"] = seen_by
    if message is None or seen_by == PRIVATE:
        return base  # what is in a private mail leaves its user's sight neither by a rule nor by a webhook
    text = reading.text if reading else message.text
    return base | {
        "message_id": message.message_id,
        "subject": message.subject,
        "from": message.sender.to_json() if message.sender else None,
        "to": [mailbox.to_json() for mailbox in message.to],
        "cc": [mailbox.to_json() for mailbox in message.cc],
        "text": text[:LONGEST_TEXT_IN_EVENTS],
        "text_is_whole": len(text) <= LONGEST_TEXT_IN_EVENTS,
        "automatic": message.automatic,
        "attachments": [attachment.to_json() for attachment in message.attachments[:100]],
    }
