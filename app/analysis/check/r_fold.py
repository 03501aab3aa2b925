"""Works out what is literal in a tree of R text: arithmetic, vectors, names given a literal before."""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.r_arguments import is_literal, match_arguments, number, numbers
from app.analysis.check.r_syntax import Call, Name, UnreadableTextError

Floats = npt.NDArray[np.float64]
LONGEST_VECTOR = 1_000_000

ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow,
    "%%": operator.mod, "%/%": operator.floordiv,
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ELEMENTWISE: Mapping[str, Callable[[Any], Any]] = {
    "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "abs": np.abs, "sum": np.sum, "mean": np.mean, "min": np.min,
    "max": np.max, "prod": np.prod, "cumsum": np.cumsum, "rev": lambda x: np.atleast_1d(x)[::-1], "sort": np.sort,
    "length": lambda x: float(np.size(x)), "t": np.transpose, "as.numeric": np.asarray, "ceiling": np.ceil,
    "floor": np.floor, "seq_len": lambda n: _count(1.0, n),
}  # fmt: skip
UNCHANGED = frozenset({"(", "arr", "unname", "as.vector", "one"})


def fold(tree: Any, known: dict[str, Any]) -> Any:
    """Work out what is literal in a tree; `known` holds the names with a value and takes up new ones."""
    if isinstance(tree, Name):
        return known.get(tree.text, tree)
    if not isinstance(tree, Call):
        return tree
    special = SPECIAL.get(tree.name)
    if special is not None:
        return special(tree, known)
    positional = tuple(fold(part, known) for part in tree.positional)
    named = {name: fold(part, known) for name, part in tree.named.items()}
    call = Call(tree.name, positional, named)
    return _worked_out(call) if all(map(is_literal, (*positional, *named.values()))) else call


def _fold_formula(tree: Call, _: dict[str, Any]) -> Call:
    """Keep the names of a formula: they are columns, not variables."""
    return Call("~", tuple(fold(part, {}) for part in tree.positional))


def _fold_element(tree: Call, known: dict[str, Any]) -> Call:
    """Keep the name after ``$``: it is an element, not a variable."""
    return Call(tree.name, (fold(tree.positional[0], known), *tree.positional[1:]))


def _fold_function(tree: Call, known: dict[str, Any]) -> Call:
    inside = {name: value for name, value in known.items() if name not in tree.named}
    return Call("function", tuple(fold(part, inside) for part in tree.positional), tree.named)


def _fold_assignment(tree: Call, known: dict[str, Any]) -> Call:
    target, value = tree.positional[0], fold(tree.positional[1], known)
    if isinstance(target, Name):
        if is_literal(value):
            known[target.text] = value
        else:
            known.pop(target.text, None)
    else:
        for changed in _names(target):
            known.pop(changed, None)
    return Call("<-", (target, value))


def _names(tree: Any) -> Iterator[str]:
    if isinstance(tree, Name):
        yield tree.text
    elif isinstance(tree, Call):
        for part in tree.positional:
            yield from _names(part)


def _changed(tree: Any) -> Iterator[str]:
    """Names that are given a value anywhere inside a tree."""
    if isinstance(tree, Call):
        if tree.name == "<-":
            yield from _names(tree.positional[0])
        for part in tree.positional:
            yield from _changed(part)


def _fold_branches(tree: Call, known: dict[str, Any]) -> Call:
    """Whatever may or may not be assigned in a branch has no known value afterwards."""
    inside = dict(known)
    for changed in _changed(tree):
        inside.pop(changed, None)
    if tree.name == "for":
        inside.pop(tree.positional[0].text, None)
    folded = Call(tree.name, tuple(fold(part, dict(inside)) for part in tree.positional))
    for name in set(known) - set(inside):
        del known[name]
    return folded


SPECIAL: Mapping[str, Callable[[Call, dict[str, Any]], Any]] = {
    "~": _fold_formula, "$": _fold_element, "@": _fold_element, "function": _fold_function, "<-": _fold_assignment,
    "if": _fold_branches, "for": _fold_branches, "while": _fold_branches,
}  # fmt: skip
SIGNS: Mapping[str, Callable[[Any], Any]] = {"-": operator.neg, "+": operator.pos, "!": np.logical_not}


def _worked_out(call: Call) -> Any:
    """Value of a call whose arguments are all literal, or the call itself where it is none of ours."""
    arguments = call.positional
    try:
        with np.errstate(all="ignore"):
            if call.name in UNCHANGED and len(arguments) == 1:
                return arguments[0]
            if call.name in ARITHMETIC and len(arguments) == 2:
                return _plain(ARITHMETIC[call.name](*(_operand(part) for part in arguments)))
            if call.name in SIGNS and len(arguments) == 1:
                return _plain(SIGNS[call.name](_operand(arguments[0])))
            if call.name in ELEMENTWISE and len(arguments) == 1 and not call.named:
                return _plain(ELEMENTWISE[call.name](_operand(arguments[0])))
            maker = MAKERS.get(call.name)
            return call if maker is None else maker(call)
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        message = f"{call.name}() of the R text cannot be worked out: {error}"
        raise UnreadableTextError(message) from error


