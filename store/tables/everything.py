"""The metadata with every table registered: what migrations and tests compare a database with."""

from store.tables import automation, forms, leads, mail, mailboxes, operation, outgoing, people, sources
from store.tables.base import metadata

ROOMS = (people, mail, mailboxes, leads, automation, operation, forms, outgoing, sources)

__all__ = ["ROOMS", "metadata"]
