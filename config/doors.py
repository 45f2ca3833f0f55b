"""The two parts that people and machines connect to: the mail listener and the pages."""

import threading
import time
from typing import Any

from config.part import CannotStartError, Part
from config.values import Endpoint

WEB_THREADS = 8
LOOK_SECONDS = 1.0
LAST_REQUESTS_SECONDS = 1.2
"""How long requests in hand may take when the pages are stopped."""


def serve_smtp(part: Part) -> None:
    """Accepts mail until the part is to stop; then 421 to whoever is connected."""
    settings = part.settings
    if settings.smtp is None and settings.lmtp is None:
        raise CannotStartError("LEADGATE_SMTP and LEADGATE_LMTP are both off: there is no door to open.")
    from ingest.listener import CannotListen

    listener = part.parts.listener
    try:
        bound = listener.open()
    except CannotListen as error:
        raise CannotStartError(str(error)) from error
    part.interrupt = listener.stop
    part.ready(*(f"Mail is accepted by {b.door.upper()} at {Endpoint(b.host, b.port)}." for b in bound))
    if not part.stopping.is_set():
        listener.run()


def serve_web(part: Part) -> None:
    """Serves the pages and the API until the part is to stop; requests in hand are answered."""
    if part.settings.http is None:
        raise CannotStartError("LEADGATE_HTTP is off: there is nothing to serve.")
    channels: dict[int, Any] = {}
    server = _listen(part, part.settings.http, channels)
    thread = threading.Thread(target=server.run, name="pages", daemon=True)
    thread.start()
    port = Endpoint(str(server.effective_host), int(server.effective_port))
    part.ready(f"Pages and API are at http://{port}.")
    while thread.is_alive() and not part.stopping.wait(LOOK_SECONDS):
        pass  # waitress runs on its own threads
    deadline = time.monotonic() + LAST_REQUESTS_SECONDS
    while _in_hand(channels) and time.monotonic() < deadline:
        time.sleep(0.02)


def _listen(part: Part, where: Endpoint, channels: dict[int, Any]) -> Any:
    from waitress.server import create_server

    try:
        return create_server(
            part.parts.web_app(),
            map=channels,
            sockets=[_bind(where)],
            threads=WEB_THREADS,
            ident=None,
            max_request_body_size=part.settings.max_message_bytes + 1024 * 1024,
            asyncore_use_poll=True,
        )
    except OSError as error:
        raise CannotStartError(
            f"The pages cannot be served at {where}: {error.strerror or error}."
        ) from error


def _bind(where: Endpoint) -> Any:
    """One socket on the first address of the host's name: waitress makes one server for each."""
    import socket

    family, kind, protocol, _name, address = socket.getaddrinfo(
        where.host, where.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    door = socket.socket(family, kind, protocol)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(address)
    except OSError:
        door.close()
        raise
    return door


def _in_hand(channels: dict[int, Any]) -> bool:
    return any(getattr(c, "requests", ()) or getattr(c, "total_outbufs_len", 0) for c in [*channels.values()])
