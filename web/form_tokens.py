"""Against forms that other sites send in a visitor's name (CSRF).

A form carries a token bound to what only this browser holds: the session's token, or, before anybody is logged
in, a random cookie of its own. It is a MAC and no second secret, so it needs no storage and ends with the session.
What browsers say of a request's origin (Fetch Metadata) is held against it as well.
"""

import hashlib
import hmac

from flask import Request

FIELD = "csrf"


def token_for(held: str, key: bytes) -> str:
    """The token of a form for the browser that holds `held`."""
    return hmac.new(key, b"form\n" + held.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def is_from_here(request: Request) -> bool:
    """Whether the browser itself says that one of our pages sent it: then at worst its form has expired."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def is_own_form(request: Request, held: str | None, key: bytes) -> bool:
    """Whether a form was shown by us to this very browser."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    given = request.form.get(FIELD, "")
    return held is not None and hmac.compare_digest(
        given.encode("utf-8", "replace"), token_for(held, key).encode()
    )
