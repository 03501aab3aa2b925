"""What the study looks at, and how much of it: the full study takes minutes, a short one seconds."""

from dataclasses import dataclass
from itertools import product

from bench.coverage.drawing import Domains, Nested
from bench.coverage.surveys import Kind

SEED = 20261122


@dataclass(frozen=True, slots=True)
class Size:
    """How much is drawn.

    Parameters
    ----------
    samples : int
        Samples of each setting of the grid, a multiple of 100.
    every : int
        Only every so many-th setting of the grid and of the stress settings.
    part : float
        Part of the surveys of each kind that are drawn.
    """

    samples: int
    every: int
    part: float


FULL = Size(samples=10_000, every=1, part=1.0)
SHORT = Size(samples=400, every=45, part=0.01)


@dataclass(frozen=True, slots=True)
class Stress:
    """A survey of so few units, and so alike inside its places, that nothing tells how much places differ."""

    units: int
    places: int
    icc: float
    p: float

    @property
    def kind(self) -> Kind:
        """How it is drawn: every item has the same true share, and a bad place is bad in all of them."""
        drawing = Nested(
            units=self.units,
            places=(self.places, self.places),
            people=(30, 30),
            icc=(self.icc, self.icc),
            shared=1.0,
            shares=(self.p, self.p),
            weight_cv=0.0,
            items=6,
        )
        name = f"{self.units} units, {self.places} places of 30, likeness {self.icc}, share {self.p}"
        return Kind(name, drawing, 1000 // self.units)


def stress() -> tuple[Stress, ...]:
    """Settings in which methods are expected to fail, and their neighbours in which they do not."""
    return tuple(Stress(*each) for each in product((1, 2, 5), (5, 8, 12, 20), (0.05, 0.2, 0.35), (0.8, 0.93, 0.98)))


@dataclass(frozen=True, slots=True)
class Odd:
    """Twenty units of which the first is unlike the others."""

    places: int
    icc: float

    @property
    def kind(self) -> Kind:
        """How it is drawn."""
        drawing = Nested(
            units=20,
            places=(self.places, self.places),
            people=(20, 20),
            icc=(0.03, 0.03),
            shared=0.5,
            shares=(0.7, 0.98),
            weight_cv=0.0,
            odd_icc=self.icc,
        )
        return Kind(f"{self.places} places, likeness {self.icc}", drawing, 200)


def odd_units() -> tuple[Odd, ...]:
    """From a unit like the others to one that has nothing in common with them."""
    return tuple(Odd(places, icc) for places in (6, 12) for icc in (0.03, 0.1, 0.2, 0.35))


def _stress_of_many_items(units: int, surveys: int) -> Kind:
    drawing = Nested(
        units=units,
        places=(3, 12),
        people=(30, 30),
        icc=(0.2, 0.35),
        shared=1.0,
        shares=(0.6, 0.995),
        weight_cv=0.0,
    )
    return Kind(
        f"stress: {units} unit{'s' if units > 1 else ''}, 3–12 places of 30, likeness 0.2–0.35", drawing, surveys
    )


UNEVEN = Kind(
    "20 units, 4–20 places each, uneven likeness",
    Nested(
        units=20,
        places=(4, 20),
        people=(5, 15),
        icc=(0.02, 0.2),
        shared=0.5,
        shares=(0.7, 0.995),
        weight_cv=0.5,
    ),
    200,
)
DOMAINS = Kind(
    "units as domains over 12–40 strata, weights, n from 3 up",
    Domains(
        units=25,
        strata=(12, 40),
        places=(2, 5),
        people=(6, 14),
        icc=(0.02, 0.2),
        shared=0.5,
        shares=(0.7, 0.995),
        weight_cv=0.5,
        missing=0.04,
    ),
    200,
)
REALISTIC = (
    UNEVEN,
    DOMAINS,
    _stress_of_many_items(1, 2000),
    _stress_of_many_items(5, 400),
    _stress_of_many_items(20, 100),
)
