"""Messages: their receipts, their bytes, handing one in, reading again, resolving holds."""

from store import own_addresses
from store.access import require_editable, visible_among
from store.doorbell import Work
from store.masking import masks_for
from store.message_views import MessageFilter, raw_of, require_decidable
from store.message_views import get_message as find_message
from store.message_views import list_messages as find_messages
from store.own_addresses import Proof
from store.session import Invalid
from web.api.bodies import Reprocess, Resolution
from web.api.queries import HandInQuery, MessagesQuery, after_time, paged
from web.api.route import Answer, Call
from web.services import Decision, HandedIn


def list_messages(call: Call, query: MessagesQuery) -> Answer:
    """The messages one sees, newest first."""
    page = find_messages(
        call.connection,
        call.viewer,
        MessageFilter(query.outcome, query.message_id, query.lead),
        limit=query.limit,
        before=after_time(query.cursor),
    )
    return paged(call, query, page)


def get_message(call: Call, message_id: str) -> Answer:
    """One message with its receipt."""
    return Answer(find_message(call.connection, call.viewer, message_id))


def get_raw(call: Call, message_id: str) -> Answer:
    """The bytes as received."""
    return Answer(
        raw_of(call.connection, call.viewer, message_id),
        headers={"Content-Disposition": f'attachment; filename="{message_id}.eml"'},
        mimetype="message/rfc822",
    )


def hand_in(call: Call, query: HandInQuery, body: bytes) -> Answer:
    """Takes a message for an inbound address of the account: durable before the answer."""
    if not body:
        raise Invalid("body", "must be a message")
    message_id = call.services.accept(
        HandedIn(
            account_id=call.viewer.account_id,
            user_id=call.viewer.user_id,
            door="api",
            to=query.to,
            mail_from=query.sender,
            client_ip=call.client_ip,
            tls=call.https,
            raw=body,
        )
    )
    return Answer({"id": message_id}, 202, {"Location": f"{call.path}/{message_id}"})


def reprocess(call: Call, message_id: str, body: Reprocess) -> Answer:
    """Reads a message again; with `apply` false, only shows what would change."""
    services = call.services
    with services.database.read() as connection:
        require_decidable(connection, call.viewer, message_id)
    found = services.reprocess(call.viewer, message_id, body.apply)
    with services.database.read() as connection:
        changes = found.get("changes", {})
        if "lead_ids" in changes:
            seen = visible_among(connection, call.viewer, {i for ids in changes["lead_ids"] for i in ids})
            changes["lead_ids"] = [[i for i in ids if i in seen] for ids in changes["lead_ids"]]
        return Answer(masks_for(connection, call.viewer).json(found))


def resolve(call: Call, message_id: str, body: Resolution) -> Answer:
    """Resolves a held message."""
    services, viewer = call.services, call.viewer
    if (body.lead_id is not None) != (body.action == "attach"):
        raise Invalid("lead_id", "is needed to attach" if body.lead_id is None else "only to attach")
    if body.user_id is not None and body.action != "own_address":
        raise Invalid("user_id", "only to say whose address it is")
    with services.database.write() as connection:
        if body.action == "own_address":
            proof = Proof(services.post, services.address_key, services.public_url)
            mailed = own_addresses.confirm(connection, viewer, message_id, body.user_id, proof)
            call.rings.add(Work.MAILS if mailed else Work.MESSAGES)
            return Answer(find_message(connection, viewer, message_id))
        require_decidable(connection, viewer, message_id)
        if body.lead_id is not None:
            require_editable(connection, viewer, body.lead_id)
    services.resolve(viewer, message_id, Decision(body.action, body.lead_id, body.for_thread), call.cause)
    with services.database.read() as connection:
        return Answer(find_message(connection, viewer, message_id))
