"""The reference pages that are made from the code, so that they cannot disagree with it.

PAGES is the whole of it: a page's name below docs/reference, and what makes its text. `./run lint` finds a page
that is not what the code says, `./run lint --fix` writes it, and so does `python -m tests.house.reference`.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click

from config import cli, metrics
from config.settings import reference as settings_table
from parsers.problems import EXPLAINED
from rules.actions import ACTIONS, CARRIED_OUT
from rules.event import EVENT_TYPES
from rules.fields import FIELDS, KEY_FIELD_PREFIX, FieldType
from rules.operators import OPERATORS
from store.figures import Figures
from store.reasons import OUTCOMES, REASONS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path("docs") / "reference"
MADE = "<!-- Made from the code by ./run lint --fix. Changes made here are lost. -->\n"


def settings() -> str:
    """All settings, as `leadgate settings` lists them."""
    return (
        "# Settings\n\n"
        'Environment variables, or lines of `leadgate.toml` in the current directory (`data_dir = "/srv/leadgate"`: '
        "the name without\n`LEADGATE_`, in small letters). The environment wins. Each may also be given as "
        "`LEADGATE_…_FILE`, the name of a file that\nholds the value. Everything that is wrong is told at once, and "
        "nothing is started. `./run settings` prints this table.\n\n" + settings_table()
    )


def receipts() -> str:
    """Outcomes, reasons and problem codes."""
    return (
        "# What a receipt says\n\n"
        "Every message has one outcome, one reason, and a sentence that is the reason told in the reader's language. "
        "The codes are\nstable: filter and alarm on them, not on sentences. `{who}` and `{detail}` are filled in.\n\n"
        f"Outcomes: {_codes(OUTCOMES)}; `pending` while there is none yet.\n\n## Reasons\n\n"
        + _table("Reason | English | German", ((f"`{r.code}`", r.en, r.de) for r in REASONS.values()))
        + "\n## Problems\n\nWhat was odd about the bytes. A problem never stops the reading; it stands under "
        "`problems` in `parsed`.\n\n"
        + _table("Code | Meaning", ((f"`{code}`", sentence) for code, sentence in EXPLAINED.items()))
    )


def rules() -> str:
    """Events, fields, operators and actions of rules."""
    return (
        "# Rules and events\n\nWhat a rule's JSON may say (`POST /api/v1/rules`); an example is in "
        "[the tutorial](../tutorial.md#a-first-rule).\nA rule that says anything else is refused with the place: "
        "`if.all[1].op`.\n\n## Events\n\nRules and webhooks name a type, everything below a prefix (`lead.*`, "
        "`lead.email.*`), or `*`.\n\n"
        + _table(
            "Event | When | About", ((f"`{e.name}`", e.sentence, e.subject) for e in EVENT_TYPES.values())
        )
        + "\n## Fields\n\n`"
        + KEY_FIELD_PREFIX
        + "<name>` is a field that came with the lead, such as `lead.fields.budget`; it takes every operator.\n"
        "What is not set fits only `is_not` and `is_set: false`.\n\n"
        + _table(
            "Field | Type | Values",
            ((f"`{f.name}`", f.type, _codes(sorted(f.choices or ()))) for f in FIELDS.values()),
        )
        + "\n## Operators\n\nTexts are compared without regard to upper and lower case. `matches` takes an RE2 "
        "pattern. Durations are `90m`, `2h`, `3d`.\n\n"
        + _table("Operator | Fits", ((f"`{name}`", _fits(op.takes)) for name, op in OPERATORS.items()))
        + "\n## Actions\n\nOf actions that are not carried out yet, saving the rule tells so.\n\n"
        + _table("Action | Needs | May have | Carried out", _actions())
    )


def commands() -> str:
    """Every word of the command line with its options."""
    return "# Commands\n\n`./run WORD` in a checkout. `./run WORD --help` says the same.\n\n" + "\n".join(
        _commands()
    )


def figures() -> str:
    """The names at /metrics."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    nothing = Figures(at, {}, {}, {}, {}, (), 0, None, last_backup=at, first_account=None)
    told = dict(_metrics(metrics.text(nothing, disk_free=0).decode()))
    return (
        "# Figures at /metrics\n\nPrometheus's text form, of the whole deployment, from any web process. "
        "Labels are words of leadgate's own, short names of\naccounts and ids; no addresses. Who may read them: "
        "`LEADGATE_METRICS`.\n\n" + _table("Name | Meaning", ((f"`{name}`", told[name]) for name in told))
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings,
    "receipts.md": receipts,
    "rules.md": rules,
    "commands.md": commands,
    "metrics.md": figures,
}


def stale(root: Path = ROOT) -> Iterator[str]:
    """A complaint for each page that is not what the code says."""
    for name, make in PAGES.items():
        page = root / FOLDER / name
        if not page.exists() or page.read_text("utf-8") != MADE + make():
            yield f"{(FOLDER / name).as_posix()}:1: is not what the code says; ./run lint --fix writes it"


def write(root: Path = ROOT) -> None:
    """Writes every page."""
    for name, make in PAGES.items():
        (root / FOLDER / name).write_text(MADE + make(), "utf-8")


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {head} |", "|" + "---|" * (head.count("|") + 1)]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _fits(types: frozenset[FieldType]) -> str:
    return ", ".join(kind for kind in FieldType if kind in types)


def _actions() -> Iterator[tuple[str, str, str, str]]:
    for name, action in ACTIONS.items():
        more = action.known - action.needed
        done = "yes" if name in CARRIED_OUT else "not yet"
        yield f"`{name}`", _codes(sorted(action.needed)), _codes(sorted(more)), done


def _commands() -> Iterator[str]:
    for word, (place, _) in cli.COMMANDS.items():
        if word in cli.HIDDEN:
            continue
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        usage = command.collect_usage_pieces(click.Context(command))
        yield f"## `{' '.join([word, *(piece for piece in usage if piece != '[OPTIONS]')])}`\n"
        yield " ".join((command.help or "").split()) + "\n"
        options = [p for p in command.params if isinstance(p, click.Option)]
        if options:
            rows = ((f"`{' '.join([*o.opts, *_metavar(command, o)])}`", o.help or "") for o in options)
            yield _table("Option | Meaning", rows)


def _metavar(command: click.Command, option: click.Option) -> list[str]:
    return [] if option.is_flag else [option.make_metavar(click.Context(command))]


def _metrics(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name, _, meaning = line.removeprefix("# HELP ").partition(" ")
            yield name, meaning


if __name__ == "__main__":
    write()
    sys.exit(0)
