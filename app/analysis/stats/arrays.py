"""Arrays made of what a caller gives: numbers and truth values, with errors that name the argument."""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# The square of a larger number is none; no survey measures anything of this size.
LARGEST = 1e150
# One over a smaller number is none; such numbers are zeros.
SMALLEST = 1e-300


def numbers(values: npt.ArrayLike, name: str) -> Floats:
    """Values as doubles, of whatever shape; None becomes NaN, infinity stays.

    Raises
    ------
    BadInputError
        Words, lists of unequal length, numbers beyond 1e150: naming the argument.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        message = f"{name}: not numbers in lists of equal length ({error})"
        raise BadInputError(message) from error
    size = np.abs(array)
    huge = np.isfinite(size) & (size > LARGEST)
    if huge.any():
        message = f"{name}: {array[huge].flat[0]:g} is too large to compute with"
        raise BadInputError(message)
    tiny = (size > 0.0) & (size < SMALLEST)
    return np.where(tiny, 0.0, array) if tiny.any() else array


def labels(values: npt.ArrayLike, name: str) -> npt.NDArray[np.generic]:
    """Labels or codes of any type as an array, or BadInputError for lists of unequal length."""
    try:
        return np.asarray(values)
    except ValueError as error:
        message = f"{name}: lists of unequal length"
        raise BadInputError(message) from error


def missing(array: npt.NDArray[np.generic]) -> Bools:
    """Where an array of labels has None or NaN, in the shape of the array."""
    if array.dtype == object:
        wrong = [each is None or each != each for each in array.ravel().tolist()]  # noqa: PLR0124 - NaN != NaN
        return np.array(wrong, dtype=np.bool_).reshape(array.shape)
    return np.asarray(array != array)  # noqa: PLR0124


def together(**values: npt.ArrayLike) -> tuple[Floats, ...]:
    """`numbers` of several arguments that are used element by element.

    Raises
    ------
    BadInputError
        As `numbers`, and shapes that do not go together.
    """
    arrays = tuple(numbers(each, name) for name, each in values.items())
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError as error:
        told = ", ".join(f"{name} {array.shape}" for name, array in zip(values, arrays, strict=True))
        message = f"shapes that do not go together: {told}"
        raise BadInputError(message) from error
    return arrays


def truths(values: npt.ArrayLike, rows: int, name: str) -> Bools:
    """Truth values, one for each row.

    Raises
    ------
    BadInputError
        Another shape or type: row numbers are no truth values.
    """
    array = labels(values, name)
    if array.shape != (rows,) or array.dtype != np.bool_:
        message = f"{name}: {rows} truth values are needed, not {array.shape} of {array.dtype}"
        raise BadInputError(message)
    return np.asarray(array, dtype=np.bool_)
