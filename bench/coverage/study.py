"""All parts of the study in a row, each piece of work with a seed of its own: any order gives the same figures."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bench.coverage import clusters
from bench.coverage.clusters import Outcome, Setting
from bench.coverage.plain import POPULATIONS, Exact, ExactPopulation, exact_population, plain_grid
from bench.coverage.plan import REALISTIC, SEED, Odd, Size, Stress, odd_units, stress
from bench.coverage.surveys import Kind, measure
from bench.coverage.tally import Counts, added

# Surveys of one piece of work.
PIECE = 100


@dataclass(frozen=True, eq=False)
class Results:
    """Everything that was found."""

    plain: dict[tuple[float, int], dict[str, Exact]]
    populations: tuple[ExactPopulation, ...]
    grid: tuple[Outcome, ...]
    further: tuple[Outcome, ...]
    realistic: tuple[tuple[Kind, Counts], ...]
    stress: tuple[tuple[Stress, Counts], ...]
    odd: tuple[tuple[Odd, Counts], ...]


def run(size: Size, *, workers: int) -> Results:
    """Carry out the study; with 0 workers in this process."""
    settings, more = clusters.grid()[:: size.every], clusters.further()[:: size.every]
    stressed, odd = stress()[:: size.every], odd_units()[:: max(1, size.every // 8)]
    kinds = (*REALISTIC, *(each.kind for each in stressed), *(each.kind for each in odd))
    drawn = [(setting, size.samples, (SEED, 1, at)) for at, setting in enumerate((*settings, *more))]
    pieces = [piece for at, kind in enumerate(kinds) for piece in _pieces(kind, size, at)]
    if workers:
        with ProcessPoolExecutor(workers) as pool:
            found = list(pool.map(_outcome, *zip(*drawn, strict=True), chunksize=4))
            counted = list(pool.map(_counts, *zip(*pieces, strict=True), chunksize=1))
    else:
        found, counted = [_outcome(*each) for each in drawn], [_counts(*each) for each in pieces]
    joined = [added([c for c, (one, *_) in zip(counted, pieces, strict=True) if one is kind]) for kind in kinds]
    first, second = len(REALISTIC), len(REALISTIC) + len(stressed)
    return Results(
        plain=plain_grid(),
        populations=tuple(exact_population(*each) for each in POPULATIONS),
        grid=tuple(found[: len(settings)]),
        further=tuple(found[len(settings) :]),
        realistic=tuple(zip(REALISTIC, joined[:first], strict=True)),
        stress=tuple(zip(stressed, joined[first:second], strict=True)),
        odd=tuple(zip(odd, joined[second:], strict=True)),
    )


def _pieces(kind: Kind, size: Size, at: int) -> list[tuple[Kind, int, tuple[int, ...]]]:
    left = max(2, round(kind.surveys * size.part))
    pieces: list[tuple[Kind, int, tuple[int, ...]]] = []
    while left > 0:
        pieces.append((kind, min(left, PIECE), (SEED, 2, at, len(pieces))))
        left -= PIECE
    return pieces


def _outcome(setting: Setting, samples: int, seed: tuple[int, ...]) -> Outcome:
    return clusters.measure(setting, samples=samples, seed=seed)


def _counts(kind: Kind, surveys: int, seed: tuple[int, ...]) -> Counts:
    return measure(kind, surveys=surveys, seed=seed)
