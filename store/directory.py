"""What reading a mail must know of its account: who is a user, what is ours, what is never logged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select

from store.accounts import Account, get_account
from store.addresses import domain_of, normal, split_tag
from store.partners import is_sender
from store.scope import AccountScope
from store.tables.mailboxes import mailboxes
from store.tables.people import inbound_addresses, user_addresses, users
from store.tables.sources import address_details, partners


@dataclass(frozen=True, slots=True)
class InboundAddress:
    """An inbound address as far as trust depends on it."""

    id: str
    kind: str
    name: str
    local_part: str
    user_id: str | None
    exposed: bool
    rotated: bool
    tags: tuple[str, ...] = ()  # of its leads
    owner_id: str | None = None  # whose they become
    accepts_unknown: bool = False  # a user may act through it unproven
    team_id: str | None = None  # to whom those of nobody are offered


@dataclass(frozen=True, slots=True)
class PartnerEntry:
    """A partner as far as reading its mail depends on it."""

    name: str
    address_id: str
    senders: tuple[str, ...]  # addresses and *@domain, in normal form


@dataclass(frozen=True, slots=True)
class Directory:
    """One account's people and addresses, read together. Addresses are in normal form."""

    account: Account
    users: Mapping[str, str]  # own sender address → user id, active users only
    names: Mapping[str, str]  # user id → name
    visibility: Mapping[str, str]  # user id → who sees that user's mail: shared team private
    inbound: Mapping[str, InboundAddress]  # by id
    mailboxes: Mapping[str, str] = field(default_factory=dict)  # id → name, deleted ones too
    mailbox_addresses: frozenset[str] = frozenset()  # those that are read here
    authserv: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Mailbox id → the authserv-id whose word counts there, and the Received lines that may stand above it."""
    partners: tuple[PartnerEntry, ...] = ()

    def user_of(self, address: str) -> str | None:
        """The user whose own address this is."""
        return self.users.get(normal(address))

    def is_ours(self, address: str) -> bool:
        """True for any address of the account's mail domain, and of mailboxes that are read: never a contact."""
        return domain_of(address) == self.account.domain or self._mailbox_of(address) is not None

    def is_internal(self, address: str) -> bool:
        """True for users, our own addresses and internal domains: nobody a lead could be about."""
        return (
            self.user_of(address) is not None
            or self.is_ours(address)
            or domain_of(address) in self.account.internal_domains
        )

    def never_logged(self, address: str) -> bool:
        """True when the address or its whole domain is on the never-log list."""
        wanted = normal(address)
        return wanted in self.account.never_log or f"*@{domain_of(wanted)}" in self.account.never_log

    def partners_of(self, address: str) -> tuple[PartnerEntry, ...]:
        """The partners whose list of senders has this address. A partner is never a contact."""
        return tuple(one for one in self.partners if is_sender(one.senders, address)) if self.partners else ()

    def personal_address_of(self, address: str) -> InboundAddress | None:
        """The personal inbound address that `address` is, whatever its sub-address."""
        if domain_of(address) == self.account.domain:
            local_part = split_tag(address.rpartition("@")[0])[0]
        elif (mailbox := self._mailbox_of(address)) is not None:
            # crm+anna.<secret>@firma.example of the mailbox crm@firma.example (product §2)
            behind = normal(address).rpartition("@")[0].removeprefix(mailbox.rpartition("@")[0] + "+")
            local_part = behind.partition("+")[0]
        else:
            return None
        return next(
            (a for a in self.inbound.values() if a.kind == "personal" and a.local_part == local_part), None
        )

    def _mailbox_of(self, address: str) -> str | None:
        """The address of the mailbox that `address` reaches, with or without a sub-address."""
        if not self.mailbox_addresses:
            return None
        local_part, _, domain = normal(address).rpartition("@")
        return next(
            (
                own
                for own in self.mailbox_addresses
                if own.rpartition("@")[2] == domain
                and (local_part == (head := own.rpartition("@")[0]) or local_part.startswith(f"{head}+"))
            ),
            None,
        )


# Statements of the way every mail takes are built once: building one costs more than running it.
_USERS = (
    select(user_addresses.c.address, users.c.id, users.c.name, users.c.visibility)
    .join_from(
        user_addresses,
        users,
        (users.c.account_id == user_addresses.c.account_id) & (users.c.id == user_addresses.c.user_id),
    )
    .where(user_addresses.c.account_id == bindparam("account"), users.c.active)
)
_INBOUND = (
    select(inbound_addresses, address_details.c.tags, address_details.c.owner_id, address_details.c.team_id)
    .outerjoin_from(
        inbound_addresses,
        address_details,
        (address_details.c.account_id == inbound_addresses.c.account_id)
        & (address_details.c.address_id == inbound_addresses.c.id),
    )
    .where(inbound_addresses.c.account_id == bindparam("account"))
)
_MAILBOXES = select(
    mailboxes.c.id,
    mailboxes.c.name,
    mailboxes.c.address,
    mailboxes.c.deleted_at,
    mailboxes.c.authserv_id,
    mailboxes.c.authserv_hops,
).where(mailboxes.c.account_id == bindparam("account"))
_PARTNERS = select(partners.c.name, partners.c.address_id, partners.c.senders).where(
    partners.c.account_id == bindparam("account"), partners.c.deleted_at.is_(None)
)


def read_directory(connection: Connection, scope: AccountScope) -> Directory:
    """The directory of an account as it is now."""
    own = connection.execute(_USERS, {"account": scope.account_id}).all()
    inbound = connection.execute(_INBOUND, {"account": scope.account_id})
    theirs = connection.execute(_PARTNERS, {"account": scope.account_id})
    kept = connection.execute(_MAILBOXES, {"account": scope.account_id}).all()
    return Directory(
        account=get_account(connection, scope),
        users={row.address: row.id for row in own},
        names={row.id: row.name for row in own},
        visibility={row.id: row.visibility for row in own},
        inbound={
            row.id: InboundAddress(
                row.id,
                row.kind,
                row.name,
                row.local_part,
                row.user_id,
                row.exposed_at is not None,
                row.accepted_until is not None,
                tuple(row.tags or ()),
                row.owner_id,
                bool(row.accepts_unknown),
                row.team_id,
            )
            for row in inbound
        },
        mailboxes={row.id: row.name for row in kept},
        mailbox_addresses=frozenset(row.address for row in kept if row.address and row.deleted_at is None),
        authserv={row.id: (row.authserv_id, row.authserv_hops or 0) for row in kept if row.authserv_id},
        partners=tuple(PartnerEntry(row.name, row.address_id, tuple(row.senders)) for row in theirs),
    )
