"""The web server: two workers of four threads, one copy of the code, no access log (it would hold addresses)."""

import os
from typing import Any

bind = os.environ.get("LANGNGHE_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - the heartbeat touches no disk
preload_app = True
keepalive = 15
timeout = 60
graceful_timeout = 10
accesslog = None
loglevel = "warning"
# The client address is read by app/web/limits.py alone, by the number of our own proxies.
forwarded_allow_ips = ""


def pre_fork(server: Any, _worker: Any) -> None:
    """Close the connections of the master: a database connection must not be shared by two processes."""
    from app.db.session import EXTENSION

    server.app.callable.extensions[EXTENSION].dispose()
