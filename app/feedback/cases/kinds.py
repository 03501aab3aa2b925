"""The closed lists of casework (pure). Readable values stay valid for ever, because rows bear them."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a case stands. The clock reads the class of a state, never the state itself."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_SENDER = "waiting_for_sender"
    WAITING_FOR_OTHERS = "waiting_for_others"
    SUSPENDED = "suspended"
    AWAITING_APPROVAL = "awaiting_approval"
    CLOSED = "closed"


class StateClass(StrEnum):
    """What a state means to the clock."""

    OPEN = "open"
    PAUSED = "paused"
    DONE = "done"


CLASS_OF: Mapping[State, StateClass] = {
    State.RECEIVED: StateClass.OPEN,
    State.IN_PROGRESS: StateClass.OPEN,
    State.WAITING_FOR_SENDER: StateClass.PAUSED,
    State.WAITING_FOR_OTHERS: StateClass.PAUSED,
    State.SUSPENDED: StateClass.PAUSED,
    State.AWAITING_APPROVAL: StateClass.OPEN,
    State.CLOSED: StateClass.DONE,
}


class Outcome(StrEnum):
    """How a case ended, apart from its state."""

    SOLVED = "solved"
    PARTLY_SOLVED = "partly_solved"
    NOT_ACCEPTED = "not_accepted"
    NOT_COMPETENT = "not_competent"
    WITHDRAWN = "withdrawn"
    PARTLY_WITHDRAWN = "partly_withdrawn"
    DISCONTINUED = "discontinued"


class Channel(StrEnum):
    """The way a case came in; ``ASSISTED`` ones were written down by staff."""

    COUNTER_CODE = "counter_code"
    WEBSITE = "website"
    PHONE = "phone"
    WALK_IN = "walk_in"
    LETTER = "letter"
    OTHER_SYSTEM = "api"


ASSISTED = frozenset({Channel.PHONE, Channel.WALK_IN, Channel.LETTER})


class Event(StrEnum):
    """What happened to a case. A line here before anything may be written into the history."""

    RECEIVED = "received"
    FILE_ADDED = "file_added"
    REQUALIFIED = "requalified"
    TAKEN_UP = "taken_up"
    ASKED = "asked"
    ANSWERED_BY_SENDER = "answered_by_sender"
    QUESTION_EXPIRED = "question_expired"
    QUESTION_WITHDRAWN = "question_withdrawn"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    DUE_MISSED = "due_missed"
    DUE_RECKONED = "due_reckoned"
    CLOSED = "closed"
    RATED = "rated"
    REOPENING_ASKED = "reopening_asked"
    REOPENED = "reopened"
    REOPENING_REFUSED = "reopening_refused"
    REVIEW_ASKED = "review_asked"
    REVIEW_TAKEN_UP = "review_taken_up"
    REVIEW_REFUSED = "review_refused"
    MOVED = "moved"
    EXCLUDED = "excluded"
    EXCLUSION_LIFTED = "exclusion_lifted"
    CONTACT_ERASED = "contact_erased"
    FILES_ERASED = "files_erased"
    WORDS_ERASED = "words_erased"
    NOTICES_ASKED = "notices_asked"
    NOTICES_STOPPED = "notices_stopped"
    MADE_PRIVATE = "made_private"
    MADE_OPEN = "made_open"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    SENT_BACK = "sent_back"
    POINTS_SET = "points_set"
    SENT_FOR_APPROVAL = "sent_for_approval"
    ANSWER_RETURNED = "answer_returned"
    ANSWER_TAKEN_BACK = "answer_taken_back"
    NOTE_ADDED = "note_added"
    PUBLISHED = "published"
    PUBLIC_CORRECTED = "public_corrected"
    UNPUBLISHED = "unpublished"
    REDACTED = "redacted"
    LETTER_MADE = "letter_made"


class RequestKind(StrEnum):
    """What a sender may ask for after a case was closed."""

    REOPENING = "reopening"
    SECOND_STAGE = "second_stage"


class Decision(StrEnum):
    """What an officer decided on such a request."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class QuestionEnd(StrEnum):
    """How a question to the sender ended."""

    ANSWERED = "answered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What a due date reaches with the days: reminders of whoever has the case, then word to those above."""

    BEFORE = "before"
    TODAY = "today"
    LEADER = "leader"
    ABOVE = "above"
