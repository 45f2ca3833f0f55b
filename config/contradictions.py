"""What does not go together among settings that can each be read by themselves."""

from collections.abc import Mapping
from typing import Any

from config import keys


def contradictions(found: Mapping[str, Any]) -> list[str]:
    """What does not go together, of the values that could be read; each begins with a setting's name."""
    sentences = []
    url = found.get("database_url", "unreadable")
    is_sqlite = url is None or url.startswith("sqlite")
    secret = found["secret_key"]
    if is_sqlite and found.get("workers", 1) > 1:
        sentences.append("WORKERS must be 1 with SQLite, which has one writer; more workers need PostgreSQL")
    if is_sqlite and found.get("smtp_processes", 1) > 1:
        sentences.append(
            "SMTP_PROCESSES must be 1 with SQLite, which has one writer; more listeners need PostgreSQL"
        )
    elif found.get("smtp_processes", 1) > 1 and any(
        door is not None and door.port == 0 for door in (found.get("smtp"), found.get("lmtp"))
    ):
        sentences.append("SMTP_PROCESSES above 1 needs a port of its own for SMTP and LMTP, not 0")
    if secret is not None and len(secret) < keys.LEAST_LENGTH:
        sentences.append(f"SECRET_KEY must have at least {keys.LEAST_LENGTH} random characters")
    if secret is None and not is_sqlite and url != "unreadable":
        sentences.append(
            "SECRET_KEY is required when the database is not SQLite: give every machine the same "
            f"{keys.LEAST_LENGTH} or more random characters"
        )
    if (found["tls_cert"] is None) != (found["tls_key"] is None):
        sentences.append("TLS_CERT and LEADGATE_TLS_KEY must be given together")
    if (found["smarthost_user"] is None) != (found["smarthost_password"] is None):
        sentences.append("SMARTHOST_USER and LEADGATE_SMARTHOST_PASSWORD must be given together")
    return sentences
