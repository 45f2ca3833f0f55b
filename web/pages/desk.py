"""Carries a visit out: who comes, may they, is the form ours, the view in its transaction, the answer.

Nobody logged in → on to the log-in page. A form without this browser's token is 403 and changes nothing. The
session's cookie is HttpOnly and SameSite=Lax, and Secure with the `__Host-` prefix where people come by HTTPS.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Request, Response, current_app, g, render_template, request
from flask_babel import gettext as _

from rules.event import CauseKind, cause
from store import sessions
from store.access import is_manager
from store.ids import new_id
from store.session import NotFound
from web import form_tokens, headers, translating
from web.api.route import Call, Transaction
from web.logging_in import Throttle
from web.pages import forms, words, wrong
from web.pages.route import Answer, Go, Page, Send, Show, Visit, Who
from web.pages.routes import PAGES
from web.problems import Problem, as_problem
from web.proxies import client_address, is_https
from web.services import Services

LOGIN = "/login"
NOT_PAGES = ("/api/", "/healthz", "/readyz", "/metrics", "/static/", "/f/")
MONTH = 30 * 24 * 3600
YEAR = 365 * 24 * 3600
THEME = "leadgate_theme"
"""The cookie that keeps light or dark: a matter of the screen one sits at, so it is kept in the browser."""
DESK = "leadgate.desk"


@dataclass(frozen=True, slots=True)
class Desk:
    """What all visits share."""

    services: Services
    throttle: Throttle

    @property
    def https(self) -> bool:
        return self.services.public_url.startswith("https:")

    @property
    def session_cookie(self) -> str:
        return "__Host-leadgate" if self.https else "leadgate_session"

    @property
    def form_cookie(self) -> str:
        return "__Host-leadgate-form" if self.https else "leadgate_form"


def add_pages(app: Flask, services: Services) -> None:
    """Every page of the table, and what all templates know."""
    desk = Desk(services, Throttle(services.limits))
    app.extensions[DESK] = desk
    for page in PAGES:
        app.add_url_rule(
            page.path,
            f"pages.{page.name}",
            make_view(desk, page),
            methods=[page.method],
            provide_automatic_options=False,
        )

    @app.context_processor
    def _known() -> dict[str, Any]:
        return {
            "me": g.get("session"),
            "manages": g.get("manages", False),
            "csrf": g.get("csrf", ""),
            "language": translating.language(),
            "words": words,
            "version": services.version,
            "here": request.path,
            "stands": request.full_path.rstrip("?")
            if request.method == "GET"
            else _back(request) + _kept(request) or "/",
            "notice": words.NOTICES.get(request.args.get("notice", "")),
            "theme": _theme(request),
            "returned": g.get("returned"),
            "field_id": forms.field_id,
            "marks": forms.marks,
            "described": forms.described,
            "opened": forms.opened,
            "kept": _kept(request),
        }


def make_view(desk: Desk, page: Page) -> Callable[..., Response]:
    """The Flask view of a page; its arguments are the ids in the path."""

    def view(**ids: str) -> Response:
        return _carry_out(desk, page, request, ids)

    return view


def error_page(problem: Problem) -> Response | None:
    """A problem told to a person; None where a program asks."""
    if request.path.startswith(NOT_PAGES) or not request.accept_mimetypes.accept_html:
        return None
    if "session" not in g and problem.status < 500:
        _greet(current_app.extensions[DESK], request)
    html = render_template(
        "error.html",
        status=problem.status,
        told=problem.detail if problem.translated else wrong.problem(problem.status),
        details=wrong.details(problem),
        reference=problem.reference,
        back=_back(request),
    )
    response = _page(html, problem.status)
    response.headers.update(problem.headers)
    return response


def _carry_out(desk: Desk, page: Page, sent: Request, ids: dict[str, str]) -> Response:
    services = desk.services
    sent.max_content_length = services.limits.upload_bytes if page.files else services.limits.json_bytes
    session, held, fresh = _greet(desk, sent)
    if page.who is not Who.ANYONE and session is None:
        return _to_login(page, sent)
    if page.who is Who.ADMIN and session is not None and not session.viewer.is_admin:
        raise Problem(403, _("This page is for admins."), translated=True)
    visit = Visit(_call(services, sent, session), sent, session, desk.throttle)
    if page.method == "POST" and not form_tokens.is_own_form(sent, held, services.address_key):
        return _refuse_form(desk, page, visit, ids)
    try:
        answer = _run(page, visit, ids)
    except forms.REFUSALS as refusal:
        answer = _once_more(page, visit, ids, refusal)
    response = _respond(desk, answer)
    for work in sorted(visit.call.rings):
        services.ring(work)
    if fresh is not None and page.who is Who.ANYONE:
        _set_cookie(desk, response, desk.form_cookie, fresh, None)
    return response


def _greet(desk: Desk, sent: Request) -> tuple[sessions.Session | None, str | None, str | None]:
    """(who comes, what the browser holds that forms are bound to, what it is to hold from now on)."""
    token, form_secret = sent.cookies.get(desk.session_cookie), sent.cookies.get(desk.form_cookie)
    session = _find_session(desk, token)
    g.session = session
    if session is not None:  # what the store tells in sentences is told in the page's language
        session = replace(session, viewer=replace(session.viewer, locale=translating.language()))
    held = token if session is not None else form_secret
    fresh = secrets.token_urlsafe(24) if held is None else None
    g.csrf = form_tokens.token_for(held or fresh or "", desk.services.address_key)
    return session, held, fresh


def _kept(sent: Request) -> str:
    """The query of the page that is shown, for its forms' actions: what comes back is the page as it was filtered."""
    asked = [pair for pair in sent.args.items(multi=True) if pair[0] != "notice"]
    return f"?{urlencode(asked)}" if asked else ""


