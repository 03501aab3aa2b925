"""Addresses that may stand in a message's envelope (pure). What does not fit exactly is refused, never repaired."""

import re

from app.errors import Invalid
from app.messages.states import Channel

LONGEST = 254
# The dot-atom of RFC 5321 in plain ASCII: no quotes, comments, commas, brackets or control signs can pass.
MAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,63}"
)
PHONE = re.compile(r"\+[1-9][0-9]{7,14}")


class BadAddress(Invalid):
    """No message can be sent to this address."""


def check(channel: Channel, address: str) -> str:
    """The address, if a message can be sent to it.

    Raises
    ------
    BadAddress
        When it is no plain e-mail address, or no telephone number with country code.
    """
    pattern = MAIL if channel is Channel.EMAIL else PHONE
    if len(address) > LONGEST or not pattern.fullmatch(address):
        raise BadAddress(
            "Địa chỉ thư điện tử này không dùng được. Xin nhập dạng ten@coquan.vn."
            if channel is Channel.EMAIL
            else "Số điện thoại này không dùng được. Xin nhập số có mã nước, như +84912345678."
        )
    return address
