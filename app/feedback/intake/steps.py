"""The pages of the door in their order (pure): which ones a track has, and which one comes next."""

from enum import StrEnum

from app.feedback.intake.draft import Draft
from app.rules.kinds import Kind


class Step(StrEnum):
    """A page; the value is the last part of its address."""

    TEXT = "text"
    KIND = "kind"
    GUIDANCE = "guidance"
    PLACE = "place"
    FILES = "files"
    CONTACT = "contact"
    CHECK = "check"


GUIDED = frozenset({Kind.COMPLAINT, Kind.DENUNCIATION})
"""Tracks that have a way of their own by law, which is shown first."""


def steps_of(draft: Draft) -> tuple[Step, ...]:
    """The pages of an intake. Without a track the usual ones; the way without identity has no page for it."""
    return tuple(
        step
        for step in Step
        if not (step is Step.GUIDANCE and draft.chosen not in GUIDED)
        and not (step is Step.CONTACT and draft.is_information)
    )


def is_done(draft: Draft, step: Step) -> bool:
    """Whether a page was passed."""
    return {
        Step.TEXT: bool(draft.text.strip()),
        Step.KIND: draft.chosen is not None,
        Step.GUIDANCE: draft.has_read_guidance,
        Step.PLACE: draft.has_place and draft.unit_id is not None,
        Step.FILES: draft.has_files,
        Step.CONTACT: draft.is_anonymous is not None,
        Step.CHECK: False,
    }[step]


def open_step(draft: Draft, wanted: Step | None = None) -> Step:
    """The page to show: the wanted one if all before it were passed, else the first that was not."""
    for step in steps_of(draft):
        if step is wanted or not is_done(draft, step):
            return step
    return Step.CHECK


def after(draft: Draft, step: Step, *, back_to_check: bool = False) -> Step:
    """The page that follows one that was passed."""
    if back_to_check:
        return open_step(draft)
    pages = steps_of(draft)
    following = pages[pages.index(step) + 1] if step in pages else Step.CHECK
    return open_step(draft, following)


def place_in_order(draft: Draft, step: Step) -> tuple[int, int]:
    """Which page of how many: as many on every track, or the count would jump once a track was chosen.

    The way by law takes the place of the page for contact where there is none, else it counts with the choice of track.
    """
    pages = [one for one in steps_of(draft) if one is not Step.GUIDANCE or Step.CONTACT not in steps_of(draft)]
    return pages.index(step if step in pages else Step.KIND) + 1, len(pages)


def before(draft: Draft, step: Step) -> Step | None:
    """The page that comes before one."""
    pages = steps_of(draft)
    return pages[pages.index(step) - 1] if step is not pages[0] else None
