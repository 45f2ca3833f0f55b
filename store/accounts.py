"""Accounts, their users and the addresses mail reaches them under.

An account is made whole in one transaction: the account, its first admin with a personal address, and
the addresses `bcc@` and `leads@`. Making it again changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from store.addresses import normal, normal_domain
from store.ids import new_id
from store.inbound import add_inbound_address, add_personal_address
from store.scope import AccountScope, Viewer
from store.session import Conflict, Invalid, NotFound, across, now
from store.tables.people import accounts, inbound_addresses, user_addresses, users

EDITIONS = ("solo", "essentials", "expert")
VISIBILITIES = ("all", "team", "own")
LEVELS = ("admin", "user")
_ACCOUNT = select(accounts).where(accounts.c.id == bindparam("account"))


@dataclass(frozen=True, slots=True)
class Account:
    """What decides about an account's mail, leads and access."""

    id: str
    slug: str
    domain: str
    edition: str
    teams_enabled: bool
    visibility: str
    bcc_unmatched: str
    users_assign: bool
    internal_domains: tuple[str, ...]
    never_log: tuple[str, ...]
    locale: str
    timezone: str
    forwarders: tuple[str, ...] = ()
    allowed_senders: tuple[str, ...] = ()
    blocked_senders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """A user of the account; `address` is the personal inbound address, secret."""

    id: str
    email: str
    name: str
    level: str
    active: bool
    address: str


def create_account(connection: Connection, slug: str, domain: str) -> AccountScope:
    """A new account with `bcc@` and `leads@`. Conflict if its slug or domain is taken."""
    domain = normal_domain(domain)
    if not slug or not slug.isascii() or not slug.replace("-", "").isalnum():
        raise Invalid("account", "letters, digits and hyphens only")
    if "." not in domain:
        raise Invalid("domain", "a mail domain such as acme.in.example.com")
    for column, value, what in ((accounts.c.slug, slug, "account"), (accounts.c.domain, domain, "domain")):
        taken = connection.execute(across(select(accounts.c.id).where(column == value), "deployment")).first()
        if taken:
            raise Conflict(f"the {what} {value} exists already", what)
    account_id, moment = new_id(), now(connection)
    connection.execute(
        insert(accounts).values(
            id=account_id,
            slug=slug,
            domain=domain,
            edition="essentials",
            teams_enabled=False,
            visibility="all",
            bcc_unmatched="create",
            users_assign=True,
            internal_domains=[],
            never_log=[],
            forwarders=[],
            locale="en",
            timezone="UTC",
            last_lead_number=0,
            created_at=moment,
        )
    )
    scope = AccountScope(account_id)
    for local_part in ("bcc", "leads"):
        add_inbound_address(connection, scope, kind=local_part, local_part=local_part, name=local_part)
    return scope


def find_account(connection: Connection, *, slug: str) -> AccountScope | None:
    """The account named `slug`."""
    row = connection.execute(
        across(select(accounts.c.id).where(accounts.c.slug == slug), "deployment")
    ).first()
    return AccountScope(row.id) if row else None


def get_account(connection: Connection, scope: AccountScope) -> Account:
    """The account of `scope`. NotFound if it is gone."""
    row = connection.execute(_ACCOUNT, {"account": scope.account_id}).first()
    if row is None:
        raise NotFound("account")
    return Account(
        row.id,
        row.slug,
        row.domain,
        row.edition,
        row.teams_enabled,
        row.visibility,
        row.bcc_unmatched,
        row.users_assign,
        tuple(row.internal_domains),
        tuple(row.never_log),
        row.locale,
        row.timezone,
        tuple(row.forwarders or ()),
        tuple(row.allowed_senders or ()),
        tuple(row.blocked_senders or ()),
    )


def create_user(
    connection: Connection,
    scope: AccountScope,
    *,
    email: str,
    name: str = "",
    level: str = "user",
    password_hash: str | None = None,
) -> User:
    """A new user with a personal address; `email` becomes the first own sender address. Conflict if taken."""
    address = normal(email)
    if "@" not in address or address.startswith("@") or "." not in address.rpartition("@")[2]:
        raise Invalid("email", "not an e-mail address")
    if level not in LEVELS:
        raise Invalid("level", f"one of {', '.join(LEVELS)}")
    taken = connection.execute(
        select(user_addresses.c.id).where(
            user_addresses.c.account_id == scope.account_id, user_addresses.c.address == address
        )
    ).first()
    if taken:
        raise Conflict(f"{email} is a user's address already", "email")
    user_id, moment = new_id(), now(connection)
    name = name.strip() or address.partition("@")[0]
    connection.execute(
        insert(users).values(
            account_id=scope.account_id,
            id=user_id,
            email=address,
            name=name,
            level=level,
            password_hash=password_hash,
            active=True,
            visibility="shared",
            created_at=moment,
        )
    )
    connection.execute(
        insert(user_addresses).values(
            account_id=scope.account_id, id=new_id(), user_id=user_id, address=address, created_at=moment
        )
    )
    add_personal_address(connection, scope, user_id, name)
    return get_user(connection, scope, user_id)


