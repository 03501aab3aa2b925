"""A process refuses to start without the right keys, and what was bent in the database is named, never shown."""

import secrets
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from app.config import Config, ConfigError
from app.crypto.errors import KeysMissingError, NotBoundError, NotEncryptedError, TamperedError
from app.db.session import Database
from app.feedback.cases.models import Case
from app.keys.errors import KeysNotMade
from app.keys.start import create_keys, open_keys
from tests.functional.keys.conftest import Installed


def test_a_new_installation_without_keys_names_the_command(database: Database, config: Config) -> None:
    with pytest.raises(ConfigError, match="flask init"):
        open_keys(database, replace(config, encryption_keys=""))


def test_the_application_refuses_to_start_without_the_keys_of_its_data(
    installed: Installed, make_app: Callable[[Config], Flask]
) -> None:
    installed.write(1)
    installed.config.key_dir.rename(installed.config.key_dir.with_name("elsewhere"))
    with pytest.raises(ConfigError, match=r"encrypted with key 1, which is not in .*keys"):
        make_app(installed.config)
    with pytest.raises(KeysNotMade, match="Bring it back"):  # new ones would not open the old data
        create_keys(installed.database, installed.config)


def test_another_key_of_the_same_number_is_noticed_at_once(installed: Installed) -> None:
    installed.write(1)
    (installed.config.key_dir / "0001.key").write_text(secrets.token_hex(32))
    with pytest.raises(ConfigError, match="not the key 1 that this database was encrypted with"):
        installed.reopen()


def test_one_lost_key_that_is_needed_is_named(installed: Installed) -> None:
    installed.write(1)
    source = installed.tools.keys.source
    source.add(2)
    source.activate(2)
    installed.reopen()
    (installed.config.key_dir / "0001.key").unlink()
    with pytest.raises(ConfigError, match="encrypted with key 1,"):
        installed.reopen()


def test_keys_that_others_may_read_are_refused(installed: Installed) -> None:
    (installed.config.key_dir / "0001.key").chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        installed.reopen()


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (
            "UPDATE feedback_case SET text = (SELECT text FROM feedback_case WHERE public_number = :other)",
            TamperedError,
        ),
        ("UPDATE feedback_case SET text = :plain", NotEncryptedError),
        ("UPDATE feedback_case SET text = substr(text, 1, 35)", TamperedError),
        ("UPDATE feedback_case SET text = substr(text, 1, 20)", NotEncryptedError),
        ("UPDATE feedback_case SET text = code_index", NotEncryptedError),
    ],
)
def test_swapped_plain_and_cut_values_are_named_errors(
    installed: Installed, statement: str, error: type[Exception]
) -> None:
    installed.write(2)
    values = {"plain": "Một câu viết thẳng vào cơ sở dữ liệu, không mã hóa".encode()}
    with installed.database.transaction() as session:
        values["other"] = session.scalars(select(Case.public_number).limit(1)).one()
        session.execute(text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
    with pytest.raises(error):
        installed.texts()


def test_a_value_without_its_row_is_refused_and_not_quoted(installed: Installed) -> None:
    installed.write(1)
    with pytest.raises(StatementError, match="in_row") as caught, installed.database.transaction() as session:
        session.scalars(select(Case)).one().text = "một câu riêng tư"
    assert isinstance(caught.value.__cause__, NotBoundError)
    assert "riêng tư" not in str(caught.value)


def test_the_database_cannot_be_asked_to_compare_what_it_cannot_read() -> None:
    with pytest.raises(TypeError, match="blind_index"):
        select(Case).where(Case.text == "x")
    with pytest.raises(TypeError, match="blind_index"):
        select(Case).where(Case.text.like("%x%"))


def test_a_process_that_was_given_no_keys_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.crypto import keeper

    monkeypatch.setattr(keeper, "_keeper", [])
    with pytest.raises(KeysMissingError):
        keeper.current()
