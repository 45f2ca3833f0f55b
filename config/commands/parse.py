"""`leadgate parse`: what is understood of messages. Loads the parsers only, stores nothing (product §4)."""

import os
import sys
from pathlib import Path

import click

from parsers.jsonl import answer, line, unreadable
from parsers.message import Json
from parsers.understand import ParseOptions

STANDARD_INPUT = "-"


@click.command()
@click.option("--jsonl", is_flag=True, help="One line of JSON for each file, in order.")
@click.option(
    "--user", "users", multiple=True, metavar="ADDR", help="An address of one of our users; repeatable."
)
@click.argument("files", nargs=-1, metavar="[FILE ...|-]")
def parse(jsonl: bool, users: tuple[str, ...], files: tuple[str, ...]) -> int:
    """Show what is understood of RFC 5322 messages, from files or standard input."""
    options = ParseOptions(user_addresses=frozenset(user.strip().lower() for user in users))
    for name in files or (STANDARD_INPUT,):
        found = _read(name, options)
        text = line(found) if jsonl else readable(found)
        click.echo(text.encode("utf-8", "replace"))  # a file's name may hold what no encoding knows
        sys.stdout.flush()
    return os.EX_OK


def readable(found: Json) -> str:
    """The same for people: what is empty is left out, texts are indented below their names."""
    return "\n".join([*_lines(found, ""), ""])


def _read(name: str, options: ParseOptions) -> Json:
    try:
        raw = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return unreadable(name, getattr(error, "strerror", None) or str(error))
    return answer(name, raw, options)


def _lines(value: object, indent: str) -> list[str]:
    lines: list[str] = []
    for name, item in value.items() if isinstance(value, dict) else enumerate(_items(value), 1):
        if item in (None, "", [], {}):
            continue
        shown = _one_line(item)
        if shown is not None:
            lines.append(f"{indent}{name}: {shown}")
        elif isinstance(item, str):
            lines += [f"{indent}{name}:", *(f"{indent}    {text}".rstrip() for text in item.splitlines())]
        else:
            lines += [f"{indent}{name}:", *_lines(item, indent + "    ")]
    return lines


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _one_line(item: object) -> str | None:
    """`item` where it fits a line: plain values, and mailboxes as people write them."""
    if isinstance(item, dict) and item.keys() == {"name", "address"}:
        return f"{item['name']} <{item['address']}>" if item["name"] else str(item["address"])
    if isinstance(item, dict | list) or (isinstance(item, str) and "\n" in item):
        return None
    return str(item)
