"""A province of many units for measurements, with a question set of 22 criteria."""

from datetime import date

from sqlalchemy import select

from app.db.session import Database
from app.survey import sets
from app.survey.definitions import QuestionSet
from app.survey.models import Aggregation, IndexFormula, QuestionSetVersion, SampleKind, SurveyRound
from app.survey.sets import set_of
from tests.factories.places import make_counter, make_unit

FACTORS = (4, 5, 6, 3, 4)
HEAD = """
code = "criteria22"
version = 1
wording = "verified"
decision = "Đo tốc độ"
modes = ["open_qr", "kiosk"]
default_source = "own"
title = { vi = "Bộ đo tốc độ", en = "Benchmark set" }
index_title = { vi = "Chỉ số đo tốc độ", en = "Benchmark index" }
sources = { own = "Lắng Nghe" }
[[scale]]
id = "levels"
satisfied_from = 4
levels = [
  { vi = "1", en = "1" }, { vi = "2", en = "2" }, { vi = "3", en = "3" },
  { vi = "4", en = "4" }, { vi = "5", en = "5" },
]
[[component]]
id = "service"
number = "I"
vi = "Dịch vụ"
en = "Service"
"""
OTHERS = """
[[question]]
id = "overall"
type = "rating"
role = "overall"
scale = "levels"
vi = "Chung"
en = "Overall"
[[question]]
id = "kind"
type = "single_choice"
role = "respondent_kind"
vi = "Loại"
en = "Kind"
choices = [{ vi = "A", en = "A" }, { vi = "B", en = "B" }, { vi = "C", en = "C" }]
"""


def set_text() -> str:
    """A set of 22 criteria in five factors, with the overall tap and the respondent's kind."""
    factors = [
        f'[[component.factor]]\nid = "f{place}"\nnumber = "{place}"\nvi = "Yếu tố {place}"\nen = "Factor {place}"\n'
        for place in range(len(FACTORS))
    ]
    of_criterion = [place for place, size in enumerate(FACTORS) for _ in range(size)]
    criteria = [
        f'[[question]]\nid = "c{number}"\ntype = "rating"\nrole = "criterion"\nnumber = "{number}"\n'
        f'factor = "f{factor}"\nscale = "levels"\nvi = "Tiêu chí {number}"\nen = "Criterion {number}"\n'
        for number, factor in enumerate(of_criterion, start=1)
    ]
    return "\n".join([HEAD, *factors, OTHERS, *criteria])


def make_province(database: Database, units: int, counters_each: int) -> tuple[list[int], int, QuestionSet]:
    """Counter ids, round id and question set of a new province."""
    with database.transaction() as session:
        province = make_unit(session, "22", name="Tỉnh mẫu", type_code="province", start=date(2020, 1, 1))
        counters = []
        for number in range(units):
            unit = make_unit(session, f"{number:05}", parent=province)
            counters += [make_counter(session, unit, str(place + 1)).id for place in range(counters_each)]
        sets.register(session, set_text())
        session.flush()
        version = session.scalars(select(QuestionSetVersion)).one()
        sets.publish(version)
        asked = SurveyRound(
            name="Đo tốc độ",
            question_set_version=version,
            unit_id=province.id,
            sample_kind=SampleKind.OPEN,
            index_formula=IndexFormula.TOP2,
            aggregation=Aggregation.MEAN_OF_CRITERIA,
            starts_on=date(2025, 12, 1),
        )
        session.add(asked)
        session.flush()
        return counters, asked.id, set_of(version)
