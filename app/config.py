"""Settings: one frozen object, read from the environment once, refused at start when wrong.

Every setting is documented in docs/operations.md; ``tests/test_docs.py`` fails when one is missing there.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PREFIX = "LANGNGHE_"


class ConfigError(Exception):
    """A setting is missing, unknown or wrong; the message names it and says what it may be."""


@dataclass(frozen=True, slots=True)
class SmallNumbers:
    """The one small-number rule: least number of answers that may be shown, by audience."""

    public: int = 10
    home_affairs: int = 5


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The identity provider officers may sign in with, and the claim that names the officer."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "preferred_username"


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket that speaks S3, and where in it encrypted files lie."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one process."""

    database_url: str
    data_dir: Path
    secret_key: bytes
    public_url: str = "http://127.0.0.1:8000"
    bind: str = "127.0.0.1:8000"
    trusted_proxy_hops: int = 0
    small_numbers: SmallNumbers = SmallNumbers()
    session_hours: int = 10
    rate_limit_storage: str = "memory://"
    kept_seconds: int = 20
    log_level: str = "INFO"
    simulated_clock_file: Path | None = None
    simulated_limits_off: bool = False
    own_key_dir: Path | None = None
    encryption_keys: str = field(default="", repr=False)
    key_command: str = ""
    second_factor: str = "auto"
    surface: str = "all"
    single_sign_on: SingleSignOn | None = None
    owner_database_url: str | None = field(default=None, repr=False)
    scanner: tuple[str, int] | None = None
    breached_passwords: Path | None = None
    s3: S3Place | None = None
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    gateway_url: str = ""
    gateway_key: str = field(default="", repr=False)

    @property
    def is_secure(self) -> bool:
        """Whether people reach the site over TLS; decides the Secure mark of cookies and HSTS."""
        return self.public_url.startswith("https://")

    @property
    def day_key_dir(self) -> Path:
        """Where the keys of days not yet closed lie (docs/adr/0005-day-keys.md)."""
        return self.data_dir / "day-keys"

    @property
    def key_dir(self) -> Path:
        """Where the keys of personal columns and files lie (docs/adr: one way to encrypt)."""
        return self.own_key_dir or self.data_dir / "keys"

    @property
    def file_dir(self) -> Path:
        """Where encrypted files lie unless they are in a bucket; no web server may serve it."""
        return self.data_dir / "files"

    @staticmethod
    def from_env(environ: Mapping[str, str] = os.environ) -> "Config":
        """Read and check every setting.

        Raises
        ------
        ConfigError
            Naming the first setting that is unknown, missing or wrong.
        """
        given = {name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX)}
        unknown = sorted(set(given) - SETTINGS)
        if unknown:
            raise ConfigError(f"Unknown setting {PREFIX}{unknown[0]}. Known: {', '.join(sorted(SETTINGS))}.")
        data_dir = Path(given.get("DATA_DIR", "var")).absolute()
        clock_file = given.get("SIMULATED_CLOCK_FILE")
        return Config(
            database_url=_database_url(environ.get("DATABASE_URL", ""), data_dir),
            data_dir=data_dir,
            secret_key=_secret_key(given.get("SECRET_KEY", ""), data_dir),
            public_url=_url("PUBLIC_URL", given.get("PUBLIC_URL", "http://127.0.0.1:8000")),
            bind=_bind(given.get("BIND", "127.0.0.1:8000")),
            trusted_proxy_hops=_number("TRUSTED_PROXY_HOPS", given.get("TRUSTED_PROXY_HOPS", "0"), 0, 5),
            small_numbers=_small_numbers(given.get("SMALL_NUMBERS", "10/5")),
            session_hours=_number("SESSION_HOURS", given.get("SESSION_HOURS", "10"), 1, 24),
            rate_limit_storage=given.get("RATE_LIMIT_STORAGE", "memory://"),
            kept_seconds=_number("KEPT_SECONDS", given.get("KEPT_SECONDS", "20"), 0, 300),
            log_level=_choice("LOG_LEVEL", given.get("LOG_LEVEL", "INFO"), ("DEBUG", "INFO", "WARNING", "ERROR")),
            simulated_clock_file=Path(clock_file) if clock_file else None,
            own_key_dir=Path(given["KEY_DIR"]).absolute() if given.get("KEY_DIR") else None,
            encryption_keys=_one_source(given),
            key_command=given.get("KEY_COMMAND", ""),
            simulated_limits_off=_choice("SIMULATED_LIMITS", given.get("SIMULATED_LIMITS", "on"), ("on", "off"))
            == "off",
            second_factor=_choice("SECOND_FACTOR", given.get("SECOND_FACTOR", "auto"), ("auto", "on", "off")),
            single_sign_on=_single_sign_on(given),
            owner_database_url=_owner_url(environ),
            **_message_routes(given),
            breached_passwords=_path(given.get("BREACHED_PASSWORDS", "")),
            scanner=_host_and_port("CLAMAV", given["CLAMAV"]) if given.get("CLAMAV") else None,
            s3=_s3_place(given),
            surface=_choice("SURFACE", given.get("SURFACE", "all"), ("all", "public", "officer")),
        )


