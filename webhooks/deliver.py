"""Sends what is due: claims through the outbox, sends on one event loop, records every attempt.

One thread with one event loop belongs to a `Deliverer`, from the first `deliver_batch` to `close`. Whoever calls
`deliver_batch` only wakes it and looks at what it has done: a worker never waits for a slow endpoint, and what is
under way is recorded when it ends, whether anybody calls again or not.

The loop goes in turns. In one transaction a turn records what has ended since the last, gives back what cannot be
started in time, and claims for every endpoint as many as its lane has room for (`webhooks.lanes`). No request is
ever under way inside a transaction, and while a turn is with the database the loop goes on sending.

A claim's lease is 45 s. A request is started only while it can still end, deadline and all, before that. If the
process dies between sending and recording, the lease runs out and the delivery is sent again with the same
webhook-id: at least once, as webhooks are.

A fault of the database loses nothing: what has ended stays in hand and is recorded by a later turn, unless
somebody else holds the delivery by then. `deliver_batch` raises the fault, so that it is seen.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from store import attempts, outbox
from store.attempts import Tried
from store.outbox import Due, DueEndpoint
from store.scope import AccountScope
from store.sealing import Sealer
from store.session import Database, is_unavailable
from webhooks import letter, retry
from webhooks.attempt import Attempt
from webhooks.destination import Policy
from webhooks.lanes import MOST_RUNNING, NO_ROOM, Held, Lanes, Room
from webhooks.resolver import Lookup, system_lookup
from webhooks.sender import Sender, SenderOptions

_log = logging.getLogger(__name__)


def _new_loop() -> asyncio.AbstractEventLoop:
    """uvloop's where it is installed: a tenth less CPU a delivery."""
    try:
        import uvloop
    except ImportError:  # no wheel for this machine
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


@dataclass(frozen=True, slots=True)
class DelivererOptions:
    """`deadline` of one request, `lease` of a claim, `grace` for what is under way at the end: seconds."""

    deadline: float = 15.0
    lease: float = 45.0
    grace: float = 5.0
    pause: float = 0.04
    """Between two turns: what ends meanwhile is recorded in one transaction."""
    fault_pause: float = 1.0
    """After a fault of the database."""
    patience: float = 0.05
    """How long `deliver_batch` waits for something to have ended."""


