"""Every scheduled job: one line each. A job may run twice with the same result, so runners need not be clever."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import clock
from app.analysis.day_closing import close_due_days, day_to_close_before
from app.audit.proof import heads
from app.audit.proof.findings import RecordChangedError
from app.audit.proof.keys import public_keys
from app.audit.proof.verify import snapshot, verify
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.dossiers import letters
from app.dossiers import reminders as letter_reminders
from app.exports.cases import services as case_exports
from app.feedback.cases import erasing, fingerprints, reporters, upkeep
from app.feedback.cases.models import Erased
from app.feedback.conflicts import upkeep as conflicts
from app.feedback.intake import uploads
from app.feedback.notices import digest, news, reminders, sending
from app.feedback.publishing import forgetting
from app.files.gate import sweeping
from app.files.gate.checking import Gate, check_waiting
from app.files.gate.scanner import Scanner
from app.jobs import purge
from app.jobs.purge import DRAFTS_KEPT
from app.keys.start import store_of
from app.messages import services as messages
from app.messages import worker
from app.settings import settings
from app.survey import sealing

FAILED = "failed: "
"""How the outcome of a run that raised begins."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a job is given."""

    database: Database
    config: Config
    day_keys: DayKeys


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every minute; a minute of every hour; or one of one hour of the day: on a Vietnamese wall clock."""

    minute: int | None = None
    hour: int | None = None

    @property
    def is_every_minute(self) -> bool:
        """Whether the job runs all the time."""
        return self.minute is None

    @property
    def every(self) -> timedelta:
        """How long at most lies between two runs."""
        if self.is_every_minute:
            return timedelta(minutes=1)
        return timedelta(hours=1) if self.hour is None else timedelta(days=1)

    def is_due(self, moment: datetime) -> bool:
        """Whether the job should start in the minute of ``moment`` (aware)."""
        local = moment.astimezone(clock.VIETNAM)
        return self.minute in (None, local.minute) and self.hour in (None, local.hour)

    def __str__(self) -> str:
        return ":".join("*" if part is None else f"{part:02}" for part in (self.hour, self.minute))


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its name, what it is for, the function, and when it runs. The function says in a few words what it did."""

    name: str
    purpose: str
    run: Callable[[Tools], str]
    schedule: Schedule


def _close_days(tools: Tools) -> str:
    with tools.database.reading() as session:
        least = settings.small_numbers(session, tools.config.small_numbers).public
    moved = close_due_days(tools.database, tools.day_keys, today=day_to_close_before(), least=least)
    return f"responses {moved}"


def _purge(tools: Tools) -> str:
    with tools.database.transaction() as session:
        done = f"{purge.purge(session)}, addresses of messages {messages.erase_old(session)}"
    store = store_of(tools.config)
    forgotten, orphans = sweeping.sweep(tools.database, store)
    drafts = store.sweep(DRAFTS_KEPT.total_seconds())
    return f"{done}, files nobody refers to {forgotten}, orphaned files {orphans}, file drafts {drafts}"


def _send_messages(tools: Tools) -> str:
    transports = worker.transports_of(tools.config)
    done = worker.send_due(tools.database, transports, tools.config.public_url, may_go=_may_go)
    return ", ".join(f"{state} {count}" for state, count in sorted(done.items())) or "nothing to send"


def _may_go(session: Session, waiting: worker.Waiting) -> bool:
    """Each room judges the messages that are its own."""
    return sending.may_go(session, waiting) and letter_reminders.may_go(session, waiting)


def _tell_news(tools: Tools) -> str:
    return news.tell_news(tools.database)


def _remind(tools: Tools) -> str:
    return reminders.remind(tools.database)


def _send_digests(tools: Tools) -> str:
    with tools.database.reading() as session:
        if not digest.is_time(session, clock.now()):
            return "not now"
    return f"{digest.send_digests(tools.database)}, {letter_reminders.remind(tools.database)}"


def _follow_dossiers(tools: Tools) -> str:
    today = clock.local_date()
    with tools.database.transaction() as session:
        owed, erased = letters.reckon_owed(session, today), letters.erase_names(session, today)
    return f"letters owed {owed}, names erased {erased}"


def _check_files(tools: Tools) -> str:
    """Says nothing of how many: a row that knows the minute must not tell that a file came then."""
    scanner = None if tools.config.scanner is None else Scanner(*tools.config.scanner)
    gate = Gate(tools.database, store_of(tools.config), tools.config.data_dir, scanner)
    return "scanner not reached, files wait" if check_waiting(gate).is_scanner_down else "done"


