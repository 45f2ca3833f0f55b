"""`leadgate ingest`: one message from a mail server's pipe. What the exit codes mean, `ingest.pipe` says."""

import logging
import os
import sys

import click

log = logging.getLogger(__name__)


@click.command()
@click.option(
    "--to", "to", multiple=True, required=True, metavar="ADDR", help="Envelope recipient; repeatable."
)
@click.option("--from", "mail_from", default="", metavar="ADDR", help="Envelope sender; empty for a bounce.")
def ingest(to: tuple[str, ...], mail_from: str) -> int:
    """Take one message from standard input; exits as sysexits.h says."""
    try:
        return _ingest(to, mail_from)
    except Exception as error:
        # A mail server returns mail to its sender for nearly every code but this one, and here it is our fault.
        log.exception("A message from a pipe failed")
        click.echo(f"4.3.0 {type(error).__name__}; the message was not stored, try again later")
        return os.EX_TEMPFAIL


def _ingest(to: tuple[str, ...], mail_from: str) -> int:
    from config import logs
    from config.parts import Role, wiring
    from config.settings import load

    settings = load()
    logs.configure(settings.log, part="ingest")
    wire = wiring()
    problem = wire.schema_problem(settings) or wire.key_problem(settings)
    if problem is not None:
        click.echo(f"4.3.0 {problem}")
        return os.EX_TEMPFAIL
    from ingest import pipe

    parts = wire.build(settings, Role.COMMAND)
    try:
        result = pipe.ingest(
            sys.stdin.buffer, to, mail_from, parts.address_book, parts.acceptor, settings.max_message_bytes
        )
    finally:
        parts.close()
    click.echo(result.sentence)
    return int(result.code)
