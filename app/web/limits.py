"""Rate limits of public posts: by form and by code first, by address only as a wide ceiling.

A hall of 200 people shares one address, so the address limit must never be the one that bites. The address is
used for this and nothing else: it is neither stored nor logged.
"""

import ipaddress
from functools import lru_cache

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from app import clock
from app.config import Config

EXTENSION = "langnghe-limits"
PER_FORM = parse("12/minute")
PER_SESSION = parse("40/minute")  # one intake: some ten pages, each with a search, an error, the other language
PER_CODE = parse("90/minute")
PER_ADDRESS = parse("600/minute")
BURST = parse("15/minute")  # not a limit: from here on answers carry a flag


class Limits:
    """Counters in memory (per worker) or in Redis."""

    def __init__(self, config: Config) -> None:
        self._limiter = FixedWindowRateLimiter(storage_from_string(config.rate_limit_storage))
        self._hops = config.trusted_proxy_hops
        self._is_off = config.simulated_limits_off

    def hit(self, item: RateLimitItem, *key: str) -> bool:
        """Count one event; whether it is still within the limit."""
        if self._is_off:  # simulated people act faster than real ones: a minute is one of their clock
            return self._limiter.hit(item, *key, f"{clock.now():%Y%m%d%H%M}")
        return self._limiter.hit(item, *key)

    def allows_post(self, form: str, code: str) -> bool:
        """Count a public post under all three limits; whether it may go on. ``code`` is empty where none led here."""
        return self._allows(PER_FORM, form, code)

    def allows_page(self, session: str) -> bool:
        """The same for one of the many pages of one sitting."""
        return self._allows(PER_SESSION, session, "")

    def allows_look_up(self, purpose: str) -> bool:
        """Count a post that bears nothing of its own to count by: the wide ceiling of the network alone."""
        return self._is_off or self.hit(PER_ADDRESS, purpose, self.network())

    def _allows(self, own: RateLimitItem, form: str, code: str) -> bool:
        if self._is_off:
            return True
        within = [
            self.hit(own, "form", form),
            not code or self.hit(PER_CODE, "code", code),
            self.hit(PER_ADDRESS, "network", self.network()),
        ]
        return all(within)

    def network(self) -> str:
        """The network the present request comes from; for counting only."""
        return client_network(request.remote_addr or "", request.headers.getlist("X-Forwarded-For"), self._hops)


def client_network(peer: str, forwarded: list[str], hops: int) -> str:
    """The network a request comes from (pure): one IPv4 address, or the /64 of an IPv6 address.

    ``forwarded`` holds the X-Forwarded-For lines; only the entry written by the outermost of ``hops`` own proxies
    counts, counted from the right. Anything unreadable there counts as the peer itself, never as what was claimed.
    """
    entries = [entry.strip() for line in forwarded for entry in line.split(",")]
    claimed = entries[-hops] if 0 < hops <= len(entries) else peer
    return _network(claimed) or _network(peer) or "unknown"


@lru_cache(maxsize=1024)
def _network(text: str) -> str | None:
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def init_limits(app: Flask, config: Config) -> None:
    """Hand the counters to the application."""
    app.extensions[EXTENSION] = Limits(config)


def limits() -> Limits:
    """The counters of the running application."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Limits)
    return found
