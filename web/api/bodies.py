"""The JSON that calls take, strictly: a member nobody knows or a value of another type is refused by name."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
)

from store.passwords import LONGEST, SHORTEST, hash_password

Short = Annotated[str, StringConstraints(max_length=300)]
Line = Annotated[str, StringConstraints(max_length=1_000)]
Email = Annotated[str, StringConstraints(max_length=320)]
Id = Annotated[str, StringConstraints(pattern="^[0-9a-z]{26}$")]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Amount = Annotated[Decimal, Field(max_digits=15, decimal_places=2)]
PasswordHash = Annotated[
    str, StringConstraints(min_length=SHORTEST, max_length=LONGEST), AfterValidator(hash_password)
]
"""A password, hashed while it is read: outside any transaction, and the plain text goes no further."""
Status = Literal["todo", "standby", "won", "lost", "cancelled"]
Level = Literal["admin", "user"]


class Body(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    def given(self, *names: str) -> dict[str, Any]:
        """Those of `names` that the caller wrote, null included."""
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}


class NewAccount(Body):
    """A new account with its first admin."""

    account: Short
    domain: Short
    admin_email: Email
    admin_password: PasswordHash | None = None


class AccountChange(Body):
    """Settings of the account."""

    edition: Literal["solo", "essentials", "expert"] | None = None
    teams_enabled: bool | None = None
    visibility: Literal["all", "team", "own"] | None = None
    internal_domains: Annotated[list[Short], Field(max_length=500)] | None = None
    never_log: Annotated[list[Email], Field(max_length=5_000)] | None = None
    forwarders: Annotated[list[Short], Field(max_length=100)] | None = None
    allowed_senders: Annotated[list[Email], Field(max_length=5_000)] | None = None
    blocked_senders: Annotated[list[Email], Field(max_length=5_000)] | None = None
    bcc_unmatched: Literal["create", "hold"] | None = None
    users_assign: bool | None = None
    locale: Literal["en", "de"] | None = None
    timezone: Short | None = None


class NewUser(Body):
    """A new user."""

    email: Email
    name: Short = ""
    level: Level = "user"
    password: PasswordHash | None = None


class UserChange(Body):
    """What changes of a user; users may change their own name, mail visibility and password."""

    name: Short | None = None
    level: Level | None = None
    visibility: Literal["shared", "team", "private"] | None = None
    password: PasswordHash | None = None


class NewKey(Body):
    """A new API key."""

    name: Short = ""
    read_only: bool = False


class NewTeam(Body):
    """A new team."""

    name: Short
    members: Annotated[list[Id], Field(max_length=1_000)] = []
    managers: Annotated[list[Id], Field(max_length=1_000)] = []


class TeamChange(Body):
    """What changes of a team; members and managers are replaced as a whole."""

    name: Short | None = None
    members: Annotated[list[Id], Field(max_length=1_000)] | None = None
    managers: Annotated[list[Id], Field(max_length=1_000)] | None = None


class Contact(Body):
    """A contact of a new lead, found by any of its addresses or made."""

    name: Short = ""
    email: Email | None = None
    emails: Annotated[list[Email], Field(max_length=20)] = []
    phones: Annotated[list[Short], Field(max_length=20)] = []
    organisation: Short | None = None


class _LeadValues(Body):
    status: Status | None = None
    step: Short | None = None
    pipeline: Short | None = None
    amount: Amount | None = None
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] | None = None
    probability: Annotated[int, Field(ge=0, le=100)] | None = None
    owner_id: Annotated[Id | None, Field(validation_alias=AliasChoices("owner_id", "owner"))] = None
    tags: Annotated[list[Tag], Field(max_length=100)] | None = None
    fields: Annotated[
        dict[
            Annotated[str, StringConstraints(min_length=1, max_length=100)],
            Annotated[str, StringConstraints(max_length=20_000)],
        ],
        Field(max_length=200),
    ] = {}
    starred: bool | None = None
    sender_unconfirmed: bool | None = None
    next_action_at: AwareDatetime | None = None


class NewLead(_LeadValues):
    """A new lead. Without `owner_id` it is the caller's own, with null nobody's."""

    title: Line = ""
    contacts: list[Contact] = []


class LeadChange(_LeadValues):
    """What changes of a lead. `tags` replaces all of them; `fields` sets those named."""

    title: Line | None = None


class NotALead(Body):
    """`block_sender`: what its main contact writes is spam from now on."""

    block_sender: bool = False


class NewComment(Body):
    """A comment."""

    text: Annotated[str, StringConstraints(max_length=100_000)]


class Assignment(Body):
    """Who gets the lead; null: nobody."""

    user_id: Id | None


class Reprocess(Body):
    """Whether what reading again changes is applied, or only shown."""

    apply: bool = True


class Resolution(Body):
    """How a held message is resolved, or one taken for spam (`not_spam`). `own_address`: its sender is the user who is
    asked; admins name them."""

    action: Literal["attach", "create", "ignore", "never_log", "spam", "own_address", "not_spam"]
    lead_id: Id | None = None
    user_id: Id | None = None
    for_thread: bool = True


class FormConfirmation(Body):
    """The mail that a visitor gets when a post was taken: off unless switched on, a fixed text. `locale`: in which
    language an empty `subject` and `text` are leadgate's own."""

    enabled: bool | None = None
    locale: Literal["en", "de"] | None = None
    subject: Line | None = None
    text: Annotated[str, StringConstraints(max_length=20_000)] | None = None


