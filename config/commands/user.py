"""`leadgate user list`, `leadgate user reset-link EMAIL`, `leadgate user make-admin EMAIL`: for who runs the server.

They work beside a running leadgate, or without one. Who may read the data directory may use them: nobody is asked
for a password.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from config.commands.account import ready_settings

if TYPE_CHECKING:
    from config.settings import Settings
    from store.session import Database
    from store.sessions import Login

ACCOUNT = click.option("--account", default="", help="Short name of the account, for users of several.")


@click.group()
def user() -> None:
    """`user list`: every user. `user reset-link EMAIL`: a link for a lost password. `user make-admin EMAIL`."""


@user.command("list")
def list_users() -> int:
    """Print every user: account, e-mail address, level."""
    from store.sessions import everybody

    with _opened("user list") as (_, database), database.read() as connection:
        for each in everybody(connection):
            removed = "" if each.active else "  (removed)"
            click.echo(f"{each.slug}  {each.email}  {each.level}{removed}")
    return os.EX_OK


@user.command("reset-link")
@click.argument("email")
@ACCOUNT
def reset_link(email: str, account: str) -> int:
    """Print a link by which the user with this address sets a new password: once, within an hour."""
    from store import password_links
    from store.scope import AccountScope

    with _opened("user reset-link") as (settings, database), database.read() as connection:
        found = _one(database, email, account)
        key, lasts = settings.key("addresses"), password_links.RESET
        token = password_links.make(connection, AccountScope(found.account_id), found.user_id, key, lasts)
    click.echo(password_links.url(settings.public_url, token))
    click.echo("It works once, within an hour; hand it to nobody else.", err=True)
    return os.EX_OK


@user.command("make-admin")
@click.argument("email")
@ACCOUNT
def make_admin(email: str, account: str) -> int:
    """Make the user with this address an admin of the account."""
    from store.scope import AccountScope
    from store.user_requests import promote

    with _opened("user make-admin") as (_, database):
        found = _one(database, email, account)
        with database.write() as connection:
            promote(connection, AccountScope(found.account_id), found.user_id)
    click.echo(f"{email} is an admin of {found.slug}.")
    return os.EX_OK


@contextmanager
def _opened(word: str) -> "Iterator[tuple[Settings, Database]]":
    from store.session import Database

    settings = ready_settings(word)
    database = Database(settings.database_url)
    try:
        yield settings, database
    finally:
        database.close()


def _one(database: "Database", email: str, account: str) -> "Login":
    """The one active user meant; a usage error for none and for several."""
    from store import sessions

    with database.read() as connection:
        found = [each for each in sessions.logins(connection, email) if account in ("", each.slug)]
    if not found:
        raise click.UsageError(f"No active user has the address {email}.")
    if len(found) > 1:
        slugs = ", ".join(each.slug for each in found)
        raise click.UsageError(f"{email} is a user of several accounts: add --account, one of {slugs}.")
    return found[0]
