"""One request to an endpoint and what came of it, as values. Pure.

An attempt is delivered if the endpoint answered with 2xx in time, and for nothing else. Otherwise `error` is
one of the codes below, which are stored, shown and stable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

URL_REFUSED: Final = "url_refused"
DESTINATION_REFUSED: Final = "destination_refused"
DNS_FAILED: Final = "dns_failed"
CONNECT_FAILED: Final = "connect_failed"
TLS_FAILED: Final = "tls_failed"
TIMED_OUT: Final = "timed_out"
DISCONNECTED: Final = "disconnected"
BAD_ANSWER: Final = "bad_answer"
REDIRECTED: Final = "redirected"
GONE: Final = "gone"
NOT_2XX: Final = "not_2xx"
OUR_FAULT: Final = "our_fault"

ERRORS: Mapping[str, str] = MappingProxyType(
    {
        URL_REFUSED: "The endpoint's URL may not be called",
        DESTINATION_REFUSED: "The endpoint's address is not a public one and is not allow-listed",
        DNS_FAILED: "The endpoint's host name could not be resolved",
        CONNECT_FAILED: "No connection to the endpoint could be made",
        TLS_FAILED: "The endpoint's TLS certificate or handshake was not acceptable",
        TIMED_OUT: "The endpoint did not answer in time",
        DISCONNECTED: "The endpoint closed the connection before it had answered",
        BAD_ANSWER: "The endpoint's answer was not valid HTTP",
        REDIRECTED: "The endpoint answered with a redirect; redirects are not followed",
        GONE: "The endpoint says that it is gone for good",
        NOT_2XX: "The endpoint did not answer with a success status",
        OUR_FAULT: "leadgate could not send the request",
    }
)
"""Error code -> a plain sentence for the delivery log."""


@dataclass(frozen=True, slots=True)
class Request:
    """One POST, complete: the body is the signed bytes, the headers contain the signature."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one request.

    `status`: None if no answer's head arrived. `error`: a code of ERRORS, None exactly if delivered.
    `detail`: what makes the sentence concrete, without secrets. `ms`: from the start of this request to its
    end. `answer`: the first bytes of the answer's body as they came; `cut`: there was more, or the rest did
    not come.
    """

    status: int | None
    error: str | None
    ms: int
    detail: str | None = None
    head: tuple[tuple[str, str], ...] = ()
    answer: bytes = b""
    cut: bool = False

    @property
    def delivered(self) -> bool:
        """Whether the endpoint took it."""
        return self.error is None

    @property
    def sentence(self) -> str | None:
        """Why it was not delivered, for people; None if it was."""
        if self.error is None:
            return None
        sentence = ERRORS[self.error]
        return f"{sentence} ({self.detail})" if self.detail else sentence

    def header(self, name: str) -> str | None:
        """The first header of the answer by this name."""
        wanted = name.lower()
        return next((value for key, value in self.head if key.lower() == wanted), None)


def error_of_status(status: int) -> str | None:
    """The error code an answer's status stands for; None for 2xx."""
    if 200 <= status <= 299:
        return None
    if status == 410:
        return GONE
    return REDIRECTED if 300 <= status <= 399 else NOT_2XX
