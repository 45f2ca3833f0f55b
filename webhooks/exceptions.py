"""Exceptions of `webhooks`.

WebhooksError
├── BadSecret            a signing secret that is not of the Standard Webhooks form
├── BadNetwork           an entry of the allow-list that is not a network
├── CannotReach          a mail server cannot be reached; the stage, a stable code, and a sentence
│   └── CannotSend       (`webhooks.mail.faults`) or does not take what it is given
└── DestinationRefused   (also an OSError, for aiohttp) a name leads only to refused addresses; never leaves
                         `webhooks.sender`

That an endpoint cannot be reached, answers badly or may not be reached is no exception but an `Attempt`.
"""


class WebhooksError(Exception):
    """Base of everything this folder raises on purpose."""


class BadSecret(WebhooksError):
    """Not `whsec_` and base64 of 24 to 64 bytes; never carries the secret itself."""


class BadNetwork(WebhooksError):
    """Not an IP network like `10.0.0.0/8` or `fd00::/8`."""


class DestinationRefused(WebhooksError, OSError):
    """No address of the endpoint may be connected to; `reason` is a plain sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotReach(WebhooksError):
    """A mail server cannot be reached: `stage` is dns, tcp or tls here, `code` a stable word, `sentence` for people."""

    def __init__(self, stage: str, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.stage = stage
        self.code = code
        self.sentence = sentence
