"""A message as mail (RFC 5322 with MIME), the same bytes whenever it is made of the same message."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import SMTP

from tracegraph.service.channels.message import Message


def message_id(message: Message) -> str:
    """What stands before the @ of its Message-ID: made of the message's id, so that the same message has the same."""
    return hashlib.sha256(f"{message.case}\0{message.id}".encode()).hexdigest()[:32]


def letter(message: Message, sender: str, domain: str, date: str = "") -> EmailMessage:
    """The mail. `sender`: its From; `domain`: of the Message-ID; `date`: its Date (empty: it has none)."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    if message.address:
        made["To"] = message.address
    made["Subject"] = message.subject
    made["Message-ID"] = f"<{message_id(message)}@{domain}>"
    if date:
        made["Date"] = date
    text, *attached = message.parts
    subtype = text.media_type.partition("/")[2]
    made.set_content(text.data.decode("utf-8"), subtype=subtype, cte="quoted-printable")
    for part in attached:
        main, _, sub = part.media_type.partition("/")
        made.add_attachment(part.data, maintype=main, subtype=sub or "octet-stream", filename=part.name)
    if attached:
        made.set_boundary(f"=_{message_id(message)}")  # no encoded part can hold it
    return made
