"""A real SMTP server on loopback that keeps what it is given, and can be told to behave badly."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from app.messages.smtp import SmtpServer

SENDER = "langnghe@tinh.example.vn"


@dataclass
class Mailbox:
    """What arrived, and the answers to give: ``at_sender``, ``at_recipient`` and ``at_data`` replace the usual 250."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    at_sender: str = ""
    at_recipient: str = ""
    at_data: str = ""

    @property
    def messages(self) -> list[EmailMessage]:
        """What arrived, parsed."""
        return [message_from_bytes(one, policy=policy.default) for one in self.raw]  # type: ignore[misc]

    @property
    def transport(self) -> SmtpServer:
        """The transport that leads here."""
        return SmtpServer("127.0.0.1", self.port, SENDER, tls="none")

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.at_sender:
            return self.at_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.at_recipient:
            return self.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.at_data:
            return self.at_data
        self.raw.append(envelope.content)
        return "250 taken"


@contextmanager
def running_mailbox() -> Iterator[Mailbox]:
    """Listen on a free port until the block ends."""
    box = Mailbox(port=_free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@contextmanager
def server_that_hangs_up_after_data(*, unheard: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    """A server that takes a message whole and dies before it says so; ``unheard``: before it heard any of it."""
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_take_and_hang_up, args=(listener, taken, unheard), daemon=True)
        thread.start()
        yield listener.getsockname()[1], taken
        thread.join(10)


def _take_and_hang_up(listener: socket.socket, taken: list[bytes], unheard: bool) -> None:
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb", buffering=0) as stream:
        stream.write(b"220 here\r\n")
        while line := stream.readline():
            if line.upper().startswith(b"DATA") and unheard:
                return
            if line.upper().startswith(b"DATA"):
                stream.write(b"354 go on\r\n")
                message = b""
                while not message.endswith(b"\r\n.\r\n"):
                    message += stream.readline()
                taken.append(message)
                return
            stream.write(b"250 OK\r\n")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
