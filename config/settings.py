"""The settings of a deployment: `LEADGATE_*` in the environment, or `leadgate.toml` in the current directory.

SETTINGS is the whole of it: names, how they are read, defaults, meaning. Each may also be given as
`LEADGATE_<NAME>_FILE`, a file that holds the value (Docker and systemd secrets). The environment wins over
the file. `load()` reports everything that is wrong at once, in sentences, never with a secret in them.
Nothing is read on import.

Plain dataclasses, because every process reads its settings first: pydantic takes 0.3 s to load, and the
seven processes of `serve` start on the same cores that are to accept mail within three seconds.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import keys, values
from config.contradictions import contradictions
from config.mail_settings import MAIL_SETTINGS
from config.values import Dns, Endpoint, MailServer, Network, Setting, TrustedHop

PREFIX = "LEADGATE_"
TOML_FILE = "leadgate.toml"
OTHER_NAMES = frozenset({"LEADGATE_PYTHON"})
"""Variables that mean something elsewhere: the interpreter that `./run` makes its environment with."""


class SettingsError(Exception):
    """Settings that cannot be used; `problems` are whole sentences, one per error."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


SETTINGS = (
    Setting("data_dir", values.path, "./var", "Where database, secret key and Redis keep their files."),
    Setting(
        "database_url",
        values.database_url,
        None,
        "`sqlite:///file` or `postgresql://user:password@host/name`; by default `leadgate.sqlite3` in the data "
        "directory.",
    ),
    Setting(
        "redis_url",
        values.redis_url,
        None,
        "`redis://`, `rediss://` or `unix://`; `none` does without. By default leadgate starts the "
        "`redis-server` or `valkey-server` it finds, and does without if there is none.",
    ),
    Setting(
        "workers", values.whole_number(1, 64), "1", "Worker processes that `serve` starts. SQLite takes one."
    ),
    Setting(
        "http", values.endpoint, "127.0.0.1:8080", "Where the pages and the API listen: `host:port` or `off`."
    ),
    Setting(
        "smtp", values.endpoint, "127.0.0.1:2525", "Where mail is accepted by SMTP: `host:port` or `off`."
    ),
    Setting("lmtp", values.endpoint, "off", "Where mail is accepted by LMTP: `host:port` or `off`."),
    Setting(
        "smtp_processes",
        values.whole_number(1, 64),
        "1",
        "Listener processes that `serve` starts on those ports; limits hold for each. SQLite takes one.",
    ),
    Setting("hostname", values.host_name, None, "The mail doors' name; by default the machine's own."),
    Setting(
        "public_url",
        values.public_url,
        None,
        "The address people open, used in all links; by default that of HTTP.",
    ),
    Setting("max_message_bytes", values.size, "35MiB", "Largest message that is taken."),
    Setting(
        "form_posts_per_minute",
        values.whole_number(0, 1_000_000),
        "60",
        "Posts that one client may send to one form in a minute; 0: as many as it likes.",
    ),
    Setting("webhook_allow", values.networks, "", "Non-public networks that webhooks may reach: a list."),
    Setting("imap_allow", values.networks, None, "The same for mailboxes; by default as for webhooks."),
    Setting("imap_poll", values.whole_number(1, 3600), "120", "Seconds between two looks into a mailbox."),
    Setting("imap_timeout", values.whole_number(1, 600), "30", "Seconds an IMAP server may keep silent."),
    *MAIL_SETTINGS,
    Setting(
        "trusted_proxies",
        values.networks,
        "",
        "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, separated by commas.",
    ),
    Setting(
        "dns",
        values.dns,
        "on",
        "`on`, `off` (no sender's domain is asked then), or the server to ask, `address:port`.",
    ),
    Setting(
        "trusted_hops",
        values.trusted_hops,
        "",
        "Your own mail servers that hand mail over by SMTP or LMTP, separated by commas: an address or network, and "
        "behind `=` the authserv-id of the `Authentication-Results` they write, as in `10.0.0.5=mx.example.com`. "
        "SPF is not asked about them, and limits per client do not hold for them.",
    ),
    Setting(
        "tls_cert",
        values.path,
        None,
        "Certificate (PEM, with its chain) for STARTTLS, read again when it changes. None: leadgate makes one.",
    ),
    Setting("tls_key", values.path, None, "Private key (PEM) of that certificate."),
    Setting(
        "log",
        values.one_of("auto", "console", "json"),
        "auto",
        "How the log is written; `auto` is `console` on a terminal and `json` elsewhere.",
    ),
    Setting(
        "metrics",
        values.readers,
        "local",
        "Who may read `/metrics`: `local` (programs on this machine), `public`, `off`, or whoever sends this "
        "token of at least 16 characters as `Authorization: Bearer …`.",
    ),
    Setting("admin_password", str, None, "Password of the admin that `leadgate init` makes."),
    Setting(
        "secret_key",
        str,
        None,
        f"At least {keys.LEAST_LENGTH} random characters, the same on every machine. With SQLite it is made at "
        "the first start and kept in the data directory; otherwise it is required.",
    ),
)


