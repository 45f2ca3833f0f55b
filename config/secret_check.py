"""Whether the secret key at hand is the one that the database was made with.

Every address, seal and session in a database depends on its key. A lost `secret.key` beside a database that
exists must not be replaced by a new one in silence: nothing sealed could be opened again. So the database keeps
a fingerprint, one more key derived from the secret, from which the secret cannot be found.
"""

from config import keys
from config.settings import Settings
from store import deployment
from store.session import Database


def fingerprint(settings: Settings) -> str:
    """The fingerprint of the key at hand, which is made now if there is none. Raises keys.KeyFileError."""
    return settings.key("fingerprint").hex()[:32]


def problem(settings: Settings) -> str | None:
    """Why the key at hand cannot be used with the database, in a sentence; None when it is the one.

    The first to ask notes the fingerprint. Of a database that has one, a missing key file is told, not made anew.
    """
    database = Database(settings.database_url)
    try:
        return _problem(database, settings)
    finally:
        database.close()


def _problem(database: Database, settings: Settings) -> str | None:
    with database.read() as connection:
        known = deployment.fact(connection, deployment.SECRET_KEY)
    file = settings.data_dir / keys.FILE_NAME
    if known is not None and settings.secret_key is None and not file.exists():
        return (
            f"The secret key {file} is gone, and the database was made with it: put it back from a backup "
            "(or give it as LEADGATE_SECRET_KEY). Without it nothing that is sealed can be opened."
        )
    mine = fingerprint(settings)
    if known is None:
        with database.write() as connection:
            deployment.note_first(connection, deployment.SECRET_KEY, mine)
            known = deployment.fact(connection, deployment.SECRET_KEY)
    if known is not None and known.value != mine:
        where = "LEADGATE_SECRET_KEY" if settings.secret_key is not None else str(file)
        return (
            f"The secret key in {where} is not the one this database was made with: give the right one, "
            "from a backup or from another machine of this deployment."
        )
    return None
