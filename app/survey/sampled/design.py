"""Check the design that a file describes, also against the answers it is added to (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from app.survey.codes import BLANK, NOT_APPLICABLE, NOT_SHOWN
from app.survey.sampled.clusters import ClusterFacts, Existing, Ints, Key, Shape, stages
from app.survey.sampled.design_faults import no_respondent_twice, not_above_population, one_stratum_each, same_count
from app.survey.sampled.faults import Faults
from app.survey.sampled.reading import Reading
from app.survey.sampled.targets import ColumnMapping, Part


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
    keys, start, cluster = _clusters_of(reading)
    if shape.has_clusters and not mapping.nested:
        one_stratum_each(keys, start, cluster, before, mapping, faults)
    in_strata = {key[0]: facts.first for key, facts in before.items()}
    strata = reading.stratum
    same_count(Part.FIRST_POPULATION, reading.first, strata.places, strata.labels, in_strata, mapping, faults)
    in_clusters = {key: facts.second for key, facts in before.items()}
    same_count(Part.SECOND_POPULATION, reading.second, cluster, keys, in_clusters, mapping, faults)
    facts = _facts(reading, start, cluster)
    whole = _together(before, dict(zip(keys, facts, strict=True)))
    not_above_population(whole, dict(zip(keys, start.tolist(), strict=True)), shape, mapping, faults)
    no_respondent_twice(reading, cluster, mapping, faults)
    weights, weight = _weights(
        reading, whole, keys, cluster, shape, is_census=is_census, is_added=existing is not None, problems=problems
    )
    warnings = tuple(_warnings(reading, whole, shape, cluster, is_census=is_census))
    return Design(keys, facts, cluster, weights, weight, tuple(problems), warnings)


def _clusters_of(reading: Reading) -> tuple[tuple[Key, ...], Ints, Ints]:
    """The clusters that occur, the first row of each, and the cluster of each row."""
    width = len(reading.psu.labels)
    pairs = reading.stratum.places * width + reading.psu.places
    found, start, cluster = np.unique(pairs, return_index=True, return_inverse=True)
    keys = tuple((reading.stratum.labels[one // width], reading.psu.labels[one % width]) for one in found.tolist())
    return keys, start.astype(np.int64), cluster.astype(np.int64)


def _facts(reading: Reading, start: Ints, cluster: Ints) -> tuple[ClusterFacts, ...]:
    rows = np.bincount(cluster, minlength=len(start)).tolist()
    return tuple(
        ClusterFacts(n, _at(reading.first, place), _at(reading.second, place))
        for n, place in zip(rows, start.tolist(), strict=True)
    )


def _together(before: Mapping[Key, ClusterFacts], added: Mapping[Key, ClusterFacts]) -> dict[Key, ClusterFacts]:
    """The clusters of the round once the file is in it."""
    more = {
        key: ClusterFacts(one.n + (before[key].n if key in before else 0), one.first, one.second)
        for key, one in added.items()
    }
    return {**before, **more}


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
        yield _without_counts(shape)
    if shape.has_clusters and not is_census:
        lonely = [name for name, count in _clusters_by_stratum(whole).items() if count == 1]
        if lonely:
            named = ", ".join(f"“{name}”" if name else "cả cuộc khảo sát" for name in lonely[:5])
            yield (
                f"{len(lonely)} tầng chỉ có một cụm ({named}{'…' if len(lonely) > 5 else ''}): "
                "không ước lượng được sai số của tầng đó."
            )
    silent = int((np.isin(reading.answers, (NOT_SHOWN, NOT_APPLICABLE, BLANK))).all(axis=1).sum())
    if silent:
        yield (
            f"{silent} phiếu không có câu trả lời nào. Người được chọn mà không trả lời thì bỏ khỏi tệp "
            "và đưa vào trọng số, không nhập thành phiếu trống."
        )
    same = np.ascontiguousarray(np.column_stack([reading.answers.astype(np.int64), reading.unit_ids, cluster]))
    copies = len(same) - len(np.unique(same, axis=0))
    if copies and reading.respondent is None:
        yield (
            f"{copies} dòng giống hệt một dòng khác (cùng cụm, đơn vị và mọi câu trả lời). Có thể là người khác "
            "trả lời giống nhau; nếu tệp có số phiếu, Ông/Bà hãy chọn cột đó để kiểm tra phiếu trùng."
        )


def _without_counts(shape: Shape) -> str:
    """Results correct for finite populations only where people were drawn directly."""
    if shape.has_clusters:
        return (
            "Tệp không có số tổng thể nên không kiểm tra được n > N. Khoảng tin cậy không đổi: mẫu chọn theo cụm "
            "luôn được tính không hiệu chỉnh tổng thể hữu hạn."
        )
    return (
        "Tệp không có số tổng thể nên không hiệu chỉnh tổng thể hữu hạn và không kiểm tra được n > N: "
        "nếu đã hỏi phần lớn tổng thể thì khoảng tin cậy rộng hơn mức cần thiết."
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
        for _, what, _, n, population in stages(whole, shape)
        if population is not None and n < population
    ]
    if short:
        listed = "; ".join(short[:5])
        yield (
            f"Đợt toàn bộ nhưng chưa hỏi đủ mọi người (n ≠ N): {listed}{'…' if len(short) > 5 else ''}. "
            "Kết quả sẽ được coi là của tất cả mọi người dù có người không trả lời."
        )
