"""An invented survey with names of its own, and its figures by plain loops: nothing here uses the library."""

import math
import random

COLUMNS = ["huyện", "làng", "người", "N1", "M1", "ts", "đv", "giới", "tuổi", "tc1", "tc2", "tc3", "tiền"]
STRATA = (("Đông", 3, 12), ("Tây", 2, 8), ("Nam Sơn", 4, 10), ("Bắc", 3, 3))


def people(seed=7):
    """Rows; numbers of villages repeat between strata, answers and ages are missing here and there."""
    rng = random.Random(seed)
    rows = []
    for stratum, drawn, there in STRATA:
        for village in range(1, drawn + 1):
            of_village, asked = rng.randint(9, 40), rng.randint(3, 7)
            for person in range(1, asked + 1):
                answers = [rng.choice([1, 2, 3, 4, 4, 5, 5, None]) for _ in range(3)]
                weight = there / drawn * of_village / asked
                who = rng.choice(["12", "3", "101"]), rng.choice(["nam", "nữ"]), rng.choice([25, 40, 61, None])
                spent = round(rng.gammavariate(2, 30), 2)
                values = (stratum, village, person, there, of_village, weight, *who, *answers, spent)
                rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def as_csv(rows):
    lines = [",".join("" if row[name] is None else str(row[name]) for name in COLUMNS) for row in rows]
    return "\n".join([",".join(COLUMNS), *lines]) + "\n"


def place(row):
    return row["huyện"], row["làng"]


def mean(rows, values, inside):
    """Weighted mean of the values that are there, and the linearised variable of every row."""
    used = [keep and value is not None for keep, value in zip(inside, values, strict=True)]
    total = sum(row["ts"] for row, keep in zip(rows, used, strict=True) if keep)
    p = sum(row["ts"] * v for row, v, keep in zip(rows, values, used, strict=True) if keep) / total
    return p, [row["ts"] * (v - p) / total if keep else 0.0 for row, v, keep in zip(rows, values, used, strict=True)]


def variance(rows, u, stages=0):
    """Between villages of a stratum; with two stages also between the people of a village."""
    found = 0.0
    for stratum, drawn, there in STRATA:
        totals = dict.fromkeys(range(1, drawn + 1), 0.0)
        for row, value in zip(rows, u, strict=True):
            if row["huyện"] == stratum:
                totals[row["làng"]] += value
        f = drawn / there if stages else 0.0
        found += (1 - f) * drawn / (drawn - 1) * squares(list(totals.values()))
        for village in totals if stages == 2 else ():
            mine = [(value, row["M1"]) for row, value in zip(rows, u, strict=True) if place(row) == (stratum, village)]
            m, of_village = len(mine), mine[0][1]
            found += f * (1 - m / of_village) * m / (m - 1) * squares([value for value, _ in mine])
    return found


def squares(values):
    centre = sum(values) / len(values)
    return sum((value - centre) ** 2 for value in values)


def df(rows, inside):
    places = {place(row) for row, keep in zip(rows, inside, strict=True) if keep}
    return len(places) - len({stratum for stratum, _ in places})


def wilson(p, n, q):
    half = q / 2 / n * math.sqrt(4 * n * p * (1 - p) + q * q)
    return [(p + q * q / 2 / n + sign * half) / (1 + q * q / n) for sign in (-1, 1)]


def smoothed(rows, groups, items, *, quantile, pool):
    """Sums of the limits and the design effects of the smoothed interval; `quantile` takes df."""
    cells = [[mean(rows, item, group) for item in items] for group in groups]
    count = [
        [sum(keep and v is not None for keep, v in zip(group, item, strict=True)) for item in items] for group in groups
    ]
    v = [[variance(rows, u) for _, u in row] for row in cells]
    srs = [
        [p * (1 - p) / (n - 1) for (p, _), n in zip(row, ns, strict=True)] for row, ns in zip(cells, count, strict=True)
    ]
    own = [sum(a) / sum(b) for a, b in zip(v, srs, strict=True)]
    everywhere = sum(map(sum, v)) / sum(map(sum, srs))
    degrees = [df(rows, group) for group in groups]
    whole = df(rows, [True] * len(rows))
    star = [max(1.0, (d * x + pool * everywhere) / (d + pool)) for d, x in zip(degrees, own, strict=True)]
    df_star = [min(d + pool, whole) for d in degrees]
    limits = [
        wilson(p, n / star[at], quantile(df_star[at]))
        for at, row in enumerate(cells)
        for (p, _), n in zip(row, count[at], strict=True)
    ]
    return {
        "deff_all": everywhere,
        "deff_domain": own,
        "deff_star": star,
        "df_star": df_star,
        "df_design": whole,
        "rows": len(limits),
        "checksum_sum_lower": sum(low for low, _ in limits),
        "checksum_sum_upper": sum(high for _, high in limits),
    }
