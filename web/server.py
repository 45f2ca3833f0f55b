"""The HTTP server: waitress, a few threads behind one event loop.

Bodies are read by the loop before a thread is taken, so slow senders cost no thread. On `stop` the socket
closes at once (nobody new is let in), requests that have begun are answered within the grace, then
everything ends. The loop is driven here and not by waitress's own `run`, which knows no such stop.
"""

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import create_server

from web.large_bodies import Channel

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

GRACE_SECONDS = 8.0
IDLE_SECONDS = 60
CONNECTIONS = 500


class Server:
    """An application on a socket, which listens as soon as this exists; `port` is the one taken for 0."""

    def __init__(
        self,
        app: "WSGIApplication",
        host: str,
        port: int,
        threads: int = 8,
        *,
        body_bytes: int,
        grace: float = GRACE_SECONDS,
    ) -> None:
        """`body_bytes`: the largest body taken, and as much as is kept of a larger form post (`large_bodies`).
        `grace`: seconds for requests in hand when it stops.

        OSError when the address cannot be taken.
        """
        self._stop = threading.Event()
        self._grace = grace
        made: Any = create_server(
            app,
            sockets=[_listen(host, port)],
            threads=threads,
            ident="",
            max_request_body_size=body_bytes + 1,
            channel_timeout=IDLE_SECONDS,
            connection_limit=CONNECTIONS,
            clear_untrusted_proxy_headers=False,  # web.proxies decides which of them count
        )
        made.channel_class = Channel
        self._server = made
        self.host, self.port = str(made.effective_host), int(made.effective_port)

    def run(self) -> None:
        """Answers until `stop`, then finishes what has begun."""
        while not self._stop.is_set():
            self._turn(1.0)
        wasyncore.dispatcher.close(
            self._server
        )  # the listening socket alone: waitress's close ends the bell too
        deadline = time.monotonic() + self._grace
        while self._is_busy() and time.monotonic() < deadline:
            self._turn(0.1)
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._server._map, ignore_all=True)

    def stop(self) -> None:
        """Makes `run` end; from any thread, and as often as one likes."""
        if not self._stop.is_set():
            self._stop.set()
            self._server.pull_trigger()

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._server._map, count=1)

    def _is_busy(self) -> bool:
        return any(
            channel.requests or channel.request is not None or channel.total_outbufs_len
            for channel in self._server.active_channels.values()
        )


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to the first address of `host`."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError:
        listening.close()
        raise
    return listening
