"""What simulated people write fits the counter, and what they are answered fits the matter and the outcome."""

from datetime import date
from random import Random

from app.feedback.cases.kinds import Outcome
from app.simulation import case_subjects, texts

DAY = date(2026, 11, 20)


def test_texts_differ_fit_the_counter_and_tell_their_subject() -> None:
    sent = [texts.feedback(number / 400, "Đất đai – Môi trường")[0] for number in range(400)]
    assert len(set(sent)) > 80
    assert {case_subjects.subject_of(text).name for text in sent}.isdisjoint({"birth", "certify", "welfare"})
    assert {case_subjects.subject_of(text).name for text in sent} >= {"land_late", "wish", "queue"}


def test_an_answer_fits_subject_and_outcome() -> None:
    random = Random(1)
    for subject in (*case_subjects.SUBJECTS, case_subjects.COMPLAINT):
        refused = case_subjects.answered(subject, Outcome.NOT_ACCEPTED, DAY, random)
        assert subject.refusal[1:] in refused
        assert not any(words in refused for words in subject.done)
        assert case_subjects.went_to(subject) in case_subjects.answered(subject, Outcome.NOT_COMPETENT, DAY, random)
        assert len({case_subjects.answered(subject, Outcome.SOLVED, DAY, random) for _ in range(40)}) > 20
