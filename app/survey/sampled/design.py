"""Check the design that a file describes, also against the answers it is added to (pure)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from app.survey.sampled.faults import Faults
from app.survey.sampled.reading import Reading
from app.survey.sampled.targets import ColumnMapping, Part

Ints = npt.NDArray[np.int64]
Key = tuple[str, str]


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


@dataclass(frozen=True, eq=False)
class Design:
    """The clusters of a file, those of each row, and the different weights with each row's place among them."""

    clusters: tuple[Key, ...] = ()
    facts: tuple[ClusterFacts, ...] = ()
    cluster: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    weights: tuple[Fraction | None, ...] = ()
    weight: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check_design(
    reading: Reading, mapping: ColumnMapping, faults: Faults, *, is_census: bool, existing: Existing | None
) -> Design:
    """The design of a file as read; what is wrong in single rows is added to ``faults``, the rest to ``problems``."""
    shape = Shape.of(mapping)
    problems = list(_misfits(shape, existing))
    before = existing.clusters if existing else {}
    pairs = reading.stratum.places * len(reading.psu.labels) + reading.psu.places
    found, start, cluster = np.unique(pairs, return_index=True, return_inverse=True)
    strata = (found // len(reading.psu.labels)).tolist()
    psus = (found % len(reading.psu.labels)).tolist()
    keys = tuple((reading.stratum.labels[a], reading.psu.labels[b]) for a, b in zip(strata, psus, strict=True))
    cluster = cluster.astype(np.int64)
    if shape.has_clusters and not mapping.nested:
        _one_stratum_each(keys, start, cluster, before, mapping, faults)
    stratum_before = {key[0]: facts.first for key, facts in before.items()}
    _same_count(
        Part.FIRST_POPULATION,
        reading.first,
        reading.stratum.places,
        reading.stratum.labels,
        stratum_before,
        mapping,
        faults,
    )
    second_before = {key: facts.second for key, facts in before.items()}
    _same_count(Part.SECOND_POPULATION, reading.second, cluster, keys, second_before, mapping, faults)
    rows = np.bincount(cluster, minlength=len(keys)).tolist()
    facts = tuple(
        ClusterFacts(n, _at(reading.first, place), _at(reading.second, place))
        for n, place in zip(rows, start.tolist(), strict=True)
    )
    whole = {
        **before,
        **{
            key: ClusterFacts(one.n + (before[key].n if key in before else 0), one.first, one.second)
            for key, one in zip(keys, facts, strict=True)
        },
    }
    _not_above_population(whole, dict(zip(keys, start.tolist(), strict=True)), shape, mapping, faults)
    _no_respondent_twice(reading, cluster, mapping, faults)
    weights, weight = _weights(
        reading, whole, keys, cluster, shape, is_census=is_census, is_added=existing is not None, problems=problems
    )
    warnings = tuple(_warnings(reading, whole, shape, cluster, is_census=is_census))
    return Design(keys, facts, cluster, weights, weight, tuple(problems), warnings)


def _at(counts: Ints | None, place: int) -> int | None:
    return None if counts is None else int(counts[place]) or None


def _misfits(shape: Shape, existing: Existing | None) -> Iterator[str]:
    """Answers of another shape cannot stand beside those the round has."""
    if existing is None:
        return
    then = existing.shape
    for had, has, words in (
        (then.has_strata, shape.has_strata, "tầng"),
        (then.has_clusters, shape.has_clusters, "cụm"),
        (then.population_stages > 0, shape.population_stages > 0, "tổng thể bậc 1"),
        (then.population_stages > 1, shape.population_stages > 1, "tổng thể bậc 2"),
    ):
        if had != has:
            said = "có" if had else "không có"
            yield (
                f"Dữ liệu đã nhập {said} cột {words}, tệp này thì {'không có' if had else 'có'}. "
                "Ông/Bà hãy chọn cột cho giống, hoặc chọn cách nhập “thay toàn bộ”."
            )


def _one_stratum_each(
    keys: tuple[Key, ...], start: Ints, cluster: Ints, before: Mapping[Key, ClusterFacts], mapping: ColumnMapping,
    faults: Faults,
) -> None:  # fmt: skip
    """A cluster lies in one stratum: the one it has in the round, or else the one of its first row."""
    home = {psu: stratum for stratum, psu in before}
    for place in np.argsort(start).tolist():
        stratum, psu = keys[place]
        home.setdefault(psu, stratum)
    strays = [place for place, (stratum, psu) in enumerate(keys) if psu and home[psu] != stratum]
    if not strays:
        return

    def message(row: int) -> str:
        stratum, psu = keys[int(cluster[row])]
        return (
            f"Cụm “{psu}” ở dòng này thuộc tầng “{stratum}” nhưng ở dòng khác thuộc tầng “{home[psu]}”. Ông/Bà hãy sửa "
            "một trong hai, hoặc đánh dấu “số cụm đánh lại trong từng tầng” ở bước chọn cột."
        )

    faults.add(np.flatnonzero(np.isin(cluster, strays)), mapping.column_of(Part.PSU) or "", message)


def _same_count(
    part: Part, counts: Ints | None, group: Ints, names: tuple[str, ...] | tuple[Key, ...],
    before: Mapping[Any, int | None], mapping: ColumnMapping, faults: Faults,
) -> None:  # fmt: skip
    """The population count of a group is the same in all its rows and in the answers the round has."""
    if counts is None:
        return
    places = np.flatnonzero(counts > 0)
    groups, first = np.unique(group[places], return_index=True)
    expected = np.zeros(len(names), dtype=np.int64)
    expected[groups] = counts[places[first]]
    for place, name in enumerate(names):
        expected[place] = before.get(name) or expected[place]
    wrong = places[counts[places] != expected[group[places]]]

    def message(row: int) -> str:
        name = names[int(group[row])]
        said = f"Tầng “{name}”" if isinstance(name, str) else f"Cụm “{name[1]}”"
        return (
            f"{said} có tổng thể {expected[int(group[row])]} ở dòng khác hoặc ở dữ liệu đã nhập, dòng này lại ghi "
            f"{counts[row]}. Ông/Bà hãy ghi cùng một số."
        )

    faults.add(wrong, mapping.column_of(part.value) or "", message)


def _not_above_population(
    whole: Mapping[Key, ClusterFacts], start: Mapping[Key, int], shape: Shape, mapping: ColumnMapping, faults: Faults
) -> None:
    """No stage has more in the sample than in the population; said once, at the first row of the group."""
    for part, what, group, n, population in _stages(whole, shape):
        rows = [start[key] for key in group if key in start]
        if population is None or n <= population or not rows:
            continue
        text = (
            f"{what} có {n} trong mẫu, nhiều hơn tổng thể {population} (n > N). "
            "Ông/Bà hãy kiểm tra số tổng thể, hoặc có dòng bị nhập hai lần."
        )
        faults.add([min(rows)], mapping.column_of(part.value) or "", _always(text))


def _always(text: str) -> Callable[[int], str]:
    return lambda _row: text


def _stages(whole: Mapping[Key, ClusterFacts], shape: Shape) -> Iterator[tuple[Part, str, list[Key], int, int | None]]:
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


def _no_respondent_twice(reading: Reading, cluster: Ints, mapping: ColumnMapping, faults: Faults) -> None:
    """The number of a form occurs once; where clusters number their forms anew, once in the cluster."""
    if reading.respondent is None:
        return
    labels, places = reading.respondent.labels, reading.respondent.places
    key = cluster * len(labels) + places
    _, first, back = np.unique(key, return_index=True, return_inverse=True)
    again = np.flatnonzero(first[back] != np.arange(len(key)))
    again = again[[labels[int(places[row])] != "" for row in again]]
    faults.add(
        again,
        mapping.column_of(Part.RESPONDENT) or "",
        lambda row: (
            f"Phiếu số “{labels[int(places[row])][:40]}” đã có ở dòng {faults.numbers[int(first[back[row]])]}. "
            "Ông/Bà hãy bỏ một trong hai dòng."
        ),
    )


def _weights(
    reading: Reading, whole: Mapping[Key, ClusterFacts], keys: tuple[Key, ...], cluster: Ints, shape: Shape,
    *, is_census: bool, is_added: bool, problems: list[str],
) -> tuple[tuple[Fraction | None, ...], Ints]:  # fmt: skip
    """The weights of the file; without a column, 1 in a census, else what the population counts give."""
    if reading.weights is not None:
        return reading.weights
    if is_census:
        return (Fraction(1),), np.zeros(len(cluster), dtype=np.int64)
    if is_added:
        problems.append(
            "Khi thêm vào dữ liệu đã có, tệp phải có cột trọng số, vì trọng số tính từ tổng thể sẽ thay đổi."
        )
    elif shape.population_stages < 1 + int(shape.has_clusters):
        problems.append(
            "Chưa có trọng số: Ông/Bà hãy chọn cột trọng số, hoặc chọn đủ các cột tổng thể để hệ thống tính trọng số."
        )
    else:
        clusters = _clusters_by_stratum(whole)
        return tuple(_base_weight(whole[key], clusters[key[0]], shape) for key in keys), cluster
    return (None,), np.zeros(len(cluster), dtype=np.int64)


def _base_weight(facts: ClusterFacts, clusters: int, shape: Shape) -> Fraction | None:
    """N/n of the stratum times, with clusters, M/m of the cluster."""
    if facts.first is None or (shape.has_clusters and facts.second is None):
        return None
    if not shape.has_clusters:
        return Fraction(facts.first, facts.n)
    return Fraction(facts.first, clusters) * Fraction(facts.second or 0, facts.n)


def _warnings(
    reading: Reading, whole: Mapping[Key, ClusterFacts], shape: Shape, cluster: Ints, *, is_census: bool
) -> Iterator[str]:
    """What an officer should look at, though it may be right."""
    if is_census:
        yield from _census_warnings(whole, shape)
    elif shape.population_stages == 0:
        yield "Tệp không có số tổng thể nên không hiệu chỉnh tổng thể hữu hạn: khoảng tin cậy sẽ hơi rộng hơn."
    if shape.has_clusters and not is_census:
        lonely = [name for name, count in _clusters_by_stratum(whole).items() if count == 1]
        if lonely:
            named = ", ".join(f"“{name}”" if name else "cả cuộc khảo sát" for name in lonely[:5])
            yield (
                f"{len(lonely)} tầng chỉ có một cụm ({named}{'…' if len(lonely) > 5 else ''}): "
                "không ước lượng được sai số của tầng đó."
            )
    same = np.ascontiguousarray(np.column_stack([reading.answers.astype(np.int64), reading.unit_ids, cluster]))
    copies = len(same) - len(np.unique(same, axis=0))
    if copies and reading.respondent is None:
        yield (
            f"{copies} dòng giống hệt một dòng khác (cùng cụm, đơn vị và mọi câu trả lời). Có thể là người khác "
            "trả lời giống nhau; nếu tệp có số phiếu, Ông/Bà hãy chọn cột đó để kiểm tra phiếu trùng."
        )


def _clusters_by_stratum(whole: Mapping[Key, ClusterFacts]) -> dict[str, int]:
    found: dict[str, int] = {}
    for stratum, _ in whole:
        found[stratum] = found.get(stratum, 0) + 1
    return found


def _census_warnings(whole: Mapping[Key, ClusterFacts], shape: Shape) -> Iterator[str]:
    if shape.population_stages == 0:
        yield "Đợt toàn bộ nhưng tệp không có số tổng thể nên không biết đã hỏi đủ mọi người chưa (n = N)."
        return
    short = [
        f"{what}: {n} trên {population}"
        for _, what, _, n, population in _stages(whole, shape)
        if population is not None and n < population
    ]
    if short:
        listed = "; ".join(short[:5])
        yield (
            f"Đợt toàn bộ nhưng chưa hỏi đủ mọi người (n ≠ N): {listed}{'…' if len(short) > 5 else ''}. "
            "Kết quả sẽ được coi là của tất cả mọi người dù có người không trả lời."
        )