@dataclass(frozen=True)
class Settings:
    """What a deployment is told. Made by `load()`."""

    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    """None: whichever is found; `none`: switched off."""
    workers: int
    http: Endpoint | None
    smtp: Endpoint | None
    lmtp: Endpoint | None
    smtp_processes: int
    hostname: str
    public_url: str
    max_message_bytes: int
    form_posts_per_minute: int
    webhook_allow: tuple[Network, ...]
    imap_allow: tuple[Network, ...]
    imap_poll: int
    imap_timeout: int
    smarthost: MailServer | None
    smarthost_user: str | None
    smarthost_password: str | None = field(repr=False)
    smarthost_allow: tuple[Network, ...]
    mail_from: tuple[str, str] | None
    return_path: str
    trusted_proxies: tuple[Network, ...]
    dns: Dns
    trusted_hops: tuple[TrustedHop, ...]
    tls_cert: Path | None
    tls_key: Path | None
    log: str
    metrics: str = field(repr=False)
    admin_password: str | None = field(repr=False)
    secret_key: str | None = field(repr=False)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, absolute; None with PostgreSQL."""
        return Path(values.sqlite_path(self.database_url)).absolute() if self.is_sqlite else None

    def key(self, purpose: str) -> bytes:
        """The 32-byte key for `purpose`, one of `keys.PURPOSES`. Raises keys.KeyFileError."""
        return keys.derive(self.secret_key or keys.read_or_make(self.data_dir), purpose)


def load(environ: Mapping[str, str] | None = None, directory: Path | None = None) -> Settings:
    """The settings of this process. Raises SettingsError with every problem at once.

    `environ`: instead of the process's environment; `directory`: where `leadgate.toml` is looked for.
    """
    given, problems = _given(os.environ if environ is None else environ, directory or Path.cwd())
    found: dict[str, Any] = {}
    for setting in SETTINGS:
        label, text = given.get(setting.name, (PREFIX + setting.name.upper(), setting.default))
        try:
            found[setting.name] = setting.read(text) if text is not None else None
        except ValueError as error:
            problems.append(f"{label} {error}.")
    problems += [f"{PREFIX}{problem}." for problem in contradictions(found)]
    if problems:
        raise SettingsError(problems)
    if found["database_url"] is None:
        found["database_url"] = f"sqlite:///{found['data_dir'] / 'leadgate.sqlite3'}"
    for name in ("imap_allow", "smarthost_allow"):
        if found[name] is None:
            found[name] = found["webhook_allow"]
    found["hostname"] = found["hostname"] or os.uname().nodename or "localhost"
    if found["public_url"] is None:
        found["public_url"] = _own_url(found["http"])
    return Settings(**found)


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each `LEADGATE_*` variable that means nothing here, with the likely name."""
    known = {PREFIX + s.name.upper() + suffix for s in SETTINGS for suffix in ("", "_FILE")} | OTHER_NAMES
    strange = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    return [f"{name} is not a setting and is ignored.{_likely(name, known)}" for name in strange]


def reference() -> str:
    """All settings as a Markdown table, for the documentation."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else ""
        lines.append(f"| `{PREFIX}{setting.name.upper()}` | {default} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def _given(environ: Mapping[str, str], directory: Path) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """What is set: name to (how to call it in a sentence, its text); and what cannot be read."""
    given, problems = _from_toml(directory / TOML_FILE)
    for setting in SETTINGS:
        variable = PREFIX + setting.name.upper()
        text, file = environ.get(variable), environ.get(variable + "_FILE")
        if text and file:
            problems.append(f"{variable} and {variable}_FILE are both set; give one of them.")
        elif text:
            given[setting.name] = (variable, text.strip())
        elif file:
            try:
                given[setting.name] = (variable, Path(file).read_text(encoding="utf-8").strip())
            except (OSError, UnicodeError) as error:
                problems.append(f"{variable}_FILE cannot be read: {error}.")
    return given, problems


def _from_toml(path: Path) -> tuple[dict[str, tuple[str, str]], list[str]]:
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except FileNotFoundError:
        return {}, []
    except (OSError, tomllib.TOMLDecodeError) as error:
        return {}, [f"{path} cannot be read: {error}."]
    known = {setting.name for setting in SETTINGS}
    given = {
        name: (f"{name} in {TOML_FILE}", _as_text(value)) for name, value in table.items() if name in known
    }
    strange = table.keys() - known
    return given, [
        f"{name} in {TOML_FILE} is not a setting.{_likely(name, known)}" for name in sorted(strange)
    ]


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _own_url(http: Endpoint | None) -> str:
    if http is None:
        return "http://localhost"
    everywhere = http.host in {"0.0.0.0", "::"}  # noqa: S104  recognised here, not bound
    return f"http://{Endpoint('localhost', http.port) if everywhere else http}"


def _likely(name: str, known: set[str] | frozenset[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]}?" if close else ""
