"""The web server: two workers of four threads, one copy of the code, no access log (it would hold addresses)."""

import gc
import os
from typing import Any

# Matrices here are small; waiting threads of the matrix library cost more than they gain.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

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
# Nobody steers a running server through a socket: systemd does. Its folder could not be written in production anyway.
control_socket_disable = True
# The client address is read by app/web/limits.py alone, by the number of our own proxies.
forwarded_allow_ips = ""


def pre_fork(server: Any, _worker: Any) -> None:
    """Close the connections of the master: a database connection must not be shared by two processes.

    What is loaded by now is set apart from garbage collection: collecting would write into every object and so give
    each worker a copy of memory that all can share.
    """
    from app.db.session import EXTENSION

    gc.collect()
    gc.freeze()
    server.app.callable.extensions[EXTENSION].dispose()
