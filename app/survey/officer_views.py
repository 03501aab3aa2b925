"""Rounds and question sets: list, open, close, preview, publish. Today's answers appear as numbers only."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.accounts.unit_choice import choose_unit
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.errors import NotAllowed
from app.i18n.folding import fold
from app.i18n.formats import format_date, format_integer
from app.survey import queries, rounds as rounds_of_survey, sets
from app.survey.errors import NotAttachable, NotPublishable, RoundChange
from app.survey.forms import FORMULA_WORDS, KIND_WORDS, RoundForm
from app.survey.models import Aggregation, IndexFormula, QuestionSetVersion, SampleKind, SetStatus, SurveyRound
from app.survey.officer_pages import (
    MESSAGES,
    MODE_WORDS,
    PAGE_SIZE,
    STATES,
    days_of,
    held_round,
    may_publish,
    preview_page,
    question_set_page,
    round_form_page,
    round_page,
    state_of,
    version_by_id,
    why_not_publishable,
)
from app.units import queries as units
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.errors import status_of
from app.web.notices import notice
from app.web.pagination import links, page_number
from app.web.permissions import Permission

blueprint = Blueprint("survey_officer", __name__, url_prefix="/officer")
