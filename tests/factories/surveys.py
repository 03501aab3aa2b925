"""A survey that can be answered: one province, one commune, a centre with counters, codes, an open round."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.db.session import Database
from app.qr.models import Channel
from app.qr.services import issue
from app.survey import sets
from app.survey.models import Aggregation, IndexFormula, QuestionSetVersion, SampleKind
from app.survey.rounds import open_round
from tests.factories.places import make_counter, make_unit

LONG_AGO = date(2020, 1, 1)
COUNTER_SET = "sipas_counter"


@dataclass(frozen=True)
class Surveyed:
    """What a test needs to know of the survey it made."""

    token: str
    counter_ids: tuple[int, ...]
    tokens: tuple[str, ...]
    centre_id: int
    centre_code: str
    commune_id: int
    province_id: int
    province_code: str
    round_id: int


def make_survey(
    database: Database,
    *,
    counters: int = 1,
    starts_on: date = date(2026, 1, 1),
    ends_on: date | None = None,
    formula: IndexFormula = IndexFormula.TOP2,
    aggregation: Aggregation = Aggregation.MEAN_OF_CRITERIA,
    channel: Channel = Channel.QR,
    opening_hours: dict[str, list[list[str]]] | None = None,
) -> Surveyed:
    """Set up a survey through the services."""
    with database.transaction() as session:
        province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province", start=LONG_AGO)
        commune = make_unit(session, "06652", name="Phường Hồng Gai", parent=province)
        centre = make_unit(
            session,
            "06652.HCC",
            name="Trung tâm Phục vụ hành chính công phường Hồng Gai",
            type_code="communal_service_centre",
            parent=commune,
        )
        made = [make_counter(session, centre, str(number)) for number in range(1, counters + 1)]
        for counter in made:
            counter.opening_hours = opening_hours or {}
        codes = [issue(session, counter.id, today=starts_on, channel=channel) for counter in made]
        sets.register_files(session)
        session.flush()
        version = session.scalars(select(QuestionSetVersion).where(QuestionSetVersion.code == COUNTER_SET)).one()
        sets.publish(version)
        asked = open_round(
            session,
            name="Khảo sát tại quầy năm 2026",
            version=version,
            unit_id=province.id,
            sample_kind=SampleKind.OPEN,
            index_formula=formula,
            aggregation=aggregation,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        session.flush()
        return Surveyed(
            token=codes[0].token,
            counter_ids=tuple(counter.id for counter in made),
            tokens=tuple(code.token for code in codes),
            centre_id=centre.id,
            centre_code=centre.code,
            commune_id=commune.id,
            province_id=province.id,
            province_code=province.code,
            round_id=asked.id,
        )
