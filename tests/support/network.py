"""The network is off: only this machine's own addresses and Unix sockets can be reached."""

import ipaddress
import sys
from typing import Any

LOCAL_NAMES = frozenset({"localhost", "", None, b"localhost"})


class NetworkIsOff(Exception):
    """A test tried to reach another machine."""


def switch_off() -> None:
    """Refuse every connection and name look-up that leaves this machine, for the rest of this process."""
    sys.addaudithook(_guard)


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            raise NetworkIsOff(f"connection to {address[0]}")
    elif event == "socket.getaddrinfo" and not _is_local(arguments[0]):
        raise NetworkIsOff(f"look-up of {arguments[0]}")


def _is_local(host: Any) -> bool:
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False
