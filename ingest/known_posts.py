"""The same form post twice, and a post beside the notification mail of the same site (product §3, Duplicates).

`store.form_prints` keeps what they are known by; the locks of a print are taken with those of contacts.
"""

from ingest.letter import Reading
from ingest.match import Attach
from ingest.prepare import Prepared
from ingest.receiving import Office
from store import form_prints
from store.form_prints import Print


def print_of(prepared: Prepared, key: bytes) -> Print | None:
    """The print of a post or of a form's mail with fields; None for any other message."""
    letter, message = prepared.letter, prepared.message
    if letter.kind != "form" or letter.inbound is None or message is None or not message.fields:
        return None
    return form_prints.print_of(
        key,
        letter.id,
        letter.inbound.id,
        form_prints.POST if letter.by_post else form_prints.MAIL,
        letter.received_at,
        message.fields,
        [attachment.sha256 for attachment in message.attachments],
    )


def same_enquiry(office: Office, reading: Reading, known: Print | None) -> Attach | None:
    """The leads that have the enquiry already, because it came as a post and as a mail."""
    if known is None:
        return None
    office.write()  # the other may have come in this very transaction
    lead_ids = form_prints.same_enquiry(office.connection, office.scope, known)
    leads = office.known.by_ids(lead_ids)
    main = next((person.address for person in reading.people), reading.called)
    return Attach(leads, "same_enquiry", main) if leads else None
