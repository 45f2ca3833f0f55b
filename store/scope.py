"""Who an operation is for: the first argument after the connection of every store function.

`AccountScope`: the account itself, for jobs that decide without a person (ingestion, rules, deliveries).
`Viewer`: a person of the account; everything that is shown or done for a person takes this one and is
cut to what that person may see (`store.access`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccountScope:
    """All of one account, and nothing of another."""

    account_id: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """A user of an account, with what decides about access, as it was when the request began."""

    account_id: str
    user_id: str
    level: str  # admin user
    visibility: str  # of the account: all team own
    teams_enabled: bool
    edition: str = "essentials"
    users_assign: bool = True
    read_only: bool = False
    locale: str | None = None  # the language sentences are told in; None: the account's

    @property
    def is_admin(self) -> bool:
        return self.level == "admin"

    @property
    def scope(self) -> AccountScope:
        return AccountScope(self.account_id)


Scope = AccountScope | Viewer
