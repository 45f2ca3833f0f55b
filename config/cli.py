"""The command line `leadgate`: one word per command, each loaded only when it is called.

`leadgate parse` loads the parsers and nothing else, the supervisor no store: a command's module is
imported when its word is given. COMMANDS is the whole of it. What goes wrong is said in a sentence on
stderr with an exit code of sysexits.h; stdout belongs to the answer.
"""

import difflib
import importlib
import os
import sys

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("config.commands.serve:serve", "Start everything: mail, pages, workers, Redis."),
    "init": ("config.commands.account:init", "Make an account and its first admin."),
    "check": ("config.commands.account:check", "Examine the deployment stage by stage, with fixes."),
    "user": ("config.commands.user:user", "List users, make a link for a lost password, make an admin."),
    "backup": ("config.commands.keeping:backup", "Write everything into one file, while it works on."),
    "restore": ("config.commands.keeping:restore", "Fill an empty deployment from such a file; paused."),
    "resume": ("config.commands.keeping:resume", "Show what a restored deployment would send, and send it."),
    "parse": ("config.commands.parse:parse", "Show what is understood of messages; stores nothing."),
    "ingest": (
        "config.commands.pipe:ingest",
        "Take one message from standard input, for a mail server's pipe.",
    ),
    "smtp": ("config.commands.serve:smtp", "Accept mail by SMTP and LMTP."),
    "web": ("config.commands.serve:web", "Serve the pages and the API."),
    "worker": ("config.commands.serve:worker", "Work on messages and events."),
    "sender": ("config.commands.serve:sender", "Deliver webhooks."),
    "imap": ("config.commands.serve:imap", "Read IMAP mailboxes."),
    "scheduler": ("config.commands.serve:scheduler", "Ring for whatever waits, and work where nobody does."),
    "migrate": ("config.commands.serve:migrate", "Bring the database to this version's schema."),
    "settings": ("config.commands.account:settings", "List all settings with their defaults."),
    "redis": ("config.commands.serve:redis", ""),
}
HIDDEN = frozenset({"redis"})


class Words(click.Group):
    """A group whose commands are named in COMMANDS and imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The words for people."""
        del ctx
        return [word for word in COMMANDS if word not in HIDDEN]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first word; UsageError that names the likely one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise click.UsageError(error.message + hint, ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of words, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(word, COMMANDS[word][1]) for word in self.list_commands(ctx)])


@click.command(cls=Words, context_settings={"help_option_names": ["-h", "--help"]})
def leadgate() -> None:
    """The mail gateway of lead management."""


def main(arguments: list[str] | None = None) -> None:
    """Runs one command and exits with its code."""
    try:
        code = leadgate.main(arguments, prog_name="leadgate", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(os.EX_USAGE)
    except click.exceptions.Abort:
        sys.exit(130)
    except Exception as error:
        sentences, code = _said(error)
        if not sentences:
            raise
        click.echo("\n".join(sentences), err=True)
    sys.exit(code or 0)


def _said(error: Exception) -> tuple[list[str], int]:
    """The sentences and the exit code of an error that is no fault of ours; none for any other."""
    from config.instance import DataDirectoryError, SecondInstanceError
    from config.keys import KeyFileError
    from config.part import AwayError, CannotStartError
    from config.settings import SettingsError

    match error:
        case SettingsError():
            return error.problems, os.EX_CONFIG
        case KeyFileError():
            return [str(error)], os.EX_CONFIG
        case SecondInstanceError():
            return [str(error)], 1
        case CannotStartError() | DataDirectoryError():
            return [str(error)], os.EX_UNAVAILABLE
        case AwayError():
            return [str(error)], os.EX_TEMPFAIL
        case _ if "store.session" in sys.modules:
            return _said_of_database(error)
        case _:
            return [], os.EX_SOFTWARE


def _said_of_database(error: Exception) -> tuple[list[str], int]:
    from config import schema_check
    from store.migrate import NewerDatabase
    from store.session import is_damaged, is_unavailable, why_of

    if isinstance(error, NewerDatabase):
        return [str(error)], os.EX_UNAVAILABLE
    if is_damaged(error):
        return [schema_check.damage(error)], os.EX_UNAVAILABLE
    if not is_unavailable(error):
        return [], os.EX_SOFTWARE
    return [f"The database cannot be asked just now: {why_of(error)}."], os.EX_TEMPFAIL
