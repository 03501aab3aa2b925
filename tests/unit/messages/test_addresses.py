"""Addresses: plain ones only."""

import pytest

from app.messages.addresses import BadAddress, check
from app.messages.retries import PAUSES, pause_after
from app.messages.states import FOLLOWING, Channel, MessageState, before


@pytest.mark.parametrize("address", ["an.nguyen@tinh.gov.vn", "a+b@x.vn", "1@a-b.example"])
def test_plain_mail_addresses_pass(address: str) -> None:
    assert check(Channel.EMAIL, address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "an",
        "an@",
        "@x.vn",
        "an@x",
        "an@x.vn, b@y.vn",
        "an@x.vn\nBcc: b@y.vn",
        "an@x.vn\r",
        "An <an@x.vn>",
        '"an b"@x.vn',
        "an(b)@x.vn",
        "an..b@x.vn",
        "ân@x.vn",
        "an@x.vn;b@y.vn",
        "an@[127.0.0.1]",
        "a" * 250 + "@x.vn",
    ],
)
def test_d6_nothing_else_passes(address: str) -> None:
    with pytest.raises(BadAddress):
        check(Channel.EMAIL, address)


@pytest.mark.parametrize("number", ["0912345678", "+84 912345678", "+84912345678;x", "+0912345678", "+849", "113"])
def test_numbers_need_their_country(number: str) -> None:
    assert check(Channel.PHONE, "+84912345678")
    with pytest.raises(BadAddress):
        check(Channel.PHONE, number)


def test_tries_are_bounded_and_pauses_grow() -> None:
    assert [pause_after(tries) for tries in range(1, len(PAUSES) + 2)] == [*PAUSES, None]
    assert list(PAUSES) == sorted(PAUSES)


def test_e2_final_states_lead_nowhere() -> None:
    final = {state for state, following in FOLLOWING.items() if not following}
    assert {MessageState.DELIVERED, MessageState.UNDELIVERED, MessageState.FAILED, MessageState.CANCELLED} == final
    assert before(MessageState.DELIVERED) == {MessageState.SENT, MessageState.MAYBE_SENT}
