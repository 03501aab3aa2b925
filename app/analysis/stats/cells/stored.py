"""Stored form of cell sums: a version byte, then zlib over a header in JSON and the arrays; nothing in it is a person.

The header names the plan, so that sums of another question set, scale or design are refused, not misread.
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
LEVEL = 6
# Refuse to unpack more than this: a stored form comes from another machine.
MOST_BYTES = 1 << 32
TYPES = ("u1", "u2", "u4", "i8")


def to_bytes(sums: CellSums) -> bytes:
    """Stored form; equal sums give equal bytes."""
    arrays, shapes = [], {}
    for name in rows_of_blocks(sums.plan):
        block: Whole = getattr(sums.blocks, name)
        shapes[name] = [block.low.dtype.str[1:], block.high is not None]
        arrays.append(_planes(block.low))
        if block.high is not None:
            arrays.append(_planes(block.high))
    keys = sums.keys
    header = {
        "plan": sums.plan.description,
        "strata": list(keys.strata),
        "psus": [list(p) for p in keys.psus],
        "domains": [list(d) for d in keys.domains],
        "cells": keys.cells,
        "blocks": shapes,
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    places = [_planes(codes.astype(np.int64)) for codes in (keys.domain, keys.psu)]
    payload = b"".join([len(text).to_bytes(4, "little"), text, *places, *arrays])
    return bytes([STORED_VERSION]) + zlib.compress(payload, LEVEL)


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
    reader = _Reader(_unpacked(stored[1:]))
    try:
        header = json.loads(reader.take(int.from_bytes(reader.take(4), "little")))
        if header["plan"] != plan.description:
            message = "these stored sums were made after another plan"
            raise BadInputError(message)
        keys = _keys(plan, header, reader)
        blocks = _blocks(plan, keys, header["blocks"], reader)
    except (KeyError, TypeError, IndexError, UnicodeDecodeError, json.JSONDecodeError) as error:
        message = "stored sums are damaged"
        raise BadInputError(message) from error
    if reader.left:
        message = f"{reader.left} bytes too many in stored sums"
        raise BadInputError(message)
    return CellSums(plan, keys, blocks)


class _Reader:
    """Bytes taken from the front, never past the end."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place = memoryview(data), 0

    @property
    def left(self) -> int:
        return len(self._data) - self._place

    def take(self, count: int) -> bytes:
        if count > self.left:
            message = f"stored sums end {count - self.left} bytes too early"
            raise BadInputError(message)
        self._place += count
        return bytes(self._data[self._place - count : self._place])

    def array(self, kind: str, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.integer]]:
        if kind not in TYPES:
            message = f"stored sums of unknown type {kind!r}"
            raise BadInputError(message)
        size = int(kind[1])
        planes = np.frombuffer(self.take(size * int(np.prod(shape))), dtype=np.uint8).reshape(size, -1).T
        found = np.ascontiguousarray(planes).view(f"<{kind}").reshape(shape)
        return found.astype(np.dtype(kind))


def _planes(array: np.ndarray[tuple[int, ...], np.dtype[np.integer]]) -> bytes:
    """All first bytes, then all second ones, …: a quarter less room, since most high bytes are 0."""
    size = array.dtype.itemsize
    little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
    return little.reshape(-1).view(np.uint8).reshape(-1, size).T.tobytes()


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        message = "stored sums are damaged"
        raise BadInputError(message) from error
    if not unpacker.eof or unpacker.unused_data:
        message = "stored sums are cut off, too long, or followed by something else"
        raise BadInputError(message)
    return data


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
