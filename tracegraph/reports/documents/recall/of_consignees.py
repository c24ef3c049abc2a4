"""The documents for and about consignees, made from a case: notice, reply form, consignee list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from tracegraph.recall.accounting.replies import Reply, replies
from tracegraph.recall.case.actions import action_kind
from tracegraph.recall.consignees.delivery import Delivery
from tracegraph.recall.consignees.listing import Consignee
from tracegraph.recall.notices.following import days_of, steps
from tracegraph.recall.notices.form import delivered, lots_of
from tracegraph.recall.notices.notice import ONWARD, Notice
from tracegraph.reports.documents.paper import Paper
from tracegraph.reports.documents.recall.consignee_list import ListedConsignee, ListedDelivery, consignee_list
from tracegraph.reports.documents.recall.goods import best_before, lots
from tracegraph.reports.documents.recall.notice import NoticeContent, NoticeDelivery, notice
from tracegraph.reports.documents.recall.reply_form import AMOUNTS, ReplyContent, ReplyLine, reply_form
from tracegraph.reports.documents.recall.telling import said
from tracegraph.reports.documents.recall.told_case import ToldCase
from tracegraph.reports.short import short_name
from tracegraph.trace.envelope import Json

#: Of whom may have sent a delivery so many are named.
MOST_NAMED = 3
#: How much of a time is told, by how precisely it is known.
_LETTERS = {"time": 10, "day": 10, "month": 7, "year": 4}


def notice_paper(told: ToldCase, name: str) -> Paper:
    """The notice of that number, or to that consignee."""
    return notice(told.subject, _notice_content(told, told.notice(name)), told.language)


def _notice_content(told: ToldCase, made: Notice) -> NoticeContent:
    one = made.consignee
    until = best_before(told.snapshot, [*(item.unit for item in one.deliveries), *(item.unit for item in one.made)])
    stated = [NoticeDelivery(told.lot(item.number), None, None, None, None, None, None, False) for item in one.passed]
    return NoticeContent(
        made.id,
        made.status.value.lower(),
        told.owner,
        told.consignee_address(one.id),
        tuple(lots(one.deliveries, told.lot, told.described, until)),
        (*(_notice_delivery(told, item) for item in one.deliveries), *stated),
        None if told.owner is None else True,
        told.case.facts.get("depth") in ONWARD if told.case.facts.get("depth") else None,
        said("reply_within", told.language).format(hours=24 * _days(told)),
        tuple(lots(one.made, told.lot, told.described, until)),
        made.lifted,
    )


def _days(told: ToldCase) -> int:
    """After how many days without a reply the first reminder is due."""
    return days_of(steps()[0], str(told.case.facts.get("class") or ""))


def _notice_delivery(told: ToldCase, one: Delivery) -> NoticeDelivery:
    """What the consignee may be told of a delivery: nothing that names anybody else but who sent it."""
    shown = "; ".join(map(told.lot, one.numbers))
    senders = "; ".join(map(told.named, one.sent_by)) or None
    site = None if one.site is None else told.named(one.site)
    return NoticeDelivery(
        shown, _date(one.shipped), _date(one.arrived), _papers(one), senders, site, one.quantity, one.confirmed
    )


def _date(moment: Json | None) -> str | None:
    """A time as precisely as it is known; None where it is not."""
    letters = 0 if moment is None else _LETTERS.get(moment["precision"], 0)
    return None if moment is None or not letters else str(moment["at"])[:letters]


def _papers(one: Delivery) -> str | None:
    return "; ".join(dict.fromkeys(short_name(paper.id) for paper in one.documents)) or None


def reply_paper(told: ToldCase, name: str) -> Paper:
    """The reply form of a notice; once the consignee replied, what it replied."""
    made = told.notice(name)
    one = made.consignee
    given = {reply.unit: reply for reply in replies(told.case.moves) if reply.consignee in (one.id, *one.parties)}
    lines = tuple(_line(told, one, numbers, given) for numbers in lots_of(one))
    answers = _answers(given.values())
    content = ReplyContent(made.id, told.owner, told.consignee_address(one.id), lines, answers)
    return reply_form(told.subject, content, told.language)


def _line(told: ToldCase, one: Consignee, numbers: list[str], given: dict[str, Reply]) -> ReplyLine:
    came = delivered(one, numbers[0])
    reply = next((given[number] for number in numbers if number in given), None)
    if reply is None:
        return ReplyLine(told.lot(numbers[0]), numbers[0], came)
    amounts = {name: Decimal(reply.said[name]) if name in reply.said else None for name in AMOUNTS}
    measure = reply.measure or (came.unit if came else "") or "–"
    return ReplyLine(told.lot(numbers[0]), numbers[0], came, amounts, measure)


def _answers(given: Iterable[Reply]) -> dict[str, str]:
    """What replies say besides amounts, each answer once."""
    every = list(given)
    names = [field.name for field in action_kind("reply").fields if field.name not in ("unit", "consignee", *AMOUNTS)]
    texts = {name: "; ".join(dict.fromkeys(reply.text(name) for reply in every if reply.text(name))) for name in names}
    return {name: text for name, text in texts.items() if text}


def consignees_paper(told: ToldCase) -> Paper:
    """The list of consignees."""
    rows = told.consignees.rows
    units = [item.unit for one in rows for item in one.deliveries] + [item.unit for one in rows for item in one.made]
    return consignee_list(told.subject, [_listed(told, one) for one in rows], told.lots(units), told.language)


def _listed(told: ToldCase, one: Consignee) -> ListedConsignee:
    stands = told.standings.get(one.id)
    return ListedConsignee(
        told.consignee_address(one.id),
        one.tier,
        one.role,
        (*(_listed_delivery(told, item) for item in one.deliveries), *_other_goods(told, one)),
        stands.state.value if stands else "none",
        _reply_state(told, one),
    )


def _other_goods(told: ToldCase, one: Consignee) -> Iterator[ListedDelivery]:
    """What others say they passed on to it, and what it made itself."""
    for item in one.passed:
        yield ListedDelivery(told.lot(item.number), None, None, None, None, False, told.named(item.teller))
    for made in one.made:
        yield ListedDelivery("; ".join(map(told.lot, made.numbers)), None, None, None, made.quantity, True, None)


def _listed_delivery(told: ToldCase, one: Delivery) -> ListedDelivery:
    senders = _some([told.named(sender) for sender in one.senders])
    return ListedDelivery(
        told.lot(one.unit), _date(one.shipped), _date(one.arrived), _papers(one), one.quantity, one.confirmed, senders
    )


def _some(names: list[str]) -> str | None:
    """The first of some names, and how many more there are; None for none."""
    more = f" (+{len(names) - MOST_NAMED})" if len(names) > MOST_NAMED else ""
    return "; ".join(names[:MOST_NAMED]) + more or None


def _reply_state(told: ToldCase, one: Consignee) -> str:
    """`none`, `partial`, `complete`, or that it `disagrees`."""
    if one.id in told.disagreeing:
        return "disagrees"
    answered = {
        row["unit"] for row in told.account["consignees"] if row["consignee"] == one.id and row["reply"] is not None
    }
    units = {item.unit for item in one.deliveries}
    return "none" if not answered else "complete" if units <= answered else "partial"
