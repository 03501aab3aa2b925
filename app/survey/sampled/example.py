"""The worked example of docs/sampled-surveys.md: its question set, twelve invented units and a round to import into.

Everything goes through the services an officer's pages use, and nothing is made twice.
"""

from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.errors import Conflict
from app.survey import sets
from app.survey.models import Aggregation, IndexFormula, QuestionSetVersion, SampleKind, SetStatus, SurveyRound
from app.survey.rounds import open_round
from app.units.queries import subtree_ids, unit_by_code
from app.units.services import create_unit

SET_FILE = Path(__file__).parent / "example_sets" / "sampled_example_1.toml"
PROVINCE_CODE = "22"
UNIT_CODES = tuple(f"U{number:02}" for number in range(1, 13))
ROUND_NAME = "Khảo sát chọn mẫu ví dụ (dữ liệu mô phỏng)"


class ExampleRefused(Conflict):
    """The example cannot be made in this database."""


def prepare(session: Session) -> SurveyRound:
    """The open round of the example; what is missing of set, units and round is made. For simulated databases only.

    Raises
    ------
    ExampleRefused
        Without the sample province, or when a code of the example belongs to a unit elsewhere.
    """
    today = clock.local_date()
    province = unit_by_code(session, PROVINCE_CODE, today)
    if province is None:
        raise ExampleRefused("Chưa có tỉnh mẫu. Ông/Bà hãy chạy “flask init” trước.")
    version = _published_set(session)
    _units(session, province.id, today)
    found = session.scalar(
        select(SurveyRound).where(
            SurveyRound.name == ROUND_NAME,
            SurveyRound.question_set_version_id == version.id,
            SurveyRound.unit_id == province.id,
            SurveyRound.closed_on.is_(None),
        )
    )
    return found or _open(session, version, province.id, today)


def _published_set(session: Session) -> QuestionSetVersion:
    version = sets.register(session, SET_FILE.read_text(encoding="utf-8"))
    if version.status is not SetStatus.PUBLISHED:
        sets.publish(version)
        session.flush()  # the record names the version by its number
        new = {"code": version.code, "version": version.version, "content": version.content_hash}
        of, why = f"question-set:{version.id}", "Lệnh flask survey example"
        record(session, None, Action.QUESTION_SET_PUBLISH, of, new=new, reason=why)
    return version


def _units(session: Session, province_id: int, today: date) -> None:
    """Twelve wards that exist nowhere, below the province."""
    below = subtree_ids(session, province_id, today)
    for code in UNIT_CODES:
        there = unit_by_code(session, code, today)
        if there is None:
            name = f"Phường ví dụ {code} (dữ liệu mô phỏng)"
            create_unit(session, code=code, name=name, type_code="ward", valid_from=today, parent_id=province_id)
        elif there.id not in below:
            raise ExampleRefused(f"Mã {code} đang thuộc một đơn vị ngoài tỉnh mẫu nên không tạo ví dụ được.")


def _open(session: Session, version: QuestionSetVersion, unit_id: int, today: date) -> SurveyRound:
    opened = open_round(
        session,
        name=ROUND_NAME,
        version=version,
        unit_id=unit_id,
        sample_kind=SampleKind.PROBABILITY,
        index_formula=IndexFormula.TOP2,
        aggregation=Aggregation.MEAN_OF_CRITERIA,
        starts_on=today,
        ends_on=None,
    )
    session.flush()  # the record and the address name the round by its number
    detail = {
        "question_set": f"{version.code}_{version.version}",
        "sample_kind": opened.sample_kind.value,
        "index_formula": opened.index_formula.value,
        "aggregation": opened.aggregation.value,
        "starts_on": str(today),
        "ends_on": None,
    }
    record(session, None, Action.ROUND_OPEN, f"round:{opened.id}", detail, unit_id=unit_id)
    return opened