def _theme(sent: Request) -> str:
    chosen = sent.cookies.get(THEME, "")
    return chosen if chosen in words.THEMES else ""


def _back(sent: Request) -> str:
    """The page that a form which could not be taken stood on: the nearest above its address; "" for a visit."""
    path, pages = sent.path, current_app.url_map.bind("")
    while sent.method != "GET" and path.strip("/"):
        if pages.test(path, method="GET"):
            return path
        path = path.rpartition("/")[0]
    return ""


def _find_session(desk: Desk, token: str | None) -> sessions.Session | None:
    if not token or len(token) > 100:
        return None
    database = desk.services.database
    with database.read() as connection:
        session = sessions.find(connection, token)
        g.manages = session is not None and is_manager(connection, session.viewer)
    if session is not None and session.stale:
        with database.write() as connection:
            sessions.touch(connection, session)
    return session


def _call(services: Services, sent: Request, session: sessions.Session | None) -> Call:
    proxies = services.trusted_proxies
    return Call(
        services=services,
        viewer_or_none=None if session is None else session.viewer,
        connection_or_none=None,
        cause=cause(CauseKind.USER, session.viewer.user_id if session else new_id()),
        client_ip=client_address(sent.remote_addr, sent.headers.get("X-Forwarded-For", ""), proxies),
        https=is_https(sent.remote_addr, sent.scheme, sent.headers.get("X-Forwarded-Proto", ""), proxies),
        path=sent.path,
    )


def _run(page: Page, visit: Visit, ids: dict[str, str]) -> Answer:
    """The view in its transaction; a page is made from its template afterwards."""
    database = visit.services.database
    if page.transaction is Transaction.OWN:
        return page.view(visit, **ids)
    opened = database.write() if page.transaction is Transaction.WRITE else database.read()
    with opened as connection:
        visit.call.connection_or_none = connection
        return page.view(visit, **ids)


def _refuse_form(desk: Desk, page: Page, visit: Visit, ids: dict[str, str]) -> Response:
    """A form without its token does nothing. One that only got old comes back with a fresh one; what another site may
    have filled in does not."""
    if page.who is not Who.ANYONE and form_tokens.is_from_here(visit.request):
        expired = Problem(
            403, _("This form had expired. Nothing was done; please send it again."), translated=True
        )
        return _respond(desk, _once_more(page, visit, ids, expired))
    told = _("This form has expired, or came from another site. Reload the page and try again.")
    raise Problem(403, told, translated=True)


def _once_more(page: Page, visit: Visit, ids: dict[str, str], refusal: Exception) -> Answer:
    """The page that a form stands on, with what was typed and what is wrong; the refusal itself if it has none."""
    shows = next((p for p in PAGES if p.view is page.stands_on and p.method == "GET"), None)
    if shows is None:
        raise refusal
    problem = as_problem(refusal)
    g.returned = forms.returned(visit.request, problem)
    try:
        again = _run(shows, visit, {name: value for name, value in ids.items() if f":{name}>" in shows.path})
    except (*forms.REFUSALS, NotFound):
        again = None
    if not isinstance(again, Show):
        g.returned = None
        raise refusal
    return replace(again, status=problem.status, headers={**again.headers, **problem.headers})


def _respond(desk: Desk, answer: Answer) -> Response:
    match answer:
        case Show():
            page = _page(render_template(answer.template, **answer.context), answer.status)
            page.headers.update(answer.headers)
            return page
        case Send():
            response = Response(answer.body, mimetype=answer.mimetype)
            response.headers.update(answer.headers)
            return response
        case Go():
            mark = "&" if "?" in answer.to else "?"
            response = _see(f"{answer.to}{mark}notice={answer.notice}" if answer.notice else answer.to)
            if answer.token is not None:
                _set_cookie(desk, response, desk.session_cookie, answer.token, MONTH)
            if answer.theme is not None:
                _set_cookie(desk, response, THEME, answer.theme, YEAR)
            if answer.leaves:
                response.delete_cookie(desk.session_cookie, secure=desk.https, httponly=True, samesite="Lax")
            return response


def _to_login(page: Page, sent: Request) -> Response:
    return _see(f"{LOGIN}?next={quote(sent.full_path.rstrip('?'))}" if page.method == "GET" else LOGIN)


def _see(to: str) -> Response:
    """On to `to`, a path of ours: relative, so that no Host header gets into a link."""
    return Response(b"", 303, {"Location": to}, mimetype="text/html")


def _page(html: str, status: int) -> Response:
    response = Response(html, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = headers.PAGE_POLICY
    return response


def _set_cookie(desk: Desk, response: Response, name: str, value: str, age: int | None) -> None:
    response.set_cookie(name, value, max_age=age, secure=desk.https, httponly=True, samesite="Lax", path="/")
