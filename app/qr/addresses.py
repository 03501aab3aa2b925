"""The two addresses on a card: the one inside the code, and the short one typed by hand."""

from urllib.parse import urlsplit

from app.qr.tokens import printed

# One letter keeps the typed address short; the web layer serves the path in both cases.
SCAN_PATH = "q"


def scan_address(base_address: str, token: str) -> str:
    """The address inside the code, e.g. `HTTPS://DANHGIA.EXAMPLE.VN/Q/…`.

    Scheme and host mean the same in upper case, and upper case lets the code use its compact alphanumeric mode. A base
    address with a path of its own keeps that path, because paths are case-sensitive; the code is then a little denser.
    """
    scheme, host, path = _parts(base_address)
    return f"{scheme.upper()}://{host.upper()}{path}/{SCAN_PATH.upper()}/{token}"


def short_address(base_address: str, token: str) -> str:
    """The address to type, without scheme, the token in groups of four: `danhgia.example.vn/q/…-…-…-…`."""
    _, host, path = _parts(base_address)
    return f"{host}{path}/{SCAN_PATH}/{printed(token)}"


def _parts(base_address: str) -> tuple[str, str, str]:
    """Scheme, host with port (ASCII form of a Vietnamese domain) and path without its last slash.

    Raises ValueError when the address is not a plain http or https address.
    """
    parts = urlsplit(base_address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError(f"not a plain http(s) address: {base_address!r}")
    host = parts.hostname.encode("idna").decode("ascii") if not parts.hostname.isascii() else parts.hostname
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None:
        host = f"{host}:{parts.port}"
    return parts.scheme, host, parts.path.rstrip("/")
