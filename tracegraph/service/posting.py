"""From the notices that a case prepared to messages in the outbox: to whom, what is attached, and which are still due.

A notice goes to the person whose organisation is the consignee (one with the role `recall` before others), or to the
address that whoever sends names for it. Attached are the notice and the form to reply, each as one file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.errors import Refused, UsageError
from tracegraph.identifiers import party
from tracegraph.messages import Language
from tracegraph.model.person import REFERENCE, Person, PersonState
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.notices.records import Known, known_notices
from tracegraph.service.channels.message import DrillNeverSends, Message, Part
from tracegraph.trace.snapshot import Snapshot

#: The forms of a notice that people read.
NOTICE_FORMS = ("html", "pdf")
#: The role of who is written to before others of the same organisation.
ROLE = "recall"
#: Characters of the digest of a notice that tell two of one version apart.
_DIGITS = 16

#: What is attached to a notice.
Papers = Callable[[Known], Sequence[Part]]


@dataclass(frozen=True, slots=True)
class Posted:
    """Messages for the notices that are due, and the notices that nobody is known for."""

    messages: tuple[Message, ...]
    nobody: tuple[Known, ...]


def due_notices(case: CaseFile) -> list[Known]:
    """The notices that were prepared and not sent since, of the version that holds."""
    approved = case.approved
    number = None if approved is None else approved.number
    known = known_notices(case.moves)
    return [one for one in known if not one.is_sent and one.superseded_by is None and one.version == number]


def message_name(known: Known) -> str:
    """The id of the message of a notice: the same for as long as the notice says the same."""
    return f"{known.id}/{known.version}-{known.status}-{known.digest.removeprefix('sha256:')[:_DIGITS]}"


def post(
    case: CaseFile, people: Mapping[str, Person], papers: Papers, language: Language, to: Mapping[str, str]
) -> Posted:
    """Messages for all notices that are due. `to`: by consignee, an address or a reference of a person, before what the
    persons say. Raises DrillNeverSends."""
    if case.is_drill:
        raise DrillNeverSends(f"case {case.id} is a drill, and nothing of a drill is sent; open a real case")
    made, nobody, persons = list[Message](), list[Known](), list(people.values())
    for known in due_notices(case):
        named = next((to[one] for one in _parties(known) if one in to), "")
        recipient = named or contact_of(_parties(known), persons)
        if recipient:
            made.append(message_of(case, known, recipient, papers(known), language))
        else:
            nobody.append(known)
    return Posted(tuple(made), tuple(nobody))


def papers_of(snapshot: Snapshot, case: str, people: Mapping[str, Person], language: Language, form: str) -> Papers:
    """What makes the papers of each notice of a case as known at a snapshot: the notice as html or pdf, and the form to
    reply as a workbook. UsageError for another form."""
    from tracegraph.reports.documents.laying_out import FORMS
    from tracegraph.reports.documents.recall.of_consignees import notice_paper, reply_paper
    from tracegraph.reports.documents.recall.told_case import ToldCase
    from tracegraph.reports.documents.wanted import Wanted
    from tracegraph.reports.documents.writing import MEDIA

    if form not in NOTICE_FORMS:
        raise UsageError(f"a notice is sent as {' or '.join(NOTICE_FORMS)}, not as {form}; choose one of these")
    told = ToldCase.of(snapshot, Wanted("recall-notice", case=case, people=people), language)

    def papers(known: Known) -> Sequence[Part]:
        notice, reply = notice_paper(told, known.id), reply_paper(told, known.id)
        return (
            Part(f"notice.{form}", MEDIA[form].partition(";")[0], FORMS[form](notice)),
            Part("reply.xlsx", MEDIA["xlsx"], FORMS["xlsx"](reply)),
        )

    return papers


def recipients_of(given: Iterable[str]) -> dict[str, str]:
    """By consignee, the address or reference that somebody wrote for it: `PARTY=WHO`. UsageError for anything else."""
    found = {}
    for text in given:
        name, between, who = text.rpartition("=")
        if not between or not name.strip() or not who.strip():
            raise UsageError(f"{text!r} names no recipient; write PARTY=ADDRESS or PARTY=person:...")
        found[party(name)] = who.strip()
    return found


def contact_of(parties: Iterable[str], people: Iterable[Person]) -> str:
    """The reference of the person to write to at an organisation; empty where nobody is known."""
    wanted = set(parties)
    there = [one for one in people if one.state is PersonState.KNOWN and _organisation(one) in wanted]
    return min(((one.role != ROLE, one.reference) for one in there), default=(False, ""))[1]


def message_of(case: CaseFile, known: Known, recipient: str, papers: Sequence[Part], language: Language) -> Message:
    """The message of one notice."""
    about = {"case": case.id, "notice": known.id, "version": known.version, "title": _line(case.facts.get("title", ""))}
    about["type"] = _texts()["types"][case.type][language]
    told = Part("text", "text/plain", _texts()["text"][language].format(**about).encode("utf-8"))
    contact = str(case.facts.get("contact") or "")
    return Message(
        id=message_name(known),
        case=case.id,
        case_type=case.type,
        notice=known.id,
        version=str(known.version),
        consignee=known.consignee,
        recipient=recipient,
        subject=_texts()["subject"][language].format(**about),
        parts=(told, *papers),
        mentions=frozenset({contact} if REFERENCE.fullmatch(contact) else ()),
    )


def check_current(case: CaseFile, message: Message) -> None:
    """Raise Refused where the notice of a message was prepared anew since, or its consignee has another one now."""
    known = next((one for one in known_notices(case.moves) if one.id == message.notice), None)
    if known is None:
        return
    if known.superseded_by is not None:
        raise Refused(f"the consignee of notice {known.id} has notice {known.superseded_by} now; drop the message")
    if message.id != message_name(known):
        raise Refused(f"notice {known.id} says something else by now; drop the message, and post the notice again")


def _organisation(person: Person) -> str:
    """The key of the organisation; of one that is no identifier, its name."""
    return party(person.organisation) if person.organisation else ""


def _parties(known: Known) -> list[str]:
    return [known.consignee, *known.parties]


def _line(text: Any) -> str:
    """On one line, as a subject must be."""
    return " ".join("".join(char if char.isprintable() else " " for char in str(text)).split())


@cache
def _texts() -> dict[str, Any]:
    text = files("tracegraph.service").joinpath("posting.json").read_text(encoding="utf-8")
    told: dict[str, Any] = json.loads(text)
    return told
