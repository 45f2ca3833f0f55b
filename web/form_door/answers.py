"""What a post is answered: a page for a browser, JSON for a program, the headers of CORS for both.

A page loads our style sheet and nothing else, and everything on it that the visitor wrote is text. A browser goes on
to `_redirect` only where that lies on a listed origin, so that no form of ours sends people anywhere.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Request, Response, render_template

from parsers.form_body import JSON, kind_of
from parsers.form_post import LANGUAGE, REDIRECT, visible
from store.forms import Form, origin_of
from web import headers
from web.form_door.taking import Taken
from web.form_door.words import LANGUAGES, say
from web.problems import Problem, respond

ALLOWED = "POST, OPTIONS"
PREFLIGHT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is answered: in which language, and whether a program asks."""

    language: str
    program: bool


def reader_of(sent: Request, taken: Taken | None) -> Reader:
    """A script's fetch and whoever prefers JSON are programs; the language is the form's (`_lang`), else the
    browser's."""
    chosen = (taken.body.first(LANGUAGE) if taken else "").strip().lower()[:2]
    language = chosen if chosen in LANGUAGES else sent.accept_languages.best_match(LANGUAGES, "en")
    accepted = sent.accept_mimetypes
    program = (
        kind_of(sent.headers.get("Content-Type", "")) == JSON
        or sent.headers.get("Sec-Fetch-Mode", "") in ("cors", "same-origin")
        or accepted["application/json"] > accepted["text/html"]
    )
    return Reader(language, program)


def taken_answer(reader: Reader, form: Form, taken: Taken) -> Response:
    """The post is stored: thanks, or on to where the form says; 413 naming the files that were left out."""
    if taken.left_out:
        said = [say(one.why, reader.language, file=one.filename or one.field) for one in taken.left_out]
        errors = [
            {"place": one.field, "reason": text} for one, text in zip(taken.left_out, said, strict=True)
        ]
        if reader.program:
            return respond(Problem(413, f"{say('files', reader.language)} {', '.join(said)}", errors=errors))
        return _page(413, reader, "files", items=said)
    to = _following(form, taken)
    if reader.program:
        answer: dict[str, object] = {"ok": True, "redirect": to}
        return _json(answer)
    if to is not None:
        return Response(b"", 302, {"Location": to}, mimetype="text/html")
    return _page(200, reader, "thanks")


def wrong_answer(reader: Reader, status: int, why: str) -> Response:
    """Nothing is stored, and sending it again would not help."""
    if reader.program:
        return respond(Problem(status, say(why, reader.language)))
    return _page(status, reader, "wrong", text=say(why, reader.language))


def visited(reader: Reader, form: Form | None) -> Response:
    """Somebody opens the address of a form, or loads it again after a post."""
    if form is None:
        return wrong_answer(reader, 404, "gone")
    if reader.program:
        return respond(Problem(405, say("no_post", reader.language), headers={"Allow": ALLOWED}))
    answer = _page(405, reader, "no_post")
    answer.headers["Allow"] = ALLOWED
    return answer


def later_answer(
    reader: Reader, status: int, why: str, action: str, taken: Taken | None, seconds: int
) -> Response:
    """Nothing is stored, and sending it again helps: the page keeps what was written."""
    retry = {"Retry-After": str(seconds)}
    if reader.program:
        return respond(Problem(status, say(f"{why}_title", reader.language), headers=retry))
    entries = visible(taken.body) if taken else []
    answer = _page(
        status,
        reader,
        why,
        entries=entries,
        hidden=[(n, v) for n, v in taken.body.fields if (n, v) not in entries] if taken else [],
        action=action,
        again=say("again", reader.language),
        note=say("choose_again", reader.language) if taken and taken.body.files else "",
    )
    answer.headers.update(retry)
    return answer


def preflight(form: Form | None, origin: str | None) -> Response:
    """The answer to a browser that asks before a script's post (Fetch standard, CORS-preflight)."""
    answer = Response(b"", 204)
    del answer.headers["Content-Type"]
    answer.headers["Allow"] = ALLOWED
    if form is not None and allow(answer, form, origin):
        answer.headers["Access-Control-Allow-Methods"] = "POST"
        answer.headers["Access-Control-Allow-Headers"] = (
            "Accept, Content-Type, Idempotency-Key, X-Requested-With"
        )
        answer.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return answer


def is_allowed(form: Form, origin: str | None) -> bool:
    """Whether a page of `origin` may post: any where no origin is listed. Without one (a server, or a page that keeps
    its origin to itself) nothing can be said against it."""
    return not form.origins or origin in (None, "null") or origin in form.origins


def allow(answer: Response, form: Form, origin: str | None) -> bool:
    """Lets a script of `origin` read the answer, if it may; whether it may."""
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if not form.origins:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return True
    answer.headers["Vary"] = "Origin"
    if origin is None or origin not in form.origins:
        return False
    answer.headers["Access-Control-Allow-Origin"] = origin
    return True


def _following(form: Form, taken: Taken) -> str | None:
    asked = taken.body.first(REDIRECT).strip()
    if asked and origin_of(asked) in form.origins:
        return asked
    return form.redirect


def _json(value: dict[str, object]) -> Response:
    return Response(json.dumps(value), mimetype="application/json")


def _page(
    status: int,
    reader: Reader,
    name: str,
    *,
    text: str | None = None,
    items: Sequence[str] = (),
    **more: object,
) -> Response:
    html = render_template(
        "form_answer.html",
        spoken=reader.language,
        title=say(f"{name}_title", reader.language),
        text=say(name, reader.language) if text is None else text,
        items=items,
        **more,
    )
    answer = Response(html, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = headers.API_POLICY
    return answer
