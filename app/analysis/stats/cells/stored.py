"""Stored form of cell sums: a version byte, then a header in JSON and each array, packed one by one; nobody's answers.

The header names the plan, so that sums of another question set, scale or design are refused, not misread. Every part
is a length in eight bytes and a zlib stream, and no part is unpacked further than it may be long.
"""

import json
import zlib

import numpy as np

from app.analysis.stats.cells.keys import Keys
from app.analysis.stats.cells.plan import CellPlan, Within
from app.analysis.stats.cells.sums import NAMES, PER_CELL, Blocks, CellSums, rows_of_blocks
from app.analysis.stats.cells.whole import Whole
from app.analysis.stats.errors import BadInputError

STORED_VERSION = 1
LEVEL = 3
LENGTH = 8
MOST_HEADER = 1 << 28
TYPES = ("u1", "u2", "u4", "i8")


def to_bytes(sums: CellSums) -> bytes:
    """Stored form; equal sums give equal bytes."""
    keys, kinds = sums.keys, {}
    parts = [_planes(codes.astype(np.int64)) for codes in (keys.domain, keys.psu)]
    for name in rows_of_blocks(sums.plan):
        block: Whole = getattr(sums.blocks, name)
        kinds[name] = [block.low.dtype.str[1:], block.high is not None]
        parts.extend(_planes(limb) for limb in (block.low, block.high) if limb is not None)
    header = {
        "plan": sums.plan.description,
        "strata": list(keys.strata),
        "psus": [list(p) for p in keys.psus],
        "domains": [list(d) for d in keys.domains],
        "cells": keys.cells,
        "blocks": kinds,
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return bytes([STORED_VERSION]) + b"".join(map(_framed, [zlib.compress(text, LEVEL), *parts]))


def from_bytes(plan: CellPlan, stored: bytes) -> CellSums:
    """Read what `to_bytes` wrote.

    Raises
    ------
    BadInputError
        Unknown version, damaged bytes, another plan, cells that are not in order.
    """
    if not stored or stored[0] != STORED_VERSION:
        message = f"stored sums of unknown version {stored[:1]!r}"
        raise BadInputError(message)
    reader = _Reader(memoryview(stored)[1:])
    try:
        header = json.loads(reader.take(MOST_HEADER))
        if header["plan"] != plan.description:
            message = "these stored sums were made after another plan"
            raise BadInputError(message)
        keys = _keys(plan, header, reader)
        blocks = _blocks(plan, keys, header["blocks"], reader)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        if isinstance(error, BadInputError):
            raise
        message = "stored sums are damaged"
        raise BadInputError(message) from error
    if reader.left:
        message = f"{reader.left} bytes too many in stored sums"
        raise BadInputError(message)
    return CellSums(plan, keys, blocks)


class _Reader:
    """Parts taken from the front, never past the end."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._place = data, 0

    @property
    def left(self) -> int:
        return len(self._data) - self._place

    def take(self, most: int) -> bytes:
        """Unpack the next part, which may have up to this many bytes."""
        length = int.from_bytes(self._bytes(LENGTH), "little")
        unpacker = zlib.decompressobj()
        try:
            # One byte more than allowed is enough to see that it is too long, whatever it would unpack to.
            data = unpacker.decompress(self._bytes(length), most + 1)
        except zlib.error as error:
            message = "stored sums are damaged"
            raise BadInputError(message) from error
        if len(data) > most or not unpacker.eof or unpacker.unused_data:
            message = "a part of stored sums is cut off, too long, or followed by something else"
            raise BadInputError(message)
        return data

    def array(self, kind: str, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.integer]]:
        """Unpack an array, which must have exactly this shape."""
        if kind not in TYPES:
            message = f"stored sums of unknown type {kind!r}"
            raise BadInputError(message)
        size, count = int(kind[1]), int(np.prod(shape))
        data = self.take(size * count)
        if len(data) != size * count:
            message = f"an array of stored sums has {len(data)} bytes in place of {size * count}"
            raise BadInputError(message)
        planes = np.frombuffer(data, dtype=np.uint8).reshape(size, -1).T
        return np.ascontiguousarray(planes).view(f"<{kind}").reshape(shape).astype(np.dtype(kind), copy=False)

    def _bytes(self, count: int) -> memoryview:
        if count > self.left:
            message = f"stored sums end {count - self.left} bytes too early"
            raise BadInputError(message)
        self._place += count
        return self._data[self._place - count : self._place]


def _framed(packed: bytes) -> bytes:
    return len(packed).to_bytes(LENGTH, "little") + packed


def _planes(array: np.ndarray[tuple[int, ...], np.dtype[np.integer]]) -> bytes:
    """All first bytes, then all second ones, …, packed: a quarter less room, since most high bytes are 0."""
    size = array.dtype.itemsize
    little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
    return zlib.compress(little.reshape(-1).view(np.uint8).reshape(-1, size).T.tobytes(), LEVEL)


def _keys(plan: CellPlan, header: dict[str, list[list[str]]], reader: _Reader) -> Keys:
    cells = int(header["cells"])  # type: ignore[call-overload]
    domain, psu = (reader.array("i8", (cells,)).astype(np.intp) for _ in range(2))
    strata = tuple(str(s) for s in header["strata"])
    psus = tuple((int(stratum), str(label)) for stratum, label in header["psus"])
    domains = tuple(tuple(str(part) for part in parts) for parts in header["domains"])
    joint = domain * max(len(psus), 1) + psu
    labels = (list(strata), list(psus), list(domains))
    in_order = all(x == sorted(set(x)) for x in labels) and bool(np.all(np.diff(joint) > 0))  # type: ignore[type-var]
    inside = all(
        np.array_equal(np.unique(codes), np.arange(len(labels)))
        for codes, labels in ((domain, domains), (psu, psus), (np.array([s for s, _ in psus], dtype=int), strata))
    )
    if not in_order or not inside or any(len(parts) != len(plan.keys) for parts in domains):
        message = "the cells of stored sums are not in order"
        raise BadInputError(message)
    return Keys(strata, psus, domains, domain, psu)


def _blocks(plan: CellPlan, keys: Keys, kinds: dict[str, list[str]], reader: _Reader) -> Blocks:
    blocks: dict[str, Whole | None] = dict.fromkeys(NAMES)
    for name, rows in rows_of_blocks(plan).items():
        per_cell = name in PER_CELL or plan.within is Within.CELL
        shape = (rows, keys.cells if per_cell else len(keys.domains))
        kind, has_high = kinds[name]
        low = reader.array(kind, shape)
        high = reader.array("i8", shape).astype(np.int64) if has_high else None
        if (low.size and low.min() < 0) or (high is not None and high.min() < 0):
            message = f"a sum below 0 in {name}"
            raise BadInputError(message)
        blocks[name] = Whole(low, high)
    return Blocks(**blocks)  # type: ignore[arg-type]
