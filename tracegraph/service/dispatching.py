"""Sends what is in the outbox, once, and has the ledger say so.

Only one process sends at a time. Before a channel is called the message is written down as `sending`, after it as
`sent` with the receipt, and then the move `sent` is recorded under a key made of the message's id, so that recording it
again does nothing. Whoever is killed in between leaves one of three traces, and the next run goes on from it:

- `sending`: a channel that may repeat gets it again; one that can tell is asked; else the message is uncertain, and a
  person decides. It is never sent a second time unasked.
- `sent` but not recorded: it is recorded.
- `queued`: it is sent.

Before each message the case is looked at as it is now: nothing of a drill leaves, nor of a version that is not the
newest approved one.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace

from tracegraph.errors import Refused, StoreLocked, TracegraphError
from tracegraph.intake.recalling import Acted, Actor, act
from tracegraph.model.instants import instant_text
from tracegraph.model.person import REFERENCE, Person, PersonState
from tracegraph.recall.case.casefile import CaseFile, case_file
from tracegraph.recall.privacy import looks_personal
from tracegraph.service.channels import Channel, Message, NotSent, Settings, Uncertain, channel_named, deliver, was_sent
from tracegraph.service.channels.message import DrillNeverSends
from tracegraph.service.outbox import MessageState, Outbox, Outgoing
from tracegraph.service.posting import check_current
from tracegraph.stores.port import Store

SENT = "sent"


@dataclass(slots=True)
class Report:
    """What a run did, by ids of messages. `waiting`: tried, and to be tried again; `failed`: not to be tried again;
    `uncertain`: somebody has to look; `recorded`: of those sent in this run or before; `faults`: why recording failed,
    by id."""

    sent: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Dispatch:
    """What sends. `settings`: of each channel by name; `people`: who is behind references; `case_of`: a case as it is
    now; `record`: has the ledger say that a message was sent, harmlessly if it says so already (`recorder`); `role`: of
    who sends (None: one that may)."""

    outbox: Outbox
    settings: Mapping[str, Settings]
    people: Mapping[str, Person]
    case_of: Callable[[str], CaseFile]
    record: Callable[[Outgoing], object]
    channel_of: Callable[[str], Channel] = channel_named
    role: str | None = None

    def run(self) -> Report:
        """Send what is due. StoreLocked where another process is sending."""
        report = Report()
        with _alone(self.outbox):
            for one in self.outbox.all(None, MessageState.SENDING):
                self._resume(one)
            self._record(report)
            for one in self.outbox.due():
                self._send(one)
                _note(self.outbox[one.id], report)
                self._record(report)
            report.uncertain = [one.id for one in self.outbox.all(None, MessageState.UNCERTAIN)]
        return report

    def _resume(self, one: Outgoing) -> None:
        """What becomes of a message that was on its way when a process was killed."""
        try:
            channel, settings = self._channel(one)
            if channel.repeatable:
                self.outbox.put_back(one.id)
                return
            told = was_sent(channel, self._addressed(self.outbox.message(one.id), channel), settings)
        except Exception:  # it is no reason to forget the message
            told = None
        if told is None:
            self.outbox.uncertain(one.id, "the program ended while it was sent; look whether it left, and settle it")
        elif told:
            self.outbox.sent(one.id, "found by the channel")
        else:
            self.outbox.put_back(one.id)

    def _send(self, one: Outgoing) -> None:
        """One attempt."""
        try:
            message = self.outbox.message(one.id)
            check_may_leave(self.case_of(one.case), message, self.role)
            channel, settings = self._channel(one)
            message = self._addressed(message, channel)
        except NotSent as error:
            self.outbox.not_sent(one.id, str(error), error.again)
        except TracegraphError as error:
            self.outbox.not_sent(one.id, str(error), again=not isinstance(error, Refused))
        else:
            if self.outbox.take(one.id):
                self._give(one, channel, message, settings)

    def _give(self, one: Outgoing, channel: Channel, message: Message, settings: Settings) -> None:
        """Call the channel, and write down what came of it. Sentences of channels name no address; of errors that are
        none of ours only the kind is kept."""
        try:
            receipt = deliver(channel, message, settings)
        except NotSent as error:
            self.outbox.not_sent(one.id, str(error), error.again)
        except DrillNeverSends as error:
            self.outbox.not_sent(one.id, str(error), again=False)
        except Exception as error:
            told = str(error) if isinstance(error, Uncertain) else f"the channel failed ({type(error).__name__})"
            if channel.repeatable:
                self.outbox.not_sent(one.id, told)
            else:
                self.outbox.uncertain(one.id, told)
        else:
            self.outbox.sent(one.id, receipt.text)

    def _channel(self, one: Outgoing) -> tuple[Channel, Settings]:
        settings = self.settings.get(one.channel)
        if settings is None:
            raise NotSent(f"there are no settings of a channel {one.channel}; write them into the settings file")
        return self.channel_of(settings.channel), settings

    def _addressed(self, message: Message, channel: Channel) -> Message:
        """The message with where it goes: of a person, what the channel goes by."""
        if not REFERENCE.fullmatch(message.recipient):
            return replace(message, address=message.recipient)
        person = self.people.get(message.recipient)
        if person is None or person.state is not PersonState.KNOWN:
            raise NotSent(f"nothing is known of {message.recipient}; name somebody else", again=False)
        address = str(getattr(person, channel.addressed_by, "")) if channel.addressed_by else ""
        if channel.addressed_by and not address:
            raise NotSent(f"{message.recipient} has no {channel.addressed_by}; add it, and try again", again=False)
        return replace(message, address=address)

    def _record(self, report: Report) -> None:
        for one in self.outbox.unrecorded():
            try:
                self.record(one)
            except TracegraphError as error:
                report.faults[one.id] = str(error)
            else:
                self.outbox.recorded(one.id)
                report.recorded.append(one.id)
                report.faults.pop(one.id, None)


def check_may_leave(case: CaseFile, message: Message, role: str | None = None) -> None:
    """Raise DrillNeverSends for a drill, Refused where the case allows no sending now (to that role), where another
    scope than that of the message is the newest approved one, or where its notice was prepared anew."""
    if case.is_drill:
        raise DrillNeverSends(f"case {case.id} is a drill, and nothing of a drill is sent; open a real case")
    if SENT not in case.allowed():
        raise Refused(f"case {case.id} is {case.state}, and nothing is sent then; drop the message")
    if SENT not in case.allowed(role):
        raise Refused(f"the role {role} may not send notices; ask an investigator to send them")
    approved = case.approved
    if approved is None or str(approved.number) != message.version:
        newest = "none is approved" if approved is None else f"version {approved.number} is"
        raise Refused(f"version {message.version} of case {case.id} is not the one to send by ({newest}); drop it")
    check_current(case, message)


def recorder(store: Store, clock: Callable[[], int], actor: Actor) -> Callable[[Outgoing], Acted]:
    """What records in a store that a message was sent, in the name of an actor."""

    def record(one: Outgoing) -> Acted:
        fields = {
            "notice": one.notice,
            "version": one.version,
            "consignee": one.consignee,
            "channel": one.channel,
            "sent": instant_text(one.sent_at or 0),
            "receipt": _impersonal(one.receipt),
        }
        return act(store, one.case, SENT, fields, clock(), actor, key=f"sent {one.id}", as_is=fields)

    return record


def case_now(store: Store) -> Callable[[str], CaseFile]:
    """What looks cases up in a store, as they are at each call."""
    return lambda case: case_file(store, case)


def _impersonal(receipt: str) -> str:
    """A receipt for the ledger; where it looks like an address, its hash."""
    return f"sha256:{hashlib.sha256(receipt.encode()).hexdigest()}" if looks_personal(receipt) else receipt


def _note(one: Outgoing, report: Report) -> None:
    lists = {MessageState.SENT: report.sent, MessageState.QUEUED: report.waiting, MessageState.FAILED: report.failed}
    if one.state in lists:
        lists[one.state].append(one.id)


@contextmanager
def _alone(outbox: Outbox) -> Iterator[None]:
    """Keep other senders out. The lock goes with the process, however that ends: it is one of the system."""
    path = f"{outbox.file.path}.sending"
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise StoreLocked("another process is sending what is in the outbox; wait until it has ended") from None
        yield
