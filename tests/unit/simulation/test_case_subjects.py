"""What simulated people write fits the counter, and what they are answered fits the matter and the outcome."""

from datetime import date
from random import Random

from app.feedback.cases.kinds import Outcome
from app.simulation import case_subjects, procedures, texts
from app.simulation.matters.complaints import COMPLAINTS

DAY = date(2026, 11, 20)
EVERY = (*case_subjects.SUBJECTS, *COMPLAINTS)


def test_texts_differ_fit_the_counter_and_tell_their_subject() -> None:
    sent = [texts.feedback(number / 400, "Đất đai – Môi trường")[0] for number in range(400)]
    assert len(set(sent)) > 80
    found = {case_subjects.subject_of(text).name for text in sent}
    assert found.isdisjoint({"birth_error", "certify_fee", "allowance_late", "enterprise"})
    assert found >= {"land_late", "land_split", "waiting", "saturday"}


def test_no_opening_belongs_to_two_subjects() -> None:
    openings = [opening for subject in EVERY for opening in subject.openings]
    assert all(not one.startswith(other) for one in openings for other in openings if one is not other)
    assert {subject.procedure for subject in EVERY} - {""} <= {one.code for one in procedures.ALL}


def test_an_answer_fits_subject_and_outcome() -> None:
    random = Random(1)
    for subject in EVERY:
        refused = case_subjects.answered(subject, Outcome.NOT_ACCEPTED, DAY, random)
        assert subject.refusal[1:] in refused
        assert not any(words in refused for words in subject.done)
        sent_on = case_subjects.answered(subject, Outcome.NOT_COMPETENT, DAY, random)
        assert case_subjects.went_to(subject).lower() in sent_on.lower()
        assert len({case_subjects.answered(subject, Outcome.SOLVED, DAY, random) for _ in range(40)}) > 20
        ends = {case_subjects.outcome(subject, random) for _ in range(200)}
        assert (Outcome.NOT_COMPETENT in ends) == bool(subject.group.place)
