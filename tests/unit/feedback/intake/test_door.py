"""From what somebody says to a track, and from page to page: the pure part of the door."""

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.feedback.intake import reading
from app.feedback.intake.door import QUESTIONS, REASONS, TRACK, Answer, propose
from app.feedback.intake.draft import Draft
from app.feedback.intake.sent import Sent
from app.feedback.intake.steps import Step, after, open_step, place_in_order, steps_of
from app.rules.kinds import Kind

NAMES = {kind: kind.value for kind in Kind}
WHOLE = Draft(
    text="Chờ lâu quá rồi",
    kind="petition",
    has_read_guidance=True,
    unit_id=1,
    has_place=True,
    has_files=True,
    is_anonymous=True,
)


def test_every_answer_is_asked_leads_somewhere_and_has_a_reason() -> None:
    assert set(QUESTIONS) == set(TRACK) == set(REASONS) == set(Answer)
    assert set(TRACK.values()) == set(Kind)


@pytest.mark.parametrize("count", range(5))
def test_every_combination_proposes_one_track_and_names_the_rest(count: int) -> None:
    for answers in itertools.combinations(Answer, count):
        proposal = propose(answers, NAMES)
        assert len(proposal.reasons) == max(1, count)
        tracks = {TRACK[one] for one in answers}
        assert proposal.kind in (tracks or {Kind.PETITION})
        if Answer.BROKEN_LAW in answers:  # whoever reports a breach of law is never led to the office concerned
            assert proposal.kind is Kind.DENUNCIATION
        for other in tracks - {proposal.kind}:
            assert any(other.value in reason for reason in proposal.reasons)


def test_choosing_a_denunciation_drops_all_contact_and_choosing_back_does_not_bring_it() -> None:
    named = replace(
        WHOLE, is_anonymous=False, name="A", phone="0912345678", email="a@b.vn", address="C", has_signed_letter=True
    )
    chosen = named.choosing(Kind.DENUNCIATION)
    assert (chosen.name, chosen.phone, chosen.email, chosen.address) == ("", "", "", "")
    assert chosen.is_anonymous
    back = chosen.choosing(Kind.PETITION)
    assert "A" not in str(back.state.values())
    assert back.text == WHOLE.text


@given(
    kind=st.sampled_from([*Kind, ""]),
    flags=st.tuples(*[st.booleans()] * 5),
)
@settings(max_examples=60)
def test_following_the_pages_always_ends_at_the_check(kind: str, flags: tuple[bool, ...]) -> None:
    text, guided, place, files, contact = flags
    draft = Draft(
        text="x" if text else "",
        kind=str(kind),
        has_read_guidance=guided,
        unit_id=1 if place else None,
        has_place=place,
        has_files=files,
        is_anonymous=True if contact else None,
    )
    step = open_step(draft)
    done = {
        Step.TEXT: {"text": "x"},
        Step.KIND: {"kind": "complaint"},
        Step.GUIDANCE: {"has_read_guidance": True},
        Step.PLACE: {"has_place": True, "unit_id": 1},
        Step.FILES: {"has_files": True},
        Step.CONTACT: {"is_anonymous": True},
    }
    for _ in range(len(Step)):
        if step is Step.CHECK:
            break
        draft = replace(draft, **done[step])
        following = after(draft, step)
        assert place_in_order(draft, following) >= place_in_order(draft, step)
        assert place_in_order(draft, following)[1] == place_in_order(Draft(), Step.TEXT)[1] == 6  # on every track
        step = following
    assert step is Step.CHECK
    assert place_in_order(draft, step) == (6, 6)


def test_a_page_out_of_order_gives_the_first_that_is_missing() -> None:
    assert open_step(Draft(), Step.CHECK) is Step.TEXT
    assert open_step(replace(WHOLE, has_place=False), Step.CHECK) is Step.PLACE
    assert open_step(WHOLE, Step.KIND) is Step.KIND
    assert open_step(WHOLE, Step.GUIDANCE) is Step.CHECK  # a petition has none
    assert Step.CONTACT not in steps_of(WHOLE.choosing(Kind.DENUNCIATION))


def test_a_draft_survives_its_session() -> None:
    draft = replace(WHOLE, answers=("idea",), refused_files=(("a.exe", "Không nhận."),), happened_on="2026-11-20")
    assert Draft.of(draft.state) == draft
    assert Draft.of({**draft.state, "of_another_release": 1}) == draft


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("21/11/2026", date(2026, 11, 21)),
        ("1.2.2026", date(2026, 2, 1)),
        ("2026-11-21", date(2026, 11, 21)),
        ("21 / 11 / 2026", date(2026, 11, 21)),
        ("31/02/2026", None),
        ("2026-13-01", None),
        ("hôm qua", None),
        ("21/11/26", None),
        ("٢١/١١/٢٠٢٦", date(2026, 11, 21)),
        ("", None),
    ],
)
def test_days_as_people_write_them(typed: str, day: date | None) -> None:
    assert reading.parse_day(typed) == day


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=60)
def test_no_contact_breaks_the_reader(name: str, phone: str, email: str, address: str) -> None:
    posted = {"who": ["named"], "name": [name], "phone": [phone], "email": [email], "address": [address]}
    found = reading.read_contact(WHOLE, posted)
    assert "agree" in found.wrong
    assert not reading.read_contact(WHOLE, {**posted, "who": ["anonymous"]}).draft.name


def test_without_a_name_nothing_of_what_was_typed_is_kept() -> None:
    posted = {"who": ["anonymous"], "name": ["A"], "phone": ["0912345678"], "agree": ["1"]}
    found = reading.read_contact(WHOLE, posted)
    assert found.is_valid
    assert (found.draft.name, found.draft.phone) == ("", "")


def test_the_slip_of_a_complaint_promises_only_word_whether_it_is_accepted() -> None:
    sent = Sent("PA-1", "code", "2026-11-22", "2026-12-02", "complaint", meets_form=True, receipt="", place_lines=())
    said = (sent.due_line, *sent.next_steps)
    assert "Báo có nhận giải quyết hay không" in str(said)
    assert "Hạn trả lời" not in str(said)
