"""Computes the R text of a case with our own estimators: `svymean(~y, z)`, `svyby(...)`, `list(mean = ...)`.

Only what stands in FUNCTIONS and SUMMARIES is known; the text is never run. Names that the text does not define are
designs: those of the case file under their own name, anything else is the design the case is about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.frames import Frame
from app.analysis.check.r_calls import Call, Name, UnreadableTextError, match_arguments
from app.analysis.check.r_columns import SUMS, evaluated, levels, model_columns, number_columns, numbers_of, terms
from app.analysis.check.r_syntax import parse
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import Linearised, means, ratios, stacked, totals

Floats = npt.NDArray[np.float64]

SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "svymean": ("x", "design", "na.rm", "deff"),
    "svytotal": ("x", "design", "na.rm", "deff"),
    "svyratio": ("numerator", "denominator", "design", "separate", "na.rm"),
    "svyby": ("formula", "by", "design", "FUN", "deff", "keep.var", "keep.names", "vartype", "na.rm", "covmat"),
    "ciprop_all": ("f", "d", "level"),
    "subset": ("x", "subset"),
    "svydesign": ("ids", "probs", "strata", "variables", "fpc", "data", "nest", "check.strata", "weights"),
}


@dataclass(frozen=True, eq=False)
class Sampled:
    """A design with its data and the rows that are looked at (R: ``subset``)."""

    design: SurveyDesign
    frame: Frame
    domain: npt.NDArray[np.bool_] | None = None


@dataclass(eq=False)
class Session:
    """What names stand for: designs by name, the design of the case for every other name."""

    designs: Mapping[str, Sampled]
    subject: Sampled
    known: dict[str, Any] = field(default_factory=dict)

    def run(self, text: str) -> Any:
        """Value of the last statement of an R text.

        Raises
        ------
        UnreadableTextError
            The text cannot be read, or asks for something that is not known here.
        """
        return self.value(parse(text))

    def value(self, tree: Any) -> Any:
        """Value of one expression."""
        if isinstance(tree, Name):
            return self.known.get(tree.text, tree)
        if not isinstance(tree, Call) or tree.name == "~":
            return tree
        if tree.name in FUNCTIONS:
            return FUNCTIONS[tree.name](self, tree)
        arguments = [self.numbers(self.value(part)) for part in tree.positional]
        if tree.name in SUMMARIES and len(arguments) == 1:
            return SUMMARIES[tree.name](*arguments)
        if tree.name in SUMS and len(arguments) == 2:
            return SUMS[tree.name](*arguments)
        message = f"{tree.name}() is not known here"
        raise UnreadableTextError(message)

    def sampled(self, tree: Any) -> Sampled:
        """The design a name or call stands for."""
        found = self.value(tree)
        if isinstance(found, Name):
            return self.designs.get(found.text, self.subject)
        if isinstance(found, Sampled):
            return found
        message = f"{found!r} is not a design"
        raise UnreadableTextError(message)

    def numbers(self, value: Any) -> Any:
        """Numbers of a value; a name that nothing defines stands for the weights of its design."""
        if isinstance(value, Name):
            return self.sampled(value).design.weights
        if isinstance(value, bool | int | float | list | np.ndarray):
            return np.asarray(value, dtype=np.float64)
        message = f"{value!r} is not a number"
        raise UnreadableTextError(message)


def _block(session: Session, call: Call) -> Any:
    return [session.value(statement) for statement in call.positional][-1]


def _assign(session: Session, call: Call) -> Any:
    target, value = call.positional[0], session.value(call.positional[1])
    if not isinstance(target, Name):
        raise UnreadableTextError("a value is given to something that is not a name")
    session.known[target.text] = value
    return value


def _element(session: Session, call: Call) -> Any:
    holder, name = session.value(call.positional[0]), call.positional[1]
    if isinstance(holder, Mapping) and isinstance(name, Name) and name.text in holder:
        return holder[name.text]
    message = f"there is no element {name!r}"
    raise UnreadableTextError(message)


def _estimate(estimator: Callable[..., Linearised], columns: Callable[[Any, Frame], Floats] = model_columns) -> Any:
    def run(session: Session, call: Call) -> Linearised:
        sampled = session.sampled(_argument(call, "design"))
        y = columns(_argument(call, "x"), sampled.frame)
        return estimator(sampled.design, y, domain=_complete(session, call, y, sampled))

    return run


def _complete(session: Session, call: Call, y: Floats, sampled: Sampled) -> npt.NDArray[np.bool_]:
    """Rows that count: with ``na.rm`` those that have everything; without it a missing value is refused."""
    domain = np.ones(len(y), dtype=bool) if sampled.domain is None else sampled.domain
    missing = np.isnan(y).any(axis=1)
    if (missing & domain).any() and not session.value(call.named.get("na.rm", False)):
        raise UnreadableTextError("values are missing and na.rm is not set: R answers NA")
    return np.asarray(domain & ~missing)


def _ratio(session: Session, call: Call) -> Linearised:
    sampled = session.sampled(_argument(call, "design"))
    above = number_columns(_argument(call, "numerator"), sampled.frame)
    below = number_columns(_argument(call, "denominator"), sampled.frame)
    domain = _complete(session, call, np.hstack([above, below]), sampled)
    return ratios(sampled.design, above, below, domain=domain)


def _by(session: Session, call: Call) -> Linearised:
    """All groups of the first variable, then of the second, those that occur (R: ``svyby``)."""
    sampled = session.sampled(_argument(call, "design"))
    inside = np.ones(sampled.frame.rows, dtype=bool) if sampled.domain is None else sampled.domain
    groups = [inside]
    for term in reversed(terms(_argument(call, "by"))):
        column = np.asarray(evaluated(term, sampled.frame))
        groups = [group & (column == level) for group in groups for level in levels(column)]
    what = _argument(call, "FUN")
    name = what.text if isinstance(what, Name) else "?"
    if name not in {"svymean", "svytotal"}:
        message = f"svyby() by {name} is not known here"
        raise UnreadableTextError(message)
    inner = Call(name, (_argument(call, "formula"), Name("design")), {"na.rm": call.named.get("na.rm", False)})
    parts = []
    for group in filter(np.any, groups):
        within = Session({**session.designs, "design": Sampled(sampled.design, sampled.frame, group)}, session.subject)
        parts.append(FUNCTIONS[name](within, inner))
    # All groups for one variable, then for the next, as coef() gives them.
    order = np.arange(sum(len(part.value) for part in parts)).reshape(len(parts), -1).T.ravel()
    return stacked(parts).contrast(np.eye(len(order))[order])


def _share(session: Session, call: Call) -> dict[str, Any]:
    """Share of a condition with its standard error and degrees of freedom (the reference's own function)."""
    sampled = session.sampled(_argument(call, "d"))
    y = number_columns(_argument(call, "f"), sampled.frame)
    found = means(sampled.design, y, domain=_complete(session, call, y, sampled))
    p, variance = found.value[0], found.variance[0]
    return {
        "n": int(found.n[0]),
        "df": found.df,
        "estimate": p,
        "se": float(np.sqrt(variance)),
        "n_eff": p * (1.0 - p) / variance if variance > 1e-24 else np.nan,
    }


def _subset(session: Session, call: Call) -> Sampled:
    sampled = session.sampled(_argument(call, "x"))
    chosen = numbers_of(evaluated(_argument(call, "subset"), sampled.frame)) == 1.0
    return Sampled(sampled.design, sampled.frame, chosen if sampled.domain is None else chosen & sampled.domain)


def _plain_design(session: Session, call: Call) -> Sampled:
    """``svydesign(ids = ~1, weights = w, data = ...)``: the rows of the subject, each drawn by itself."""
    if terms(_argument(call, "ids")) or {"strata", "fpc"} & set(call.named):
        raise UnreadableTextError("svydesign() with clusters, strata or fpc is read from the designs of the file")
    given = call.named.get("weights", 1.0)
    frame = session.subject.frame
    if isinstance(given, Call) and given.name == "~":
        weights = number_columns(given, frame)[:, 0]
    else:
        weights = np.broadcast_to(session.numbers(session.value(given)), frame.rows)
    return Sampled(SurveyDesign.of(frame.rows, lonely=LonelyPsu.FAIL, weights=weights), frame)


def _structure(session: Session, call: Call) -> Any:
    """A value R printed with its attributes; the codes of a factor become its words."""
    found = session.value(call.positional[0] if call.positional else call.named[".Data"])
    words = session.value(call.named["levels"]) if "levels" in call.named else None
    if words is None:
        return found
    return np.array(words, dtype=object)[np.asarray(found, dtype=np.intp) - 1]


def _list(session: Session, call: Call) -> Any:
    return {name: session.value(part) for name, part in call.named.items()} or [
        session.value(part) for part in call.positional
    ]


def _combine(session: Session, call: Call) -> Any:
    parts = [session.value(part) for part in call.positional]
    return parts if any(isinstance(part, str) for part in parts) else np.array(parts, dtype=np.float64)


def _argument(call: Call, name: str) -> Any:
    """Argument of a call, matched to the signature as R does it."""
    arguments = match_arguments(call, SIGNATURES[call.name])
    if name in arguments:
        return arguments[name]
    message = f"{call.name}() without {name}"
    raise UnreadableTextError(message)


def _of_statistic(read: Callable[[Linearised], Any]) -> Callable[[Session, Call], Any]:
    def run(session: Session, call: Call) -> Any:
        found = session.value(call.positional[0])
        if not isinstance(found, Linearised):
            message = f"{call.name}() of {type(found).__name__}"
            raise UnreadableTextError(message)
        return read(found)

    return run


def _unchanged(session: Session, call: Call) -> Any:
    return session.value(call.positional[0])


FUNCTIONS: Mapping[str, Callable[[Session, Call], Any]] = {
    "{": _block, "<-": _assign, "$": _element,
    "svymean": _estimate(means), "svytotal": _estimate(totals), "svyratio": _ratio, "svyby": _by, "ciprop_all": _share,
    "subset": _subset, "svydesign": _plain_design, "structure": _structure, "list": _list, "c": _combine,
    "coef": _of_statistic(lambda s: s.value), "SE": _of_statistic(lambda s: s.se),
    "vcov": _of_statistic(lambda s: s.covariance),
    "weights": lambda session, call: session.sampled(call.positional[0]).design.weights,
    "degf": lambda session, call: session.sampled(call.positional[0]).design.degrees_of_freedom,
    **dict.fromkeys(("arr", "one", "as.vector", "as.numeric", "unname", "("), _unchanged),
}  # fmt: skip
SUMMARIES: Mapping[str, Callable[[Floats], Any]] = {
    "sum": np.sum, "mean": np.mean, "min": np.min, "max": np.max, "length": np.size, "sqrt": np.sqrt,
    "abs": np.abs, "median": np.median, "-": np.negative,
}  # fmt: skip
