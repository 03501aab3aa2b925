"""The settings of the environment as the page of settings shows them: never a secret (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.config import PREFIX, SETTINGS, Config

HIDDEN = "đã giấu"


@dataclass(frozen=True, slots=True)
class EnvironmentLine:
    """One setting of the environment: its name, what it is for, its value, and where that comes from."""

    name: str
    purpose: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class _Shown:
    purpose: str
    value: Callable[[Config], str]


def _small_numbers(config: Config) -> str:
    return f"{config.small_numbers.public}/{config.small_numbers.home_affairs}"


SHOWN: Mapping[str, _Shown] = {
    "PUBLIC_URL": _Shown("Địa chỉ của hệ thống, in dưới mã QR", lambda config: config.public_url),
    "SURFACE": _Shown("Trang cho người dân, trang cán bộ, hay cả hai", lambda config: config.surface),
    "SMALL_NUMBERS": _Shown("Mức sàn của số câu trả lời ít nhất: công bố/nội vụ", _small_numbers),
    "SESSION_HOURS": _Shown("Phiên đăng nhập kéo dài, giờ", lambda config: str(config.session_hours)),
    "SECOND_FACTOR": _Shown("Yếu tố thứ hai khi đăng nhập", lambda config: config.second_factor),
    "KEPT_SECONDS": _Shown("Trang công khai được giữ sẵn, giây", lambda config: str(config.kept_seconds)),
    "TRUSTED_PROXY_HOPS": _Shown("Số máy chủ trung gian được tin", lambda config: str(config.trusted_proxy_hops)),
    "LOG_LEVEL": _Shown("Mức ghi nhật ký kỹ thuật", lambda config: config.log_level),
    "OIDC_ISSUER": _Shown(
        "Nơi đăng nhập một lần", lambda config: config.single_sign_on.issuer if config.single_sign_on else ""
    ),
}
"""What may be read by whoever may change settings. Everything else is named only: keys, passwords, addresses of
databases, and paths, which tell a stranger how the machine is built."""


def lines(config: Config) -> list[EnvironmentLine]:
    """Every setting of the environment, those that are shown first."""
    plain = Config(database_url="", data_dir=config.data_dir, secret_key=b"")
    shown = [_line(name, one, config, plain) for name, one in SHOWN.items()]
    hidden = [
        EnvironmentLine(f"{PREFIX}{name}", "Không hiện ở đây: bí mật hoặc chi tiết của máy chủ", HIDDEN, "môi trường")
        for name in sorted(SETTINGS - SHOWN.keys())
    ]
    return [*shown, *hidden]


def _line(name: str, one: _Shown, config: Config, plain: Config) -> EnvironmentLine:
    value = one.value(config)
    origin = "mặc định" if value == one.value(plain) else "biến môi trường"
    return EnvironmentLine(f"{PREFIX}{name}", one.purpose, value or "(không đặt)", origin)