def get_user(connection: Connection, scope: AccountScope, user_id: str) -> User:
    """One user. NotFound if it isn't this account's."""
    found = list_users(connection, scope, only=(user_id,))
    if not found:
        raise NotFound("user")
    return found[0]


def list_users(
    connection: Connection, scope: AccountScope, *, only: Iterable[str] | None = None
) -> list[User]:
    """The account's users, oldest first, with their personal addresses."""
    statement = (
        select(users, inbound_addresses.c.local_part, accounts.c.domain)
        .join_from(users, accounts, accounts.c.id == users.c.account_id)
        .outerjoin(
            inbound_addresses,
            (inbound_addresses.c.account_id == users.c.account_id)
            & (inbound_addresses.c.user_id == users.c.id)
            & (inbound_addresses.c.kind == "personal")
            & inbound_addresses.c.enabled
            & inbound_addresses.c.accepted_until.is_(None),
        )
        .where(users.c.account_id == scope.account_id)
        .order_by(users.c.created_at, users.c.id)
    )
    if only is not None:
        statement = statement.where(users.c.id.in_(list(only)))
    return [_user(row) for row in connection.execute(statement)]


def first_admin(connection: Connection, scope: AccountScope) -> User | None:
    """The oldest active admin."""
    return next((u for u in list_users(connection, scope) if u.level == "admin" and u.active), None)


def settled(account: Account, values: Mapping[str, Any]) -> dict[str, Any]:
    """What changing `values` comes to: one setting may end another. Invalid for what cannot be."""
    edition = values.get("edition", account.edition)
    teams = values.get("teams_enabled", account.teams_enabled)
    visibility = values.get("visibility", account.visibility)
    if edition not in EDITIONS:
        raise Invalid("edition", f"one of {', '.join(EDITIONS)}")
    if visibility not in VISIBILITIES:
        raise Invalid("visibility", f"one of {', '.join(VISIBILITIES)}")
    if values.get("teams_enabled") and edition != "expert":
        raise Invalid("teams_enabled", "teams exist in the expert edition only")
    if values.get("visibility") == "team" and not (teams and edition == "expert"):
        raise Invalid("visibility", "team needs teams, which are switched off")
    if values.get("bcc_unmatched", "create") not in ("create", "hold"):
        raise Invalid("bcc_unmatched", "create or hold")
    changed = dict(values)
    if edition != "expert":
        changed["teams_enabled"] = teams = False
    if not teams and visibility == "team":
        changed["visibility"] = "own"  # never `all`: switching teams off shows nobody more
    return changed


def update_account(connection: Connection, scope: AccountScope, values: Mapping[str, Any]) -> Account:
    """Changes settings of the account, as `settled`."""
    changed = settled(get_account(connection, scope), values)
    if changed:
        connection.execute(update(accounts).where(accounts.c.id == scope.account_id).values(**changed))
    return get_account(connection, scope)


def viewer_of(
    connection: Connection, scope: AccountScope, user_id: str, *, read_only: bool = False
) -> Viewer:
    """The Viewer of an active user. NotFound for anybody else."""
    row = connection.execute(
        select(users.c.level).where(
            users.c.account_id == scope.account_id, users.c.id == user_id, users.c.active
        )
    ).first()
    if row is None:
        raise NotFound("user")
    account = get_account(connection, scope)
    return Viewer(
        scope.account_id,
        user_id,
        row.level,
        account.visibility,
        account.teams_enabled,
        account.edition,
        account.users_assign,
        read_only,
    )


def count_accounts(connection: Connection) -> int:
    """How many accounts the deployment has."""
    return int(
        connection.execute(across(select(func.count()).select_from(accounts), "deployment")).scalar_one()
    )


def _user(row: Row[Any]) -> User:
    address = f"{row.local_part}@{row.domain}" if row.local_part else ""
    return User(row.id, row.email, row.name, row.level, row.active, address)
