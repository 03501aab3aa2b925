"""What may be done with a case, and when (pure): one table. A move not in it does not exist."""

from collections.abc import Mapping
from typing import NamedTuple

from app.feedback.cases.kinds import CLASS_OF, Outcome, State, StateClass
from app.web.permissions import Permission

UNFINISHED = frozenset(state for state, kind in CLASS_OF.items() if kind is not StateClass.DONE)
OPEN = frozenset(state for state, kind in CLASS_OF.items() if kind is StateClass.OPEN) - {State.AWAITING_APPROVAL}
"""Where a case can be worked on; while an answer waits for a second pair of eyes the clock runs, but nothing else."""


class Move(NamedTuple):
    """One act of an officer.

    ``to_state`` is None where the case stays in its state. ``fields`` must be given; ``permission`` is asked on top of
    the right to see the case.
    """

    name: str
    from_states: frozenset[State]
    to_state: State | None
    permission: Permission
    fields: tuple[str, ...]
    label: str


MOVES: tuple[Move, ...] = (
    Move("take_up", frozenset({State.RECEIVED}), State.IN_PROGRESS, Permission.CASES_HANDLE, (), "Nhận xử lý"),
    Move("requalify", UNFINISHED, None, Permission.CASES_HANDLE, ("kind", "reason"), "Đổi loại đơn"),
    Move(
        "ask",
        OPEN,
        State.WAITING_FOR_SENDER,
        Permission.CASES_HANDLE,
        ("text", "answer_until"),
        "Hỏi người gửi",
    ),
    Move(
        "withdraw_question",
        frozenset({State.WAITING_FOR_SENDER}),
        State.IN_PROGRESS,
        Permission.CASES_HANDLE,
        (),
        "Rút câu hỏi",
    ),
    Move(
        "pause",
        OPEN,
        State.WAITING_FOR_OTHERS,
        Permission.CASES_HANDLE,
        ("document",),
        "Chờ cơ quan khác",
    ),
    # Tạm đình chỉ is a decision somebody signs.
    Move("suspend", OPEN, State.SUSPENDED, Permission.CASES_APPROVE, ("document",), "Tạm đình chỉ"),
    Move(
        "resume",
        frozenset({State.WAITING_FOR_OTHERS, State.SUSPENDED}),
        State.IN_PROGRESS,
        Permission.CASES_HANDLE,
        (),
        "Tiếp tục xử lý",
    ),
    Move("extend", UNFINISHED, None, Permission.CASES_APPROVE, ("limit", "signed_by", "document"), "Gia hạn"),
    # Refused, the case stays closed.
    Move(
        "decide",
        frozenset({State.CLOSED}),
        State.IN_PROGRESS,
        Permission.CASES_APPROVE,
        ("decision", "words"),
        "Trả lời đề nghị của người gửi",
    ),
    Move("set_points", OPEN, None, Permission.CASES_HANDLE, ("points",), "Chia thành từng ý"),
    Move(
        "return_answer",
        frozenset({State.AWAITING_APPROVAL}),
        State.IN_PROGRESS,
        Permission.CASES_APPROVE,
        ("words",),
        "Trả lại để sửa",
    ),
    Move(
        "take_back_answer",
        frozenset({State.AWAITING_APPROVAL}),
        State.IN_PROGRESS,
        Permission.CASES_HANDLE,
        (),
        "Lấy lại câu trả lời",
    ),
    Move("assign", UNFINISHED, None, Permission.CASES_ASSIGN, ("assignee",), "Giao người xử lý"),
    Move("unassign", UNFINISHED, None, Permission.CASES_ASSIGN, (), "Thôi giao"),
    Move("take", UNFINISHED - {State.RECEIVED}, None, Permission.CASES_HANDLE, (), "Nhận việc về tôi"),
    # What the sender was asked, or others were, is settled first: the clock runs where the case arrives.
    Move("transfer", OPEN, State.RECEIVED, Permission.CASES_TRANSFER, ("to", "ground", "reason"), "Chuyển đơn vị khác"),
    Move("send_back", OPEN, State.RECEIVED, Permission.CASES_TRANSFER, ("words",), "Trả lại đơn vị đã chuyển"),
    Move("set_private", frozenset(State), None, Permission.CASES_SET_PRIVATE, ("reason",), "Không công khai"),
    Move("unset_private", frozenset(State), None, Permission.CASES_SET_PRIVATE, ("reason",), "Bỏ không công khai"),
    Move("exclude", frozenset(State), None, Permission.CASES_ASSIGN, ("officer", "rule"), "Loại cán bộ liên quan"),
    # By the level above whoever was excluded; see app/feedback/conflicts.
    Move(
        "lift_exclusion",
        frozenset(State),
        None,
        Permission.CASES_ASSIGN,
        ("excluded", "words"),
        "Bỏ việc loại cán bộ",
    ),
)
OWN_PAGES: tuple[Move, ...] = (
    # Every outcome is said in an answer that was looked at: there is no other way to an end.
    Move("close", OPEN, State.CLOSED, Permission.CASES_HANDLE, ("draft",), "Trả lời và kết thúc"),
    Move("submit_answer", OPEN, State.AWAITING_APPROVAL, Permission.CASES_HANDLE, ("draft",), "Trình duyệt"),
    Move(
        "approve_answer",
        frozenset({State.AWAITING_APPROVAL}),
        State.CLOSED,
        Permission.CASES_APPROVE,
        ("draft",),
        "Duyệt và gửi trả lời",
    ),
    Move(
        "publish",
        frozenset({State.CLOSED}),
        None,
        Permission.CASES_PUBLISH,
        ("title", "question", "answer", "basis"),
        "Công khai câu trả lời",
    ),
    Move(
        "correct_public",
        frozenset({State.CLOSED}),
        None,
        Permission.CASES_PUBLISH,
        ("title", "question", "answer", "basis", "reason"),
        "Sửa bản công khai",
    ),
    Move("unpublish", frozenset(State), None, Permission.CASES_PUBLISH, ("reason",), "Gỡ bản công khai"),
    Move("redact", frozenset(State), None, Permission.CASES_REDACT, ("areas",), "Che thông tin trong tệp"),
    Move("merge", UNFINISHED, None, Permission.CASES_MERGE, ("leading",), "Gộp đơn trùng"),
    Move("unmerge", frozenset(State), None, Permission.CASES_MERGE, (), "Tách đơn đã gộp"),
    Move("letter", frozenset(State), None, Permission.CASES_HANDLE, (), "Lập văn bản"),
)
"""Moves that are made on a page of their own room, not through the form of an act."""


