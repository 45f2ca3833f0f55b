"""Who exists, asked from an event loop: the address book behind threads and a short memory.

An address that exists is remembered for ten seconds, so that a busy one costs one question and not one for
each message; removing an address takes that long to be seen here. That an address does *not* exist is never
remembered: a new one works from its first second on.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from ingest.accept import AddressBook, Recipient

_SECONDS: Final = 10.0
_REMEMBERED: Final = 4096
_THREADS: Final = 4


class Directory:
    """An `AddressBook` for coroutines. `close` ends its threads."""

    def __init__(self, book: AddressBook, now: Callable[[], float] = time.monotonic) -> None:
        self._book = book
        self._now = now
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="address-book")
        # Each entry lives equally long, so the first is always the first to go.
        self._known: dict[str, tuple[Recipient, float]] = {}

    def remembered(self, address: str) -> Recipient | None:
        """The recipient, if it was looked up within the last ten seconds."""
        entry = self._known.get(address)
        return entry[0] if entry is not None and entry[1] > self._now() else None

    async def resolve(self, address: str, seconds: float) -> Recipient | None:
        """As `AddressBook.resolve`; raises NotStored with it, and TimeoutError after `seconds`."""
        recipient = self.remembered(address)
        if recipient is None:
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(seconds):
                recipient = await loop.run_in_executor(self._threads, self._book.resolve, address)
            if recipient is not None:
                self._remember(address, recipient)
        return recipient

    def _remember(self, address: str, recipient: Recipient) -> None:
        self._known.pop(address, None)
        if len(self._known) >= _REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[address] = (recipient, self._now() + _SECONDS)

    def close(self) -> None:
        """Take no more questions; those under way end on their own."""
        self._threads.shutdown(wait=False, cancel_futures=True)
