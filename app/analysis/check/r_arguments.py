"""Arguments of a call that was read from R text: matched to a signature, and taken out as numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.r_syntax import Call, Name, UnreadableTextError

Floats = npt.NDArray[np.float64]


def is_literal(value: Any) -> bool:
    """Whether a value is known from the text alone."""
    if isinstance(value, (Call, Name)):
        return False
    return all(is_literal(part) for part in value.values()) if isinstance(value, dict) else True


def match_arguments(call: Call, signature: Sequence[str]) -> dict[str, Any]:
    """Match arguments by the parameters of a signature, as R does: exact name, then unique beginning, then by place.

    Raises
    ------
    UnreadableTextError
        For an argument the signature does not know, or too many.
    """
    found: dict[str, Any] = {name: value for name, value in call.named.items() if name in signature}
    for name, value in call.named.items():
        if name in signature:
            continue
        fitting = [known for known in signature if known.startswith(name) and known not in found]
        if len(fitting) != 1:
            message = f"argument {name!r} of {call.name} is not one of {', '.join(signature)}"
            raise UnreadableTextError(message)
        found[fitting[0]] = value
    free = [name for name in signature if name not in found]
    if len(call.positional) > len(free):
        message = f"{call.name} has {len(call.positional)} unnamed arguments, room for {len(free)}"
        raise UnreadableTextError(message)
    return found | dict(zip(free, call.positional, strict=False))


def number(arguments: Mapping[str, Any], name: str, default: float | None = None) -> float:
    """One argument as a number; `default` where it is not given.

    Raises
    ------
    UnreadableTextError
        When it is missing without a default, or is not a literal number.
    """
    value = arguments.get(name, default)
    if isinstance(value, (bool, int, float, np.ndarray)) and np.size(value) == 1:
        return float(np.asarray(value, dtype=np.float64).reshape(-1)[0])
    message = f"argument {name!r} is not a literal number: {value!r}"
    raise UnreadableTextError(message)


def numbers(arguments: Mapping[str, Any], name: str) -> Floats:
    """One argument as a vector of numbers (a single number is a vector of one).

    Raises
    ------
    UnreadableTextError
        When it is missing or not literal.
    """
    value = arguments.get(name)
    if isinstance(value, dict) and is_literal(value):
        value = list(value.values())
    if isinstance(value, (bool, int, float, np.ndarray, list)):
        vector = np.atleast_1d(np.asarray(value))
        if vector.dtype.kind in "bif":
            return vector.astype(np.float64)
    message = f"argument {name!r} is not a vector of literal numbers: {value!r}"
    raise UnreadableTextError(message)
