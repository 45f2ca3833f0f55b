"""Query strings: what lists take, cursors, and the headers that tell of pages (RFC 8288).

A cursor is opaque to clients: the key of the last row shown. A name that means nothing here is refused,
so that a filter with a typing error never silently shows everything.
"""

import base64
import binascii
import json
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from store.lead_lists import ME, UNASSIGNED
from store.paging import Page
from store.types import from_microseconds
from web.api.route import Answer, Call
from web.problems import unprocessable

ID_LENGTH = 26
_NOBODY = "0" * ID_LENGTH


def _id_or_nobody(value: Any) -> Any:
    """An id that cannot exist becomes one that doesn't: the list is empty, as for any other unknown id."""
    fits = isinstance(value, str) and len(value) == ID_LENGTH and value.isascii() and value.isalnum()
    return value if fits else _NOBODY


def _owner(value: Any) -> Any:
    return value if value in (ME, UNASSIGNED) else _id_or_nobody(value)


OwnerFilter = Annotated[str, BeforeValidator(_owner)]
IdFilter = Annotated[str, BeforeValidator(_id_or_nobody)]
Text = Annotated[str, Field(max_length=1_000)]


class Query(BaseModel):
    """Base of all query strings."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ListQuery(Query):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=200, description="rows per page")] = 50
    cursor: Annotated[str | None, Field(max_length=400, description="from the Link header")] = None


class LeadsQuery(ListQuery):
    """Filters of the lead list."""

    email: Annotated[Text | None, Field(description="a contact has this address")] = None
    status: Annotated[Text | None, Field(description="one or several, separated by commas")] = None
    q: Annotated[Text | None, Field(description="in the title or a contact's address, or the number")] = None
    owner: Annotated[OwnerFilter | None, Field(description="a user's id, `me` or `unassigned`")] = None
    tag: Text | None = None
    trashed: Annotated[bool, Field(description="those in the trash that one may restore")] = False


class MessagesQuery(ListQuery):
    """Filters of the message list."""

    outcome: Literal["pending", "lead_created", "history_added", "held", "ignored", "failed"] | None = None
    message_id: Annotated[Text | None, Field(description="the Message-ID header")] = None
    lead: IdFilter | None = None


class EventsQuery(ListQuery):
    """Filters of the event list."""

    lead: IdFilter | None = None
    type: Annotated[Text | None, Field(description="an event type, or a filter like `lead.*`")] = None


class HandInQuery(Query):
    """Where a message is handed in."""

    to: Annotated[str, Field(min_length=1, max_length=500, description="an inbound address")]
    sender: Annotated[str, Field(alias="from", max_length=500, description="the envelope sender")] = ""


class RemoveUserQuery(Query):
    """What becomes of a removed user's leads. Without `closed_to` closed ones keep the former owner's name."""

    leads_to: Annotated[
        OwnerFilter | None, Field(description="open leads: a user's id, `round_robin` or `unassigned`")
    ] = None
    closed_to: Annotated[
        OwnerFilter | None, Field(description="closed leads: a user's id, `round_robin` or `unassigned`")
    ] = None


def paged(call: Call, query: ListQuery, page: Page) -> Answer:
    """The answer for one page of a list."""
    headers = {"X-Total-Count": str(page.total)}
    if not page.exact:
        headers["X-Total-Count-Exact"] = "false"
    if page.last is not None:
        wanted = query.model_dump(exclude_none=True, exclude_defaults=True, exclude={"cursor"}, by_alias=True)
        url = f"{call.services.public_url.rstrip('/')}{call.path}?"
        headers["Link"] = f'<{url}{urlencode(wanted | {"cursor": encode(page.last)})}>; rel="next"'
    return Answer(page.items, headers=headers)


def encode(key: tuple[Any, ...]) -> str:
    """A cursor for the key of a row."""
    text = json.dumps(list(key), separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


def after_id(cursor: str | None) -> str | None:
    """The key of a list that is ordered by id. Problem 422 for a cursor that isn't one."""
    if cursor is None:
        return None
    match _decode(cursor):
        case [str(key)] if _is_key(key):
            return key
    raise unprocessable("cursor", "is not one of this list")


def after_time(cursor: str | None) -> tuple[datetime, str] | None:
    """The key of a list that is ordered by time and id. Problem 422 for a cursor that isn't one."""
    if cursor is None:
        return None
    match _decode(cursor):
        case [int(microseconds), str(key)] if 0 <= microseconds < 2**53 and _is_key(key):
            return from_microseconds(microseconds), key
    raise unprocessable("cursor", "is not one of this list")


def _decode(cursor: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        return None


def _is_key(key: str) -> bool:
    return len(key) == ID_LENGTH and key.isascii() and key.isalnum()