def _sign_heads(tools: Tools) -> str:
    key, _made = heads.open_key(tools.database, tools.config.data_dir)
    with tools.database.transaction() as session:
        made = heads.sign_due(session, key)
    heads.export(made, tools.config.data_dir / heads.FOLDER)
    with tools.database.reading() as session:
        last = heads.latest(session)
    return f"last head {0 if last is None else last.number}"


def _verify_record(tools: Tools) -> str:
    """Fails, and so stands out in the list of jobs, when the record, sealed answers or cases were changed."""
    folder = tools.config.data_dir
    files = folder / heads.FOLDER
    with tools.database.reading() as session:
        report = verify(snapshot(session), public_keys(folder), files if files.is_dir() else None)
        found = [*report.found, *sealing.check(session), *fingerprints.check(session)]
    if found:
        raise RecordChangedError(f"{len(found)} findings; run `flask audit verify` and `flask cases check`")
    return f"rows {report.rows}, heads {report.heads}"


def _follow_terms(tools: Tools) -> str:
    return upkeep.run(tools.database, clock.local_date())


def _follow_conflicts(tools: Tools) -> str:
    return conflicts.run(tools.database)


def _erase_contacts(tools: Tools) -> str:
    with tools.database.transaction() as session:
        return f"senders erased {len(reporters.erase_due(session, clock.local_date(), dry_run=False))}"


def _make_case_files(tools: Tools) -> str:
    store = store_of(tools.config)
    made = case_exports.make_waiting(tools.database, store, tools.config.small_numbers)
    return f"files made {made}, erased {case_exports.end_expired(tools.database, store)}"


def _erase_cases(tools: Tools) -> str:
    with tools.database.transaction() as session:
        gone = erasing.erase_due(session, store_of(tools.config), clock.local_date(), forget=(forgetting.forget,))
    return ", ".join(f"{what.value} erased {sum(one.what is what for one in gone)}" for what in Erased)


def _end_citizen_sessions(tools: Tools) -> str:
    return f"sessions ended {uploads.end_expired(tools.database, store_of(tools.config))}"


JOBS: tuple[Job, ...] = (
    # Every hour, so that a machine switched off at midnight has caught up an hour after it is back.
    Job(
        "close-days", "move past days' answers, shuffled, into the responses and the rollups", _close_days, Schedule(5)
    ),
    Job("check-files", "scan files that came in, make them anew, let them be opened", _check_files, Schedule()),
    Job(
        "follow-dossiers",
        "note letters of apology owed, erase names no longer needed",
        _follow_dossiers,
        Schedule(30, 1),
    ),
    Job("send-messages", "send what waits in the outbox", _send_messages, Schedule()),
    Job(
        "purge",
        "drop ended sessions, old sign-in attempts, import drafts, job runs and files nobody refers to",
        _purge,
        Schedule(20, 3),
    ),
    Job(
        "end-citizen-sessions",
        "drop what citizens typed and sent no further, with its files",
        _end_citizen_sessions,
        Schedule(45),
    ),
    Job("make-case-files", "make files of long lists of cases, erase those of yesterday", _make_case_files, Schedule()),
    Job("sign-record", "sign the end of the record of acts and write the day's file", _sign_heads, Schedule(10)),
    Job("follow-terms", "end questions, follow the calendar, note missed dates of cases", _follow_terms, Schedule(25)),
    Job("tell-news", "tell senders who asked for it, and officers, what is new about a case", _tell_news, Schedule(50)),
    Job("remind", "remind of due dates near and missed, in working hours only", _remind, Schedule(15)),
    Job(
        "send-digests",
        "send officers the numbers of the day and letters of apology owed, on working mornings",
        _send_digests,
        Schedule(30, 7),
    ),
    Job(
        "follow-conflicts",
        "look at open cases again for who is concerned, after rights or rosters changed",
        _follow_conflicts,
        Schedule(50),
    ),
    Job("erase-contacts", "erase who sent cases closed long enough ago", _erase_contacts, Schedule(30, 3)),
    Job("erase-cases", "erase files and words of cases when the rule's time is up", _erase_cases, Schedule(35, 3)),
    Job(
        "check-record",
        "check the record of acts, the answers of sealed rounds and the fingerprints of cases",
        _verify_record,
        Schedule(40, 2),
    ),
)


def job_named(name: str) -> Job | None:
    """The job of that name, if there is one."""
    return next((job for job in JOBS if job.name == name), None)
