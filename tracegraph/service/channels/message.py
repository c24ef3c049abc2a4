"""What goes out by a channel, and what comes back.

A message of a drill cannot be: whoever makes one is refused, and so is whoever changes one into one.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field

from tracegraph.errors import Refused, UsageError
from tracegraph.recall.case.states import DRILL

#: What names a message: parts of letters, digits, dots, underlines and dashes, with slashes between.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_MOST_CHARACTERS = 200
_TEXT = ("text/plain", "text/html")


class DrillNeverSends(Refused):
    """A drill is played through without telling anybody outside: nothing of it is ever sent."""


@dataclass(frozen=True, slots=True)
class Part:
    """A text or an attached file: `media_type` as `text/plain`, `application/pdf`; texts are in UTF-8."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One notice to one consignee. `id`: of the notice and its version, the same whenever the same is meant;
    `case_type`: what the case is (never a drill); `version`: of the scope; `recipient`: a reference of a person, or an
    address of an organisation; `parts`: the text, then what is attached; `mentions`: the references of persons that the
    texts name; `address`: where the channel is to send it, filled in when it is sent.

    Raises DrillNeverSends; UsageError where it is no message.
    """

    id: str
    case: str
    case_type: str
    notice: str
    version: str
    consignee: str
    recipient: str = field(repr=False)
    subject: str
    parts: tuple[Part, ...]
    mentions: frozenset[str] = frozenset()
    address: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        refuse_drill(self)
        if len(self.id) > _MOST_CHARACTERS or not _ID.fullmatch(self.id):
            raise UsageError(f"message id {self.id!r} is none; use letters, digits, . _ - and / between parts")
        if not self.subject.isprintable() or not self.address.isprintable():
            raise UsageError(f"message {self.id}: subject and address are one line; leave line ends out")
        if not self.parts or self.parts[0].media_type not in _TEXT:
            raise UsageError(f"message {self.id}: the first part is its text; give {' or '.join(_TEXT)}")
        names = [part.name for part in self.parts]
        if len(set(names)) < len(names) or not all(name.isprintable() and name for name in names):
            raise UsageError(f"message {self.id}: parts need names on one line, each another; rename them")

    @property
    def digest(self) -> str:
        """`sha256:` of all that it says, wherever it is sent."""
        said = [self.case, self.case_type, self.notice, self.version, self.consignee, self.recipient, self.subject]
        parts = [[part.name, part.media_type, hashlib.sha256(part.data).hexdigest()] for part in self.parts]
        text = json.dumps([self.id, *said, parts, sorted(self.mentions)], ensure_ascii=True)
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a channel took a message: `text` is what the channel knows it by. Never an address."""

    text: str


class NotSent(Exception):
    """The message certainly did not leave; why, as a sentence without any address. `again`: it is worth another try."""

    def __init__(self, why: str, again: bool = True) -> None:
        super().__init__(why)
        self.again = again


class Uncertain(Exception):
    """The message may have left or not; why, as a sentence without any address."""


def refuse_drill(message: Message) -> None:
    """Raise DrillNeverSends for a message of a drill, however it came to be."""
    if message.case_type == DRILL:
        raise DrillNeverSends(f"case {message.case} is a drill, and nothing of a drill is sent; open a real case")
