"""A TCP proxy that breaks connections: cut after so many bytes in either direction, cut now, stalled.

A fault waits for the next connection (`arm`), or happens at once to all there are (`cut`, `stall`). `refusing` keeps
everybody out. Bytes are passed on as they come; what was passed before a cut was really received.
"""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

PIECE = 16_384


@dataclass(slots=True)
class Armed:
    """A cut that waits: after `after` bytes of what the server says (`down`) or the client (not `down`)."""

    down: bool
    after: int
    done: bool = False


class FaultProxy:
    """Listens on `port` of loopback and passes on to `target`, a port of loopback."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.connections = 0
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._armed: list[Armed] = []
        self._refusing = False
        self._stalled_until = 0.0
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, fault: Armed) -> None:
        """The next connection meets `fault`."""
        with self._lock:
            self._armed.append(fault)

    def disarm(self) -> None:
        """Faults that no connection met yet will not happen."""
        with self._lock:
            self._armed.clear()

    def cut(self) -> int:
        """Cuts every connection now; how many that were."""
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            self._end(pair)
        return len(pairs)

    def stall(self, seconds: float) -> None:
        """Nothing passes in any direction for so long; connections stay open."""
        self._stalled_until = time.monotonic() + seconds

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Cuts everybody, and lets nobody in meanwhile."""
        self._refusing = True
        self.cut()
        try:
            yield
        finally:
            self._refusing = False

    def close(self) -> None:
        """Cuts everybody for good."""
        self._refusing = True
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self._refusing:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._target), timeout=10)
            except OSError:
                client.close()
                continue
            self.connections += 1
            with self._lock:
                fault = self._armed.pop(0) if self._armed else None
                self._pairs.add((client, server))
            threading.Thread(target=self._pass_on, args=(client, server, fault), daemon=True).start()

    def _pass_on(self, client: socket.socket, server: socket.socket, fault: Armed | None) -> None:
        other = {client: server, server: client}
        passed = {client: 0, server: 0}
        with selectors.DefaultSelector() as selector:
            try:
                for one in other:
                    one.settimeout(30)
                    selector.register(one, selectors.EVENT_READ)
                while True:
                    ready = selector.select(0.5)
                    while (left := self._stalled_until - time.monotonic()) > 0:
                        time.sleep(min(0.05, left))
                    for key, _ in ready:
                        source: socket.socket = key.fileobj  # type: ignore[assignment]  # what was registered
                        data = source.recv(PIECE)
                        if not data:
                            return
                        passed[source] += len(data)
                        if (
                            fault is not None
                            and (source is server) == fault.down
                            and passed[source] >= fault.after
                        ):
                            other[source].sendall(data[: len(data) - (passed[source] - fault.after)])
                            fault.done = True
                            return
                        other[source].sendall(data)
            except OSError:
                return  # one of the two is gone: so is the connection
            finally:
                self._end((client, server))

    def _end(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with self._lock:
            self._pairs.discard(pair)
        for one in pair:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                one.close()
