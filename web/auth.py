"""Who asks: `Authorization: Bearer <key>` or `X-API-KEY`. A key acts as its user, a deployment key makes accounts.

A client that keeps showing wrong keys is made to wait; right ones are not counted against it.
"""

from dataclasses import dataclass

from flask import Request

from store.keys import is_deployment_key, viewer_by_key
from store.scope import Viewer
from store.session import Database
from web.problems import Problem
from web.rates import Rates

LONGEST_KEY = 200
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="leadgate"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks; `viewer` is None for a deployment key."""

    viewer: Viewer | None


def identify(database: Database, request: Request, client: str | None, refusals: Rates) -> Caller:
    """The caller by the key of the request. Problem 401 for none or a wrong one, 429 after too many."""
    key = _key_of(request)
    if key is None:
        raise Problem(401, "A key is needed: Authorization: Bearer <key>, or X-API-KEY.", headers=_CHALLENGE)
    name = client or "unknown"
    before = refusals.look(name)
    if before is not None and before.exceeded:
        raise Problem(429, "Too many wrong keys; wait a little.", headers=before.headers)
    with database.read() as connection:
        viewer = viewer_by_key(connection, key)
        if viewer is not None:
            return Caller(viewer)
        if is_deployment_key(connection, key):
            return Caller(None)
    refusals.count(name)
    raise Problem(401, "This key is not valid.", headers=_CHALLENGE)


def _key_of(request: Request) -> str | None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    key = value.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-KEY", "").strip()
    return key if 0 < len(key) <= LONGEST_KEY else None
