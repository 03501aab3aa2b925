"""Applications are made anew for most tests, and each would compile the same templates again.

What Jinja makes of a template depends on its text and on settings every application of ours shares, so a worker keeps
it. A test that a kept and a fresh one give the same code stands in tests/unit/templates/test_compiled_templates.py.
"""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _Kept(BytecodeCache):
    """Keeps compiled templates in memory; Jinja leaves out those whose text has changed."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


def keep() -> None:
    """Compile each template once in this process."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Kept()}
