"""Reading bodies and query strings. What is wrong is said by place: a Problem 400, 413, 415 or 422."""

from typing import Any

from flask import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from web.api.route import Route
from web.problems import Problem
from web.services import Limits

_JSON = ("application/json", "")
_MAIL = ("message/rfc822", "message/global", "application/octet-stream", "")


def read_body(request: Request, route: Route, limits: Limits) -> Any:
    """The body as the route takes it; None for a route that takes none. JSON is limited by the dispatcher."""
    if route.body is None:
        return None
    if route.body is bytes:
        request.max_content_length = limits.message_bytes
        raw = request.get_data(cache=False)
        if request.mimetype not in _MAIL:
            raise Problem(415, "Send the message as message/rfc822.")
        return raw
    raw = request.get_data()
    if raw and request.mimetype not in _JSON and not request.mimetype.endswith("+json"):
        raise Problem(415, "Send JSON as application/json.")
    assert issubclass(route.body, BaseModel)
    try:
        return route.body.model_validate_json(raw or b"{}")
    except ValidationError as error:
        raise _problem(error) from error


def read_query(request: Request, route: Route) -> Any:
    """The query string as the route takes it; None for a route that takes none."""
    if route.query is None:
        return None
    try:
        return route.query.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise _problem(error) from error


def _problem(error: ValidationError) -> Problem:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if any(each["type"] == "json_invalid" for each in found):
        return Problem(400, f"This is not JSON: {found[0]['msg'].removeprefix('Invalid JSON: ')}.")
    errors = [{"place": _place(each), "reason": _reason(each)} for each in found[:20]]
    detail = "; ".join(
        f"{each['place']}: {each['reason']}" if each["place"] else each["reason"] for each in errors
    )
    return Problem(422, detail, errors=errors)


def _place(error: ErrorDetails) -> str:
    """`contacts[0].emails[1]`."""
    place = ""
    for part in error["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place[:200]


def _reason(error: ErrorDetails) -> str:
    known = {"extra_forbidden": "is not known here", "missing": "is needed"}
    return known.get(error["type"], error["msg"].removeprefix("Value error, "))
