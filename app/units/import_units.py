"""Check the rows of a list of units against each other and against the units that exist already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.errors import Invalid
from app.units.import_cells import RowError
from app.units.spans import ONE_DAY, Span
from app.units.successions import Succession, SuccessionKind, check_chain, check_succession
from app.units.tree import Fault, Link, Node, Problem, Tree
from app.units.types import unit_type

UnitKey = tuple[str, date]  # code and first day: a code may be given again after its unit ended


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row: a unit under one name and parent. Several rows of a code that follow each other are one unit."""

    row: int
    code: str
    name: str
    type: str
    parent_code: str | None
    span: Span
    successor_codes: tuple[str, ...] = ()
    succession_kind: SuccessionKind = SuccessionKind.MERGE

    @property
    def first_day(self) -> date:
        """The first day; rows of an import always have one."""
        assert self.span.start is not None
        return self.span.start


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit to create: its rows in order of time, the parent of each, and what follows it."""

    key: UnitKey
    rows: tuple[UnitRow, ...]
    parents: tuple[UnitKey | None, ...]
    successions: tuple[Succession[UnitKey], ...] = ()

    @property
    def node(self) -> Node[UnitKey]:
        """The unit as a node of the tree."""
        links = (Link(parent, row.span) for row, parent in zip(self.rows, self.parents, strict=True) if parent)
        return Node(self.key, self.rows[0].type, Span(self.rows[0].span.start, self.rows[-1].span.end), tuple(links))


Known = Mapping[UnitKey, Node[UnitKey]]
TITLES = {
    "code": "Mã đơn vị",
    "parent": "Mã đơn vị cấp trên",
    "type": "Loại đơn vị",
    "start": "Ngày bắt đầu",
    "successor": "Mã đơn vị kế thừa",
}


def plan_units(rows: Sequence[UnitRow], known: Known) -> tuple[list[UnitPlan], list[RowError]]:
    """Put rows together to units and name everything that is wrong with them."""
    groups, errors = _group(rows, known)
    spans = {key: Span(group[0].span.start, group[-1].span.end) for key, group in groups.items()}
    lives = {**{key: node.span for key, node in known.items()}, **spans}
    by_code: defaultdict[str, list[UnitKey]] = defaultdict(list)
    for key in lives:
        by_code[key[0]].append(key)
    finder = _Finder(by_code, lives)
    plans = []
    for key, group in groups.items():
        parents = tuple(finder.parent(row, errors) for row in group)
        plans.append(UnitPlan(key, tuple(group), parents, finder.successions(key, group, errors)))
    errors.extend(_tree_errors(plans, known))
    return plans, errors


def _group(rows: Sequence[UnitRow], known: Known) -> tuple[dict[UnitKey, list[UnitRow]], list[RowError]]:
    errors: list[RowError] = []
    existing: defaultdict[str, list[Span]] = defaultdict(list)
    for key, node in known.items():
        existing[key[0]].append(node.span)
    groups: dict[UnitKey, list[UnitRow]] = {}
    last: dict[str, UnitKey] = {}
    for row in sorted(rows, key=lambda item: (item.first_day, item.row)):
        if any(span.overlaps(row.span) for span in existing[row.code]):
            errors.append(RowError(row.row, TITLES["code"], f"Mã {row.code} đã có trong hệ thống trong thời gian này."))
            continue
        before = groups[last[row.code]] if row.code in last else None
        if before is not None and before[-1].span.overlaps(row.span):
            errors.append(_overlap(before[-1], row))
        elif before is not None and _follows(before[-1], row):
            before.append(row)
        else:
            last[row.code] = (row.code, row.first_day)
            groups[last[row.code]] = [row]
    return groups, errors


def _follows(earlier: UnitRow, later: UnitRow) -> bool:
    is_next_day = earlier.span.end is not None and earlier.span.end + ONE_DAY == later.first_day
    return is_next_day and earlier.type == later.type and not earlier.successor_codes


def _overlap(earlier: UnitRow, later: UnitRow) -> RowError:
    if earlier.span == later.span:
        return RowError(later.row, TITLES["code"], f"Mã {later.code} trùng với dòng {earlier.row}.")
    message = f"Thời gian của mã {later.code} chồng lên thời gian ở dòng {earlier.row}."
    return RowError(later.row, TITLES["start"], message)


@dataclass(frozen=True, slots=True)
class _Finder:
    by_code: Mapping[str, list[UnitKey]]
    lives: Mapping[UnitKey, Span]

    def parent(self, row: UnitRow, errors: list[RowError]) -> UnitKey | None:
        if row.parent_code is None:
            return None
        candidates = self.by_code.get(row.parent_code, [])
        if not candidates:
            errors.append(RowError(row.row, TITLES["parent"], f"Không có đơn vị cấp trên mang mã {row.parent_code}."))
            return None
        covering = (key for key in candidates if self.lives[key].covers(row.span))
        alive = (key for key in candidates if self.lives[key].contains(row.first_day))
        return next(covering, None) or next(alive, None) or candidates[-1]

    def successions(
        self, key: UnitKey, group: Sequence[UnitRow], errors: list[RowError]
    ) -> tuple[Succession[UnitKey], ...]:
        last = group[-1]
        if not last.successor_codes:
            return ()
        if last.span.end is None:
            errors.append(RowError(last.row, TITLES["successor"], "Đơn vị có kế thừa phải có ngày kết thúc."))
            return ()
        on = last.span.end + ONE_DAY
        news = [self._heir(code, on) or self._heir(code, None) for code in last.successor_codes]
        missing = [code for code, new in zip(last.successor_codes, news, strict=True) if new is None]
        found = [Succession(key, new, on, last.succession_kind) for new in news if new is not None]
        try:
            check_succession(last.succession_kind, [key], [item.new for item in found])
        except Invalid as error:
            if not missing:
                errors.append(RowError(last.row, TITLES["successor"], error.message))
                return ()
        reasons = [f"Không có đơn vị kế thừa mang mã {code}." for code in missing]
        reasons += [reason for _, reason in check_chain(found, self.lives)]
        errors.extend(RowError(last.row, TITLES["successor"], reason) for reason in dict.fromkeys(reasons))
        return tuple(found)

    def _heir(self, code: str, on: date | None) -> UnitKey | None:
        keys = self.by_code.get(code, [])
        return next((key for key in keys if on is None or self.lives[key].contains(on)), None)


def _tree_errors(plans: Sequence[UnitPlan], known: Known) -> Iterable[RowError]:
    nodes = {plan.key: plan for plan in plans}
    tree = Tree([*known.values(), *(plan.node for plan in plans)])
    for problem in tree.problems(only=nodes):
        plan = nodes[problem.key]
        row = _row_of(plan, problem)
        has_unknown_parent = row.parent_code is not None and plan.parents[plan.rows.index(row)] is None
        if problem.fault is Fault.NEEDS_PARENT and has_unknown_parent:
            continue  # the missing parent has been named already
        yield RowError(row.row, *_sentence(problem, row, tree))


def _row_of(plan: UnitPlan, problem: Problem[UnitKey]) -> UnitRow:
    """The row to blame: the one with the parent concerned, else the one without a parent, else the first."""
    wanted = problem.parent if problem.parent or problem.fault is Fault.NEEDS_PARENT else plan.parents[0]
    return plan.rows[plan.parents.index(wanted)] if wanted in plan.parents else plan.rows[0]


def _sentence(problem: Problem[UnitKey], row: UnitRow, tree: Tree[UnitKey]) -> tuple[str, str]:
    """Column and message of a broken rule."""
    name = unit_type(row.type).name
    parent = f"{row.parent_code}"
    above = unit_type(tree.nodes[problem.parent].type).name if problem.parent in tree.nodes else ""
    sentences = {
        Fault.BACKWARD_DATES: ("start", "Ngày kết thúc đứng trước ngày bắt đầu."),
        Fault.TYPE_NOT_ON_THESE_DAYS: ("type", f"Loại “{name}” không tồn tại trong toàn bộ thời gian này."),
        Fault.UNKNOWN_PARENT: ("parent", f"Không có đơn vị cấp trên mang mã {parent}."),
        Fault.PARENT_NOT_ALIVE: ("parent", f"Đơn vị cấp trên {parent} không hoạt động trong toàn bộ thời gian này."),
        Fault.LINK_OUTSIDE_LIFE: ("start", "Thời gian trực thuộc nằm ngoài thời gian hoạt động của đơn vị."),
        Fault.OVERLAPPING_PARENTS: ("start", "Các thời gian trực thuộc chồng lên nhau."),
        Fault.TYPE_UNDER_PARENT: (
            "type",
            f"Loại “{name}” không được trực thuộc loại “{above}” (mã {parent}) trong thời gian này.",
        ),
        Fault.NEEDS_PARENT: ("parent", f"Loại “{name}” phải có đơn vị cấp trên."),
        Fault.CYCLE: (
            "parent",
            f"Đơn vị cấp trên {parent} tạo thành vòng lặp: đơn vị trực thuộc chính cấp dưới của mình.",
        ),
    }
    key, message = sentences[problem.fault]
    return TITLES[key], message