def _operand(value: Any) -> Any:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, str):
        return value
    return np.asarray(value, dtype=np.float64) if not isinstance(value, list) else np.asarray(value)


def _plain(value: Any) -> Any:
    """Single numbers as float and bool, vectors as arrays."""
    array = np.asarray(value)
    return array.item() if array.ndim == 0 else array


def _combined(call: Call) -> Any:
    """``c()``: a vector; with names a dict."""
    if call.named:
        return dict(call.named) if not call.positional else call
    parts = [part for part in call.positional if part is not None]
    if any(isinstance(part, (str, list)) for part in parts):
        return [word for part in parts for word in (part if isinstance(part, list) else [part])]
    if any(isinstance(part, dict) for part in parts):
        return call
    return np.concatenate([np.atleast_1d(np.asarray(part, dtype=np.float64)).ravel() for part in parts or [[]]])


def _count(first: Any, last: Any) -> Floats:
    low, high = float(first), float(last)
    if not abs(high - low) < LONGEST_VECTOR:
        message = f"{low}:{high} is too long"
        raise ValueError(message)
    steps = np.arange(int(abs(high - low) + 1e-10) + 1)
    return np.asarray(low + steps if high >= low else low - steps, dtype=np.float64)


def _sequence(call: Call) -> Any:
    arguments = match_arguments(call, ("from", "to", "by", "length.out"))
    low, high = number(arguments, "from", 1.0), number(arguments, "to")
    if "length.out" in arguments:
        return np.linspace(low, high, int(min(number(arguments, "length.out"), LONGEST_VECTOR)))
    by = number(arguments, "by", 1.0 if high >= low else -1.0)
    return low + by * _count(0.0, np.floor((high - low) / by + 1e-10))


def _repeated(call: Call) -> Any:
    arguments = match_arguments(call, ("x", "times", "each"))
    values = np.atleast_1d(np.asarray(arguments["x"]))
    times = number(arguments, "times", 1.0) * number(arguments, "each", 1.0)
    if values.size * times > LONGEST_VECTOR:
        raise ValueError("rep() is too long")
    repeated = np.tile(np.repeat(values, int(number(arguments, "each", 1.0))), int(number(arguments, "times", 1.0)))
    return repeated.tolist() if values.dtype.kind == "U" else repeated.astype(np.float64)


def _matrix(call: Call) -> Any:
    arguments = match_arguments(call, ("data", "nrow", "ncol", "byrow", "dimnames"))
    data = numbers(arguments, "data")
    columns = number(arguments, "ncol", 0.0)
    rows = number(arguments, "nrow", -(-data.size // columns) if columns else data.size)
    columns = columns or -(-data.size // rows)
    if not 0 < rows * columns <= LONGEST_VECTOR:
        raise ValueError("a matrix of this size")
    cells = np.resize(data, int(rows * columns))
    by_row = number(arguments, "byrow", 0.0)
    return cells.reshape((int(rows), int(columns)), order="C" if by_row else "F")


def _bound(call: Call) -> Any:
    parts = [np.asarray(part, dtype=np.float64) for part in (*call.positional, *call.named.values())]
    if any(part.ndim > 2 for part in parts):
        return call
    return np.column_stack(parts) if call.name == "cbind" else np.vstack(parts)


def _indexed(call: Call) -> Any:
    """``x[i]`` with whole numbers from 1, or negative ones to leave out; other forms stay calls."""
    if len(call.positional) != 2 or call.named or isinstance(call.positional[0], (dict, str)):
        return call
    values, chosen = np.atleast_1d(np.asarray(call.positional[0])), np.atleast_1d(np.asarray(call.positional[1]))
    if values.ndim != 1 or chosen.dtype.kind not in "bif":
        return call
    if chosen.dtype.kind == "b":
        kept = values[chosen]
    elif np.all(chosen < 0):
        kept = np.delete(values, -chosen.astype(int) - 1)
    else:
        if np.any(chosen < 1):
            raise IndexError("a place below 1")
        kept = values[chosen.astype(int) - 1]
    if values.dtype.kind == "U":
        return kept[0].item() if kept.size == 1 else kept.tolist()
    return kept[0].item() if kept.size == 1 else kept


MAKERS: Mapping[str, Callable[[Call], Any]] = {
    "c": _combined, ":": lambda call: _count(*call.positional), "seq": _sequence, "rep": _repeated,
    "matrix": _matrix, "cbind": _bound, "rbind": _bound, "[": _indexed, "[[": _indexed,
}  # fmt: skip
