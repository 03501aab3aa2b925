"""A real PostgreSQL of our own: made in a temporary folder, reached through a Unix socket, gone afterwards.

Neither the packaged cluster nor port 5432 is touched. ``initdb`` refuses root, so as root the server runs as the
system user ``postgres``; the folder lies outside every home for that reason.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.processes import tied

SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=64MB",
    "autovacuum=off",
    "timezone=UTC",
)
START_SECONDS = 30


def programs() -> Path | None:
    """The folder of the newest ``initdb`` and ``postgres`` on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server; gives the address of its database ``postgres`` and stops it at the end, whatever happens."""
    folder = programs()
    if folder is None:
        raise RuntimeError("PostgreSQL is not installed; run `make setup-tests`.")
    home = Path(tempfile.mkdtemp(prefix="langnghe-pg-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        owner = _owner(home)
        _make_cluster(folder, home, owner)
        command = [str(folder / "postgres"), "-D", str(home / "data"), "-k", str(home)]
        for setting in SETTINGS:
            command += ["-c", setting]
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                tied(command, "INT"), user=owner, group=_group(owner), stdout=log, stderr=log, cwd="/"
            )
        yield _wait(home, process)
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(home, ignore_errors=True)


def create_database(server: str, name: str, template: str = "template1") -> str:
    """Make a database on a running server as a copy of ``template``; gives its address."""
    with psycopg.connect(_for_psycopg(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    return server.replace("/postgres?", f"/{name}?")


def drop_database(server: str, name: str) -> None:
    """Remove a database, and whoever is still connected to it."""
    with psycopg.connect(_for_psycopg(server), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _owner(home: Path) -> int | None:
    if os.geteuid() != 0:
        return None
    owner = pwd.getpwnam("postgres")
    os.chown(home, owner.pw_uid, owner.pw_gid)
    return owner.pw_uid


def _group(owner: int | None) -> int | None:
    return None if owner is None else pwd.getpwuid(owner).pw_gid


def _make_cluster(folder: Path, home: Path, owner: int | None) -> None:
    subprocess.run(
        [
            *(str(folder / "initdb"), "-D", str(home / "data"), "-U", "langnghe", "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi-VN"),
        ],
        user=owner,
        group=_group(owner),
        cwd="/",
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _wait(home: Path, process: subprocess.Popen[bytes]) -> str:
    address = f"postgresql://langnghe@/postgres?host={home}"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return address
    raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(2)  # fast shutdown: open sessions are ended
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _for_psycopg(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://")
