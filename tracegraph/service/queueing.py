"""Prepared notices of a case into the outbox, each with its papers; what is there already stays as it is.

Papers say from which state of the ledger they were made, so those of a message that is made again would say another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracegraph.clock import now
from tracegraph.intake.recalling import Actor, check_allowed
from tracegraph.messages import Language
from tracegraph.recall.case.casefile import case_file
from tracegraph.recall.notices.records import Known
from tracegraph.service.channels.message import Part
from tracegraph.service.file import ServiceFile
from tracegraph.service.outbox import MessageState, Outbox, Outgoing
from tracegraph.service.people import People
from tracegraph.service.posting import message_name, papers_of, post
from tracegraph.stores.port import Store
from tracegraph.trace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Queued:
    """Messages that are in the outbox now, how many of them were before, and the notices that nobody is known for."""

    messages: tuple[Outgoing, ...]
    known: int
    nobody: tuple[Known, ...]


def queue_notices(
    store: Store,
    case: str,
    file: ServiceFile,
    channel: str,
    actor: Actor,
    to: Mapping[str, str] | None = None,
    form: str = "html",
    language: Language = "en",
) -> Queued:
    """Have the notices of a case that are due sent by a channel. `to`: by consignee, an address or the reference of a
    person, before what the persons say; `form`: of the notice.

    Raises UnknownIdentifier; IllegalMove where the case or the role allows no sending; DrillNeverSends.
    """
    found = case_file(store, case)
    people, outbox = People(file, now), Outbox(file, now)
    if not found.is_drill:
        check_allowed(found, "sent", found.type, actor.role)
    there = {one.id for one in outbox.all(case) if one.state is not MessageState.DROPPED}

    make = papers_of(Snapshot.of(store), case, people, language, form)

    def papers(known: Known) -> Sequence[Part]:
        return () if message_name(known) in there else make(known)

    posted = post(found, people, papers, language, to or {})
    outbox.queue([one for one in posted.messages if one.id not in there], channel, found)
    messages = tuple(outbox[one.id] for one in posted.messages)
    known = sum(one.id in there for one in posted.messages)
    return Queued(messages, known, posted.nobody)
