"""The notice of a recall to one consignee: only what that consignee got, and what to do with it.

Content: 21 CFR 7.49(c) (marked urgent, brief, product and lots, reason and hazard, stop at once, onward, easy reply)
and the fields of the GS1 product recall notification. It has room for one consignee only, so nothing of another can
stand on it.
"""

from __future__ import annotations

from tracegraph.messages import Language, words
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.reports.documents.paper import Cell, Paper, Part
from tracegraph.reports.documents.recall.subject import (
    Address,
    Subject,
    amount,
    case_part,
    document,
    person,
    reached,
    told,
    yes_no,
)
from tracegraph.reports.documents.recall.telling import fact, grid, said

LOT_COLUMNS = ("lot", "identifier", "goods", "gtin", "size", "best_before")
DELIVERY_COLUMNS = (
    *("lot", "shipped_on", "received_on", "papers", "supplied_by", "site", "quantity", "measure", "certainty"),
)


@value
class NoticeLot:
    """A lot or serial number, the identifier by which the consignee's records know it, and its product: name, number
    (GTIN), size, best before."""

    lot: str
    identifier: str
    goods: str | None = None
    gtin: str | None = None
    size: str | None = None
    best_before: str | None = None


@value
class NoticeDelivery:
    """One delivery to the consignee: when it was shipped and received, numbers of its papers, from whom, to which of
    its sites, how much; `confirmed`: a record shows it."""

    lot: str
    shipped: str | None
    received: str | None
    papers: str | None
    supplier: str | None
    site: str | None
    quantity: Quantity | None
    confirmed: bool


@value
class NoticeContent:
    """`notice`: its number; `status`: initial, update or final; `primary`: whether the initiator is the organisation
    that is primarily responsible; `contact`: the reference of whom to reach there; `onward`: whether the consignee must
    tell those whom it supplied; `reply_until`: until when the reply form is wanted; `made_there`: lots in scope that it
    made itself; `lifted`: nothing of it is in scope any more."""

    notice: str
    status: str
    initiator: Address | None
    recipient: Address
    lots: tuple[NoticeLot, ...]
    deliveries: tuple[NoticeDelivery, ...]
    primary: bool | None = None
    onward: bool | None = None
    reply_until: str | None = None
    made_there: tuple[NoticeLot, ...] = ()
    lifted: bool = False


def notice(subject: Subject, content: NoticeContent, language: Language) -> Paper:
    """The notice."""
    case = case_part(
        subject,
        language,
        ("type", "class", "title"),
        fact("notice_number", content.notice, language),
        fact("scope_version", None if subject.version is None else str(subject.version), language),
        fact("notice_status", said(f"status_{content.status}", language), language),
    )
    why = ("product", "products", "reason_code", "hazard", "market")
    return document(
        "notice",
        subject,
        language,
        (
            _orders(subject, content, language),
            _recipient(subject, content, language),
            case,
            Part("", tuple(told(subject, name, language) for name in why), name="reason"),
            _goods(content, language),
            _to_do(subject, content, language),
            _initiator(subject, content, language),
        ),
        about=content.notice,
        optional=("products", "market", "recipient_contact", "after_hours", "email", "onward", "reply_until"),
        parameters=(fact("notice_number", content.notice, language), fact("consignee", content.recipient.id, language)),
        to_one=True,
        marks=(said(f"urgent_{subject.type}", language),),
    )


def _orders(subject: Subject, content: NoticeContent, language: Language) -> Part:
    """What to do, in a few sentences."""
    if content.lifted:
        return Part("", texts=(said("order_lifted", language),), name="orders")
    action = subject.text("action")
    sentences = ["order_stop", *([f"order_{action}"] if action else [])]
    sentences += [*(["order_onward"] if content.onward else []), "order_reply"]
    return Part(
        "", texts=(("" if language == "zh" else " ").join(said(one, language) for one in sentences),), name="orders"
    )


def _initiator(subject: Subject, content: NoticeContent, language: Language) -> Part:
    reference = subject.text("contact")
    entries = (
        fact("initiator", content.initiator.named if content.initiator else None, language),
        fact("primary", yes_no(content.primary, language), language),
        fact("contact", person(subject.people, reference), language),
        fact("phone", reached(subject.people, reference, "phone"), language),
        fact("email", reached(subject.people, reference, "email"), language),
        fact("after_hours", reached(subject.people, reference, "after_hours"), language),
    )
    return Part(said("from", language), entries, name="initiator")


def _recipient(subject: Subject, content: NoticeContent, language: Language) -> Part:
    to = content.recipient
    entries = (
        fact("recipient_id", to.id, language),
        fact("recipient_name", to.name, language),
        fact("address", to.address, language),
        fact("recipient_contact", person(subject.people, to.contact), language),
    )
    return Part(said("to", language), entries, name="recipient")


def _goods(content: NoticeContent, language: Language) -> Part:
    lots = grid("recalled_lots", LOT_COLUMNS, map(_lot, content.lots), language)
    deliveries = grid(
        "deliveries", DELIVERY_COLUMNS, (_delivery(one, language) for one in content.deliveries), language
    )
    own = grid("made_there", LOT_COLUMNS, map(_lot, content.made_there), language)
    shown = (lots, deliveries, *([own] if own.rows else []))
    return Part(said("your_goods", language), grids=shown, name="goods")


def _lot(one: NoticeLot) -> tuple[str | None, ...]:
    return (one.lot, one.identifier, one.goods, one.gtin, one.size, one.best_before)


def _delivery(one: NoticeDelivery, language: Language) -> tuple[Cell, ...]:
    sure = words("confirmed" if one.confirmed else "possible", language)
    return (one.lot, one.shipped, one.received, one.papers, one.supplier, one.site, *amount(one.quantity), sure)


def _to_do(subject: Subject, content: NoticeContent, language: Language) -> Part:
    entries = (
        told(subject, "action", language),
        fact("onward", yes_no(content.onward, language), language),
        fact("reply_form", said("reply_enclosed", language).format(notice=content.notice), language),
        fact("reply_until", content.reply_until, language),
    )
    return Part(said("to_do", language), entries, name="to_do")
