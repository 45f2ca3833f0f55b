"""`POST /f/<token>`: takes a post. It is answered only once it is stored, so an answer of 200 or 302 survives anything.

In this order: which form, from which origin, how often, what was sent, stored. Whoever names no form costs one look for
its token.
"""

import logging
import secrets
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, Request, Response, request
from sqlalchemy.exc import SQLAlchemyError

from parsers import form_body
from parsers.form_post import TAG
from store.address_details import LONGEST_TAG
from store.forms import Form, form_of_token
from store.session import is_unavailable
from web.form_door import answers
from web.form_door.answers import reader_of
from web.form_door.taking import Taken, Untaken, take
from web.proxies import client_address, is_https
from web.rates import Rates
from web.services import NotNow, Posted, Services

log = logging.getLogger(__name__)

PATH = "/f/<path:token>"
"""Whatever stands there: who opens a link that lost its end is told so by a page."""
UNCODED = ("", "identity")
LONGEST_TOKEN = 64
RETRY_SECONDS = 30
NO_LIMIT = 1 << 40
"""`taking` counts for itself: the server has read the body already, and refused what is larger than any post."""


@dataclass(frozen=True, slots=True)
class Door:
    """What all posts share."""

    services: Services
    rates: Rates


def add_form_door(app: Flask, services: Services) -> None:
    """The form door of `app`."""
    door = Door(services, Rates(services.limits.form_posts_per_minute))

    @app.post(PATH, endpoint="form_door.post", provide_automatic_options=False)
    def post(token: str) -> Response:
        return _answered(door, request, token)

    @app.get(PATH, endpoint="form_door.visit", provide_automatic_options=False)
    def visit(token: str) -> Response:
        return answers.visited(reader_of(request, None), _find(services, token))

    @app.route(PATH, endpoint="form_door.ask", methods=["OPTIONS"])
    def ask(token: str) -> Response:
        return answers.preflight(_find(services, token), request.headers.get("Origin"))


def _answered(door: Door, sent: Request, token: str) -> Response:
    sent.max_content_length = NO_LIMIT
    try:
        form = _find(door.services, token)
    except NotNow:
        kept = _kept(sent)
        return answers.later_answer(reader_of(sent, kept), 503, "not_now", sent.path, kept, RETRY_SECONDS)
    if form is None:
        return answers.wrong_answer(reader_of(sent, None), 404, "gone")
    answer = _take(door, sent, form)
    answers.allow(answer, form, sent.headers.get("Origin"))
    return answer


def _take(door: Door, sent: Request, form: Form) -> Response:
    services = door.services
    if not answers.is_allowed(form, sent.headers.get("Origin")):
        return answers.wrong_answer(reader_of(sent, None), 403, "origin")
    client = client_address(
        sent.remote_addr, sent.headers.get("X-Forwarded-For", ""), services.trusted_proxies
    )
    rate = door.rates.count(f"{form.id} {_line_of(client)}")
    if rate is not None and rate.exceeded:
        kept = _kept(sent)
        return answers.later_answer(reader_of(sent, kept), 429, "slow", sent.path, kept, rate.resets)
    if sent.headers.get("Content-Encoding", "").strip().lower() not in UNCODED:
        return answers.wrong_answer(reader_of(sent, None), 415, "kind")
    taken = take(sent.stream, sent.headers.get("Content-Type", ""))
    if isinstance(taken, Untaken):
        return answers.wrong_answer(reader_of(sent, None), taken.status, taken.why)
    reader = reader_of(sent, taken)
    try:
        services.accept_post(_posted(services, sent, form, taken, client))
    except NotNow:
        return answers.later_answer(reader, 503, "not_now", sent.path, taken, RETRY_SECONDS)
    return answers.taken_answer(reader, form, taken)


def _posted(services: Services, sent: Request, form: Form, taken: Taken, client: str | None) -> Posted:
    """Two posts are the same transmission only where the sender says so: by one Idempotency-Key for one content."""
    key = sent.headers.get("Idempotency-Key", "")
    once = key.encode("utf-8", "replace") + b"\n" + taken.digest() if key else secrets.token_bytes(16)
    return Posted(
        account_id=form.account_id,
        form_id=form.id,
        address_id=form.address_id,
        address=form.address,
        tag=taken.body.first(TAG).strip()[:LONGEST_TAG] or None,
        client_ip=client,
        tls=is_https(
            sent.remote_addr,
            sent.scheme,
            sent.headers.get("X-Forwarded-Proto", ""),
            services.trusted_proxies,
        ),
        raw=taken.raw,
        identity=form.id.encode() + b"\n" + once,
    )


def _line_of(client: str | None) -> str:
    """What posts are counted by: an IPv4 address, or the 64 bits of an IPv6 address that name one connection
    (RFC 6177): whoever has one has all its addresses."""
    try:
        address = ip_address(client or "")
    except ValueError:  # a peer that has no address: all of them share one count
        return str(client)
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def _kept(sent: Request) -> Taken | None:
    """What a page can give back of a post that is not stored: its text, where no file makes it large."""
    if (sent.content_length or 0) > form_body.TEXT:
        return None
    taken = take(sent.stream, sent.headers.get("Content-Type", ""))
    return taken if isinstance(taken, Taken) else None


def _find(services: Services, token: str) -> Form | None:
    """The form. NotNow when the database cannot be asked."""
    if not (token.isascii() and token.isalnum() and len(token) <= LONGEST_TOKEN):
        return None
    try:
        with services.database.read() as connection:
            return form_of_token(connection, token)
    except SQLAlchemyError as fault:
        if not is_unavailable(fault):
            raise
        log.exception("no post can be taken: %s", type(fault).__name__, exc_info=fault)
        raise NotNow("the form cannot be looked up") from fault
