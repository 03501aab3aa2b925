"""What the level above may do with information about a breach of law: one table. Nothing here removes anything."""

from typing import NamedTuple

from app.feedback.denunciations.models import DenunciationState

RECEIVED, UNDER_CHECK, PASSED_ON, KEPT = (
    DenunciationState.RECEIVED,
    DenunciationState.UNDER_CHECK,
    DenunciationState.PASSED_ON,
    DenunciationState.KEPT,
)

WORDS: dict[DenunciationState, str] = {
    RECEIVED: "Mới nhận",
    UNDER_CHECK: "Đang kiểm tra",
    PASSED_ON: "Đã chuyển cơ quan có thẩm quyền",
    KEPT: "Lưu để theo dõi",
}
MOST_WORDS = 5000
MOST_PLACE = 300


class Act(NamedTuple):
    """One act: its name in addresses, where it may begin, where it leads, its words, whether it needs a place."""

    name: str
    begins: frozenset[DenunciationState]
    leads_to: DenunciationState
    label: str
    needs_place: bool


ACTS: tuple[Act, ...] = (
    Act("check", frozenset({RECEIVED, KEPT, PASSED_ON}), UNDER_CHECK, "Bắt đầu kiểm tra", needs_place=False),
    Act(
        "pass-on",
        frozenset({RECEIVED, UNDER_CHECK, KEPT}),
        PASSED_ON,
        "Chuyển cơ quan có thẩm quyền",
        needs_place=True,
    ),
    Act("keep", frozenset({RECEIVED, UNDER_CHECK}), KEPT, "Lưu để theo dõi", needs_place=False),
)
BY_NAME = {act.name: act for act in ACTS}


def allowed(state: DenunciationState) -> tuple[Act, ...]:
    """The acts that may begin from a state."""
    return tuple(act for act in ACTS if state in act.begins)
