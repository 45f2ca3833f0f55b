"""What calls about forms give."""

from datetime import datetime
from typing import Literal

from web.api.shapes import Shape
from web.api.shapes_of_sources import Fares


class Confirmation(Shape):
    """What a visitor gets by mail when a post was taken; `subject` and `text` as they are sent."""

    enabled: bool
    locale: Literal["en", "de"]
    subject: str
    text: str


class Form(Fares):
    """A form. `url`: where it is posted to, below the address of leadgate; `address`: for notification mails;
    `snippet`: HTML to copy into a page."""

    id: str
    name: str
    token: str
    url: str
    address: str
    origins: list[str]
    redirect: str | None
    tags: list[str]
    owner_id: str | None
    team_id: str | None
    created_at: datetime
    confirmation: Confirmation
    snippet: str
