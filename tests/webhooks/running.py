"""The receivers of `receivers`, on a loop in a thread of their own: for what is sent by another thread."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager

from tests.webhooks.receivers import Seen


@contextmanager
def running(receiver: AbstractAsyncContextManager[Seen]) -> Iterator[Seen]:
    """Runs a receiver until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def begin() -> Seen:
        return await receiver.__aenter__()

    async def end() -> None:
        await receiver.__aexit__(None, None, None)
        left = asyncio.all_tasks() - {asyncio.current_task()}  # handlers that were still answering
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    seen = asyncio.run_coroutine_threadsafe(begin(), loop).result(60)
    try:
        yield seen
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
