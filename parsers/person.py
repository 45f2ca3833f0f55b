"""What a signature says about a person, and the JSON of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Phone:
    """A number of a signature: `kind` is phone, mobile or fax, `number` as written, `e164` where it is written with
    its country's code."""

    kind: str
    number: str
    e164: str | None = None

    def to_json(self) -> Json:
        """`{"kind", "number", "e164"}`."""
        return {"kind": self.kind, "number": self.number, "e164": self.e164}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Phone:
        """The way back."""
        return cls(data["kind"], data["number"], data.get("e164"))


@dataclass(frozen=True, slots=True)
class Contact:
    """What the signature of a mail says about who wrote it.

    `of` is the address of the person whose mail it is: the sender, or the original sender of a forward. `found` is
    where: "signature" (below its delimiter), "name" (below the sender's), or the closing formula above it; `lines`
    are the lines it was read from.
    """

    of: str | None
    found: str
    name: str | None = None
    job_title: str | None = None
    company: str | None = None
    email: str | None = None
    phones: tuple[Phone, ...] = ()
    website: str | None = None
    address: str | None = None
    lines: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """All of it."""
        return {
            "of": self.of,
            "found": self.found,
            "name": self.name,
            "job_title": self.job_title,
            "company": self.company,
            "email": self.email,
            "phones": [phone.to_json() for phone in self.phones],
            "website": self.website,
            "address": self.address,
            "lines": list(self.lines),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Contact:
        """The way back."""
        return cls(
            data.get("of"),
            data["found"],
            data.get("name"),
            data.get("job_title"),
            data.get("company"),
            data.get("email"),
            tuple(Phone.from_json(row) for row in data.get("phones") or ()),
            data.get("website"),
            data.get("address"),
            tuple(data.get("lines") or ()),
        )
