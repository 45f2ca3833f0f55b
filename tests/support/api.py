"""leadgate's API from outside: an account as `init` tells of it, and calls with its key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests


@dataclass(frozen=True, slots=True)
class Made:
    """What `leadgate init --json` said."""

    id: str
    domain: str
    admin_email: str
    admin_id: str
    personal: str
    leads: str
    bcc: str
    api_key: str

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Made":
        return cls(
            said["account"]["id"],
            said["account"]["domain"],
            said["admin"]["email"],
            said["admin"]["id"],
            said["admin"]["address"],
            said["addresses"]["leads"],
            said["addresses"]["bcc"],
            said["api_key"],
        )


class Api:
    """`/api/v1` with one key."""

    def __init__(self, base: str, key: str) -> None:
        self._base = base
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {key}"

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """One request, whatever its answer; `path` below /api/v1."""
        address = path if path.startswith("http") else f"{self._base}/api/v1{path}"
        return self._session.request(method, address, timeout=30, **more)

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON of a GET that must succeed."""
        return _json(self.call("GET", path, params=parameters))

    def post(self, path: str, body: Any) -> Any:
        """The JSON of a POST that must succeed."""
        return _json(self.call("POST", path, json=body))

    def patch(self, path: str, body: Any) -> Any:
        """The JSON of a PATCH that must succeed."""
        return _json(self.call("PATCH", path, json=body))

    def every(self, path: str, **parameters: Any) -> Iterator[Any]:
        """All items of a list, page by page along rel="next"."""
        answer = self.call("GET", path, params=parameters)
        while True:
            yield from _json(answer)
            following = answer.links.get("next")
            if following is None:
                return
            address = following["url"]
            if address.startswith("/"):
                address = self._base + address
            answer = self.call("GET", address)

    def close(self) -> None:
        self._session.close()


def _json(answer: requests.Response) -> Any:
    assert answer.ok, (
        f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:2000]}"
    )
    return answer.json() if answer.content else None
