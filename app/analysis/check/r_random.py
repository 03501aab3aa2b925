"""The stream of random numbers behind simulated reference values: a simulation can be checked to the last digit.

The Mersenne Twister with the seeding of R's ``set.seed`` (a congruential generator, 50 steps thrown away) and normal
numbers by inversion from 53 bits (two uniform numbers each), as R's documentation of ``RNGkind`` describes them.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MULTIPLIER = 69069
WORD = 2**32
STATE = 624
COARSE = 2.0**27


def normal_numbers(seed: int, count: int) -> Floats:
    """What ``set.seed(seed); rnorm(count)`` gives, shape (count,)."""
    from scipy.special import ndtri

    uniform = np.asarray(_twister(seed).random_raw(2 * count), dtype=np.float64) / WORD
    # R keeps 0 and 1 out of its stream by half a step.
    uniform = np.clip(uniform, 0.5 / (WORD - 1), 1.0 - 0.5 / (WORD - 1))
    first, second = uniform[0::2], uniform[1::2]
    return np.asarray(ndtri((np.floor(COARSE * first) + second) / COARSE))


def _twister(seed: int) -> np.random.MT19937:
    value = seed % WORD
    for _ in range(50):
        value = (MULTIPLIER * value + 1) % WORD
    words = []
    for _ in range(STATE + 1):
        value = (MULTIPLIER * value + 1) % WORD
        words.append(value)
    twister = np.random.MT19937()
    # The first word is where R keeps its place in the block; it starts a new block.
    twister.state = {
        "bit_generator": "MT19937",
        "state": {"key": np.array(words[1:], dtype=np.uint32), "pos": STATE},
    }
    return twister
