"""Runs the cases of a folder: refused, computed and compared, never crashed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.analysis.check.compare import Comparison, Status, compare
from app.analysis.check.families import Handler
from app.analysis.check.folder import Case, CaseFile
from app.analysis.stats.errors import StatisticsError


@dataclass(frozen=True)
class Outcome:
    """What became of one case."""

    case: Case
    comparison: Comparison

    @property
    def line(self) -> str:
        """One line: id, what, largest relative difference, verdict and its reason."""
        found = self.comparison
        difference = "-" if found.difference is None else f"{found.difference:.1e}"
        reason = f": {found.reason}" if found.reason else ""
        name = f"{self.case.file.id}/{self.case.id}"
        return f"{name:<44} {self.case.what:<26} {difference:>8}  {found.status}{reason}"


def run(files: Sequence[CaseFile], handlers: Mapping[str, Handler]) -> Iterator[Outcome]:
    """Outcome of every case of every file, in order."""
    for file in files:
        for case in file.cases:
            yield Outcome(case, check_case(case, handlers))


def check_case(case: Case, handlers: Mapping[str, Handler]) -> Comparison:
    """Compute one case and compare it; where two versions of R differ, either answer is right.

    An exception is a verdict and no crash: a refusal (StatisticsError) is right where R refuses as well, everything
    else differs, with the text of the exception as the reason.
    """
    handler = handlers.get(case.what)
    if handler is None:
        return Comparison(Status.NOT_COVERED, None, f"nothing computes {case.what!r}")
    trees = [case.expected]
    if case.survey_4_5 is not None and case.survey_4_5 != "same":
        trees.append(case.survey_4_5)
    try:
        got = handler(case)
    except StatisticsError as refusal:
        if any(_is_refusal(tree) for tree in trees):
            return Comparison(Status.OK, None, f"refused: {refusal}")
        return Comparison(Status.DIFFERS, None, f"refused: {_one_line(refusal)}")
    except Exception as error:  # noqa: BLE001 - whatever a handler cannot do is a verdict on the case
        return Comparison(Status.DIFFERS, None, f"{type(error).__name__}: {_one_line(error)}")
    verdicts = [_against(tree, got, case) for tree in trees]
    return min(verdicts, key=_badness)


def _against(tree: object, got: object, case: Case) -> Comparison:
    if _is_refusal(tree):
        if isinstance(got, Mapping) and got.get("error"):
            return Comparison(Status.OK, None, f"flagged: {got['error']}")
        return Comparison(Status.DIFFERS, None, "was to be refused")
    try:
        return compare(tree, got, rtol=case.rtol, table=case.file.table)
    except Exception as error:  # noqa: BLE001 - a table that is missing or broken is a verdict on the case
        return Comparison(Status.DIFFERS, None, f"{type(error).__name__}: {_one_line(error)}")


def _is_refusal(tree: object) -> bool:
    return isinstance(tree, Mapping) and "error" in tree


def _badness(found: Comparison) -> tuple[int, float]:
    return list(Status).index(Status(found.status)), found.difference or 0.0


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
