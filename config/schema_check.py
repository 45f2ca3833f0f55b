"""Whether the database can be asked, and has the tables that this version works on; in sentences."""

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from store import migrate
from store.session import Database, is_damaged, why_of


def unreachable(settings: Settings) -> str | None:
    """Why the database cannot be asked; None when it can. SQLite's file is not made by asking for it."""
    file = settings.sqlite_file
    if file is not None and not file.exists():
        return f"There is no database yet: {file} is not there."
    return _asked(settings, lambda _: None)


def problem(settings: Settings) -> str | None:
    """Why this version cannot work on the database as it is; None when it can."""
    return _asked(settings, migrate.problem)


def damage(fault: BaseException) -> str:
    """The sentence about a database whose file is broken."""
    return f"The database is damaged: {why_of(fault)}. `leadgate check` examines it; restore a backup."


def _asked(settings: Settings, ask: Callable[[Database], str | None]) -> str | None:
    database = Database(settings.database_url)
    try:
        with database.read():
            pass
        return ask(database)
    except SQLAlchemyError as fault:
        return damage(fault) if is_damaged(fault) else f"The database cannot be asked: {why_of(fault)}."
    finally:
        database.close()
