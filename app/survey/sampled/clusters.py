"""Strata and clusters of a design, and how much of each stage is in the sample (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.survey.sampled.targets import ColumnMapping, Part

Ints = npt.NDArray[np.int64]
Key = tuple[str, str]
"""Stratum and label of a cluster."""


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """What is known of a cluster: respondents, and population counts (None: not given)."""

    n: int
    first: int | None
    second: int | None


@dataclass(frozen=True, slots=True)
class Shape:
    """Which parts a design has."""

    has_strata: bool
    has_clusters: bool
    population_stages: int

    @classmethod
    def of(cls, mapping: ColumnMapping) -> "Shape":
        """The shape that a choice of columns gives."""
        has = set(mapping.columns.values())
        stages = int(Part.FIRST_POPULATION in has) + int(Part.SECOND_POPULATION in has)
        return cls(Part.STRATUM in has, Part.PSU in has, stages)


@dataclass(frozen=True, slots=True)
class Existing:
    """The answers a round has already, when others are added: their shape and clusters by (stratum, label)."""

    shape: Shape
    clusters: Mapping[Key, ClusterFacts]


def stages(whole: Mapping[Key, ClusterFacts], shape: Shape) -> Iterator[tuple[Part, str, list[Key], int, int | None]]:
    """Each group that is sampled from: which count it is, its name, its clusters, n in the sample, N."""
    strata: dict[str, list[Key]] = {}
    for key in whole:
        strata.setdefault(key[0], []).append(key)
    for stratum, keys in strata.items():
        first = next((whole[key].first for key in keys if whole[key].first is not None), None)
        name = f"Tầng “{stratum}”" if stratum else "Cả cuộc khảo sát"
        if shape.has_clusters:
            yield Part.FIRST_POPULATION, f"{name} (tính theo cụm)", keys, len(keys), first
        else:
            yield Part.FIRST_POPULATION, f"{name} (tính theo người)", keys, sum(whole[key].n for key in keys), first
    if shape.has_clusters:
        for key, facts in whole.items():
            yield Part.SECOND_POPULATION, f"Cụm “{key[1]}” (tính theo người)", [key], facts.n, facts.second
