"""What calls about forms give."""

from datetime import datetime

from web.api.shapes_of_sources import Fares


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
    snippet: str
