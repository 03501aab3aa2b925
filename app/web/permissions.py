"""Every permission, as ``surface:resource:action``. Code asks for permissions, never for roles."""

from enum import StrEnum


class Permission(StrEnum):
    """What an officer may do, within the subtree of a unit."""

    RESULTS_READ = "officer:results:read"
    RESULTS_READ_LIVE = "officer:results:read-live"
    RESULTS_EXPORT = "officer:results:export"
    ANSWERS_EXPORT = "officer:answers:export"
    ANSWERS_IMPORT = "officer:answers:import"
    FEEDBACK_READ = "officer:feedback:read"
    ROUNDS_MANAGE = "officer:rounds:manage"
    QUESTION_SETS_READ = "officer:question-sets:read"
    UNITS_READ = "officer:units:read"
    UNITS_MANAGE = "officer:units:manage"
    CODES_READ = "officer:codes:read"
    CODES_MANAGE = "officer:codes:manage"
    OFFICERS_MANAGE = "officer:officers:manage"
    DAY_CLOSE = "officer:day:close"