class NewForm(Body):
    """A new form. `origins`: of the pages it stands on, none: any; `redirect`: where browsers go after a post."""

    name: Short
    origins: Annotated[list[Line], Field(max_length=100)] = []
    redirect: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    tags: Annotated[list[Tag], Field(max_length=100)] = []
    owner_id: Id | None = None
    team_id: Id | None = None
    confirmation: FormConfirmation | None = None


class FormChange(Body):
    """What changes of a form."""

    name: Short | None = None
    origins: Annotated[list[Line], Field(max_length=100)] | None = None
    redirect: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    tags: Annotated[list[Tag], Field(max_length=100)] | None = None
    owner_id: Id | None = None
    team_id: Id | None = None
    confirmation: FormConfirmation | None = None


class NewWebhook(Body):
    """A new webhook. `events`: types and filters like `lead.*`; none: only what rules send."""

    url: Annotated[str, StringConstraints(max_length=2_000)]
    events: Annotated[list[Short], Field(max_length=200)] = ["*"]


class WebhookChange(Body):
    """What changes of a webhook."""

    url: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    events: Annotated[list[Short], Field(max_length=200)] | None = None
    enabled: bool | None = None


class OAuthOfMailbox(Body):
    """What access tokens are got with. `provider` knows the rest of Google's and Microsoft's."""

    provider: Literal["google", "microsoft"] | None = None
    token_url: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    client_id: Line
    client_secret: Secret | None = None
    refresh_token: Secret
    scope: Line | None = None


class MailboxChange(Body):
    """What changes of a mailbox. Another server or user needs its password again.

    `since`: how far back a first run goes: null only new mail, a number of days, a date, a time with its offset.
    """

    name: Short | None = None
    host: Short | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    tls: Literal["none", "starttls", "tls"] | None = None
    username: Short | None = None
    password: Secret | None = None
    oauth: OAuthOfMailbox | None = None
    folder: Short | None = None
    kind: Literal["leads", "bcc", "form", "partner", "by_recipient"] | None = None
    fallback: Literal["leads", "bcc", "form", "partner"] | None = None
    recipient_headers: Annotated[list[Short], Field(max_length=10)] | None = None
    address: Email | None = None
    after: Literal["leave", "seen", "move", "delete"] | None = None
    move_to: Short | None = None
    authserv_id: Short | None = None
    authserv_hops: Annotated[int, Field(ge=0, le=5)] | None = None
    since: Short | int | None = None
    enabled: bool | None = None


class NewMailbox(MailboxChange):
    """A new mailbox, with a password or OAuth."""

    host: Short
    username: Short
    enabled: bool = True


class SmarthostChange(Body):
    """The account's own mail server, or changes of it; `host` null: the deployment's."""

    host: Short | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    tls: Literal["none", "starttls", "tls"] | None = None
    username: Short | None = None
    password: Secret | None = None
    from_address: Email | None = None
    from_name: Short | None = None
    return_path: Literal["bounce", "from"] | None = None


class RuleDocument(RootModel[dict[str, Any]]):
    """A rule, read by `rules.rule`, which names the place of anything wrong in it."""
