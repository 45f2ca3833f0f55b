"""A token endpoint of the tests' own on loopback: gives access tokens for refresh tokens, and tells Dovecot of them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class TokenServer:
    """`valid`: access token → user. `answer`: instead of a token, (status, JSON)."""

    port: int = 0
    valid: dict[str, str] = field(default_factory=dict)
    refresh_token: str = "refresh-1"
    rotates: bool = False
    answer: tuple[int, Any] | None = None
    forms: list[dict[str, str]] = field(default_factory=list)
    user: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    @property
    def info(self) -> str:
        """What Dovecot asks about a token, which it appends."""
        return f"http://127.0.0.1:{self.port}/info?access_token="

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        """The answer to a token request (RFC 6749 §6)."""
        self.forms.append(form)
        if self.answer is not None:
            return self.answer
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != self.refresh_token:
            return 400, {"error": "invalid_grant"}
        token = f"access-{len(self.forms)}"
        self.valid[token] = self.user
        given: dict[str, Any] = {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}
        if self.rotates:
            self.refresh_token = given["refresh_token"] = f"refresh-{len(self.forms) + 1}"
        return 200, given


@contextmanager
def token_server() -> Iterator[TokenServer]:
    """A running one."""
    state = TokenServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*state.token({name: values[0] for name, values in parse_qs(body).items()}))

        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
            user = state.valid.get(token)
            self._say(*((200, {"email": user}) if user else (401, {"error": "invalid_token"})))

        def _say(self, status: int, answer: Any) -> None:
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
