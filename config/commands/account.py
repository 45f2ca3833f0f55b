"""`leadgate init`, `leadgate check`, `leadgate settings`."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from config import instance, logs, part
from config.parts import Parts, Role, wiring
from config.settings import Settings, load, reference

MARKS = {True: "✓", False: "✗", None: "–"}


@click.command()
@click.option("--account", required=True, help="Short name of the account, as in addresses of pages.")
@click.option("--domain", required=True, help="Mail domain of the account, e.g. acme.in.example.com.")
@click.option("--admin-email", required=True, help="E-mail address of the first admin.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on standard output.")
@click.option("--new-api-key", is_flag=True, help="Make another API key for the admin.")
@click.option("--deployment-key", is_flag=True, help="Also make a key that may create accounts.")
def init(
    account: str, domain: str, admin_email: str, as_json: bool, new_api_key: bool, deployment_key: bool
) -> int:
    """Make an account and its first admin; run again it changes nothing.

    The admin's password is taken from LEADGATE_ADMIN_PASSWORD or the file LEADGATE_ADMIN_PASSWORD_FILE.
    """
    settings = load()
    logs.configure(settings.log, part="init")
    instance.make_data_dir(settings)
    wiring().migrate(settings)
    with _parts(settings) as parts:
        try:
            answer = parts.init_account(
                account=account,
                domain=domain,
                admin_email=admin_email,
                admin_password=settings.admin_password,
                new_api_key=new_api_key,
                deployment_key=deployment_key,
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return os.EX_OK
    click.echo(f"Account {answer['account']['slug']} takes mail for {answer['account']['domain']}.")
    click.echo(
        f"{answer['admin']['email']} is its admin, with the personal address {answer['admin']['address']}."
    )
    for name, label in (("api_key", "API key"), ("deployment_key", "Deployment key")):
        if answer.get(name):
            click.echo(f"{label}, shown only now: {answer[name]}")
    return os.EX_OK


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Only JSON on standard output.")
@click.option("--books", is_flag=True, help="Only what can be examined while leadgate is stopped.")
def check(as_json: bool, books: bool) -> int:
    """Examine the deployment stage by stage and prove its books; 0 when all is well, else 1."""
    from config.doctor import examine

    logs.configure("auto", part="check")
    findings = examine(wiring(), only_books=books)
    well = all(finding.ok for finding in findings)
    if as_json:
        click.echo(json.dumps({"ok": well, "stages": [asdict(f) for f in findings]}, ensure_ascii=False))
    for finding in () if as_json else findings:
        click.echo(f"{MARKS[finding.ok]} {finding.stage}: {finding.found}")
        if finding.fix:
            click.echo(f"    {finding.fix}")
    return os.EX_OK if well else 1


@click.command()
def settings() -> int:
    """List all settings with their defaults and meaning."""
    click.echo(reference(), nl=False)
    return os.EX_OK


def ready_settings(word: str) -> Settings:
    """The settings of a command that works on the database as it is; CannotStartError when that cannot be."""
    settings = load()
    logs.configure(settings.log, part=word)
    wire = wiring()
    part.need_database(wire, settings)
    problem = wire.schema_problem(settings) or wire.key_problem(settings)
    if problem is not None:
        raise part.CannotStartError(problem)
    return settings


@contextmanager
def _parts(settings: Settings) -> Iterator[Parts]:
    wire = wiring()
    problem = wire.schema_problem(settings) or wire.key_problem(settings)
    if problem is not None:
        raise part.CannotStartError(problem)
    parts = wire.build(settings, Role.COMMAND)
    try:
        yield parts
    finally:
        parts.close()
