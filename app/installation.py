"""What kind of installation this is: composition-level checks at start, and its creation.

The mark "simulated" is set once, when the database is made, and decides what a simulated clock may touch.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import clock
from app.config import Config, ConfigError
from app.db import migrate
from app.db.models import Installation
from app.db.session import Database
from app.errors import Conflict


def check(database: Database, config: Config) -> None:
    """Refuse a schema that is not current and a simulated clock on a real database; start that clock otherwise.

    Raises
    ------
    ConfigError
        With the command or setting that mends it.
    """
    if not migrate.is_current(database):
        raise ConfigError("The database is not at the newest revision; run `flask db upgrade`.")
    if (config.simulated_clock_file is not None or config.simulated_limits_off) and not is_simulated(database):
        raise ConfigError("LANGNGHE_SIMULATED_… settings are refused: this database is not marked simulated.")
    if config.second_factor == "off" and is_marked_real(database):
        raise ConfigError("LANGNGHE_SECOND_FACTOR=off is refused: this database is not marked simulated.")
    if config.simulated_clock_file is not None:
        clock.follow_file(config.simulated_clock_file)


def is_simulated(database: Database) -> bool:
    """Whether everything in this database is simulated."""
    with database.reading() as session:
        return bool(session.scalar(select(Installation.is_simulated)))


def is_marked_real(database: Database) -> bool:
    """Whether this database was installed as a real one."""
    with database.reading() as session:
        return session.scalar(select(Installation.is_simulated)) is False


def create(session: Session, *, simulated: bool) -> None:
    """Write the installation row of a new database.

    Raises
    ------
    Conflict
        When there is one already: the mark is never changed.
    """
    if session.get(Installation, 1) is not None:
        raise Conflict("Cơ sở dữ liệu này đã được khởi tạo.")
    session.add(Installation(id=1, created_on=clock.local_date(), is_simulated=simulated))


def health_checks(database: Database) -> Mapping[str, Callable[[], bool]]:
    """What /readyz asks."""

    def answers() -> bool:
        with database.reading() as session:
            return bool(session.scalar(text("SELECT 1")) == 1)

    return {"database": answers}
