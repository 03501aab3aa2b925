"""The outbox against a real SMTP server and a gateway on loopback."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.db.session import Database
from app.messages import catalogue, services, words, worker
from app.messages.models import OutboxMessage
from app.messages.retries import LEASE, MOST_TRIES, PAUSES
from app.messages.smtp import SmtpServer
from app.messages.states import Channel, MessageState
from app.messages.transports import Transport
from tests.support.clock import SettableClock
from tests.support.gateway import Telephones, running_gateway
from tests.support.keys import TEST_KEYS
from tests.support.mail import SENDER, Mailbox, running_mailbox, server_that_hangs_up_after_data

ROOT = Path(__file__).resolve().parents[3]
SITE = "https://langnghe.tinh.example.vn"
NEWS = {"number": "PA-7KQ2M-9XF3H"}


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as box:
        yield box


@pytest.fixture
def phones() -> Iterator[Telephones]:
    with running_gateway() as gateway:
        yield gateway


def _mail(database: Database, to: str = "an@tinh.example.vn", **more: str) -> str | None:
    with database.transaction() as session:
        return services.enqueue(session, Channel.EMAIL, "case-news", to, NEWS, **more)  # type: ignore[arg-type]


def _sms(database: Database) -> str | None:
    with database.transaction() as session:
        return services.enqueue(session, Channel.PHONE, "case-news", "+84912345678", NEWS, about="case:1")


def _send(database: Database, transport: Transport, channel: Channel = Channel.EMAIL) -> Counter[str]:
    return worker.send_due(database, {channel: transport}, SITE)


def _only(database: Database) -> OutboxMessage:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage)).one()


def test_a_message_goes_with_its_transaction_or_not_at_all(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    with suppress(IntegrityError), database.transaction() as session:
        services.enqueue(session, Channel.EMAIL, "case-news", "an@tinh.example.vn", NEWS)
        raise IntegrityError("the act failed", None, ValueError())
    assert not _send(database, mailbox.transport)
    assert not mailbox.raw


def test_mail_arrives_with_its_words_and_nothing_else(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    number = _mail(database, about="case:1")
    assert _send(database, mailbox.transport) == {"sent": 1}
    (message,) = mailbox.messages
    assert message["To"] == "an@tinh.example.vn"
    assert message["From"] == SENDER
    assert message["Message-ID"] == f"<{number}@tinh.example.vn>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "Đơn PA-7KQ2M-9XF3H có thông tin mới"
    assert f"{SITE}/follow" in message.get_content()
    assert _only(database).state is MessageState.SENT
    assert not _send(database, mailbox.transport)


def test_a_message_with_a_key_is_stored_once(database: Database, clock: SettableClock) -> None:
    assert _mail(database, once="due:case:1:2026-11-22") is not None
    assert _mail(database, once="due:case:1:2026-11-22") is None
    assert _mail(database) is not None
    assert _mail(database) is not None


def test_for_the_time_being_is_tried_again_with_growing_pauses_and_then_given_up(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    mailbox.at_recipient = "451 later"
    _mail(database)
    for pause in PAUSES:
        assert _send(database, mailbox.transport) == {"waiting": 1}
        assert not _send(database, mailbox.transport)
        clock.advance(seconds=pause.total_seconds())
    assert _send(database, mailbox.transport) == {"failed": 1}
    assert (_only(database).failure, _only(database).tries) == ("later-451", len(PAUSES) + 1)
    assert not mailbox.raw


@pytest.mark.parametrize("where", ["at_recipient", "at_data"])
def test_for_good_is_not_tried_again(database: Database, clock: SettableClock, mailbox: Mailbox, where: str) -> None:
    setattr(mailbox, where, "550 no such person <script>")
    _mail(database)
    assert _send(database, mailbox.transport) == {"failed": 1}
    assert _only(database).failure == "refused-550"
    clock.advance(days=1)
    assert not _send(database, mailbox.transport)


def test_no_server_is_for_the_time_being(database: Database, clock: SettableClock, mailbox: Mailbox) -> None:
    _mail(database)
    nowhere = SmtpServer("127.0.0.1", 1, SENDER, tls="none")
    assert _send(database, nowhere) == {"waiting": 1}
    clock.advance(seconds=PAUSES[0].total_seconds())
    assert _send(database, mailbox.transport) == {"sent": 1}


def test_e3_a_server_that_dies_after_taking_it_leaves_may_have_been_sent(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    _mail(database)
    with server_that_hangs_up_after_data() as (port, taken):
        assert _send(database, SmtpServer("127.0.0.1", port, SENDER, tls="none")) == {"maybe_sent": 1}
    assert len(taken) == 1
    clock.advance(days=1)
    assert not _send(database, mailbox.transport)
    assert not mailbox.raw


def test_the_gateway_takes_a_repeated_message_once(
    database: Database, clock: SettableClock, phones: Telephones
) -> None:
    number = _sms(database)
    phones.hang_up = True
    assert _send(database, phones.transport, Channel.PHONE) == {"waiting": 1}
    phones.hang_up = False
    clock.advance(seconds=PAUSES[0].total_seconds())
    assert _send(database, phones.transport, Channel.PHONE) == {"sent": 1}
    assert phones.posts == 2
    assert [*phones.taken] == [number]
    assert phones.taken[str(number)]["text"].isascii()
    assert _only(database).reference == "R-1"


@pytest.mark.parametrize(
    ("status", "end", "failure"),
    [
        (503, "waiting", "later-503"),
        (429, "waiting", "later-429"),
        (401, "waiting", "settings-401"),  # a key that was changed there and not here loses no message
        (400, "failed", "refused-400"),
        (302, "failed", "refused-302"),
    ],
)
def test_answers_of_the_gateway(
    database: Database, clock: SettableClock, phones: Telephones, status: int, end: str, failure: str
) -> None:
    phones.status = status
    _sms(database)
    assert _send(database, phones.transport, Channel.PHONE) == {end: 1}
    assert _only(database).failure == failure


def test_the_gateway_is_left_alone_as_long_as_it_asks(
    database: Database, clock: SettableClock, phones: Telephones
) -> None:
    phones.status, phones.retry_after = 429, "3600"
    _sms(database)
    assert _send(database, phones.transport, Channel.PHONE) == {"waiting": 1}
    assert _only(database).next_try_at == clock() + timedelta(hours=1)
    phones.retry_after = "5"  # our own pause is longer
    clock.advance(hours=1)
    assert _send(database, phones.transport, Channel.PHONE) == {"waiting": 1}
    assert _only(database).next_try_at == clock() + PAUSES[1]


def test_what_is_wrong_with_our_settings_gives_up_no_message(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    mailbox.at_sender = "550 sender not allowed"
    _mail(database)
    assert _send(database, mailbox.transport) == {"waiting": 1}
    assert _only(database).failure == "settings-550"
    assert "xin xem lại cài đặt (mã 550)" in words.failure(_only(database).failure)
    mailbox.at_sender = ""
    clock.advance(seconds=PAUSES[0].total_seconds())
    assert _send(database, mailbox.transport) == {"sent": 1}


def test_a_server_that_hangs_up_before_the_message_is_tried_again(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    """Also the recipient that is greylisted: refused for the time being, then taken, the same message both times."""
    number = _mail(database)
    with server_that_hangs_up_after_data(unheard=True) as (port, taken):
        assert _send(database, SmtpServer("127.0.0.1", port, SENDER, tls="none")) == {"waiting": 1}
    assert taken == []
    mailbox.at_recipient = "451 4.7.1 greylisted"
    clock.advance(seconds=PAUSES[0].total_seconds())
    assert _send(database, mailbox.transport) == {"waiting": 1}
    mailbox.at_recipient = ""
    clock.advance(seconds=PAUSES[1].total_seconds())
    assert _send(database, mailbox.transport) == {"sent": 1}
    assert [str(one["Message-ID"]) for one in mailbox.messages] == [f"<{number}@tinh.example.vn>"]


def test_a_message_nobody_can_write_stands_in_nobodys_way(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    _mail(database)
    with database.transaction() as session:
        session.execute(update(OutboxMessage).values(template="of-another-release"))
    _mail(database, once="the second")
    assert _send(database, mailbox.transport) == {"cancelled": 1, "sent": 1}


def test_a_message_that_ends_the_process_each_time_is_given_up(
    database: Database, clock: SettableClock, phones: Telephones
) -> None:
    _sms(database)
    left = {"state": MessageState.SENDING, "claimed_at": clock() - LEASE - timedelta(seconds=1)}
    with database.transaction() as session:
        session.execute(update(OutboxMessage).values(tries=MOST_TRIES, **left))
    assert _send(database, phones.transport, Channel.PHONE) == {"left": 1}
    assert (_only(database).state, _only(database).failure) == (MessageState.MAYBE_SENT, "too-often-left")
    assert phones.posts == 0


def test_a_channel_without_transport_waits_and_is_given_up_in_the_end(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    _sms(database)
    assert not _send(database, mailbox.transport)
    clock.advance(seconds=(services.VALID_FOR + timedelta(minutes=1)).total_seconds())
    assert _send(database, mailbox.transport) == {"cancelled": 1}
    assert _only(database).failure == "not-in-time"


def test_reminders_wait_for_their_moment(database: Database, clock: SettableClock, mailbox: Mailbox) -> None:
    with database.transaction() as session:
        moment = clock() + timedelta(hours=3)
        services.enqueue(session, Channel.EMAIL, "case-news", "an@tinh.example.vn", NEWS, not_before=moment)
    assert not _send(database, mailbox.transport)
    clock.advance(hours=3)
    assert _send(database, mailbox.transport) == {"sent": 1}


def test_what_is_no_longer_needed_is_taken_back(database: Database, clock: SettableClock, mailbox: Mailbox) -> None:
    _mail(database, about="case:1")
    with database.transaction() as session:
        assert services.cancel_about(session, "case:1") == 1
        assert services.cancel_about(session, "case:1") == 0
    assert not _send(database, mailbox.transport)


def test_a_message_about_denunciations_says_nothing_about_what(database: Database, clock: SettableClock) -> None:
    with pytest.raises(catalogue.BadMessage), database.transaction() as session:
        services.enqueue(session, Channel.EMAIL, "denunciation-received", "an@x.vn", {}, about="denunciation:1")


def test_addresses_are_emptied_after_a_while_and_the_row_stays(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    _mail(database)
    _send(database, mailbox.transport)
    clock.advance(seconds=(services.KEPT + timedelta(days=1)).total_seconds())
    with database.transaction() as session:
        assert services.erase_old(session) == 1
        assert services.erase_old(session) == 0
    kept = _only(database)
    assert (kept.recipient, kept.fields, kept.state) == (None, None, MessageState.SENT)


def test_many_workers_send_each_message_once(database: Database, clock: SettableClock, mailbox: Mailbox) -> None:
    numbers = {_mail(database, f"a{index}@tinh.example.vn") for index in range(24)}
    threads = [threading.Thread(target=_send, args=(database, mailbox.transport)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    arrived = Counter(str(message["Message-ID"]) for message in mailbox.messages)
    assert arrived == {f"<{number}@tinh.example.vn>": 1 for number in numbers}


KILLED_AFTER_SENDING = """
import os, signal, sys
from pathlib import Path
from app.crypto import keeper
from app.crypto.sources import EnvironmentKeys
from app.db.session import Database
from app.messages import worker
from app.messages.gateway import Gateway
from app.messages.smtp import SmtpServer
from app.messages.states import Channel

