"""Encrypted files in a bucket that speaks S3, behind the same interface as the local folder (extra ``s3``).

What is sent there is encrypted already. A whole file appears or none; replacing happens only over the very object that
was read, so what was erased meanwhile does not come back. Buckets must know conditional writes, as S3, MinIO, Ceph do.
"""

import os
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property

import obstore
from obstore.exceptions import PreconditionError
from obstore.store import S3Store

from app.config import S3Place
from app.files.storage import NAME, READ_AT_ONCE

PART_BYTES = 5 * 1024 * 1024  # the least that S3 takes as one part of several
RETRY_SECONDS = 30


_used_in: list[int] = []


class UsedBeforeForkError(RuntimeError):
    """A process used the bucket and then split in two: look into it from a process apart, as the start does."""


class Bucket:
    """Files under ``prefix/ab/ab12…``."""

    def __init__(self, place: S3Place) -> None:
        self._place = place

    @cached_property
    def _connected(self) -> S3Store:
        place = self._place
        return S3Store(
            place.bucket,
            prefix=place.prefix or None,
            config={
                "endpoint": place.endpoint or f"https://s3.{place.region}.amazonaws.com",
                "region": place.region,
                "access_key_id": place.access_key_id,
                "secret_access_key": place.secret_access_key,
                "conditional_put": "etag",
            },
            client_options={"allow_http": place.endpoint.startswith("http://"), "timeout": timedelta(seconds=60)},
            retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
        )

    @property
    def _store(self) -> S3Store:
        """The client; refused where it would wait for threads that stayed behind in the parent process."""
        if not _used_in:
            _used_in.append(os.getpid())
        if _used_in[0] != os.getpid():
            raise UsedBeforeForkError
        return self._connected

    def put(self, name: str, content: Iterable[bytes]) -> None:
        """One part after another is sent; when anything fails, they are never put together to a file.

        The content is drawn here, not by the library: it may itself come out of the bucket.
        """
        writer = obstore.open_writer(self._store, _path(name), buffer_size=PART_BYTES, max_concurrency=1)
        for piece in content:
            writer.write(piece)
        writer.close()

    def replace(self, name: str, content: Iterable[bytes]) -> bool:
        """Over the object that stands there now; a conditional write takes the content whole."""
        try:
            present = obstore.head(self._store, _path(name))
            obstore.put(self._store, _path(name), b"".join(content), mode={"e_tag": present["e_tag"]})
        except (FileNotFoundError, PreconditionError):
            return False
        return True

    def get(self, name: str) -> Iterator[bytes]:
        """Asked for now, read when asked."""
        found = obstore.get(self._store, _path(name))
        return (bytes(piece) for piece in found.stream(min_chunk_size=READ_AT_ONCE))

    def delete(self, name: str) -> None:
        """Remove the object; in a bucket with versions, a rule there must remove old versions."""
        obstore.delete(self._store, _path(name))

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(name for name, _ in self._listed())

    def stale(self, older_than_seconds: float) -> list[str]:
        """By the bucket's own clock, which dated them."""
        latest = time.clock_gettime(time.CLOCK_REALTIME) - older_than_seconds
        return sorted(name for name, changed_at in self._listed() if changed_at.timestamp() <= latest)

    def sweep(self, older_than_seconds: float) -> int:
        """Nothing: parts of interrupted uploads never become files, and a rule of the bucket removes them."""
        return 0

    def _listed(self) -> Iterator[tuple[str, datetime]]:
        for batch in obstore.list(self._store):
            for one in batch:
                name = one["path"].rpartition("/")[2]
                if NAME.fullmatch(name):
                    yield name, one["last_modified"]


def _path(name: str) -> str:
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return f"{name[:2]}/{name}"