SETTINGS = frozenset(
    {
        "DATA_DIR",
        "SECRET_KEY",
        "PUBLIC_URL",
        "BIND",
        "TRUSTED_PROXY_HOPS",
        "SMALL_NUMBERS",
        "SESSION_HOURS",
        "RATE_LIMIT_STORAGE",
        "KEPT_SECONDS",
        "LOG_LEVEL",
        "SIMULATED_CLOCK_FILE",
        "SIMULATED_LIMITS",
        "KEY_DIR",
        "ENCRYPTION_KEYS",
        "KEY_COMMAND",
        "SECOND_FACTOR",
        "BREACHED_PASSWORDS",
        "SURFACE",
        "OIDC_ISSUER",
        "OIDC_CLIENT_ID",
        "OIDC_CLIENT_SECRET",
        "OIDC_CLAIM",
        "CLAMAV",
        "FILES",
        "S3_ENDPOINT",
        "S3_REGION",
        "S3_ACCESS_KEY_ID",
        "S3_SECRET_ACCESS_KEY",
        "SMTP",
        "MAIL_FROM",
        "GATEWAY",
        "GATEWAY_KEY",
    }
)


def create_secret_key(data_dir: Path) -> None:
    """Make the secret key file of a new installation, readable by its owner only; an existing one stays."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))


def _database_url(value: str, data_dir: Path) -> str:
    url = value or f"sqlite:///{data_dir / 'langnghe.db'}"
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return url


def _owner_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("DATABASE_URL_OWNER") or None
    if url is not None and not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL_OWNER must begin with postgresql://; SQLite knows no roles.")
    return url


def _secret_key(value: str, data_dir: Path) -> bytes:
    file = data_dir / "secret_key"
    text = value or (file.read_text(encoding="ascii").strip() if file.is_file() else "")
    if len(text) < 32:
        raise ConfigError(f"{PREFIX}SECRET_KEY is missing or shorter than 32 characters; `flask init` makes {file}.")
    return text.encode()


def _one_source(given: Mapping[str, str]) -> str:
    keys = given.get("ENCRYPTION_KEYS", "")
    if keys and (given.get("KEY_COMMAND") or given.get("KEY_DIR")):
        raise ConfigError(f"Give {PREFIX}ENCRYPTION_KEYS or a folder of keys, not both.")
    return keys


def _url(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError(f"{PREFIX}{name} must be an address such as https://langnghe.tinh.gov.vn.")
    return value.rstrip("/")


def _single_sign_on(given: Mapping[str, str]) -> SingleSignOn | None:
    issuer = given.get("OIDC_ISSUER", "")
    if not issuer:
        return None
    values = [given.get(name, "") for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")]
    if not all(values):
        raise ConfigError(f"{PREFIX}OIDC_ISSUER needs {PREFIX}OIDC_CLIENT_ID and {PREFIX}OIDC_CLIENT_SECRET.")
    claim = given.get("OIDC_CLAIM", "") or "preferred_username"
    address = _url("OIDC_ISSUER", issuer)
    if address.startswith("http://") and urlsplit(address).hostname not in ("127.0.0.1", "localhost"):
        raise ConfigError(f"{PREFIX}OIDC_ISSUER must begin with https://.")
    return SingleSignOn(address, values[0], values[1], claim)


def _message_routes(given: Mapping[str, str]) -> dict[str, str]:
    """Where mail and messages to telephones are handed over; each with what it needs, or not at all."""
    smtp, sender = given.get("SMTP", ""), given.get("MAIL_FROM", "")
    parts = urlsplit(smtp)
    if smtp and (parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender):
        raise ConfigError(
            f"{PREFIX}SMTP must look like smtp://user:password@host:587, with {PREFIX}MAIL_FROM beside it."
        )
    if smtp and parse_qs(parts.query).get("tls", ["start"])[0] not in ("start", "none"):
        raise ConfigError(f"{PREFIX}SMTP may end with ?tls=none or ?tls=start; smtps:// is TLS from the beginning.")
    gateway, key = given.get("GATEWAY", ""), given.get("GATEWAY_KEY", "")
    if gateway and len(key) < 32:
        raise ConfigError(f"{PREFIX}GATEWAY needs {PREFIX}GATEWAY_KEY of at least 32 characters.")
    if gateway:
        gateway = _url("GATEWAY", gateway)
        if gateway.startswith("http://") and urlsplit(gateway).hostname not in ("127.0.0.1", "localhost"):
            raise ConfigError(f"{PREFIX}GATEWAY must begin with https://.")
    return {"smtp_url": smtp, "mail_from": sender if smtp else "", "gateway_url": gateway, "gateway_key": key}


def _s3_place(given: Mapping[str, str]) -> S3Place | None:
    if not given.get("FILES"):
        return None
    parts = urlsplit(given["FILES"])
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigError(f"{PREFIX}FILES must look like s3://bucket/prefix; without it files lie in the data folder.")
    keys = [given.get(name, "") for name in ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")]
    if not all(keys):
        raise ConfigError(f"{PREFIX}FILES needs {PREFIX}S3_ACCESS_KEY_ID and {PREFIX}S3_SECRET_ACCESS_KEY.")
    endpoint = _url("S3_ENDPOINT", given["S3_ENDPOINT"]) if given.get("S3_ENDPOINT") else ""
    return S3Place(parts.netloc, parts.path.strip("/"), endpoint, given.get("S3_REGION", "us-east-1"), keys[0], keys[1])


def _bind(value: str) -> str:
    _host_and_port("BIND", value)
    return value


def _host_and_port(name: str, value: str) -> tuple[str, int]:
    host, colon, port = value.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise ConfigError(f"{PREFIX}{name} must be an address and a port, such as 127.0.0.1:8000.")
    return host.strip("[]"), int(port)


def _path(value: str) -> Path | None:
    return Path(value).absolute() if value else None


def _number(name: str, value: str, low: int, high: int) -> int:
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ConfigError(f"{PREFIX}{name} must be a whole number from {low} to {high}.")
    return int(value)


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ConfigError(f"{PREFIX}{name} must be one of {', '.join(allowed)}.")
    return value


def _small_numbers(value: str) -> SmallNumbers:
    public, slash, home_affairs = value.partition("/")
    if not slash or not public.isdecimal() or not home_affairs.isdecimal():
        raise ConfigError(f"{PREFIX}SMALL_NUMBERS must look like 10/5: public and unit officers / Home Affairs.")
    if not 2 <= int(home_affairs) <= int(public) <= 100:
        raise ConfigError(f"{PREFIX}SMALL_NUMBERS must satisfy 2 ≤ Home Affairs ≤ public ≤ 100.")
    return SmallNumbers(int(public), int(home_affairs))
