"""Errors as problem+json (RFC 9457), and the one catch-all of this door.

`type` is "about:blank" and the meaning stands in `status`, `title` and `detail`; a 422 names every place
in `errors`, a 409 the one that is taken. What nobody foresaw becomes a 500 with an id, which stands in the log
beside the traceback and tells the client nothing else. A database that cannot be asked is a 503, never a 500.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from rules.exceptions import InvalidRule
from store.ids import new_id
from store.session import Conflict, Invalid, NotFound, Refused, is_unavailable
from web.services import NotNow, UnknownAddress

log = logging.getLogger(__name__)

RETRY_SECONDS = 5


class Problem(Exception):
    """An answer that is an error. `errors`: [{"place", "reason"}] of a 422 or 409; `reference`: its id in the log;
    `translated`: `detail` is in the language of the page."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        reference: str = "",
        translated: bool = False,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.reference = reference
        self.translated = translated


def unprocessable(place: str, reason: str) -> Problem:
    """A 422 that names one place."""
    detail = f"{place}: {reason}" if place else reason
    return Problem(422, detail, errors=[{"place": place, "reason": reason}])


def as_problem(error: Exception) -> Problem:
    """What an exception means for the client. Logs what nobody foresaw."""
    match error:
        case Problem():
            return error
        case NotFound():
            return Problem(404, "There is nothing here, or nothing that you may see.")
        case Refused():
            return Problem(403, str(error))
        case Conflict():
            places = [{"place": error.place, "reason": str(error)}] if error.place else []
            return Problem(409, str(error), errors=places)
        case Invalid() | InvalidRule():
            return unprocessable(error.place, error.reason)
        case UnknownAddress():
            return unprocessable("to", "is no inbound address of this account")
        case RequestEntityTooLarge():
            return Problem(413, "The request is larger than allowed here.")
        case HTTPException(code=int(code)):
            allowed = error.get_headers() if code == 405 else []
            return Problem(code, error.description or "", headers={k: v for k, v in allowed if k == "Allow"})
        case IntegrityError():
            log.warning("two requests met", exc_info=error)
            return Problem(409, "Something else was changed at the same moment; try again.")
        case NotNow():
            return _unavailable(error)
        case SQLAlchemyError() if is_unavailable(error):
            return _unavailable(error)
        case _:
            return _unforeseen(error)


def respond(problem: Problem) -> Response:
    """The answer that tells of a problem."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
    }
    if problem.detail:
        body["detail"] = problem.detail
    if problem.errors:
        body["errors"] = problem.errors
    response = Response(
        json.dumps(body, ensure_ascii=False), problem.status, mimetype="application/problem+json"
    )
    response.headers.update(problem.headers)
    return response


def install(app: Flask, page: Callable[[Problem], Response | None]) -> None:
    """Every exception of `app` ends here. `page` tells a problem to a person, or leaves it (None) to the JSON."""

    @app.errorhandler(Exception)
    def _answer(error: Exception) -> Response:
        problem = as_problem(error)
        return page(problem) or respond(problem)


def _unavailable(error: Exception) -> Problem:
    log.error("not available: %s", type(error).__name__, exc_info=error)
    return Problem(
        503, "This cannot be done just now; try again.", headers={"Retry-After": str(RETRY_SECONDS)}
    )


def _unforeseen(error: Exception) -> Problem:
    error_id = new_id()
    log.error("error %s", error_id, exc_info=error)
    told = f"Something went wrong on our side. It is in the log as {error_id}."
    return Problem(500, told, reference=error_id)