class Killed:
    def __init__(self, inner): self.inner, self.knows_repeats = inner, inner.knows_repeats
    def send(self, parcel):
        self.inner.send(parcel)
        os.kill(os.getpid(), signal.SIGKILL)

keeper.use(keeper.Keeper(EnvironmentKeys(os.environ["TEST_KEYS"])))
kind, where, key = sys.argv[1:4]
inner = Gateway(where, key) if kind == "phone" else SmtpServer("127.0.0.1", int(where), key, tls="none")
worker.send_due(Database(os.environ["TEST_DATABASE"]), {Channel(kind): Killed(inner)}, "https://x.vn")
"""


def _killed(database: Database, *arguments: str) -> None:
    environment = {
        **os.environ,
        "TEST_KEYS": TEST_KEYS,
        "TEST_DATABASE": database.url.render_as_string(hide_password=False),
    }
    ended = subprocess.run(
        [sys.executable, "-c", KILLED_AFTER_SENDING, *arguments], cwd=ROOT, env=environment, check=False
    )
    assert ended.returncode == -signal.SIGKILL


def test_e3_killed_between_sending_and_noting_mail_may_have_been_sent(database: Database, mailbox: Mailbox) -> None:
    _mail(database)
    _killed(database, "email", str(mailbox.port), SENDER)
    assert _only(database).state is MessageState.SENDING
    _age(database)
    assert _send(database, mailbox.transport) == {"left": 1}
    assert _only(database).state is MessageState.MAYBE_SENT
    assert len(mailbox.raw) == 1


def test_e3_killed_between_sending_and_noting_the_gateway_still_takes_it_once(
    database: Database, phones: Telephones
) -> None:
    number = _sms(database)
    _killed(database, "phone", phones.url, phones.transport.key)
    assert _only(database).state is MessageState.SENDING
    _age(database)
    assert _send(database, phones.transport, Channel.PHONE) == {"left": 1, "sent": 1}
    assert (phones.posts, [*phones.taken]) == (2, [number])


def _age(database: Database) -> None:
    """Let the claim look as old as it will be when the sweep comes."""
    with database.transaction() as session:
        claimed = _only(database).claimed_at
        assert claimed is not None
        session.execute(update(OutboxMessage).values(claimed_at=claimed - LEASE - timedelta(seconds=1)))


def test_a_try_noted_after_the_sweep_decided_changes_nothing(
    database: Database, clock: SettableClock, mailbox: Mailbox
) -> None:
    _mail(database)

    class Slow:
        knows_repeats = False

        def send(self, parcel: object) -> object:
            clock.advance(seconds=(LEASE + timedelta(minutes=1)).total_seconds())
            with database.transaction() as session:
                worker.sweep(session, {Channel.EMAIL: mailbox.transport}, clock())
            return mailbox.transport.send(parcel)  # type: ignore[arg-type]

    assert _send(database, Slow()) == {"decided-meanwhile": 1}  # type: ignore[arg-type]
    assert _only(database).state is MessageState.MAYBE_SENT


def test_the_worker_stops_when_its_time_is_over(database: Database, clock: SettableClock, mailbox: Mailbox) -> None:
    _mail(database)
    begun = time.monotonic()
    assert not worker.send_due(database, {Channel.EMAIL: mailbox.transport}, SITE, budget_seconds=0)
    assert time.monotonic() - begun < 30
