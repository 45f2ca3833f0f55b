"""The two parts that people and machines connect to: the mail listener and the pages."""

import errno
import sys
import threading

from config import setup_link
from config.part import CannotStartError, Part
from config.values import Endpoint

WEB_THREADS = 8
FIRST_LISTENERS = ("smtp", "smtp-1")
"""Of several listeners of a process tree, the one that tells where mail is accepted."""
_CHOOSE = "Choose another address with {}, or end what stands in the way."
LAST_REQUESTS_SECONDS = 1.2
"""How long requests in hand may take when the pages are stopped."""


def serve_smtp(part: Part) -> None:
    """Accepts mail until the part is to stop; then 421 to whoever is connected."""
    settings = part.settings
    if settings.smtp is None and settings.lmtp is None:
        raise CannotStartError("LEADGATE_SMTP and LEADGATE_LMTP are both off: there is no door to open.")
    from ingest.listening.listener import CannotListen

    try:
        listener = part.parts.listener
    except CannotListen as error:
        raise CannotStartError(
            f"{error} Mend LEADGATE_TLS_CERT and LEADGATE_TLS_KEY, or leave both out."
        ) from error
    try:
        bound = listener.open()
    except CannotListen as error:
        raise CannotStartError(f"{error} {_CHOOSE.format('LEADGATE_SMTP (or LEADGATE_LMTP)')}") from error
    part.interrupt = listener.stop
    sentences = (f"Mail is accepted by {b.door.upper()} at {Endpoint(b.host, b.port)}." for b in bound)
    part.ready(*(sentences if part.name in FIRST_LISTENERS else ()))
    if not part.stopping.is_set():
        listener.run()


def serve_web(part: Part) -> None:
    """Serves the pages and the API until the part is to stop; requests in hand are answered."""
    if part.settings.http is None:
        raise CannotStartError("LEADGATE_HTTP is off: there is nothing to serve.")
    from web.form_door.taking import LARGEST_POST
    from web.server import Server

    where = part.settings.http
    app = part.parts.web_app()
    largest = max(part.settings.max_message_bytes, LARGEST_POST) + 1024 * 1024
    try:
        server = Server(
            app, where.host, where.port, WEB_THREADS, body_bytes=largest, grace=LAST_REQUESTS_SECONDS
        )
    except OSError as error:
        reason = (
            "another program listens there already" if error.errno == errno.EADDRINUSE else error.strerror
        )
        raise CannotStartError(
            f"The pages cannot be served at {where}: {reason or error}. {_CHOOSE.format('LEADGATE_HTTP')}"
        ) from error

    def stop() -> None:
        part.stopping.wait()
        server.stop()

    threading.Thread(target=stop, name="pages-stop", daemon=True).start()
    part.ready(
        f"Pages and API are at http://{Endpoint(server.host, server.port)}.",
        *setup_link.sentences(part.settings, is_new=part.parts.has_no_account(), shown=sys.stderr.isatty()),
    )
    server.run()
