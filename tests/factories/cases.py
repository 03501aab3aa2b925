"""Cases as citizens open them, with the law an installation begins with; and whoever asks about them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.feedback.cases.models import Case
from app.feedback.cases.reporters import Contact
from app.feedback.denunciations.models import Denunciation
from app.feedback.intake.services import Opened, Report, open_case, open_denunciation
from app.rules import law
from app.rules.kinds import Kind
from app.web.permissions import Permission

TEXT = "Quầy mở muộn ba mươi phút, nhiều người phải chờ ngoài nắng."
CONTACT = Contact(
    name="Nguyễn Văn Bình",
    phone="0912 345 678",
    email="binh@example.vn",
    address="12 Trần Phú",
    notice="Thông tin chỉ dùng để trả lời.",
)
HANDLER = frozenset(
    {
        Permission.CASES_READ,
        Permission.CASES_READ_PRIVATE,
        Permission.CASES_READ_CONTACT,
        Permission.CASES_HANDLE,
    }
)
LEADER = HANDLER | {
    Permission.CASES_APPROVE,
    Permission.CASES_ASSIGN,
    Permission.CASES_SET_PRIVATE,
    Permission.CASES_ERASE_CONTACT,
}


@dataclass(frozen=True)
class Viewer:
    """An officer with permissions under some root units; no roots: everywhere."""

    officer_id: int
    scopes: Mapping[Permission, frozenset[int]] = field(default_factory=dict)


def viewer(officer_id: int, *roots: int, permissions: Iterable[Permission] = HANDLER) -> Viewer:
    """An officer who holds permissions in the subtrees of some units."""
    return Viewer(officer_id, dict.fromkeys(permissions, frozenset(roots)))


def open_one(session: Session, *, unit_id: int, kind: Kind = Kind.PETITION, text: str = TEXT, **more: Any) -> Opened:
    """Open a case and give what its sender is told, the code with it."""
    law.load(session)
    opened = open_case(session, Report(kind, more.pop("kind_asked", kind), text, unit_id, **more))
    session.flush()
    return opened


def make_case(session: Session, *, unit_id: int, kind: Kind = Kind.PETITION, text: str = TEXT, **more: Any) -> Case:
    """A case just received; ``more`` are fields of ``Report``."""
    return session.get_one(Case, open_one(session, unit_id=unit_id, kind=kind, text=text, **more).case_id)


def make_denunciation(session: Session, *, unit_id: int, text: str = TEXT, **more: Any) -> Denunciation:
    """Information about a breach of law in a unit."""
    law.load(session)
    opened = open_denunciation(session, Report(Kind.DENUNCIATION, Kind.DENUNCIATION, text, unit_id, **more))
    session.flush()
    return session.get_one(Denunciation, opened.case_id)
