"""Settings are read once and refused with a message that names them."""

from pathlib import Path

import pytest

from app.config import PREFIX, SETTINGS, Config, ConfigError, SmallNumbers, create_secret_key

KEY = "k" * 32


def _config(tmp_path: Path, **given: str) -> Config:
    settings = {"LANGNGHE_DATA_DIR": str(tmp_path), "LANGNGHE_SECRET_KEY": KEY, **given}
    return Config.from_env(settings)


def test_defaults_are_an_embedded_database_on_this_machine_only(tmp_path: Path) -> None:
    config = _config(tmp_path)
    assert config.database_url == f"sqlite:///{tmp_path}/langnghe.db"
    assert config.bind == "127.0.0.1:8000"
    assert config.small_numbers == SmallNumbers(public=10, home_affairs=5)
    assert config.trusted_proxy_hops == 0
    assert not config.is_secure
    assert config.simulated_clock_file is None


def test_https_makes_cookies_secure(tmp_path: Path) -> None:
    config = _config(tmp_path, LANGNGHE_PUBLIC_URL="https://langnghe.tinh.gov.vn/")
    assert config.is_secure
    assert config.public_url == "https://langnghe.tinh.gov.vn"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "langnghe.vn"),
        ("PUBLIC_URL", "https://langnghe.vn/?a=b"),
        ("BIND", "8000"),
        ("BIND", "127.0.0.1:70000"),
        ("TRUSTED_PROXY_HOPS", "-1"),
        ("TRUSTED_PROXY_HOPS", "6"),
        ("SMALL_NUMBERS", "10"),
        ("SMALL_NUMBERS", "5/10"),
        ("SMALL_NUMBERS", "10/1"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "ten"),
        ("KEPT_SECONDS", "301"),
        ("LOG_LEVEL", "LOUD"),
        ("COLOUR", "red"),
    ],
)
def test_a_wrong_or_unknown_setting_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{PREFIX}{name}"):
        _config(tmp_path, **{f"{PREFIX}{name}": value})


def test_every_setting_is_known_to_the_parser(tmp_path: Path) -> None:
    assert {"DATA_DIR", "SECRET_KEY", "SIMULATED_CLOCK_FILE"} <= SETTINGS


@pytest.mark.parametrize("address", ["mysql://x/y", "sqlite://", "x"])
def test_other_databases_are_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="DATABASE_URL"):
        _config(tmp_path, DATABASE_URL=address)


def test_without_key_the_message_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="flask init"):
        _config(tmp_path, LANGNGHE_SECRET_KEY="")


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    create_secret_key(folder)
    first = _config(folder, LANGNGHE_SECRET_KEY="").secret_key
    create_secret_key(folder)
    assert _config(folder, LANGNGHE_SECRET_KEY="").secret_key == first
    assert (folder / "secret_key").stat().st_mode & 0o077 == 0


def test_keys_come_from_a_folder_or_the_environment_and_are_never_shown(tmp_path: Path) -> None:
    base = {f"{PREFIX}SECRET_KEY": "x" * 40, f"{PREFIX}DATA_DIR": str(tmp_path)}
    assert Config.from_env(base).key_dir == tmp_path / "keys"
    assert Config.from_env({**base, f"{PREFIX}KEY_DIR": str(tmp_path / "usb")}).key_dir == tmp_path / "usb"
    given = Config.from_env({**base, f"{PREFIX}ENCRYPTION_KEYS": "active=1 index=aa 1=bbbb"})
    assert "bbbb" not in repr(given)
    with pytest.raises(ConfigError, match="not both"):
        Config.from_env({**base, f"{PREFIX}ENCRYPTION_KEYS": "active=1", f"{PREFIX}KEY_COMMAND": "kms"})
