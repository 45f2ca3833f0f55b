"""The settings of a deployment: `LEADGATE_*` in the environment, or `leadgate.toml` in the current directory.

Each name may also be given as `LEADGATE_<NAME>_FILE`, a file that holds the value (Docker and systemd
secrets). The environment wins over the file. `load()` reports everything that is wrong at once, in
sentences, never with a secret in them. Nothing is read on import.

The field order matters: a validator sees the fields above its own (`info.data`), so a combination is
checked at the later of the two, and one bad value hides no other error.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ByteSize,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails

from config import keys, values
from config.values import Dns, Endpoint, Network

PREFIX = "LEADGATE_"
TOML_FILE = "leadgate.toml"


class SettingsError(Exception):
    """Settings that cannot be used; `problems` are whole sentences, one per error."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseModel):
    """What a deployment is told. Made by `load()`; frozen."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=True,
        hide_input_in_errors=True,
        arbitrary_types_allowed=True,
    )

    data_dir: Path = Field(Path("var"), description="Where database, secret key and Redis keep their files.")
    database_url: str = Field(
        "",
        repr=False,
        description="`sqlite:///file` or `postgresql://user:password@host/name`; by default "
        "`leadgate.sqlite3` in the data directory.",
    )
    redis_url: str | None = Field(
        None,
        repr=False,
        description="`redis://`, `rediss://` or `unix://`; `none` does without. By default leadgate starts "
        "the `redis-server` or `valkey-server` it finds, and does without if there is none.",
    )
    workers: int = Field(1, ge=1, le=64, description="How many worker processes `serve` starts. SQLite: 1.")
    http: Endpoint | None = Field(
        Endpoint("127.0.0.1", 8080), description="Where the pages and the API listen: `host:port`, or `off`."
    )
    smtp: Endpoint | None = Field(
        Endpoint("127.0.0.1", 2525), description="Where mail is accepted by SMTP: `host:port`, or `off`."
    )
    lmtp: Endpoint | None = Field(
        None, description="Where mail is accepted by LMTP: `host:port`; off by default."
    )
    hostname: str = Field("", description="The name the mail doors greet with; by default the machine's own.")
    public_url: str = Field("", description="The address people open, used in all links; by default HTTP's.")
    max_message_bytes: ByteSize = Field(
        ByteSize(35 * 1024 * 1024),
        ge=64 * 1024,
        le=1024**3,
        description="Largest message taken, e.g. `35MiB`.",
    )
    webhook_allow: tuple[Network, ...] = Field(
        (), description="Non-public networks that webhooks may reach all the same, separated by commas."
    )
    trusted_proxies: tuple[Network, ...] = Field(
        (), description="Proxies whose X-Forwarded-For and -Proto are believed, separated by commas."
    )
    dns: Dns = Field(
        Dns(enabled=True),
        description="`on`, `off` (no sender is verified then), or the server to ask, `address:port`.",
    )
    tls_cert: Path | None = Field(None, description="Certificate (PEM, with its chain) for STARTTLS.")
    tls_key: Path | None = Field(None, description="Private key (PEM) of that certificate.")
    log: Literal["auto", "console", "json"] = Field(
        "auto", description="How the log is written; `auto` is `console` on a terminal and `json` elsewhere."
    )
    admin_password: SecretStr | None = Field(
        None, description="Password of the admin that `leadgate init` makes."
    )
    secret_key: SecretStr | None = Field(
        None,
        description="At least 32 random characters, the same on every machine. With SQLite it is made at the "
        "first start and kept in the data directory; otherwise it is required.",
    )

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, absolute; None with PostgreSQL."""
        return Path(values.sqlite_path(self.database_url)).absolute() if self.is_sqlite else None

    @cached_property
    def _secret(self) -> str:
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return keys.read_or_make(self.data_dir)

    def key(self, purpose: str) -> bytes:
        """The 32-byte key for `purpose`, one of `keys.PURPOSES`. Raises keys.KeyFileError."""
        return keys.derive(self._secret, purpose)

    @field_validator("data_dir", "tls_cert", "tls_key")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path is not None else None

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str, info: ValidationInfo) -> str:
        if url:
            return values.database_url(url)
        return f"sqlite:///{info.data['data_dir'] / 'leadgate.sqlite3'}" if "data_dir" in info.data else ""

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, url: str | None) -> str | None:
        return values.redis_url(url) if url is not None else None

    @field_validator("workers")
    @classmethod
    def _one_with_sqlite(cls, workers: int, info: ValidationInfo) -> int:
        if workers > 1 and info.data.get("database_url", "").startswith("sqlite"):
            raise ValueError("must be 1 with SQLite, which has one writer; more workers need PostgreSQL")
        return workers

    @field_validator("http", "smtp", "lmtp", mode="before")
    @classmethod
    def _endpoint(cls, value: Any, info: ValidationInfo) -> Endpoint | None:
        if value is None or isinstance(value, Endpoint):
            return value
        return values.endpoint(value, str(_DEFAULT_ENDPOINTS[info.field_name or ""]))

    @field_validator("hostname")
    @classmethod
    def _hostname(cls, name: str) -> str:
        if not name:
            return os.uname().nodename or "localhost"
        if not all(c.isascii() and (c.isalnum() or c in ".-") for c in name):
            raise ValueError("must be a host name like mx.example.com")
        return name

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, url: str, info: ValidationInfo) -> str:
        if url:
            return values.public_url(url)
        http = info.data.get("http") or Endpoint("localhost", 80)
        return f"http://{Endpoint('localhost', http.port) if http.host in _ANY else http}"

    @field_validator("webhook_allow", "trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> tuple[Network, ...]:
        return values.networks(value)

    @field_validator("dns", mode="before")
    @classmethod
    def _dns(cls, value: Any) -> Any:
        return value if isinstance(value, Dns) else values.dns(value)

    @field_validator("tls_key")
    @classmethod
    def _both_or_none(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if "tls_cert" in info.data and (key is None) != (info.data["tls_cert"] is None):
            raise ValueError("and LEADGATE_TLS_CERT must be given together")
        return key

    @field_validator("secret_key")
    @classmethod
    def _required_without_sqlite(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < keys.LEAST_LENGTH:
            raise ValueError(f"must have at least {keys.LEAST_LENGTH} random characters")
        if secret is None and info.data.get("database_url", "").startswith("postgresql"):
            raise ValueError(
                "is required when the database is not SQLite: give every machine the same "
                f"{keys.LEAST_LENGTH} or more random characters"
            )
        return secret


_DEFAULT_ENDPOINTS = {
    "http": Endpoint("127.0.0.1", 8080),
    "smtp": Endpoint("127.0.0.1", 2525),
    "lmtp": Endpoint("127.0.0.1", 2424),
}
_ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104  these are recognised here, not bound


def load(environ: Mapping[str, str] | None = None, directory: Path | None = None) -> Settings:
    """The settings of this process. Raises SettingsError with every problem at once.

    `environ`: instead of the process's environment; `directory`: where `leadgate.toml` is looked for.
    """
    environ = os.environ if environ is None else environ
    toml, problems = _read_toml((directory or Path.cwd()) / TOML_FILE)
    given: dict[str, Any] = {}
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        text, file = environ.get(variable), environ.get(variable + "_FILE")
        if text and file:
            problems.append(f"{variable} and {variable}_FILE are both set; give one of them.")
        elif text:
            given[name] = text
        elif file:
            try:
                given[name] = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeError) as error:
                problems.append(f"{variable}_FILE cannot be read: {error}.")
    settings: Settings | None = None
    try:
        settings = Settings(**(toml | given))
    except ValidationError as error:
        only_toml = toml.keys() - given.keys()
        problems += [_sentence(found, from_toml=found["loc"][0] in only_toml) for found in error.errors()]
    if settings is None or problems:
        raise SettingsError(problems)
    return settings


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each `LEADGATE_*` variable that means nothing here, with the likely name."""
    known = {PREFIX + name.upper() + suffix for name in Settings.model_fields for suffix in ("", "_FILE")}
    strange = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    return [f"{name} is not a setting and is ignored.{_likely(name, known)}" for name in strange]


def reference() -> str:
    """All settings as a Markdown table, for the documentation."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "", ()) else f"`{_shown(field.default)}`"
        lines.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    return "on" if isinstance(default, Dns) else str(default)


def _read_toml(path: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file), []
    except FileNotFoundError:
        return {}, []
    except (OSError, tomllib.TOMLDecodeError) as error:
        return {}, [f"{path} cannot be read: {error}."]


def _sentence(error: ErrorDetails, *, from_toml: bool) -> str:
    field = str(error["loc"][0])
    name = PREFIX + field.upper()
    if error["type"] == "extra_forbidden":
        return f"{field} in {TOML_FILE} is not a setting.{_likely(field, set(Settings.model_fields))}"
    message = error["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{field} in {TOML_FILE} {message}." if from_toml else f"{name} {message}."


def _likely(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]}?" if close else ""
