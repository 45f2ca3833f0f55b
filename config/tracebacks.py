"""Tracebacks for the log: where it happened and what kind of fault it was, nothing of what was worked on.

What a fault says of itself may hold people's mail: a database quotes the row that it refuses, a decoder the text
that it cannot read. So only those faults are quoted that speak of the machine (TALKATIVE), and of an SQL statement
neither text nor values are shown. Values of variables are never written.
"""

import traceback
from collections.abc import Iterator
from types import TracebackType

TALKATIVE = (OSError, ImportError, MemoryError)
UNAVAILABLE = frozenset({"OperationalError", "InterfaceError"})
"""Of a database that cannot be asked, by name: nothing is loaded for the log. Its first line tells of connection,
disk or lock; DETAIL and CONTEXT, which may quote a row, stand below."""
LONGEST_CHAIN = 10

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def text(fault: BaseException) -> str:
    """The whole chain of `fault`, the first cause first, as Python lays it out."""
    return "\n".join(_told(fault, set()))


def _told(fault: BaseException, seen: set[int]) -> Iterator[str]:
    if id(fault) in seen or len(seen) >= LONGEST_CHAIN:
        return
    seen.add(id(fault))
    earlier = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if earlier is not None:
        yield from _told(earlier, seen)
        yield f"then, {'because of that' if fault.__cause__ is not None else 'while that was handled'}:"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(fault.__traceback__)).rstrip()
    yield kind(fault)
    if isinstance(fault, BaseExceptionGroup):
        for inner in fault.exceptions:
            yield from _told(inner, seen)


def kind(fault: BaseException) -> str:
    """What kind of fault it is, on one line."""
    cls = type(fault)
    name = cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"
    if isinstance(fault, TALKATIVE):
        return f"{name}: {fault}"
    state = getattr(getattr(fault, "orig", fault), "sqlstate", None)
    if cls.__name__ in UNAVAILABLE:
        return f"{name}: {str(getattr(fault, 'orig', fault)).partition(chr(10))[0]}"
    return f"{name} (SQLSTATE {state})" if state else name
