"""Access tokens for XOAUTH2: got with a refresh token (RFC 6749 §6), kept until they run out.

The token endpoint is a URL that a person gave, so it is reached like a webhook's: https or http, no redirects, no
address that is not public, a bounded answer. A server may hand out a new refresh token with each access token
(Microsoft does); it takes the place of the old one and must be kept.
"""

import http.client
import json
import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from ingest.imap import dial
from ingest.imap.faults import FAULTS, CannotRead, LoggedOut
from ingest.imap.options import ImapOptions
from store.mailbox_values import OAuth
from webhooks.destination import Destination
from webhooks.destination import Refused as NotReachable

MARGIN = 60.0
"""Seconds before its end in which a token is not used any more."""
LIFETIME = 3_600
"""Seconds a token lives when the server does not say (RFC 6749 §5.1 recommends that it does)."""
FOR_NOW = frozenset({"slow_down", "temporarily_unavailable", "server_error"})
REFUSALS = {"invalid_client": "client_refused", "unauthorized_client": "client_refused"}
"""Errors of RFC 6749 §5.2 that do not mean the refresh token."""
LARGEST_ANSWER = 64 * 1024
MOST_SECONDS = 60.0
"""Until a token endpoint has answered to the end."""


def fresh(oauth: OAuth, options: ImapOptions) -> OAuth:
    """`oauth` with an access token that holds for a while: the kept one, or a new one. Raises as `renew`."""
    return oauth if oauth.access_token and time.time() < oauth.expires_at - MARGIN else renew(oauth, options)


def renew(oauth: OAuth, options: ImapOptions) -> OAuth:
    """`oauth` with a new access token.

    LoggedOut: the server refuses the refresh token, so a person has to allow access again. CannotRead("login"): it
    cannot be asked just now.
    """
    form = {
        "grant_type": "refresh_token",
        "refresh_token": oauth.refresh_token,
        "client_id": oauth.client_id,
    }
    form |= {"client_secret": oauth.client_secret} if oauth.client_secret else {}
    form |= {"scope": oauth.scope} if oauth.scope else {}
    status, answer = _post(oauth.token_url, form, options)
    token = answer.get("access_token")
    if status != 200 or not isinstance(token, str) or not token:
        error = answer.get("error")
        if isinstance(error, str) and 400 <= status < 500 and status != 429 and error not in FOR_NOW:
            code = REFUSALS.get(error, "access_ended")
            sentence = f"The token endpoint refused: {error[:100]}. {FAULTS[code]}"
            raise LoggedOut(code, sentence, _said(answer))
        sentence = f"The token endpoint gave no token (status {status})."
        raise CannotRead("login", "no_token", sentence, _said(answer))
    lifetime = answer.get("expires_in")
    seconds = (
        int(str(lifetime)) if str(lifetime).isdecimal() else LIFETIME
    )  # Azure's older endpoints quote it
    refresh_token = answer.get("refresh_token")
    return replace(
        oauth,
        access_token=token,
        expires_at=time.time() + seconds,
        refresh_token=refresh_token
        if isinstance(refresh_token, str) and refresh_token
        else oauth.refresh_token,
    )


def _post(url: str, form: dict[str, str], options: ImapOptions) -> tuple[int, dict[str, Any]]:
    destination = options.policy.check_url(url)
    if isinstance(destination, NotReachable):
        sentence = f"The token endpoint must not be called: {destination.reason}."
        raise CannotRead("login", "tokens_not_allowed", sentence)
    connection = _Guarded(destination, options)
    target = urlsplit(destination.url)
    end = threading.Timer(MOST_SECONDS, connection.abort)  # an answer that trickles has an end, too
    end.daemon = True
    end.start()
    try:
        connection.request(
            "POST",
            f"{target.path}?{target.query}" if target.query else target.path,
            urlencode(form),
            {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        )
        response = connection.getresponse()
        body = response.read(LARGEST_ANSWER)
    except (OSError, http.client.HTTPException) as fault:
        sentence = f"The token endpoint {destination.host} cannot be asked just now."
        raise CannotRead("login", "no_token", sentence) from fault
    finally:
        end.cancel()
        connection.close()
    try:
        answer = json.loads(body)
    except ValueError:
        answer = {}
    return response.status, answer if isinstance(answer, dict) else {}


def _said(answer: dict[str, Any]) -> str:
    """What the endpoint says of a refusal (RFC 6749 §5.2), on one line."""
    told = [answer.get(name) for name in ("error", "error_description")]
    return " ".join(": ".join(each for each in told if isinstance(each, str)).split())[:200]


class _Guarded(http.client.HTTPConnection):
    """A connection to a checked address, encrypted where the URL says so."""

    def __init__(self, destination: Destination, options: ImapOptions) -> None:
        super().__init__(destination.host, destination.port, timeout=options.answer)
        self._destination, self._options = destination, options
        self._connected: socket.socket | None = None

    def connect(self) -> None:
        """Called by http.client. Raises CannotRead."""
        destination, options = self._destination, self._options
        places = dial.resolve(destination.host, destination.port, options.policy)
        connected = dial.connect(places, options.connect)
        connected.settimeout(options.answer)
        if destination.scheme == "https":
            connected = dial.encrypt(connected, destination.host, options.tls())
        self.sock = self._connected = connected  # http.client lets go of its own before the answer is read

    def abort(self) -> None:
        """Breaks the connection, from another thread."""
        if self._connected is not None:
            with suppress(OSError):
                self._connected.shutdown(socket.SHUT_RDWR)
