"""What is wrong with the design in single rows of a file (pure)."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from app.survey.sampled.clusters import ClusterFacts, Ints, Key, Shape, stages
from app.survey.sampled.faults import Faults
from app.survey.sampled.reading import Reading
from app.survey.sampled.targets import ColumnMapping, Part


def one_stratum_each(
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


def same_count(
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


def not_above_population(
    whole: Mapping[Key, ClusterFacts], start: Mapping[Key, int], shape: Shape, mapping: ColumnMapping, faults: Faults
) -> None:
    """No stage has more in the sample than in the population; said once, at the first row of the group."""
    for part, what, group, n, population in stages(whole, shape):
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


def no_respondent_twice(reading: Reading, cluster: Ints, mapping: ColumnMapping, faults: Faults) -> None:
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
