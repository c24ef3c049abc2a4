"""The channel `smtp`: mail to a server (RFC 5321), by default after STARTTLS (RFC 3207).

Settings: `host`, `port` (587), `from`, `security` (`starttls`, `tls` from the beginning, or `none`), `user` and
`password_file` (or `password`), `trust` (a file with the certificate of the server's authority), `timeout` (seconds:
30).

The Message-ID is made of the message's id. A server's answer to the end of the text is what decides; where the line is
cut before it comes, nobody can tell whether the mail goes out, and a person has to look for its Message-ID.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate, parseaddr

from tracegraph.errors import TracegraphError, UsageError
from tracegraph.service.channels.letter import letter, message_id
from tracegraph.service.channels.message import Message, NotSent, Receipt, Uncertain, refuse_drill
from tracegraph.service.channels.settings import Settings

_SECURITIES = ("starttls", "tls", "none")
_TAKEN = 250


class ByMail:
    """Sends mail."""

    repeatable = False
    addressed_by = "email"

    def send(self, message: Message, settings: Settings) -> Receipt:
        """Hand it to the server."""
        refuse_drill(message)
        sender, recipient = parseaddr(_setting(settings, "from"))[1], parseaddr(message.address)[1]
        domain = sender.partition("@")[2]
        if not domain:
            raise NotSent(f"channel {settings.name}: from is no mail address; write one as recalls@plant.example")
        if not recipient.isascii() or not recipient.partition("@")[2]:
            raise NotSent("the recipient has no mail address that can be written in ASCII; correct it", again=False)
        mail = _written(message, settings, domain)
        with _ready(settings, domain) as server:
            _envelope(server, sender, recipient)
            _text(server, mail)
        return Receipt(f"Message-ID {message_id(message)}")


def _setting(settings: Settings, name: str) -> str:
    try:
        return settings.text(name)
    except UsageError as error:
        raise NotSent(str(error)) from None


def _written(message: Message, settings: Settings, domain: str) -> bytes:
    """The mail. NotSent where its text is none."""
    try:
        return letter(message, settings.text("from"), domain, formatdate()).as_bytes()
    except ValueError:
        raise NotSent("the text of the message cannot be written as mail; make it anew", again=False) from None


@contextmanager
def _ready(settings: Settings, domain: str) -> Iterator[smtplib.SMTP]:
    """A connection on which mail may be given. NotSent where there is none: nothing was given yet."""
    server = None
    try:
        server = _connected(settings, domain)
        _logged_in(server, settings)
    except (smtplib.SMTPException, OSError, TracegraphError) as error:
        if server is not None:
            server.close()
        told = error if isinstance(error, TracegraphError) else f"the mail server takes no mail now ({_kind(error)})"
        raise NotSent(str(told)) from None
    try:
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()


def _connected(settings: Settings, domain: str) -> smtplib.SMTP:
    security = settings.text("security", "starttls")
    if security not in _SECURITIES:
        raise UsageError(f"channel {settings.name}: security is none of {', '.join(_SECURITIES)}; correct it")
    host, port = settings.text("host"), settings.number("port", 587)
    timeout = settings.number("timeout", 30)
    if security == "tls":
        return smtplib.SMTP_SSL(host, port, domain, timeout=timeout, context=_context(settings))
    server = smtplib.SMTP(host, port, domain, timeout=timeout)
    if security == "starttls":
        try:
            server.starttls(context=_context(settings))
        except BaseException:
            server.close()
            raise
    return server


def _context(settings: Settings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(settings.path("trust")) if "trust" in settings.values else None)


def _logged_in(server: smtplib.SMTP, settings: Settings) -> None:
    if user := settings.text("user", ""):
        server.login(user, settings.secret("password"))
    else:
        server.ehlo_or_helo_if_needed()


def _envelope(server: smtplib.SMTP, sender: str, recipient: str) -> None:
    """From whom and to whom. NotSent where the server does not want it: nothing was given yet."""
    try:
        code, _ = server.mail(sender)
        if code != _TAKEN:
            raise NotSent(f"the mail server refused the sender ({code}); check from in the settings")
        code, _ = server.rcpt(recipient)
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"the mail server ended the talk before the text ({_kind(error)}); it is tried again") from None
    if code not in (_TAKEN, 251):
        raise NotSent(f"the mail server refused the recipient ({code}); correct the address", again=code < 500)


def _text(server: smtplib.SMTP, mail: bytes) -> None:
    """The text. From its first line to the server's answer nobody knows whether it is taken."""
    try:
        code, _ = server.data(mail)
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
    except (smtplib.SMTPException, OSError) as error:
        raise Uncertain(
            f"the mail server gave no answer to the text ({_kind(error)}); look for the Message-ID there"
        ) from None
    if code != _TAKEN:
        raise NotSent(f"the mail server refused the text ({code}); it is not sent", again=code < 500)


def _kind(error: Exception) -> str:
    """What went wrong, without what the server said: that may hold an address."""
    code = getattr(error, "smtp_code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
