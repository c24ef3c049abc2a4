"""Prepared notices of a case into the outbox, each with its papers: the notice and the form to reply, as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from tracegraph.clock import now
from tracegraph.intake.recalling import Actor, check_allowed
from tracegraph.messages import Language
from tracegraph.model.person import Person
from tracegraph.recall.case.casefile import CaseFile, case_file
from tracegraph.recall.notices.records import Known
from tracegraph.reports.documents.wanted import Wanted
from tracegraph.reports.documents.writing import MEDIA, write_document
from tracegraph.service.channels.message import Part
from tracegraph.service.file import ServiceFile
from tracegraph.service.outbox import Outbox, Outgoing
from tracegraph.service.people import People
from tracegraph.service.posting import message_name, post
from tracegraph.stores.port import Store
from tracegraph.trace.snapshot import Snapshot

#: What is enclosed, by the name of the file.
PAPERS = {"notice": "recall-notice", "reply": "recall-reply"}


@dataclass(frozen=True, slots=True)
class Queued:
    """Messages that are in the outbox now, how many of them were before, and the consignees of whom nobody is known
    who could be written to."""

    messages: tuple[Outgoing, ...]
    known: int
    nobody: tuple[str, ...]


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
    person, before what the persons say; `form`: of the papers.

    Raises UnknownIdentifier; IllegalMove where the case or the role allows no sending; DrillNeverSends.
    """
    found = case_file(store, case)
    people, outbox = People(file, now), Outbox(file, now)
    if not found.is_drill:
        check_allowed(found, "sent", found.type, actor.role)
    there = {one.id for one in outbox.all(case)}

    def papers(known: Known) -> list[Part]:
        return [] if message_name(known) in there else _papers(store, found, known, people, form, language)

    posted = post(found, people, papers, language, to or {})
    outbox.queue([one for one in posted.messages if one.id not in there], channel, found)
    messages = tuple(outbox[one.id] for one in posted.messages)
    known = sum(one.id in there for one in posted.messages)
    return Queued(messages, known, tuple(one.consignee for one in posted.nobody))


def _papers(
    store: Store, case: CaseFile, known: Known, people: Mapping[str, Person], form: str, language: Language
) -> list[Part]:
    return [
        Part(f"{name}.{form}", MEDIA[form].partition(";")[0], _paper(store, kind, case, known, people, form, language))
        for name, kind in PAPERS.items()
    ]


def _paper(
    store: Store, kind: str, case: CaseFile, known: Known, people: Mapping[str, Person], form: str, language: Language
) -> bytes:
    wanted = Wanted(kind, case=case.id, version=known.version, consignee=known.consignee, people=people)
    file = BytesIO()
    write_document(Snapshot.of(store), wanted, form, language, file)
    return file.getvalue()
