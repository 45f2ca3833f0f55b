"""Where the sender connects to: every address checked, none inside, names that change, hang or lead nowhere."""

import asyncio

import pytest

from tests.webhooks.receivers import receiver
from tests.webhooks.sending import LOOPBACK, PATIENT, QUICK, names, run, send_to
from webhooks.attempt import DESTINATION_REFUSED, DNS_FAILED, TIMED_OUT, URL_REFUSED
from webhooks.destination import Policy
from webhooks.resolver import system_lookup


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{}/", "http://[::ffff:127.0.0.1]:{}/", "http://inside.example:{}/"]
)
def test_inside_addresses_are_not_connected_to(url: str) -> None:
    async def main() -> None:
        async with receiver() as seen:
            lookup = names(inside_example=["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"])
            attempt = await send_to(url.format(seen.port), Policy(), PATIENT, lookup)
            assert (attempt.error, attempt.status, seen.bodies) == (DESTINATION_REFUSED, None, [])
            assert "loopback" in (attempt.sentence or "")

    run(main())


@pytest.mark.parametrize(
    "url", ["http://2130706433:{}/", "http://0x7f.1:{}/", "ftp://127.0.0.1:{}/", "http://a@b:{}/"]
)
def test_urls_that_may_not_be_called_are_not(url: str) -> None:
    attempt = run(send_to(url.format(5000)))
    assert (attempt.error, attempt.ms) == (URL_REFUSED, 0)


def test_every_answer_of_the_resolver_is_checked_and_only_allowed_ones_are_used() -> None:
    async def main() -> None:
        async with receiver() as seen:
            lookup = names(mixed_example=["127.0.0.2", "10.0.0.1", "127.0.0.1", "::1"])
            attempt = await send_to(f"http://mixed.example:{seen.port}/", LOOPBACK, PATIENT, lookup)
            assert attempt.delivered
            assert len(seen.bodies) == 1

    run(main())


def test_a_name_that_changes_its_address_is_checked_each_time() -> None:
    """DNS rebinding: the first answer is allowed, every later one leads inside."""
    asked: list[str] = []

    async def lookup(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    async def main() -> None:
        async with receiver() as seen:
            url = f"http://rebinding.example:{seen.port}/"
            assert (await send_to(url, LOOPBACK, PATIENT, lookup)).delivered
            assert len(asked) == 1  # checked and connected from one answer
            assert (await send_to(url, LOOPBACK, PATIENT, lookup)).error == DESTINATION_REFUSED
            assert len(seen.bodies) == 1

    run(main())


def test_the_systems_resolver_is_asked() -> None:
    async def main() -> None:
        async with receiver() as seen:
            assert (await send_to(f"http://localhost:{seen.port}/")).delivered
            assert (await send_to(f"http://localhost:{seen.port}/", Policy())).error == DESTINATION_REFUSED
        assert "127.0.0.1" in await system_lookup("localhost")
        with pytest.raises(OSError, match="not a host name"):
            await system_lookup("a" * 64 + ".example")

    run(main())


def test_names_without_addresses() -> None:
    attempt = run(send_to("http://empty.example/", lookup=names(empty_example=[])))
    assert (attempt.error, attempt.detail) == (DNS_FAILED, "empty.example has no addresses")


def test_a_name_server_that_hangs_ends_at_the_deadline() -> None:
    async def lookup(host: str) -> list[str]:
        await asyncio.sleep(600)
        return [host]

    assert run(send_to("http://hanging.example/", LOOPBACK, QUICK, lookup)).error == TIMED_OUT
