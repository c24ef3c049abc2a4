"""The reply of a consignee to a notice: the form to fill in and, once it replied, the removal confirmation.

Content: 21 CFR 7.49(d) (does the account still have any?), GS1 product recall removal confirmation, the buckets of
21 CFR 107.240. What nobody filled in is left open; what was delivered stands there already.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracegraph.messages import Language
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.reports.documents.paper import BLANK, Cell, Entry, Grid, Paper, Part
from tracegraph.reports.documents.recall.subject import (
    Address,
    Subject,
    amount,
    case_part,
    document,
    field_label,
    person,
    reached,
)
from tracegraph.reports.documents.recall.telling import fact, grid, said

#: The amounts that are asked for, by the fields of a reply (recall/case/actions/reply.json).
AMOUNTS = ("on_hand", "sold", "returned", "destroyed", "distributed")
#: How many lines there are for those whom the consignee supplied.
LINES = 4
SUB_COLUMNS = ("sub_consignee", "address", "sub_contact", "lot", "quantity", "date")


@value
class ReplyLine:
    """A lot, the identifier by which the consignee's records know it, and what was delivered of it; `said`: the amounts
    that were replied, by the names in AMOUNTS (None: no reply yet)."""

    lot: str
    identifier: str
    delivered: Quantity | None
    said: Mapping[str, Cell] | None = None
    measure: str | None = None


@value
class ReplyContent:
    """`notice`: the number of the notice; `said`: what else was replied, by the fields of a reply (empty: the form is
    not filled in)."""

    notice: str
    initiator: Address | None
    consignee: Address
    lines: tuple[ReplyLine, ...]
    said: Mapping[str, str]


def reply_form(subject: Subject, content: ReplyContent, language: Language) -> Paper:
    """The form."""
    return document(
        "removal" if content.said else "reply_form",
        subject,
        language,
        (
            case_part(
                subject,
                language,
                ("title", "product"),
                fact("notice_number", content.notice, language),
                fact("scope_version", None if subject.version is None else str(subject.version), language),
                fact("consignee", content.consignee.named, language),
                fact("reply_to", _reply_to(subject, content), language),
            ),
            _answers(subject, content, language),
            _lots(content, language),
            _sub_consignees(content, language),
            _signature(subject, content, language),
        ),
        about=content.notice,
        optional=("product", *_not_needed(content)),
        parameters=(fact("notice_number", content.notice, language), fact("consignee", content.consignee.id, language)),
        to_one=True,
    )


def _not_needed(content: ReplyContent) -> list[str]:
    """What a reply need not say: who saw the destruction of nothing, and to whom nothing went."""
    amounts = [line.said or {} for line in content.lines]
    destroyed, distributed = (any(said.get(name) for said in amounts) for name in ("destroyed", "distributed"))
    return [*([] if destroyed else ["witness", "certificate"]), *([] if distributed else ["sub_consignees"])]


def _reply_to(subject: Subject, content: ReplyContent) -> str | None:
    reference = subject.text("contact")
    ways = (reached(subject.people, reference, "phone"), reached(subject.people, reference, "email"))
    parts = (content.initiator.named if content.initiator else None, person(subject.people, reference), *ways)
    return ", ".join(part for part in parts if part) or None


def _open(content: ReplyContent, name: str) -> Cell:
    """What was replied; open on a form, not on record where the reply says nothing of it."""
    return content.said.get(name) or (None if content.said else BLANK)


def _answers(subject: Subject, content: ReplyContent, language: Language) -> Part:
    names = ("received", "witness", "certificate")
    entries = tuple(_reply_entry(subject, content, name, language) for name in names)
    told = said("reply_how", language)
    return Part(said("reply", language), entries, texts=() if content.said else (told,), name="reply")


def _reply_entry(subject: Subject, content: ReplyContent, name: str, language: Language) -> Entry:
    text = _open(content, name)
    said = person(subject.people, text) if isinstance(text, str) and text else text
    return Entry(field_label("reply", name, language), said, name)


def _lots(content: ReplyContent, language: Language) -> Part:
    heads = tuple(field_label("reply", name, language) for name in (*AMOUNTS, "measure"))
    first = grid("reply_lots", ("lot", "identifier", "delivered", "measure"), (), language)
    rows = tuple(_line(one) for one in content.lines)
    shown = Grid(first.title, (*first.heads, *heads), rows, first.name, (*first.names, *AMOUNTS, "reply_measure"))
    return Part("", grids=(shown,), name="lots")


def _line(one: ReplyLine) -> tuple[Cell, ...]:
    said = dict.fromkeys((*AMOUNTS, "measure"), BLANK) if one.said is None else {**one.said, "measure": one.measure}
    return (one.lot, one.identifier, *amount(one.delivered), *(said.get(name) for name in (*AMOUNTS, "measure")))


def _sub_consignees(content: ReplyContent, language: Language) -> Part:
    if content.said:
        listed = content.said.get("sub_consignees")
        return Part(
            said("sub_consignees", language),
            (Entry(field_label("reply", "sub_consignees", language), listed, "sub_consignees"),),
            name="sub_consignees",
        )
    rows = [(BLANK,) * len(SUB_COLUMNS)] * LINES
    return Part("", grids=(grid("sub_consignees", SUB_COLUMNS, rows, language),), name="sub_consignees")


def _signature(subject: Subject, content: ReplyContent, language: Language) -> Part:
    entries = (
        _reply_entry(subject, content, "signer", language),
        _reply_entry(subject, content, "date", language),
        fact("signature", BLANK, language),
    )
    return Part(said("signed", language), entries, name="signature")
