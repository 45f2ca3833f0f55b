"""The JSON that calls about addresses and partners take; see `web.api.bodies`."""

from typing import Annotated

from pydantic import AliasChoices, Field

from web.api.bodies import Body, Email, Id, Short, Tag

Owner = Annotated[Id | None, Field(validation_alias=AliasChoices("owner_id", "owner"))]
Tags = Annotated[list[Tag], Field(max_length=100)]
Senders = Annotated[list[Email], Field(max_length=1_000)]


class AddressChange(Body):
    """What changes of an address. Owner, team and tags are of the leads that it makes; `accepts_unknown`: a user may
    act through it although nothing proves who wrote."""

    name: Short | None = None
    enabled: bool | None = None
    accepts_unknown: bool | None = None
    owner_id: Owner = None
    team_id: Id | None = None
    tags: Tags | None = None


class NewAddress(Body):
    """A further address for leads: `local_part` before the @ of the account's mail domain."""

    local_part: Short
    name: Short = ""
    owner_id: Owner = None
    team_id: Id | None = None
    tags: Tags | None = None


class PartnerChange(Body):
    """What changes of a partner. `senders`: addresses and `*@domain`, replaced as a whole."""

    name: Short | None = None
    senders: Senders | None = None
    tags: Tags | None = None
    owner_id: Owner = None
    team_id: Id | None = None


class NewPartner(Body):
    """A new partner: who may send leads to its address, and what they begin with."""

    name: Short
    senders: Senders
    tags: Tags | None = None
    owner_id: Owner = None
    team_id: Id | None = None
