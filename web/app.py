"""The Flask application: made by `create_app`, never on import.

Every request passes, in this order: trusted host, the size limit, the route's own checks
(`api.dispatch`), and ends with the security headers. Whatever is raised on the way becomes an answer in
`problems`.
"""

from functools import cache
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.routing import BaseConverter
from werkzeug.sansio.utils import host_is_trusted

from web import assets, headers, problems, translating
from web.api.description import describe
from web.api.dispatch import Desk, make_view
from web.api.routes import PREFIX, ROUTES
from web.form_door.door import add_form_door
from web.health import health
from web.pages import desk as pages
from web.problems import Problem
from web.rates import Rates
from web.services import Services

HEALTH = ("/healthz", "/readyz", "/metrics")


class IdConverter(BaseConverter):
    """An id in a path: 26 characters of `store.ids`. Anything else is 404 without asking the database."""

    regex = "[0-9a-z]{26}"


class DigestConverter(BaseConverter):
    """A SHA-256 in a path."""

    regex = "[0-9a-f]{64}"


def create_app(services: Services) -> Flask:
    """The application over `services`."""
    app = Flask("web")
    app.config["MAX_CONTENT_LENGTH"] = services.limits.message_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it; its base class says nothing
    app.url_map.converters |= {"id": IdConverter, "digest": DigestConverter}
    app.url_map.strict_slashes = True
    translating.install(app)
    assets.install(app)
    problems.install(app, pages.error_page)
    headers.add_security_headers(app, https=services.public_url.startswith("https:"))
    _check_hosts(app, services.trusted_hosts)
    app.register_blueprint(health(services))
    add_form_door(app, services)
    _add_api(app, services)
    pages.add_pages(app, services)
    return app


def _check_hosts(app: Flask, trusted: tuple[str, ...]) -> None:
    """Refuses requests for other hosts (DNS rebinding); health may be asked by address."""

    @app.before_request
    def _check() -> None:
        if trusted and request.path not in HEALTH and not host_is_trusted(request.host, trusted):
            raise Problem(400, "This host is not served here.")


def _add_api(app: Flask, services: Services) -> None:
    limits = services.limits
    desk = Desk(services, Rates(limits.requests_per_minute), Rates(limits.refusals_per_minute))
    for route in ROUTES:
        app.add_url_rule(
            PREFIX + route.path,
            f"api.{route.name}",
            make_view(desk, route),
            methods=[route.method],
            provide_automatic_options=False,
        )

    @cache  # made for its first reader: it would be most of the start
    def description() -> dict[str, Any]:
        return describe(ROUTES, PREFIX, public_url=services.public_url, version=services.version)

    @app.get(f"{PREFIX}/openapi.json", endpoint="api.document")
    def document() -> Response:
        return jsonify(description())

    @app.get(f"{PREFIX}/docs", endpoint="api.docs")
    def docs() -> Response:
        page = Response(render_template("api.html", api=description()), mimetype="text/html")
        page.headers["Content-Security-Policy"] = headers.API_POLICY
        return page
