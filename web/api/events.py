"""Events with their causes and what the rules did, as far as the caller sees what they are about."""

from store.event_log import list_events as find_events
from web.api.queries import EventsQuery, after_id, paged
from web.api.route import Answer, Call


def list_events(call: Call, query: EventsQuery) -> Answer:
    """The events one sees, newest first."""
    page = find_events(
        call.connection,
        call.viewer,
        lead_id=query.lead,
        types=query.type,
        limit=query.limit,
        before=after_id(query.cursor),
    )
    return paged(call, query, page)
