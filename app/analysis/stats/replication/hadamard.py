"""Hadamard matrices of the orders balanced half samples need: doubling (Sylvester) and quadratic residues (Paley)."""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError

Ints = npt.NDArray[np.int64]

LARGEST_ORDER = 4096


def hadamard(least: int) -> Ints:
    """Smallest Hadamard matrix of this module with an order of at least `least`, first row and column all +1.

    Orders are 1, 2 and those multiples of 4 that doubling and Paley's two constructions over primes reach; where an
    order is missing (52, 92, 100, …) the next one is taken.

    Returns
    -------
    int array, shape (order, order)
        Entries +1 and -1, H Hᵀ = order · I.

    Raises
    ------
    BadInputError
        For `least` below 1 or above 4096.

    References
    ----------
    Paley (1933), On orthogonal matrices, J. Math. Phys. 12:311.
    """
    if not 1 <= least <= LARGEST_ORDER:
        message = f"no Hadamard matrix of order {least!r} here: 1 to {LARGEST_ORDER}"
        raise BadInputError(message)
    order = next(order for order in range(least, 2 * LARGEST_ORDER + 1) if _reachable(order))
    matrix = _build(order)
    matrix = matrix * matrix[:, :1]
    return matrix * matrix[:1, :]


def _reachable(order: int) -> bool:
    if order <= 2:
        return True
    return order % 4 == 0 and (_first_kind(order) or _second_kind(order) or _reachable(order // 2))


def _first_kind(order: int) -> bool:
    return order % 4 == 0 and _is_prime(order - 1)


def _second_kind(order: int) -> bool:
    return order % 4 == 0 and (order // 2 - 1) % 4 == 1 and _is_prime(order // 2 - 1)


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


def _build(order: int) -> Ints:
    if order == 1:
        return np.ones((1, 1), dtype=np.int64)
    if order == 2 or _reachable(order // 2):
        # Doubling first: powers of 2 get the order of signs every textbook shows.
        half = _build(order // 2)
        return np.block([[half, half], [half, -half]])
    if _first_kind(order):
        residues = _residues(order - 1)
        skew = np.block([[np.zeros((1, 1), np.int64), np.ones((1, order - 1), np.int64)],
                         [-np.ones((order - 1, 1), np.int64), residues]])  # fmt: skip
        return skew + np.eye(order, dtype=np.int64)
    prime = order // 2 - 1
    ones = np.ones((1, prime), dtype=np.int64)
    conference = np.block([[np.zeros((1, 1), np.int64), ones], [ones.T, _residues(prime)]])
    return np.kron(conference, np.array([[1, 1], [1, -1]])) + np.kron(
        np.eye(prime + 1, dtype=np.int64), np.array([[1, -1], [-1, -1]])
    )


def _residues(prime: int) -> Ints:
    """Matrix of the Legendre symbols of i - j."""
    symbol = np.full(prime, -1, dtype=np.int64)
    symbol[np.arange(1, prime, dtype=np.int64) ** 2 % prime] = 1
    symbol[0] = 0
    place = np.arange(prime)
    return np.asarray(symbol[(place[:, None] - place[None, :]) % prime])
