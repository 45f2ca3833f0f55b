"""/healthz: this process answers. /readyz: mail is accepted and work is being drained, with the details.
/metrics: figures for Prometheus, for those whom LEADGATE_METRICS lets in.
"""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Request, Response, abort, jsonify, request

from web.services import Services

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SIGNS_OF_A_PROXY = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
)
"""With any of these the client is elsewhere, whatever address the connection comes from."""


def health(services: Services) -> Blueprint:
    """The routes; the first two open to everybody."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @pages.get("/readyz")
    def readyz() -> Response:
        found = services.readiness()
        response = jsonify({"ready": found.ready} | dict(found.details))
        response.status_code = 200 if found.ready else 503
        return response

    @pages.get("/metrics")
    def metrics() -> Response:
        if services.metrics is None or not may_read_metrics(request, services.metrics_for):
            abort(404)  # it is nobody's business that it exists
        return Response(services.metrics(), content_type=METRICS_TYPE)

    return pages


def may_read_metrics(asking: Request, readers: str) -> bool:
    """`readers`: "local" programs of this machine, "public" anybody, "off" nobody, else the bearer token."""
    match readers:
        case "off":
            return False
        case "public":
            return True
        case "local":
            return _is_local(asking)
        case token:
            given = asking.headers.get("Authorization", "")
            return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _is_local(asking: Request) -> bool:
    try:
        peer = ip_address(asking.remote_addr or "")
    except ValueError:
        return False
    return peer.is_loopback and not any(name in asking.headers for name in SIGNS_OF_A_PROXY)
