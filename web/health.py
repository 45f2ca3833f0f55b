"""/healthz: this process answers. /readyz: mail is accepted and work is being drained, with the details."""

from flask import Blueprint, Response, jsonify

from web.services import Services


def health(services: Services) -> Blueprint:
    """The two routes, open to everybody."""
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

    return pages