class RuleMove(NamedTuple):
    """What happens to a case without an act of an officer."""

    name: str
    from_states: frozenset[State]
    to_state: State
    label: str


RULE_MOVES: tuple[RuleMove, ...] = (
    RuleMove(
        "answered_by_sender",
        frozenset({State.WAITING_FOR_SENDER}),
        State.IN_PROGRESS,
        "Người gửi trả lời câu hỏi",
    ),
    RuleMove(
        "question_expired",
        frozenset({State.WAITING_FOR_SENDER}),
        State.IN_PROGRESS,
        "Hết ngày chờ trả lời câu hỏi",
    ),
    RuleMove(
        "move_up",
        OPEN | {State.AWAITING_APPROVAL},
        State.RECEIVED,
        "Chuyển lên cấp trên vì đơn vị không còn người độc lập",
    ),
)
BY_RULE = {move.name: move for move in RULE_MOVES}

RESUMING = frozenset(
    {
        *("withdraw_question", "resume", "return_answer", "take_back_answer"),
        *("answered_by_sender", "question_expired"),
    }
)
"""Moves back to work: to ``to_state`` once the case was taken up, else to where it can still be (``work.resumed``)."""

BY_NAME = {move.name: move for move in (*MOVES, *OWN_PAGES)}


def moves_from(state: State) -> tuple[Move, ...]:
    """The moves that may begin in a state."""
    return tuple(move for move in MOVES if state in move.from_states)


OUTCOME_FIELDS: Mapping[Outcome, tuple[str, ...]] = {
    Outcome.NOT_ACCEPTED: ("refusal",),
    Outcome.NOT_COMPETENT: ("went_to",),
    Outcome.WITHDRAWN: ("withdrawal",),
    Outcome.PARTLY_WITHDRAWN: ("withdrawn_part",),
    Outcome.DISCONTINUED: ("decision",),
}
"""What must be said besides the answer when a case is closed with an outcome; the words stand in ``outcomes``."""
