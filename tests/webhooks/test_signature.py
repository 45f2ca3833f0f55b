"""Signatures, verified by the reference implementation."""

import base64
import time

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from webhooks.exceptions import BadSecret
from webhooks.signature import new_secret, secret_bytes, sign, sign_all, signed_headers

BODY = '{"type":"lead.created","data":{"title":"Jörg 😀"}}'


def test_the_reference_implementation_takes_our_signatures() -> None:
    secret = new_secret()
    headers = signed_headers([secret], "e1", int(time.time()), BODY)
    assert Webhook(secret).verify(BODY, headers) == {"type": "lead.created", "data": {"title": "Jörg 😀"}}


def test_the_example_of_the_specification() -> None:
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_text_and_bytes_are_signed_alike() -> None:
    secret = new_secret()
    assert sign(secret, "e1", 1, BODY) == sign(secret, "e1", 1, BODY.encode())


def test_while_a_secret_is_replaced_both_verify() -> None:
    old, new, other = new_secret(), new_secret(), new_secret()
    headers = signed_headers([new, old], "e1", int(time.time()), BODY)
    assert Webhook(old).verify(BODY, headers) == Webhook(new).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, headers)


@pytest.mark.parametrize("changed", [BODY + " ", BODY[:-1], BODY.replace("Jörg", "Jorg")])
def test_a_changed_body_does_not_verify(changed: str) -> None:
    secret = new_secret()
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(changed, signed_headers([secret], "e1", int(time.time()), BODY))


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
def test_id_and_time_are_signed_too(header: str) -> None:
    secret = new_secret()
    headers = signed_headers([secret], "e1", int(time.time()), BODY)
    headers[header] = str(int(time.time()) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, headers)


def test_secrets_are_long_random_and_of_the_known_form() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(secret.startswith("whsec_") and len(secret_bytes(secret)) == 32 for secret in made)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        base64.b64encode(b"x" * 32).decode(),
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
        "whsec_not base64 at all, is it?",
        "whsec_ÄÖÜ",
    ],
)
def test_what_is_no_secret_is_refused_without_showing_it(secret: str) -> None:
    with pytest.raises(BadSecret) as refused:
        sign(secret, "e1", 1, BODY)
    assert not secret.removeprefix("whsec_") or secret.removeprefix("whsec_") not in str(refused.value)


def test_nothing_is_sent_unsigned() -> None:
    with pytest.raises(BadSecret):
        sign_all([], "e1", 1, BODY)
