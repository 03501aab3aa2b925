"""The list of rounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.i18n.folding import natural_key
from app.survey import queries
from app.survey.forms import FORMULA_WORDS, KIND_WORDS
from app.survey.models import SurveyRound
from app.survey.officer_pages import STATES, state_of
from app.survey.rounds import rounds_of
from app.units import queries as units
from app.web.access import actor
from app.web.lists import Asked, Column, Filter, Kind, Listing, same
from app.web.pages import site
from app.web.permissions import Permission

TAGS = {"upcoming": "plain", "asking": "good", "ended": "off", "closed": "off"}


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round as the list shows it; ``answers`` are today's, only counted until the day is closed."""

    survey_round: SurveyRound
    unit_name: str
    state: str
    answers: int

    @property
    def set_words(self) -> str:
        """The question set and its version."""
        version = self.survey_round.question_set_version
        return f"{version.title} ({version.version})"


def _rounds(session: Session, asked: Asked) -> Sequence[RoundLine]:
    today = clock.local_date()
    allowed = allowed_unit_ids(session, actor(), Permission.ROUNDS_MANAGE, today)
    found = rounds_of(session, None if allowed is None else list(allowed))
    names = units.names_on(session, {one.unit_id for one in found}, today)
    totals = queries.todays_totals(session, site().day_keys, today)
    lines = [RoundLine(one, names.get(one.unit_id, ""), state_of(one, today), totals.get(one.id, 0)) for one in found]
    return [
        line
        for line in lines
        if asked.of("state") in ("", line.state)
        and asked.of("kind") in ("", line.survey_round.sample_kind.value)
        and asked.matches(line.survey_round.name, line.unit_name, line.set_words)
    ]


ROUNDS: Listing[RoundLine, RoundLine] = Listing(
    code="rounds",
    title="Đợt khảo sát",
    search_label="Tìm theo tên đợt, đơn vị, bộ câu hỏi",
    columns=(
        Column(
            "name",
            "Tên đợt",
            lambda row: row.survey_round.name,
            sort=lambda key: natural_key(key.survey_round.name),
            url=lambda row: url_for("survey_officer.round_", round_id=row.survey_round.id),
        ),
        Column("unit", "Đơn vị", lambda row: row.unit_name, sort=lambda key: natural_key(key.unit_name)),
        Column("set", "Bộ câu hỏi", lambda row: row.set_words),
        Column("kind", "Loại", lambda row: KIND_WORDS[row.survey_round.sample_kind]),
        Column("formula", "Cách tính", lambda row: FORMULA_WORDS[row.survey_round.index_formula]),
        Column(
            "starts",
            "Từ ngày",
            lambda row: row.survey_round.starts_on,
            Kind.DATE,
            sort=lambda key: key.survey_round.starts_on,
        ),
        Column("ends", "Đến hết ngày", lambda row: row.survey_round.ends_on, Kind.DATE),
        Column("closed", "Đóng ngày", lambda row: row.survey_round.closed_on, Kind.DATE, only_file=True),
        Column("state", "Tình trạng", lambda row: STATES[row.state], tag=lambda row: TAGS[row.state]),
        Column("answers", "Câu trả lời hôm nay", lambda row: row.answers, Kind.WHOLE, sort=lambda key: key.answers),
    ),
    find=_rounds,
    load=same,
    filters=lambda _session: (
        Filter("state", "Tình trạng", tuple(STATES.items())),
        Filter("kind", "Loại", [(kind.value, words) for kind, words in KIND_WORDS.items()]),
    ),
    empty=("Chưa có đợt khảo sát nào", "Mở một đợt để các quầy bắt đầu nhận câu trả lời."),
    files=".round_files",
)
