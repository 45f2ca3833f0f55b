"""Rules as they are evaluated: compiled, in order, kept per process.

A process keeps the compiled rules of the accounts it last served and asks for their revision only, which
`store.rulebook` raises with every change.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from rules.engine import RuleSet
from rules.rule import load_rule
from store.rulebook import in_order
from store.scope import AccountScope
from store.tables.automation import rulebooks


@dataclass(frozen=True, slots=True)
class Book:
    """An account's rules, compiled, in order; `revision` counts every change made to them."""

    revision: int
    rules: RuleSet


_REVISIONS = select(rulebooks).where(rulebooks.c.account_id.in_(bindparam("accounts", expanding=True)))
_EMPTY = Book(0, RuleSet())


class Rulebooks:
    """The compiled rules of the accounts last served; one per process, safe between threads."""

    def __init__(self, most: int = 200) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._books: OrderedDict[str, Book] = OrderedDict()

    def of(self, connection: Connection, accounts: Iterable[str]) -> dict[str, Book]:
        """The present rules of each account: one look at the revisions, and only what changed is read anew."""
        wanted = sorted(set(accounts))
        revisions = {
            row.account_id: row.revision for row in connection.execute(_REVISIONS, {"accounts": wanted})
        }
        found = {}
        for account in wanted:
            revision = revisions.get(account, 0)
            book = self._kept(account) if revision else _EMPTY
            if book is None or book.revision != revision:
                # read after the revision: rules newer than it are read again next time, older ones never kept
                book = Book(revision, _load(connection, AccountScope(account)))
                self._keep(account, book)
            found[account] = book
        return found

    def _kept(self, account: str) -> Book | None:
        with self._lock:
            book = self._books.get(account)
            if book is not None:
                self._books.move_to_end(account)
            return book

    def _keep(self, account: str, book: Book) -> None:
        with self._lock:
            self._books[account] = book
            self._books.move_to_end(account)
            while len(self._books) > self._most:
                self._books.popitem(last=False)


def _load(connection: Connection, scope: AccountScope) -> RuleSet:
    return RuleSet(
        [
            load_rule(row.definition, rule_id=row.id, version=row.version, enabled=row.enabled)
            for row in connection.execute(in_order(scope))
        ]
    )
