"""The explanation of a date in the second language, and what importing the pages does not load."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from flask.testing import FlaskClient

from app.calendar.days import DayUnit, Limit, days_words
from app.calendar.reckoning import Extension, reckon
from app.calendar.words import explanation, remaining_words
from app.i18n.catalogues import in_language
from app.rules.citizen_words import told
from app.rules.content import KindRule, Words
from app.rules.first_load import first_versions
from tests.unit.calendar.calendars import COUNTING, FIRST_CALENDAR, WORKING, pause

ROOT = Path(__file__).resolve().parents[3]
VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def test_every_step_is_said_in_english(client: FlaskClient) -> None:
    found = reckon(
        date(2027, 1, 28),
        Limit(1, WORKING),
        pauses=[
            pause("2027-01-29 09:00", "2027-01-30 09:00", "Letter 1"),
            pause("2027-02-02 09:00", "2027-02-02 09:30", "Letter 2"),
            pause("2027-03-20 09:00", None, "Letter 3"),
        ],
        extensions=[Extension(Limit(46, DayUnit.CALENDAR), "the chairman", "Decision 4", date(2027, 2, 1))],
        calendar=FIRST_CALENDAR,
        counting=COUNTING,
    )
    with client.application.test_request_context("/?lang=en"):
        said = [in_language(sentence) for sentence in explanation(found)]
        assert in_language(remaining_words(1, WORKING)) == "1 working day left"
        assert in_language(remaining_words(-2, DayUnit.CALENDAR)) == "2 days late"
        assert in_language(days_words(1, DayUnit.CALENDAR)) == "1 day"
    assert len(said) == len(found.steps)
    assert not [sentence for sentence in said if VIETNAMESE.search(sentence)]
    assert said[1] == "The term is 1 working day."
    assert any("Extended by 46 days under Decision 4" in sentence for sentence in said)
    assert any("The clock has been stopped since 20/03/2027" in sentence for sentence in said)


def test_every_kind_is_explained_in_english(client: FlaskClient) -> None:
    with client.application.test_request_context("/?lang=en"):
        for one in first_versions():
            if isinstance(one.content, KindRule):
                for line in told(one.content):
                    text = line.text.en if isinstance(line.text, Words) else in_language(line.text)
                    text = text.replace("khiếu nại", "").replace("tố cáo", "")
                    assert not VIETNAMESE.search(in_language(line.heading)), line
                    assert not VIETNAMESE.search(text), line


def test_pages_do_not_load_the_library_of_holidays() -> None:
    code = "import app.calendar.officer_views, app.rules.officer_views, sys; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
