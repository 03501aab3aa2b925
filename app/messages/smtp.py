"""E-mail over SMTP. A server cannot tell a repeated message, so an unknown end is never repeated.

What the server says of the recipient or of the message is about that message: 5yz for good, 4yz (greylisting, a full
mailbox) for the time being. What it says before that, at the greeting, TLS, sign-in or our own address, is about our
settings: it passes once they are mended, so no message is given up at once for it.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from app import clock
from app.messages.transports import Ending, Parcel, Tried

SECONDS = 20
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
END_OF_MESSAGE = b".\r\n"


@dataclass(frozen=True)
class SmtpServer:
    """A server: where it is, how to speak to it, whom the mail is from.

    ``tls`` is ``start`` (STARTTLS, the default), ``whole`` (the connection begins with TLS) or ``none`` (only for a
    server on the same machine).
    """

    host: str
    port: int
    sender: str
    tls: str = "start"
    user: str = ""
    password: str = ""
    knows_repeats = False

    @staticmethod
    def of(url: str, sender: str) -> "SmtpServer":
        """From ``smtp://user:password@host:port?tls=none`` or ``smtps://…``."""
        parts = urlsplit(url)
        tls = "whole" if parts.scheme == "smtps" else parse_qs(parts.query).get("tls", ["start"])[0]
        port = parts.port or (465 if tls == "whole" else 587)
        return SmtpServer(
            parts.hostname or "", port, sender, tls, unquote(parts.username or ""), unquote(parts.password or "")
        )

    def send(self, parcel: Parcel) -> Tried:
        """Hand one message to the server."""
        try:
            connection = self._connected()
        except smtplib.SMTPResponseException as error:
            return _about_us(error.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Tried(Ending.TEMPORARY, "no-connection")
        try:
            return self._handed_over(connection, parcel)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls == "whole":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            if self.tls == "start":
                connection.starttls(context=context)
            if self.user:
                connection.login(self.user, self.password)
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection

    def _handed_over(self, connection: smtplib.SMTP, parcel: Parcel) -> Tried:
        try:
            code, _ = connection.mail(self.sender)
            if code != 250:
                return _about_us(code)
            code, _ = connection.rcpt(parcel.recipient)
            if code not in {250, 251}:
                return _by_code(code)
            code, _ = connection.docmd("DATA")
            if code != 354:  # the server does not want to hear the message
                return _by_code(code)
        except (OSError, smtplib.SMTPException):  # nothing of the message was said yet
            return Tried(Ending.TEMPORARY, "broken-off")
        try:
            connection.send(LEADING_DOT.sub(b"..", self._message(parcel)) + END_OF_MESSAGE)
            code, _ = connection.getreply()
        except (OSError, smtplib.SMTPException):
            return Tried(Ending.UNKNOWN, "broken-off")
        return Tried(Ending.ACCEPTED) if code == 250 else _by_code(code)

    def _message(self, parcel: Parcel) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(addr_spec=self.sender)
        message["To"] = Address(addr_spec=parcel.recipient)
        message["Subject"] = parcel.text.subject
        message["Date"] = format_datetime(clock.local_now())
        message["Message-ID"] = f"<{parcel.message_id}@{self.sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = parcel.language
        message.set_content(parcel.text.body, cte="base64")
        return message.as_bytes()


def _by_code(code: int) -> Tried:
    """4yz is for the time being, 5yz for good; anything else is no answer of this protocol."""
    return Tried(Ending.PERMANENT, f"refused-{code}") if 500 <= code < 600 else Tried(Ending.TEMPORARY, f"later-{code}")


def _about_us(code: int) -> Tried:
    """Refused because of who we are or how we came: for the time being, whatever the code."""
    return Tried(Ending.TEMPORARY, f"settings-{code}" if 500 <= code < 600 else f"later-{code}")
