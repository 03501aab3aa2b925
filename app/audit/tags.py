"""Every act that is recorded, as ``subject:action`` (pure). The list is closed: a new act gets a line here first."""

from enum import StrEnum


class Action(StrEnum):
    """What was done. Readable values stay valid for ever, because old events bear them."""

    SIGN_IN = "session:sign-in"
    SIGN_IN_REFUSED = "session:refuse"
    SIGN_OUT = "session:sign-out"

    OFFICER_CREATE = "officer:create"
    OFFICER_DEACTIVATE = "officer:deactivate"
    OFFICER_ROLE_ASSIGN = "officer:assign-role"
    OFFICER_ROLE_END = "officer:end-role"
    OFFICER_PASSWORD_CHANGE = "officer:change-password"  # noqa: S105 - the name of an act
    OFFICER_PASSWORD_RESET = "officer:reset-password"  # noqa: S105 - the name of an act
    OFFICER_INVITE = "officer:invite"
    OFFICER_IMPORT = "officer:import"
    OFFICER_JOIN = "officer:join"
    SESSION_END = "session:end"
    SESSION_CONFIRM = "session:confirm"
    SESSION_CONFIRM_REFUSED = "session:refuse-confirm"
    FACTOR_ENROL = "second-factor:enrol"
    FACTOR_REFUSED = "second-factor:refuse"
    FACTOR_RECOVER = "second-factor:recover"
    FACTOR_RESET = "second-factor:reset"
    SINGLE_SIGN_ON_LINK = "single-sign-on:link"
    CONTACT_ENTER = "contact:enter"
    CONTACT_PROVE = "contact:prove"
    CONTACT_CHOOSE = "contact:choose"
    CONTACT_DROP = "contact:drop"
    MESSAGE_RESEND = "message:resend"

    DELEGATION_START = "delegation:start"
    DELEGATION_END = "delegation:end"
    RIGHTS_REVIEW = "rights:review"

    UNIT_CREATE = "unit:create"
    UNIT_CHANGE = "unit:change"
    UNIT_RENAME = "unit:rename"
    UNIT_MOVE = "unit:move"
    UNIT_MERGE = "unit:merge"
    UNIT_SPLIT = "unit:split"
    UNIT_DISSOLVE = "unit:dissolve"
    UNIT_IMPORT = "unit:import"
    COUNTER_CREATE = "counter:create"
    COUNTER_CHANGE = "counter:change"
    COUNTER_CLOSE = "counter:close"
    COUNTER_IMPORT = "counter:import"
    PROCEDURE_CREATE = "procedure:create"
    PROCEDURE_CHANGE = "procedure:change"
    PROCEDURE_END = "procedure:end"
    PROCEDURE_IMPORT = "procedure:import"
    FIELD_CREATE = "field:create"
    FIELD_RENAME = "field:rename"

    CODE_ISSUE = "code:issue"
    CODE_RETIRE = "code:retire"
    CODE_ROTATE = "code:rotate"
    CODE_PRINT = "code:print"

    QUESTION_SET_SAVE = "question-set:save"
    QUESTION_SET_PUBLISH = "question-set:publish"
    ROUND_OPEN = "round:open"
    ROUND_CHANGE = "round:change"
    ROUND_CLOSE = "round:close"
    DAY_CLOSE = "day:close"

    LIST_EXPORT = "list:export"
    RESULTS_EXPORT = "results:export"
    ANSWERS_EXPORT = "answers:export"
    ANSWERS_IMPORT = "answers:import"
    MAPPING_SAVE = "mapping:save"

    KEY_CREATE = "key:create"
    KEY_ROTATE = "key:rotate"
    KEY_RETIRE = "key:retire"

    FILE_MALWARE = "file:malware"

    FEEDBACK_READ = "feedback:read"  # until casework took over; old events bear it
    CASE_READ = "case:read"
    CASE_LIST = "case:list"
    CASE_READ_CONTACT = "case:read-contact"
    CASE_READ_FILE = "case:read-file"
    CASE_REGISTER = "case:register"
    CASE_REQUALIFY = "case:requalify"
    CASE_TAKE_UP = "case:take-up"
    CASE_ASK = "case:ask"
    CASE_PAUSE = "case:pause"
    CASE_RESUME = "case:resume"
    CASE_EXTEND = "case:extend"
    CASE_CLOSE = "case:close"
    CASE_DECIDE = "case:decide"
    CASE_SET_PRIVATE = "case:set-private"
    CASE_UNSET_PRIVATE = "case:unset-private"
    CASE_EXCLUDE = "case:exclude"
    CASE_LIFT_EXCLUSION = "case:lift-exclusion"
    CASE_MOVE_UP = "case:move-up"
    CASE_MERGE = "case:merge"
    CASE_UNMERGE = "case:unmerge"
    EXCLUSION_LIST = "exclusion:list"
    DUTY_ADD = "duty:add"
    DUTY_END = "duty:end"
    DUTY_WITHDRAW = "duty:withdraw"
    DUTY_IMPORT = "duty:import"
    CASE_ERASE = "case:erase"
    CASE_ERASE_CONTACT = "case:erase-contact"
    CASE_ASSIGN = "case:assign"
    CASE_UNASSIGN = "case:unassign"
    CASE_TRANSFER = "case:transfer"
    CASE_SEND_BACK = "case:send-back"
    ROUTE_SET = "route:set"
    ROUTE_END = "route:end"
    CASE_SET_POINTS = "case:set-points"
    CASE_SUBMIT_ANSWER = "case:submit-answer"
    CASE_APPROVE_ANSWER = "case:approve-answer"
    CASE_RETURN_ANSWER = "case:return-answer"
    CASE_TAKE_BACK_ANSWER = "case:take-back-answer"
    CASE_NOTE = "case:note"
    REPLY_TEMPLATE_CHANGE = "reply-template:change"
    REPLY_TEMPLATE_RETIRE = "reply-template:retire"
    EXCHANGE_KEY_MAKE = "exchange:make-key"
    EXCHANGE_KEY_REVOKE = "exchange:revoke-key"
    CASE_RECHECK_DRAW = "case:draw-recheck"
    CASE_RECHECK_NOTE = "case:note-recheck"
    CASE_RECHECK_ANSWER = "case:answer-recheck"
    CASE_EXPORT = "case:export"
    CASE_EXPORT_FETCH = "case:fetch-export"
    CASE_PUBLISH = "case:publish"
    CASE_CORRECT_PUBLIC = "case:correct-public"
    CASE_UNPUBLISH = "case:unpublish"
    CASE_REDACT = "case:redact"
    CASE_LETTER = "case:make-letter"
    DENUNCIATION_LIST = "denunciation:list"
    DENUNCIATION_READ = "denunciation:read"
    DENUNCIATION_ACT = "denunciation:act"

    ROUND_SEAL = "round:seal"
    AUDIT_READ = "audit:read"
    AUDIT_EXPORT = "audit:export"
    AUDIT_KEY_MAKE = "audit:make-key"
    AUDIT_THRESHOLD_SET = "audit:set-threshold"

    SETTING_CHANGE = "setting:change"

    LAW_LOAD = "law:load"
    CALENDAR_CHANGE = "calendar:change"
    CALENDAR_HOURS = "calendar:set-hours"
    RULE_ADD = "rule:add"
    RULE_WITHDRAW = "rule:withdraw"

    DOSSIER_READ = "dossier:read"
    DOSSIER_IMPORT = "dossier:import"
    DOSSIER_TOTALS = "dossier:enter-totals"
    DOSSIER_KEY_MAKE = "dossier:make-key"
    DOSSIER_KEY_REVOKE = "dossier:revoke-key"
    LETTER_SEND = "dossier:send-letter"

    @property
    def verb(self) -> str:
        """What was done, without what it was done to; the watch counts by verb."""
        return self.value.partition(":")[2].partition("-")[0]


REASON_REQUIRED: frozenset[Action] = frozenset(
    {
        Action.AUDIT_THRESHOLD_SET,
        Action.QUESTION_SET_PUBLISH,
        Action.SETTING_CHANGE,
        Action.CALENDAR_CHANGE,
        Action.CALENDAR_HOURS,
        Action.RULE_ADD,
        Action.RULE_WITHDRAW,
    }
)
"""Actions that nobody may do without saying why."""
