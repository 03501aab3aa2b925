"""A sampled round that can take an import: the example set published, a province with twelve units U01 to U12."""

from dataclasses import dataclass
from datetime import date

from app.db.session import Database
from app.survey import sets
from app.survey.models import Aggregation, IndexFormula, SampleKind
from app.survey.rounds import open_round
from tests.factories.units import make_unit
from tests.support.sample_sets import sample_file

EXAMPLE_SET = "sampled_example_1"


@dataclass(frozen=True)
class SampledPlace:
    """What a test needs to know."""

    round_id: int
    province_id: int
    version_id: int
    unit_ids: dict[str, int]


def make_sampled_round(
    database: Database,
    *,
    kind: SampleKind = SampleKind.PROBABILITY,
    units: int = 12,
    set_key: str = EXAMPLE_SET,
    aggregation: Aggregation = Aggregation.MEAN_OF_CRITERIA,
) -> SampledPlace:
    """Open a sampled round of a province through the services."""
    with database.transaction() as session:
        province = make_unit(session, "Tỉnh Quảng Ninh", code="22")
        codes = [f"U{number:02}" for number in range(1, units + 1)]
        made = {
            code: make_unit(
                session, f"Phường {code}", code=code, type_code="ward", parent=province, valid_from=date(2025, 7, 1)
            )
            for code in codes
        }
        version = sets.register(session, sample_file(set_key).read_text(encoding="utf-8"))
        session.flush()
        sets.publish(version)
        opened = open_round(
            session,
            name="Khảo sát chọn mẫu năm 2026",
            version=version,
            unit_id=province.id,
            sample_kind=kind,
            index_formula=IndexFormula.TOP2,
            aggregation=aggregation,
            starts_on=date(2026, 1, 1),
            ends_on=None,
        )
        session.flush()
        return SampledPlace(opened.id, province.id, version.id, {code: unit.id for code, unit in made.items()})
