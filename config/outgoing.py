"""Outgoing mail as the settings want it: the deployment's mail server, and what the rooms that send are told."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from config.patient import Patient, Wrong
from config.settings import Settings
from store.smarthosts import Smarthost

if TYPE_CHECKING:
    from store.outgoing import Post
    from webhooks.mail.options import MailOptions


def smarthost(settings: Settings) -> Smarthost | None:
    """The deployment's server; None where there is none."""
    server = settings.smarthost
    if server is None:
        return None
    name, address = settings.mail_from or ("", None)
    return Smarthost(
        host=server.host,
        port=server.port,
        tls=server.tls,
        username=settings.smarthost_user,
        password=settings.smarthost_password,
        from_address=address,
        from_name=name or "leadgate",
        return_path=settings.return_path,
    )


def options(settings: Settings) -> "MailOptions":
    """What the rooms of outgoing mail are told."""
    from webhooks.destination import Policy
    from webhooks.mail.options import MailOptions

    return MailOptions(
        address_key=settings.key("addresses"),
        deployment=smarthost(settings),
        policy=Policy(tuple(settings.smarthost_allow)),
        hostname=settings.hostname,
    )


def options_of_tests(settings: Settings) -> "MailOptions":
    """The same for a connection test: somebody waits for its answer."""
    from dataclasses import replace

    return replace(options(settings), connect=5.0, answer=10.0, greeting=20.0)


def post(settings: Settings) -> "Post":
    """What queueing a mail needs."""
    from store.outgoing import Post
    from store.sealing import Sealer

    return Post(Sealer(settings.key("credentials")), settings.smarthost is not None)


def problem(settings: Settings) -> Callable[[Smarthost], str | None]:
    """Why an account's server may not be used: names are judged at each connection."""
    from webhooks.destination import Policy

    policy = Policy(tuple(settings.smarthost_allow))

    def judge(server: Smarthost) -> str | None:
        try:
            refused = policy.check(ip_address(server.host))
        except ValueError:
            return None  # a name
        return f"must not be reached: {refused.reason}" if refused is not None else None

    return judge


def tester(settings: Settings) -> Callable[[str, str, Smarthost | None], list[dict[str, Any]]]:
    """Goes through the stages of a connection for an account; None: to the deployment's server."""

    def test(account_id: str, domain: str, server: Smarthost | None) -> list[dict[str, Any]]:
        from webhooks.mail.attempt import try_stages
        from webhooks.mail.mailer import envelope_sender

        told = options_of_tests(settings)
        tried = server or told.deployment
        assert tried is not None
        sender = envelope_sender(tried, told.address_key, account_id, "0" * 26, domain)
        return [result.to_json() for result in try_stages(tried, told, sender)]

    return test


def examine(patient: Patient) -> str:
    """The doctor's stage: goes through the stages of a connection to the deployment's server. Sends nothing."""
    if patient.settings.smarthost is None:
        return "none: admins hand links over themselves (LEADGATE_SMARTHOST)"
    from webhooks.mail.attempt import try_stages
    from webhooks.mail.mailer import envelope_sender

    told = options_of_tests(patient.settings)
    server = told.deployment
    assert server is not None
    domain = patient.parts.figures().domain or patient.settings.hostname
    sender = envelope_sender(server, told.address_key, "", "0" * 26, domain)
    results = try_stages(server, told, sender)
    failed = next((result for result in results if not result.ok), None)
    if failed is not None:
        raise Wrong(f"{server.place} fails at stage {failed.stage}: {failed.detail}", failed.fix)
    return f"{server.place} takes mail from {sender.rpartition('@')[2]}"
