"""A server that speaks S3, in a process of its own on a free loopback port, ended by its process id."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from app.config import S3Place
from tests.support.clamd import free_port
from tests.support.processes import tied

BUCKET = "langnghe-test"
START_SECONDS = 60


@contextmanager
def running_s3() -> Iterator[S3Place]:
    """Start the server and make a bucket."""
    endpoint = f"http://127.0.0.1:{free_port()}"
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "moto.server",
        "-H",
        "127.0.0.1",
        "-p",
        endpoint.rpartition(":")[2],
    ]
    process = subprocess.Popen(tied(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(endpoint, process)
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT"), timeout=20).close()
        yield S3Place(BUCKET, "of/langnghe", endpoint, "us-east-1", "key", "secret")
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{endpoint}/moto-api/", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The S3 server did not start; is moto installed (`make setup`)?")
