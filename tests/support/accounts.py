"""Accounts for tests, made by the store's own functions as `leadgate init` makes them."""

from dataclasses import dataclass

from store.accounts import User, create_account, create_user
from store.scope import AccountScope
from store.session import Database


@dataclass(frozen=True, slots=True)
class MadeAccount:
    """An account with its admin and its addresses."""

    scope: AccountScope
    slug: str
    domain: str
    admin: User

    @property
    def id(self) -> str:
        return self.scope.account_id

    @property
    def leads(self) -> str:
        return f"leads@{self.domain}"

    @property
    def bcc(self) -> str:
        return f"bcc@{self.domain}"


def make_account(database: Database, slug: str = "acme") -> MadeAccount:
    """The account `slug` with the mail domain <slug>.test and the admin anna@<slug>.example."""
    with database.write() as connection:
        scope = create_account(connection, slug, f"{slug}.test")
        admin = create_user(connection, scope, email=f"anna@{slug}.example", name="Anna Admin", level="admin")
    return MadeAccount(scope, slug, f"{slug}.test", admin)


def make_user(
    database: Database, account: MadeAccount, email: str, name: str = "", level: str = "user"
) -> User:
    """One more user of the account."""
    with database.write() as connection:
        return create_user(connection, account.scope, email=email, name=name, level=level)
