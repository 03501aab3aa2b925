"""Writes small SPSS data files (uncompressed .sav, UTF-8), because the library in use only reads without pandas."""

import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_SYSMIS = -sys.float_info.max


@dataclass(frozen=True)
class Variable:
    """A variable with its values: numbers (None: no value) or texts of at most 8 bytes."""

    name: str
    values: Sequence[float | str | None]
    label: str = ""
    value_labels: Mapping[float, str] = field(default_factory=dict)
    missing: Sequence[float] = ()

    @property
    def is_text(self) -> bool:
        return any(isinstance(value, str) for value in self.values)


def sav(variables: Sequence[Variable]) -> bytes:
    """The bytes of a file."""
    count = len(variables[0].values)
    header = struct.pack(
        "<4s60siiiiid9s8s64s3x", b"$FL2", b"@(#) SPSS DATA FILE test".ljust(60), 2, len(variables), 0, 0, count, 100.0,
        b"22 Nov 26", b"10:00:00", b" " * 64,
    )  # fmt: skip
    shorts = [f"V{number}" for number in range(1, len(variables) + 1)]
    parts = [header, *(_variable(short, one) for short, one in zip(shorts, variables, strict=True))]
    parts += [_labels(place, one) for place, one in enumerate(variables, start=1) if one.value_labels]
    parts.append(_extension(3, 4, struct.pack("<8i", 27, 0, 0, 0, 1, 1, 2, 65001)))
    names = "\t".join(f"{short}={one.name}" for short, one in zip(shorts, variables, strict=True))
    parts += [_extension(13, 1, names.encode()), _extension(20, 1, b"UTF-8"), struct.pack("<ii", 999, 0)]
    for row in range(count):
        parts += [_cell(one.values[row], is_text=one.is_text) for one in variables]
    return b"".join(parts)


def _variable(short: str, one: Variable) -> bytes:
    shape = (1 << 16 | 8 << 8) if one.is_text else (5 << 16 | 8 << 8 | 2)
    record = struct.pack(
        "<6i8s",
        2,
        8 if one.is_text else 0,
        int(bool(one.label)),
        len(one.missing),
        shape,
        shape,
        short.encode().ljust(8),
    )
    if one.label:
        words = one.label.encode()
        record += struct.pack("<i", len(words)) + words + b" " * (-len(words) % 4)
    return record + b"".join(struct.pack("<d", code) for code in one.missing)


def _labels(place: int, one: Variable) -> bytes:
    record = struct.pack("<ii", 3, len(one.value_labels))
    for value, label in one.value_labels.items():
        words = label.encode()
        record += struct.pack("<dB", value, len(words)) + words + b" " * (-(1 + len(words)) % 8)
    return record + struct.pack("<iii", 4, 1, place)


def _extension(kind: int, size: int, data: bytes) -> bytes:
    return struct.pack("<iiii", 7, kind, size, len(data) // size) + data


def _cell(value: float | str | None, *, is_text: bool) -> bytes:
    if is_text:
        return str(value or "").encode().ljust(8)
    return struct.pack("<d", _SYSMIS if value is None else value)