class Deliverer:
    """Delivers webhooks; any number may be at it, in any number of processes. Nothing begins before it is called.

    `sealer` opens the endpoints' secrets, `policy` says where deliveries may go; `ring_events` is called when
    recording made events (a delivery exhausted, an endpoint disabled).
    """

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        policy: Policy,
        options: DelivererOptions | None = None,
        *,
        ring_events: Callable[[], None] = lambda: None,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._policy = policy
        self._options = options or DelivererOptions()
        self._ring_events = ring_events
        self._lookup = lookup
        self._state = threading.Condition()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._closing = False
        # seen from both sides, under `_state`
        self._asked = 0
        self._looked = 0
        self._handled = 0
        self._idle = False
        self._fault: Exception | None = None
        # the loop's own
        self._lanes = Lanes()
        self._ended: list[Tried] = []
        self._tasks: dict[asyncio.Task[None], Held] = {}

    def deliver_batch(self) -> int:
        """Wakes the loop and waits a moment; how many attempts were recorded since the last call.

        0 when nothing is due, or nothing of what is under way has ended. Raises what the database raised.
        """
        with self._state:
            if self._closing:
                return 0
            self._asked += 1
            asked = self._asked
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="deliverer", daemon=True)
                self._thread.start()
            self._wake_up()
            self._state.wait_for(
                lambda: self._fault or (self._looked >= asked and (self._idle or self._handled)),
                timeout=self._options.patience,
            )
            fault, self._fault = self._fault, None
            if fault is not None:
                raise fault
            handled, self._handled = self._handled, 0
            return handled

    def close(self) -> None:
        """Claims nothing more, lets what is under way end within the grace, gives the rest back. Ends the thread."""
        with self._state:
            self._closing = True
            self._wake_up()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _wake_up(self) -> None:
        """Caller holds `_state`; a loop that has not begun yet looks by itself."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    def _run(self) -> None:
        """The thread."""
        try:
            with asyncio.Runner(loop_factory=_new_loop) as runner:
                runner.run(self._serve())
        except Exception as fault:  # noqa: BLE001  handed to whoever calls `deliver_batch`
            _log.error("deliveries stopped; the next call starts them anew", exc_info=fault)
            with self._state:
                self._fault = fault
        finally:
            with self._state:
                self._state.notify_all()

    async def _serve(self) -> None:
        self._wake = asyncio.Event()
        self._lanes, self._tasks = Lanes(), {}
        with self._state:
            self._loop = asyncio.get_running_loop()
        # the lanes see to it that few run per endpoint; a second limit per host would hold up leases
        options = SenderOptions(deadline=self._options.deadline, per_endpoint=MOST_RUNNING)
        with ThreadPoolExecutor(1, "deliverer-store") as executor:
            async with Sender(self._policy, options, lookup=self._lookup) as sender:
                try:
                    while not self._closing:
                        self._wake.clear()
                        await self._turn(executor, sender)
                        await self._wake.wait()
                        if self._ended:
                            await asyncio.sleep(self._options.pause)
                    await self._finish(executor)
                finally:
                    with self._state:
                        self._loop = None

    async def _turn(self, executor: ThreadPoolExecutor, sender: Sender) -> None:
        """Records, gives back and claims, as one transaction; then starts what may be started."""
        with self._state:
            asked = self._asked
        ended, self._ended = self._ended, []
        loop = asyncio.get_running_loop()
        surplus = self._lanes.surplus(loop.time())
        claimed_at = loop.time()
        room = self._lanes.room()
        try:
            endpoints, claimed = await loop.run_in_executor(executor, self._exchange, ended, surplus, room)
        except Exception as fault:  # noqa: BLE001  handed to whoever calls `deliver_batch`
            self._ended[:0] = ended
            with self._state:
                self._fault = fault
                self._state.notify_all()
            await asyncio.sleep(self._options.fault_pause)
            self._wake.set()
            return
        self._lanes.take(claimed, endpoints, claimed_at + self._options.lease - self._options.deadline - 1)
        self._start(sender)
        with self._state:
            self._looked = asked
            self._handled += len(ended)
            self._idle = not (self._tasks or self._ended or self._lanes.waiting)
            self._state.notify_all()

    def _exchange(
        self, ended: Sequence[Tried], surplus: Sequence[Due], room: Room
    ) -> tuple[list[DueEndpoint], list[Due]]:
        """One turn with the database, in the executor's thread."""
        if not ended and not surplus:
            with self._database.read() as connection:
                endpoints = outbox.due_endpoints(connection)
            if all(endpoint.open for endpoint in endpoints) and not room.share(endpoints):
                return [], []
        try:
            return self._record_and_claim(ended, surplus, room)
        except Exception as fault:
            if is_unavailable(fault) or not ended:
                raise
            _log.exception("attempts could not be recorded together")
        for one in ended:
            self._record_alone(one)
        return self._record_and_claim([], surplus, room)

    def _record_and_claim(
        self, ended: Sequence[Tried], surplus: Sequence[Due], room: Room
    ) -> tuple[list[DueEndpoint], list[Due]]:
        with self._database.write() as connection:
            made = attempts.record(connection, ended, disable_after=retry.DISABLE_AFTER) if ended else []
            outbox.release(connection, surplus)
            endpoints = outbox.due_endpoints(connection)
            for endpoint in endpoints:
                if not endpoint.open:
                    outbox.give_up(connection, AccountScope(endpoint.account_id), endpoint.id)
            lease = timedelta(seconds=self._options.lease)
            claimed = outbox.claim(connection, room.share(endpoints), lease=lease)
        if made:
            self._ring_events()
        return endpoints, claimed

    def _record_alone(self, one: Tried) -> None:
        """One that cannot be written must not keep the others from it; its lease runs out and it comes again."""
        try:
            with self._database.write() as connection:
                attempts.record(connection, [one], disable_after=retry.DISABLE_AFTER)
        except Exception as fault:
            if is_unavailable(fault):
                raise
            _log.exception("an attempt could not be recorded", extra={"delivery": one.due.id})

    def _start(self, sender: Sender) -> None:
        for held in self._lanes.start(asyncio.get_running_loop().time()):
            task = asyncio.create_task(self._send(sender, held))
            self._tasks[task] = held
            task.add_done_callback(self._tasks.pop)

    async def _send(self, sender: Sender, held: Held) -> None:
        """One attempt, up to what is to be recorded of it; then the next of its lane."""
        started = datetime.now(UTC)
        attempt = await self._attempt(sender, held, started)
        self._lanes.finished(held.due, delivered=attempt.delivered, milliseconds=attempt.ms)
        self._ended.append(letter.tried(held.due, attempt, started))
        self._start(sender)
        self._wake.set()

    async def _attempt(self, sender: Sender, held: Held, started: datetime) -> Attempt:
        request = letter.signed_request(held.due, held.endpoint, self._sealer, started)
        if isinstance(request, Attempt):
            return request
        try:
            return await sender.send(request)
        except Exception as fault:  # noqa: BLE001  our own fault is an attempt too, and must be seen in the log
            _log.error("a delivery could not be sent", exc_info=fault, extra={"delivery": held.due.id})
            return letter.not_sent(type(fault).__name__)

    async def _finish(self, executor: ThreadPoolExecutor) -> None:
        """Lets what is under way end within the grace, records it, gives back the rest."""
        unsent = self._lanes.surplus(0, everything=True)
        under_way = dict(self._tasks)
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=self._options.grace)
            for task in late:
                task.cancel()
            unsent += [under_way[task].due for task in late]
            await asyncio.gather(*late, return_exceptions=True)
        if self._ended or unsent:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(executor, self._record_and_claim, self._ended, unsent, NO_ROOM)
