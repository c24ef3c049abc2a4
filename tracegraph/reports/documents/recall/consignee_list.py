"""The consignees of a case and what each got: the distribution list (in RASFF the list of recipients)."""

from __future__ import annotations

from collections.abc import Iterable

from tracegraph.messages import Language, words
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.reports.documents.paper import Cell, Entry, Paper
from tracegraph.reports.documents.recall.grids import part_of
from tracegraph.reports.documents.recall.subject import (
    Address,
    LotNamed,
    Subject,
    amount,
    case_part,
    document,
    lots_part,
    person,
)
from tracegraph.reports.documents.recall.telling import fact, grid, said

CONSIGNEE_COLUMNS = (
    *("tier", "consignee_role", "consignee_name", "consignee", "address", "country", "recipient_contact"),
    *("lots_count", "deliveries_count", "certainty", "notice_state", "reply_state"),
)
DELIVERY_COLUMNS = (
    *("tier", "consignee_name", "consignee", "lot", "shipped_on", "received_on", "papers", "quantity", "measure"),
    *("certainty", "supplied_by"),
)


@value
class ListedDelivery:
    """A delivery to a consignee: lot, when it was shipped and received, numbers of its papers, amount, whether a record
    shows it, from whom."""

    lot: str
    shipped: str | None
    received: str | None
    papers: str | None
    quantity: Quantity | None
    confirmed: bool
    supplied_by: str | None


@value
class ListedConsignee:
    """`tier`: through how many hands goods came there (None: not known); `role`, `notice_state` and
    `reply_state`: words of the catalogue behind `recall_doc_role_`, `recall_doc_notice_` and `recall_doc_reply_state_`
    (None: nobody was to be told)."""

    who: Address
    tier: int | None
    role: str
    deliveries: tuple[ListedDelivery, ...]
    notice_state: str
    reply_state: str

    @property
    def confirmed(self) -> bool:
        """Whether a record shows that it got any of the goods."""
        return any(one.confirmed for one in self.deliveries)


def consignee_list(
    subject: Subject, consignees: Iterable[ListedConsignee], lots: Iterable[LotNamed], language: Language
) -> Paper:
    """The list, by tier. `lots`: what the lot numbers stand for."""
    listed = sorted(consignees, key=lambda one: (one.tier is None, one.tier or 0, one.who.id))
    rows = [_consignee(subject, one, language) for one in listed]
    deliveries = [_delivery(one, delivery, language) for one in listed for delivery in one.deliveries]
    return document(
        "consignee_list",
        subject,
        language,
        (
            case_part(subject, language, ("title", "product", "owner"), *_counts(subject, listed, language)),
            part_of(grid("consignees", CONSIGNEE_COLUMNS, rows, language), language),
            part_of(grid("deliveries", DELIVERY_COLUMNS, deliveries, language), language),
            lots_part(lots, language),
        ),
        optional=("product",),
        wide=True,
    )


def _counts(subject: Subject, listed: list[ListedConsignee], language: Language) -> Iterable[Entry]:
    first = [one for one in listed if one.tier == 1]
    counts = {
        "consignees_count": len(listed),
        "direct_count": len(first),
        "confirmed_count": sum(one.confirmed for one in listed),
        "possible_count": sum(not one.confirmed for one in listed),
        "countries_count": len({one.who.country for one in listed} - {None}),
    }
    yield fact("scope_version", None if subject.version is None else str(subject.version), language)
    yield from (fact(name, str(count), language) for name, count in counts.items())


def _consignee(subject: Subject, one: ListedConsignee, language: Language) -> tuple[Cell, ...]:
    who = one.who
    return (
        None if one.tier is None else str(one.tier),
        said(f"role_{one.role}", language),
        who.name,
        who.id,
        who.address,
        who.country,
        person(subject.people, who.contact),
        str(len({delivery.lot for delivery in one.deliveries})),
        str(len(one.deliveries)),
        words("confirmed" if one.confirmed else "possible", language),
        said(f"notice_{one.notice_state}", language),
        said(f"reply_state_{one.reply_state}", language),
    )


def _delivery(one: ListedConsignee, told: ListedDelivery, language: Language) -> tuple[Cell, ...]:
    return (
        None if one.tier is None else str(one.tier),
        one.who.name,
        one.who.id,
        told.lot,
        told.shipped,
        told.received,
        told.papers,
        *amount(told.quantity),
        words("confirmed" if told.confirmed else "possible", language),
        told.supplied_by,
    )
