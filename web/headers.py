"""Security headers of every answer. A view may set its own; these stand where it didn't."""

from flask import Flask, Response, request

_EVERYWHERE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_ONLY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
API_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)
"""For the API's own documentation: our style sheet and pictures, no script."""
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""For HTML pages: our own style sheets, scripts and pictures (those of the style sheet are data:), nothing inline
and nothing from outside."""
MAIL_POLICY = (
    "default-src 'none'; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
    "style-src 'self'"
)
"""For the cleaned HTML of a mail in its frame: it loads nothing but our style sheet, runs nothing, sends nothing."""


def add_security_headers(app: Flask, *, https: bool) -> None:
    """Adds the headers to every answer of `app`; `https`: people open it by HTTPS only."""
    headers = _EVERYWHERE | (_ONLY_HTTPS if https else {})

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static":
            response.headers["Cache-Control"] = "public, max-age=86400"
        return response
