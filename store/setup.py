"""Making an account whole: what `leadgate init` and `POST /api/v1/accounts` share.

Account, first admin with a personal address, `bcc@`, `leads@` and an API key, in the caller's one write
transaction. Run again it changes nothing and gives the same answer, without the key: keys are shown once.
"""

from typing import Any

from sqlalchemy import Connection

from store.accounts import Account, User, create_account, create_user, find_account, get_account, list_users
from store.addresses import normal, normal_domain
from store.keys import create_api_key, create_deployment_key
from store.scope import AccountScope
from store.session import Conflict


def initialise(
    connection: Connection,
    slug: str,
    domain: str,
    admin_email: str,
    *,
    admin_password_hash: str | None = None,
    new_api_key: bool = False,
    deployment_key: bool = False,
) -> dict[str, Any]:
    """The account `slug`, made if there is none, in the JSON form of product §9's first row.

    `new_api_key`: make another key for an account that exists. `deployment_key`: also make a key that may
    make accounts. Conflict if the account exists with another domain or without that admin.
    """
    scope = find_account(connection, slug=slug)
    made = scope is None
    if scope is None:
        scope = create_account(connection, slug, domain)
        admin = create_user(
            connection, scope, email=admin_email, level="admin", password_hash=admin_password_hash
        )
    else:
        admin = _admin(connection, scope, domain, admin_email)
    account = get_account(connection, scope)
    key = create_api_key(connection, scope, admin.id, name="init") if made or new_api_key else None
    answer = _answer(account, admin, key)
    if deployment_key:
        answer["deployment_key"] = create_deployment_key(connection)
    return answer


def exists(connection: Connection, slug: str) -> bool:
    """Whether an account is called `slug`."""
    return find_account(connection, slug=slug) is not None


def _admin(connection: Connection, scope: AccountScope, domain: str, email: str) -> User:
    account = get_account(connection, scope)
    if account.domain != normal_domain(domain):
        raise Conflict(f"the account {account.slug} exists with the domain {account.domain}")
    admins = [user for user in list_users(connection, scope) if user.level == "admin" and user.active]
    found = next((user for user in admins if user.email == normal(email)), None)
    if found is None:
        raise Conflict(f"the account {account.slug} exists and {email} is no admin of it")
    return found


def _answer(account: Account, admin: User, key: str | None) -> dict[str, Any]:
    return {
        "account": {"id": account.id, "slug": account.slug, "domain": account.domain},
        "admin": {"id": admin.id, "email": admin.email, "address": admin.address},
        "addresses": {"bcc": f"bcc@{account.domain}", "leads": f"leads@{account.domain}"},
        "api_key": key,
    }
