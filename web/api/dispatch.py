"""Carries a call out: who asks, how often, what they may, what they sent, the view, the answer.

A view of a WRITE route runs in one transaction, and a repeated request (Idempotency-Key) finds the answer
that was kept in that same transaction: the effect and its answer are both there or neither. The workers
are rung after the commit.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Request, Response, request

from rules.event import CauseKind, cause
from store import idempotency
from store.ids import new_id
from store.scope import Viewer
from web.api.reading import read_body, read_query
from web.api.route import Answer, Call, Route, Transaction, Who
from web.auth import Caller, identify
from web.problems import Problem
from web.proxies import client_address, is_https
from web.rates import Rate, Rates
from web.services import Services


@dataclass(frozen=True, slots=True)
class Desk:
    """What all calls share."""

    services: Services
    requests: Rates
    refusals: Rates


def make_view(desk: Desk, route: Route) -> Callable[..., Response]:
    """The Flask view of a route; its arguments are the ids in the path."""

    def view(**ids: str) -> Response:
        return _carry_out(desk, route, request, ids)

    return view


def _carry_out(desk: Desk, route: Route, sent: Request, ids: dict[str, str]) -> Response:
    services = desk.services
    sent.max_content_length = services.limits.json_bytes
    proxies = services.trusted_proxies
    client = client_address(sent.remote_addr, sent.headers.get("X-Forwarded-For", ""), proxies)
    caller = identify(services.database, sent, client, desk.refusals)
    rate = desk.requests.count(caller.viewer.user_id if caller.viewer else f"deployment {client}")
    if rate is not None and rate.exceeded:
        raise Problem(429, "Too many requests; wait a little.", headers=rate.headers)
    _admit(route, caller)
    arguments: dict[str, Any] = dict(ids)
    if route.query is not None:
        arguments["query"] = read_query(sent, route)
    if route.body is not None:
        arguments["body"] = read_body(sent, route, services.limits)
    call = Call(
        services=services,
        viewer_or_none=caller.viewer,
        connection_or_none=None,
        cause=cause(CauseKind.API, new_id()),
        client_ip=client,
        https=is_https(sent.remote_addr, sent.scheme, sent.headers.get("X-Forwarded-Proto", ""), proxies),
        path=sent.path,
    )
    answer = _once(route, sent, call, arguments)
    for work in sorted(call.rings):
        services.ring(work)
    return _response(answer, rate)


def _admit(route: Route, caller: Caller) -> None:
    """Problem 403 for a caller who may not call the route at all."""
    viewer = caller.viewer
    if route.who is Who.DEPLOYMENT:
        if viewer is not None:
            raise Problem(403, "This takes the deployment key.")
        return
    if viewer is None:
        raise Problem(403, "The deployment key makes accounts and nothing else.")
    if route.who is Who.ADMIN and not viewer.is_admin:
        raise Problem(403, "This is for admins.")
    if viewer.read_only and route.method != "GET":
        raise Problem(403, "This key may only read.")


def _once(route: Route, sent: Request, call: Call, arguments: dict[str, Any]) -> Answer:
    """Runs the view, or gives the answer kept from the first request with the same Idempotency-Key."""
    key = sent.headers.get("Idempotency-Key") if route.method == "POST" else None
    viewer = call.viewer_or_none
    if key is None or viewer is None:
        return _run(route, call, arguments, None)
    database = call.services.database
    digest = _digest(sent, call, arguments.get("body"))
    with database.write() as connection:
        kept = idempotency.begin(connection, viewer, key, digest)
    if kept is not None:
        return _replay(kept)
    try:
        return _run(route, call, arguments, lambda answer: _keep(call, viewer, key, route, answer))
    except Exception:
        with database.write() as connection:
            idempotency.forget(connection, viewer, key)
        raise


def _run(
    route: Route, call: Call, arguments: dict[str, Any], keep: Callable[[Answer], None] | None
) -> Answer:
    """Runs the view in its transaction, and `keep` in the same one."""
    database = call.services.database
    if route.transaction is Transaction.OWN:
        answer = route.view(call, **arguments)
        if keep is not None:
            with database.write() as connection:
                call.connection_or_none = connection
                keep(answer)
        return answer
    opened = database.write() if route.transaction is Transaction.WRITE else database.read()
    with opened as connection:
        call.connection_or_none = connection
        answer = route.view(call, **arguments)
        if keep is not None:
            keep(answer)
    return answer


def _keep(call: Call, viewer: Viewer, key: str, route: Route, answer: Answer) -> None:
    kept = None if route.secret else json.dumps({"body": answer.body, "headers": dict(answer.headers)})
    idempotency.finish(call.connection, viewer, key, answer.status, kept)


def _replay(kept: idempotency.Kept) -> Answer:
    if kept.body is None:
        raise Problem(409, "This request was carried out before; the secret it answered is shown only once.")
    first = json.loads(kept.body)
    return Answer(first["body"], kept.status, {**first["headers"], "Idempotency-Replayed": "true"})


def _digest(sent: Request, call: Call, body: Any) -> str:
    """What makes it the same request. Keyed, because a body may hold a password."""
    raw = body if isinstance(body, bytes) else sent.get_data()
    head = f"idempotency\n{sent.method}\n{sent.full_path}\n{sent.mimetype}\n"
    return hmac.new(call.services.address_key, head.encode() + raw, hashlib.sha256).hexdigest()


def _response(answer: Answer, rate: Rate | None) -> Response:
    if answer.body is None:
        data: str | bytes = b""
    elif isinstance(answer.body, bytes):
        data = answer.body
    else:
        data = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    response = Response(data, answer.status, mimetype=answer.mimetype)
    if answer.body is None:
        del response.headers["Content-Type"]
    response.headers.update(answer.headers)
    if rate is not None:
        response.headers.update(rate.headers)
    return response
