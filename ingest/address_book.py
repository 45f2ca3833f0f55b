"""Which account and kind an envelope recipient is. Asked at RCPT, before any byte is taken.

Case-folded, sub-address apart. `postmaster@` and `abuse@` of every account exist always (RFC 5321 §4.5.1,
RFC 2142); "postmaster" without a domain is the oldest account's.
"""

from sqlalchemy import Connection, or_, select
from sqlalchemy.exc import SQLAlchemyError

from ingest.accept import NotStored, Recipient
from store.addresses import bounced_mail, lead_number, normal_domain, split_tag
from store.session import Database, across, clock
from store.tables.leads import leads
from store.tables.people import accounts, inbound_addresses

ALWAYS = ("postmaster", "abuse")


class StoredAddressBook:
    """Resolves recipients from the database."""

    def __init__(self, database: Database, address_key: bytes) -> None:
        """`address_key`: the MAC key of computed lead addresses."""
        self._database = database
        self._key = address_key

    def resolve(self, address: str) -> Recipient | None:
        """The recipient, None if nobody here has this address. NotStored when the database can't be asked."""
        try:
            with self._database.read() as connection:
                return self._resolve(connection, address)
        except SQLAlchemyError as fault:
            raise NotStored("the address book cannot be read") from fault

    def _resolve(self, connection: Connection, address: str) -> Recipient | None:
        written, at, domain = address.rpartition("@")
        if not at:
            written, domain = address, ""
        domain = normal_domain(domain)
        if not domain and (at or written.lower() != "postmaster"):
            return None
        account_id = _account(connection, domain)
        if account_id is None:
            return None
        local_part, tag = split_tag(written)
        if local_part in ALWAYS:
            return Recipient(account_id, None, "postmaster", address, "postmaster", tag)
        row = connection.execute(
            select(inbound_addresses.c.id, inbound_addresses.c.kind).where(
                inbound_addresses.c.account_id == account_id,
                inbound_addresses.c.local_part == local_part,
                inbound_addresses.c.enabled,
                or_(
                    inbound_addresses.c.accepted_until.is_(None),
                    inbound_addresses.c.accepted_until > clock(connection),
                ),
            )
        ).first()
        if row is not None:
            return Recipient(account_id, row.id, row.kind, address, f"address:{row.id}", tag)
        if bounced_mail(self._key, account_id, local_part) is not None:
            return Recipient(account_id, None, "bounce", address, "bounce", tag)
        number = lead_number(self._key, account_id, local_part)
        if number is not None and _lead_exists(connection, account_id, number):
            return Recipient(account_id, None, "lead", address, "lead", tag)
        return None


def _account(connection: Connection, domain: str) -> str | None:
    statement = select(accounts.c.id).order_by(accounts.c.created_at, accounts.c.id).limit(1)
    if domain:
        statement = statement.where(accounts.c.domain == domain)
    found: str | None = connection.execute(across(statement, "door")).scalar()
    return found


def _lead_exists(connection: Connection, account_id: str, number: int) -> bool:
    statement = select(leads.c.id).where(leads.c.account_id == account_id, leads.c.number == number)
    return connection.execute(statement).first() is not None
