"""docs/coverage.md: what was measured, how to read it, and where nothing holds."""

import numpy as np

from app.analysis.stats.intervals.cautions import (
    ALIKE,
    CROWDED,
    ENOUGH_ALONE,
    ENOUGH_DISSATISFIED,
    FEWEST_DF,
    NEXT_TO_NOBODY,
    TOO_SMALL,
    UNLIKE_LEVEL,
)
from app.analysis.stats.intervals.reasons import REASON_TEXTS, Reason
from bench.coverage import tables
from bench.coverage.methods import Method
from bench.coverage.plan import FULL, SEED
from bench.coverage.study import Results
from bench.coverage.surveys import Figure
from bench.coverage.tables import number


def goals(results: Results) -> list[tuple[str, str, bool]]:
    """What has to hold, what was found, and whether it does."""
    default = np.array([outcome.held[Method.SMOOTHED].coverage for outcome in results.grid])
    mover = [c["differences"][Figure.MOVER].coverage for _, c in results.realistic if "differences" in c]
    lowest = min(each.lowest for each in results.populations)
    none, warned, _, _ = tables.tallied(results)
    return [
        (
            f"smoothed Wilson, mean over {len(default)} settings, 0.95 to 0.97",
            number(default.mean()),
            bool(0.95 <= default.mean() <= 0.97),
        ),
        ("smoothed Wilson, lowest setting, at least 0.93", number(default.min()), bool(default.min() >= 0.93)),
        ("exact limits of a known population, lowest, at least 0.95", number(lowest), lowest >= 0.95),
        ("differences (MOVER), lowest kind of survey, at least 0.95", number(min(mover)), min(mover) >= 0.95),
        (
            "stress settings where no method holds, and of these with a warning beside most figures",
            f"{none}, {warned}",
            none == warned,
        ),
    ]


def document(results: Results) -> str:
    """The whole page."""
    return (
        "\n\n".join(
            [
                *_head(results),
                *_plain(results),
                *_clusters(results),
                *_surveys(results),
                *_warnings(results),
            ]
        )
        + "\n"
    )


def _head(results: Results) -> list[str]:
    rows = [[what, found, "yes" if reached else "**no**"] for what, found, reached in goals(results)]
    return [
        "# How often our intervals hold the true share",
        (
            "This page is written by `make coverage-study`. It draws samples whose true shares are "
            "known, gives them to "
            "the functions that the product uses (`app/analysis/stats`) and counts how often a 95 % "
            "interval holds the truth. "
            "An honest interval does so 95 times in 100; one that does so 70 times in 100 is false precision; one that "
            "always does is wider than it has to be. Plain samples are enumerated and have no chance "
            "in them; the rest is "
            f"drawn with the seed {SEED}, so that every run prints the same figures."
        ),
        tables.table(["what has to hold", "found", "reached"], rows),
        (
            "How to read the tables: *coverage* is the share of intervals that held the truth, "
            "*width* their mean width on "
            "the scale 0 to 1. A cell of the default method below 0.93 is marked: † when another method in the table "
            "reaches 0.93 there, ‡ when none does. "
            f"With {FULL.samples:,} samples a coverage of the grid is known to about 0.002; a cell of "
            "the stress tables, "
            "where all items of a survey fall together, to about 0.01."
        ),
        "![Coverage of every method in the settings of the grid](coverage.svg)",
    ]


def _plain(results: Results) -> list[str]:
    return [
        "## 1. Plain samples, enumerated",
        (
            "n people drawn one by one, share p. Every possible number of satisfied people is given to the method and "
            "weighted by its chance. Logit: each person a sampling unit; at 0 and n of n it does not exist and "
            "Clopper–Pearson stands in."
        ),
        tables.plain_table(results.plain),
        (
            "Shares of people can only take n + 1 values, so coverage jumps: Wilson lies at 0.95 on "
            "average, not at every "
            "point. Where the number of dossiers is known the product does not use it but exact "
            "limits, which never fall "
            "below their level, whatever the share:"
        ),
        tables.population_table(results.populations),
    ]


