"""A mail server in a thread of its own (aiosmtpd): it keeps what it took, and can refuse, or take the text and cut the
line without a reply."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

#: Instead of a reply: the text is taken, and then the connection ends; or it ends before the text was taken.
LOST, CUT = "lost", "cut"
USER, PASSWORD = "recalls", "a password that no log may show"


@dataclass
class MailServer:
    """`recipient`, `text`: its replies to RCPT and to the end of the text, or LOST or CUT. `secured`: with this it asks
    for STARTTLS and a login."""

    recipient: str = "250 OK"
    text: str = "250 OK"
    secured: ssl.SSLContext | None = None
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)

    def __enter__(self) -> Self:
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        demands: dict[str, Any] = {}
        if self.secured:
            demands = {
                "tls_context": self.secured,
                "require_starttls": True,
                "auth_required": True,
                "authenticator": self.authenticated,
            }
        self.controller = Controller(self, "127.0.0.1", self.port, **demands)
        self.controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.controller.stop()

    def authenticated(self, server: Any, session: Session, envelope: Envelope, kind: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=good)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient == CUT:
            server.transport.abort()
        else:
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.text in (CUT, LOST):
            server.transport.abort()
        if self.text != CUT and not self.text.startswith(("4", "5")):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append(envelope)
        return self.text

    @property
    def ids(self) -> list[str]:
        """The Message-ID of each mail."""
        return [str(mail["Message-ID"]) for mail in self.mails]
