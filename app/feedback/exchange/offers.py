"""What another system may send here: for each unit a suggestion or a petition, under codes like ``petition-29434``.

Khiếu nại has its own form by law, and information about a breach of law (tố cáo) its own door that no other system
stands in between: neither is offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.feedback.handling.words import KINDS
from app.i18n.folding import natural_key
from app.rules.kinds import Kind
from app.units import queries as units

OFFERED = (Kind.PETITION, Kind.SUGGESTION)
MEANT = {
    Kind.PETITION: "Phản ánh, kiến nghị về quy định, thủ tục hành chính, việc phục vụ; có thời hạn trả lời.",
    Kind.SUGGESTION: "Góp ý; không hứa trả lời.",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One service of one unit."""

    kind: Kind
    unit_id: int
    unit_code: str
    unit_name: str

    @property
    def code(self) -> str:
        """How other systems name it."""
        return f"{self.kind.value}-{self.unit_code}"

    @property
    def name(self) -> str:
        """What people read."""
        return f"{KINDS[self.kind]} – {self.unit_name}"

    def told(self) -> dict[str, str | bool]:
        """The service in the words of the norm; what else may be told stands in its definition."""
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": MEANT[self.kind],
            "metadata": True,
            "type": "realtime",
            "keywords": KINDS[self.kind],
            "group": self.unit_name,
        }


def offers(session: Session, on: date, root: int | None = None) -> Sequence[Offer]:
    """The services of all units of a day, or of those under a root, by name of the unit."""
    roots = [line.id for line in units.roots(session, on)] if root is None else [root]
    inside = units.lines_of(session, units.subtree_ids_of(session, roots, on), on)
    lines = sorted(inside, key=lambda line: natural_key(line.name))
    return [Offer(kind, line.id, line.code, line.name) for line in lines for kind in OFFERED]


def offer_of(session: Session, code: str, on: date) -> Offer | None:
    """The service of a code; None where there is none today."""
    kind, _, unit_code = code.partition("-")
    unit = units.unit_by_code(session, unit_code, on) if unit_code.isascii() and len(unit_code) <= 40 else None
    if kind not in {one.value for one in OFFERED} or unit is None:
        return None
    return Offer(Kind(kind), unit.id, unit.code, units.name_on(session, unit.id, on))