def _clusters(results: Results) -> list[str]:
    return [
        "## 2. Cluster samples: one item of one unit",
        (
            "p 0.5, 0.8, 0.93, 0.98, 0.995; places × people 2×5, 3×10, 5×20, 10×10, 20×20, 40×10, "
            "13×30 in one stratum, "
            "and 20×20 and 40×10 with places drawn in pairs, two in a stratum; likeness inside "
            "places (ICC) 0.02 to 0.2, "
            f"beta-binomial; weights equal or with a coefficient of variation of 0.5: {len(results.grid)} settings. "
            "Methods that borrow the design effect of the survey know it with an error of 15 %. "
            "Where a method does not "
            "exist (0, 100 %, no variance) it is given the pooled effective size with "
            "Clopper–Pearson; Korn–Graubard is "
            "given n people, as in R. Jeffreys and Agresti–Coull work on the cell's own effective size, at most n."
        ),
        tables.method_table(results.grid),
        f"{len(results.further)} settings more, 10×10 in pairs (5 degrees of freedom):",
        tables.method_table(results.further),
        "Means over likeness and weights:",
        tables.size_table(results.grid),
        "### Smoothed Wilson, setting by setting",
        tables.grid_table((*results.grid, *results.further)),
    ]


def _surveys(results: Results) -> list[str]:
    return [
        "## 3. Whole surveys of 22 items",
        (
            "Every survey has its own true shares. People answer in moods (their items hang "
            "together), items of a place "
            "hang together too, and in the stress surveys a bad place is bad in all of them. Cells "
            "of fewer than 3 answers "
            "are left out. Shares lie between 0.7 and 0.995 (stress: 0.6 and 0.995). The *worst band* is the lowest of "
            "p below 0.8, 0.8–0.9, 0.9–0.95, 0.95–0.98, above 0.98. The index is the share of satisfied answers of a "
            "respondent. Differences are of all pairs of units of a survey, with the correlation that shared villages "
            "make."
        ),
        tables.survey_table(results),
    ]


def _warnings(results: Results) -> list[str]:
    none, warned, holds, too_often = tables.tallied(results)
    words = [
        [f"`{reason}`", REASON_TEXTS[reason].vi, REASON_TEXTS[reason].en]
        for reason in (Reason.FEW_DISSATISFIED, Reason.UNLIKE_OTHERS)
    ]
    return [
        "## 4. Where no method holds, and what the product says there",
        (
            "The default borrows the design effect of the survey. It cannot where there is nothing to borrow from (one "
            "unit or two, hardly anybody dissatisfied, all of them in the same places) or where one unit is unlike the "
            "others. No method can: the bad place was not drawn. The truth of a survey cannot be seen, so the warning "
            "rests on what can (`app/analysis/stats/intervals/cautions.py`):"
        ),
        (
            f"- **Few dissatisfied.** Count the people on the rarer side of the survey by effective size (n_eff · the "
            "smaller of p and 1 − p, over all units; items count by their part of the pooled "
            "variance). Warn when this is "
            f"below {ENOUGH_DISSATISFIED:g} ({ENOUGH_ALONE:g} for a figure that shares its design effect with no "
            f"other, such as the index) while the pooled design effect is {ALIKE:g} or more; and when it is below "
            f"{NEXT_TO_NOBODY:g} with {CROWDED:g} or more people in a place, because the design effect itself is "
            f"unknown then. For shares never with fewer than {FEWEST_DF} degrees of freedom: the t quantile is wide "
            "enough.\n"
            f"- **Unlike the others.** Warn beside a unit whose own design effect is {TOO_SMALL:g} "
            "times the one used or "
            f"more, when chance alone makes such a one in less than {100 * (1 - UNLIKE_LEVEL):.0f} % of units."
        ),
        tables.table(["code", "Vietnamese", "English"], words),
        (
            "*Warned* is the share of figures with a warning beside them; bold from one half on. *Best other* is the "
            "highest coverage among logit, Korn–Graubard (both) and Wilson with its own variance."
        ),
        "### One to five units, all items alike, a bad place bad in everything",
        tables.stress_table(results),
        "### One of twenty units unlike the others (likeness 0.03)",
        tables.odd_table(results),
        "### The surveys of section 3",
        tables.warned_table(results),
        (
            f"Of the {none} stress settings where no method holds the product usually warns in "
            f"{warned}; of the {holds} "
            f"where the default holds it usually warns in {too_often}. The two cannot be told apart "
            "completely: a survey "
            "in which everybody was satisfied looks the same whether the bad place exists and was missed or does not "
            "exist. In doubt the product warns."
        ),
    ]
