"""The keys of an installation: where they come from, made once, checked whenever a process starts."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.util import find_spec
from multiprocessing import get_context

from sqlalchemy import Connection, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.config import Config, ConfigError, S3Place
from app.crypto import keeper
from app.crypto.errors import EncryptionError, KeysMissingError
from app.crypto.keeper import Keeper
from app.crypto.sources import EnvironmentKeys, KeyFolder, KeySource
from app.db.session import Database
from app.files.storage import LocalFolder, Storage
from app.files.store import PLACE as FILES
from app.files.store import FileStore
from app.keys.columns import encrypted_columns
from app.keys.errors import KeysNotMade
from app.keys.models import EncryptionKey


def source_of(config: Config) -> KeySource:
    """Where the settings say that the keys are."""
    if config.encryption_keys:
        return EnvironmentKeys(config.encryption_keys)
    return KeyFolder(config.key_dir, config.key_command)


def store_of(config: Config) -> FileStore:
    """The files of an installation."""
    if config.s3 is None:
        return FileStore(LocalFolder(config.file_dir))
    return FileStore(_bucket(config.s3))


@cache
def _bucket(place: S3Place) -> Storage:
    if find_spec("obstore") is None:
        raise ConfigError("LANGNGHE_FILES names a bucket: install requirements-s3.txt.")
    from app.files.s3 import Bucket  # an extra, not installed everywhere

    return Bucket(place)


def create_keys(database: Database, config: Config) -> bool:
    """Make the first key of a new installation in its folder; False when there are keys already.

    Raises
    ------
    KeysNotMade
        When the database holds data encrypted with keys that are not there: new ones would not open them.
    """
    source = source_of(config)
    if not isinstance(source, KeyFolder) or source.exists():
        return False
    if lost := _known_keys(database):
        raise KeysNotMade(_lost(source, sorted(lost)))
    return source.create()


def record_creation(database: Database) -> None:
    """Note in the record of acts that keys were made, and which one encrypts now.

    ``flask init`` makes them with the database itself, before there is a record; it calls this at its end.
    """
    number = keeper.current().ring().active
    with database.transaction() as session:
        record(session, None, Action.KEY_CREATE, f"key:{number}")


def announcement(config: Config) -> str:
    """What whoever installs must know about the keys just made."""
    return (
        f"\nKhóa mã hóa dữ liệu cá nhân và tệp vừa được tạo tại: {config.key_dir}\n"
        "  HÃY SAO LƯU thư mục này, ở nơi khác với bản sao lưu cơ sở dữ liệu. Mất khóa là mất dữ liệu.\n"
        f"  KHÔNG sao lưu thư mục {config.day_key_dir}: khóa của ngày phải mất khi ngày được chốt.\n"
    )


def open_keys(database: Database, config: Config) -> Keeper:
    """Give this process its keys, after a look at whether they are the ones of this database.

    Raises
    ------
    ConfigError
        When they are missing, wrong or unreadable; the message says what to bring back.
    """
    keys = Keeper(source_of(config))
    try:
        keys.reread()
        _check(database, config, keys)
    except KeysMissingError as error:
        lost = _known_keys(database)
        remedy = (
            _lost(keys.source, sorted(lost)) if lost else f"{error} `flask init` or `flask keys create` makes them."
        )
        raise ConfigError(remedy) from error
    except EncryptionError as error:
        raise ConfigError(str(error)) from error
    keeper.use(keys)
    return keys


def uses(connection: Connection, store: FileStore) -> dict[str, Counter[int]]:
    """How many values each key encrypts, by place."""
    found = {column.place: column.counts(connection) for column in encrypted_columns()}
    return {**found, FILES: file_uses(store)}


def file_uses(store: FileStore) -> Counter[int]:
    """How many files each key encrypts."""
    return Counter(store.key_id(name) for name in store.names())


def file_uses_apart(config: Config) -> Counter[int]:
    """The same, seen by a process of its own: the client of a bucket must not be used before workers are forked."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as apart:
        return apart.submit(_file_uses_of, config).result()


def _file_uses_of(config: Config) -> Counter[int]:
    return file_uses(store_of(config))


def _check(database: Database, config: Config, keys: Keeper) -> None:
    """Every key this database has seen is there and the same, unless nothing needs it any more."""
    ring = keys.ring()
    with database.reading() as session:
        if not inspect(session.connection()).has_table(EncryptionKey.__tablename__):
            return  # a database before its first migration, or one that is about to be migrated
        known = {row.id: row for row in session.scalars(select(EncryptionKey))}
    wrong = [key_id for key_id, row in known.items() if key_id in ring and ring.check_value(key_id) != row.check_value]
    if wrong:
        raise ConfigError(
            f"Key {wrong[0]} in {keys.source.where} is not the key {wrong[0]} that this database was encrypted with. "
            "Bring the right one back from the backup of the keys."
        )
    absent = sorted(key_id for key_id, row in known.items() if key_id not in ring and row.retired_at is None)
    if absent:
        _refuse_if_used(database, config, keys, absent)
    if ring.active not in known:
        _register(database, keys)


def _refuse_if_used(database: Database, config: Config, keys: Keeper, absent: list[int]) -> None:
    files = file_uses(store_of(config)) if config.s3 is None else file_uses_apart(config)
    with database.reading() as session:
        counts = {column.place: column.counts(session.connection()) for column in encrypted_columns()}
    counts[FILES] = files
    lost = [key_id for key_id in absent if any(count[key_id] for count in counts.values())]
    if lost:
        raise ConfigError(_lost(keys.source, lost))


def _lost(source: KeySource, key_ids: list[int]) -> str:
    numbers = ", ".join(map(str, key_ids))
    return (
        f"This database holds data encrypted with key {numbers}, which is not in {source.where}. "
        "Bring it back from the backup of the keys; without it those data cannot be read by anybody."
    )


def _known_keys(database: Database) -> set[int]:
    with database.reading() as session:
        if not inspect(session.connection()).has_table(EncryptionKey.__tablename__):
            return set()
        return set(session.scalars(select(EncryptionKey.id).where(EncryptionKey.retired_at.is_(None))))


def _register(database: Database, keys: Keeper) -> None:
    """Note the active key, so that its loss is noticed at the next start. Several processes may do so at once."""
    ring, now = keys.ring(), clock.now()
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    with database.transaction() as session:
        session.execute(
            insert(EncryptionKey)
            .values(id=ring.active, check_value=ring.check_value(ring.active), first_seen_at=now, active_from=now)
            .on_conflict_do_nothing()
        )
