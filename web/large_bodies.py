"""Form posts that are larger than what is kept of any request: their beginning is taken, the rest let pass by.

Waitress answers a body over its limit before it is read, and hangs up. A browser that is still sending then shows its
visitor a broken connection, and what they wrote is gone. So a post to a form is read to its end, up to MOST bytes; no
more of it is kept than of others. The door sees that it is not whole (`web.form_door.taking`) and says which file is
too large. Other requests are refused as before.
"""

from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.utilities import RequestEntityTooLarge

MOST = 1024 * 1024 * 1024
FORMS = "/f/"


class _Beginning(FixedStreamReceiver):
    """A body of which only the first `kept` bytes are stored."""

    def __init__(self, length: int, buffer: Any, kept: int) -> None:
        super().__init__(length, buffer)
        self._room = kept

    def received(self, data: bytes) -> int:
        taken = min(self.remain, len(data))
        if self._room > 0:
            self.buf.append(data[: min(taken, self._room)])
            self._room -= min(taken, self._room)
        self.remain -= taken
        self.completed = self.remain < 1
        return taken


class Parser(HTTPRequestParser):
    """A request; see the module's docstring."""

    def received(self, data: bytes) -> int:
        if isinstance(self.body_rcv, _Beginning):
            taken = self.body_rcv.received(data)
            if self.body_rcv.completed:
                self.headers = {**self.headers, "CONTENT_LENGTH": str(len(self.body_rcv))}
                self.completed = True
            return taken
        taken = super().received(data)
        if isinstance(self.body_rcv, FixedStreamReceiver) and self._is_large_post():
            kept = self.adj.max_request_body_size - 1
            self.body_rcv = _Beginning(self.content_length, self.body_rcv.buf, kept)
            self.error, self.completed = None, False
        return taken

    def _is_large_post(self) -> bool:
        """Whether waitress is about to refuse a form's post for what its header announces."""
        return (
            isinstance(self.error, RequestEntityTooLarge)
            and self.body_bytes_received == 0
            and not self.chunked
            and self.content_length <= MOST
            and getattr(self, "command", "") == "POST"
            and str(getattr(self, "path", "")).startswith(FORMS)
        )


class Channel(HTTPChannel):
    """A connection whose requests are read so."""

    parser_class = Parser
