"""`leadgate backup`, `leadgate restore`, `leadgate resume`."""

import json
import os
from pathlib import Path

import click

from config import instance, logs
from config.commands.account import ready_settings
from config.part import CannotStartError
from config.settings import load


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> int:
    """Write everything into FILE, while leadgate works on; keep it as safe as the data itself."""
    from config import backup as keeping
    from store.session import Database

    settings = ready_settings("backup")
    database = Database(settings.database_url)
    try:
        rows = keeping.backup(settings, database, file)
    except OSError as error:
        click.echo(f"The backup cannot be written to {file}: {error.strerror or error}.", err=True)
        return 1
    finally:
        database.close()
    key = (
        "Its secret key is in it."
        if settings.secret_key is None
        else "LEADGATE_SECRET_KEY is not in it: keep that apart, nothing can be restored without."
    )
    click.echo(f"{file} holds {rows['messages']} messages and {rows['leads']} leads. {key}")
    return os.EX_OK


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> int:
    """Fill an empty data directory and database from FILE; sends nothing until `leadgate resume`."""
    from config import backup as keeping

    settings = load()
    logs.configure(settings.log, part="restore")
    locks = instance.claim_instance(settings)
    try:
        rows = keeping.restore(settings, file)
    except keeping.CannotRestoreError as error:
        raise CannotStartError(str(error)) from error
    finally:
        for lock in locks:
            lock.release()
    click.echo(f"{rows['messages']} messages and {rows['leads']} leads are there, and the books balance.")
    click.echo(
        "leadgate is paused: it will take mail, but send nothing until `leadgate resume`, which shows first "
        "what would go out. Stop the old one before: two that both receive part ways."
    )
    return os.EX_OK


@click.command()
@click.option("--yes", is_flag=True, help="Resume without asking.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on standard output.")
def resume(yes: bool, as_json: bool) -> int:
    """Show what waits to be sent, and, after a yes, send it and whatever follows."""
    from store import deployment
    from store.figures import mailbox_figures
    from store.session import Database

    settings = ready_settings("resume")
    database = Database(settings.database_url)
    try:
        with database.read() as connection:
            paused = deployment.fact(connection, deployment.PAUSED)
            waiting = deployment.outgoing(connection) if paused else []
            mails = deployment.waiting_mails(connection) if paused else {}
            mailboxes = len(mailbox_figures(connection)) if paused else 0
        if as_json:
            shown = [{"account": w.account, "url": w.url, "deliveries": w.number} for w in waiting]
            told = {"paused": paused is not None, "waiting": shown, "mails": mails}
            click.echo(json.dumps(told | {"resumed": bool(paused and yes)}))
        elif paused is None:
            click.echo("leadgate is not paused.")
        else:
            click.echo(f"Paused since {paused.at:%Y-%m-%d %H:%M} UTC: {paused.value}. What would go out:")
            for one in waiting:
                where = one.url.partition("?")[0]
                click.echo(
                    f"  {one.number} webhooks of {one.account} to {where}, since {one.oldest:%Y-%m-%d %H:%M}"
                )
            for account, number in mails.items():
                click.echo(f"  {number} mails of leadgate's own for {account}")
            if mailboxes:
                click.echo(f"  {mailboxes} mailboxes are read again: only where no other leadgate reads them")
            if not waiting and not mails and not mailboxes:
                click.echo("  nothing yet")
        if paused is None or not (yes or (not as_json and click.confirm("Send from now on?"))):
            return os.EX_OK
        with database.write() as connection:
            deployment.forget(connection, deployment.PAUSED)
        if not as_json:
            click.echo("leadgate sends again.")
        return os.EX_OK
    finally:
        database.close()
