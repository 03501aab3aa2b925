"""How many people could have answered: dossiers settled by the units of a view in its days (``app.dossiers``)."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from app.analysis.view import Filters
from app.dossiers.queries import Span, populations
from app.survey.models import SurveyRound


def served(
    session: Session, survey_round: SurveyRound, unit_ids: Collection[int], filters: Filters, as_of: date
) -> int | None:
    """Dossiers settled in the days of a view; None where nothing was imported, or the view is a part of the people.

    Who came for one field, to one counter or by one channel is not known of dossiers: such views have no such number.
    """
    if filters.is_part:
        return None
    first, last = survey_round.starts_on, min(survey_round.ends_on or as_of, as_of)
    if filters.period is not None:
        first, last = filters.period.first_day, min(filters.period.last_day, as_of)
    if last < first:
        return None
    return sum(populations(session, unit_ids, Span(first, last), as_of).values()) or None
