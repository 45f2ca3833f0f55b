"""The settings of outgoing mail: a part of `config.settings.SETTINGS`."""

from config import values
from config.values import Setting

MAIL_SETTINGS = (
    Setting(
        "smarthost",
        values.mail_server,
        "off",
        "The mail server that takes what leadgate writes itself: `smtp://mail.example.com:587` (STARTTLS), "
        "`smtps://mail.example.com:465` (TLS), `smtp+plain://10.0.0.5:25` (no encryption), or `off`. An account's own "
        "server, set by its admin, goes before it.",
    ),
    Setting("smarthost_user", str, None, "User name at that server. None: no login."),
    Setting("smarthost_password", str, None, "Password of that user; better in a file, by its `_FILE`."),
    Setting(
        "smarthost_allow",
        values.networks,
        None,
        "Non-public networks where accounts' own mail servers may stand; by default as for webhooks. The server of "
        "`LEADGATE_SMARTHOST` may stand anywhere.",
    ),
    Setting(
        "mail_from",
        values.sender,
        None,
        "Whom such mail comes from, as in `Acme Sales <crm@acme.example>`; by default leadgate, at postmaster of the "
        "account's mail domain.",
    ),
    Setting(
        "return_path",
        values.one_of("bounce", "from"),
        "bounce",
        "Whom bounces go to: `bounce`, an address at the account's mail domain by which leadgate learns of them, or "
        "`from`, for servers that take no other sender.",
    ),
)
