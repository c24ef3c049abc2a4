"""One document of each kind, with something in every field."""

from __future__ import annotations

from decimal import Decimal

from tests.claims.written import at
from tracegraph.messages import Language, words
from tracegraph.model.person import Person
from tracegraph.model.quantity import Quantity
from tracegraph.reports.documents.paper import Paper
from tracegraph.reports.documents.recall.check_log import Check, Drawn, Sample, check_log
from tracegraph.reports.documents.recall.consignee_list import ListedConsignee, ListedDelivery, consignee_list
from tracegraph.reports.documents.recall.notice import NoticeContent, NoticeDelivery, NoticeLot, notice
from tracegraph.reports.documents.recall.recall_report import (
    DrillCover,
    RecallReport,
    Stamp,
    Step,
    Target,
    Version,
    recall_report,
)
from tracegraph.reports.documents.recall.reply_form import ReplyContent, ReplyLine, reply_form
from tracegraph.reports.documents.recall.status_report import (
    Figure,
    Ratio,
    Silent,
    StatusContent,
    StatusLine,
    status_report,
)
from tracegraph.reports.documents.recall.subject import Address, Subject

PERSON_CONTACT, PERSON_MANAGER, PERSON_INSPECTOR = (f"person:{number:032x}" for number in (1, 2, 3))
PEOPLE = {
    PERSON_CONTACT: Person(
        *(PERSON_CONTACT, "Role One", "recall coordinator", "Grower", "+00 1", "one@grower.example"),
        after_hours="+00 99",
    ),
    PERSON_MANAGER: Person(PERSON_MANAGER, "Role Two", "store manager"),
    PERSON_INSPECTOR: Person(PERSON_INSPECTOR, "Role Three", "inspector"),
}
FACTS = {
    "type": "recall",
    "title": "Sprouts of May",
    "product": "Fenugreek sprouts",
    "products": ["https://id.gs1.org/01/09506000134352"],
    "hazard": "STEC O104 found",
    "reason_code": "microbiological",
    "class": "1",
    "owner": "https://grower.example",
    "market": "north",
    "depth": "consumer",
    "level": "b",
    "percentage": "50",
    "action": "destroy",
    "contact": PERSON_CONTACT,
    "discovered": "2026-05-02",
    "circumstances": "own test",
    "risk": "serious",
    "strategy": "recall from consumers",
    "authority": "county office",
}
OWNER = Address("https://grower.example", "Grower", "Field Lane 1", "DE", PERSON_CONTACT)
SHOP = Address("https://shop.example", "Corner Shop", "Main Street 5, 12345 Town", "DE", PERSON_MANAGER)
SEVEN, EIGHT = "urn:example:lot:SPROUT-7", "urn:example:lot:SPROUT-8"
LOTS = (("SPROUT-7", SEVEN, "Fenugreek sprouts"),)
CAFE = Address("https://cafe.example", "Café", None, "FR")


def subject(kind: str = "recall") -> Subject:
    """A case in its second version."""
    return Subject(
        *("R-2026-1", kind, "monitoring", FACTS, 2, '{"lots":["SPROUT-7"]}', at("2026-06-30"), "sha256:0123", PEOPLE)
    )


def kilograms(number: str) -> Quantity:
    return Quantity(Decimal(number), "KGM")


def a_notice(language: Language, kind: str = "recall") -> Paper:
    lot = NoticeLot("SPROUT-7", SEVEN, "Fenugreek sprouts", "09506000134352", "100 g", "2026-05-20")
    delivery = NoticeDelivery(
        "SPROUT-7", "2026-04-30", "2026-05-01", "DESADV-17", "Grower", "Main Street 5", kilograms("12.5"), True
    )
    content = NoticeContent(
        *("R-2026-1/v2/shop", "update", OWNER, SHOP, (lot,), (delivery,), True, True, "2026-05-05"),
        (NoticeLot("MIX-9", "urn:example:lot:MIX-9", "Sprout mix"),),
    )
    return notice(subject(kind), content, language)


def a_reply_form(language: Language) -> Paper:
    lines = (
        ReplyLine("SPROUT-7", SEVEN, kilograms("12.5")),
        ReplyLine("SPROUT-8", EIGHT, kilograms("3")),
    )
    return reply_form(subject(), ReplyContent("R-2026-1/v2/shop", OWNER, SHOP, lines, {}), language)


def a_removal(language: Language) -> Paper:
    amounts = {"on_hand": "1.5", "sold": "6", "returned": "2.25", "destroyed": "1.75", "distributed": "1"}
    line = ReplyLine(
        "SPROUT-7",
        SEVEN,
        kilograms("12.5"),
        {name: Decimal(text) for name, text in amounts.items()},
        "KGM",
    )
    said = {
        "received": "2026-05-03",
        "witness": PERSON_INSPECTOR,
        "certificate": "CERT-4",
        "sub_consignees": "https://kiosk.example",
        "signer": PERSON_MANAGER,
        "date": "2026-05-04",
    }
    return reply_form(subject(), ReplyContent("R-2026-1/v2/shop", OWNER, SHOP, (line,), said), language)


def a_consignee_list(language: Language) -> Paper:
    delivery = ListedDelivery("SPROUT-7", "2026-04-30", "2026-05-01", "DESADV-17", kilograms("12.5"), True, "Grower")
    maybe = ListedDelivery("SPROUT-8", None, None, None, None, False, None)
    shop = ListedConsignee(SHOP, 1, "distributor", (delivery, maybe), "sent", "complete")
    cafe = ListedConsignee(CAFE, 2, "recipient", (maybe,), "draft", "none")
    return consignee_list(subject(), (cafe, shop), LOTS, language)


def a_status_report(language: Language) -> Paper:
    figures = (
        Figure(words("recall_doc_figure_consignees", language), Decimal(2), Decimal(1)),
        Figure(words("recall_doc_figure_notified", language), Decimal(2), Decimal(1)),
        Figure(words("recall_doc_figure_responding", language), Decimal(1), Decimal(0)),
        Figure(words("recall_doc_figure_not_responding", language), Decimal(1), Decimal(1)),
        Figure(words("recall_doc_figure_returned", language), Decimal("2.25"), Decimal("0.5"), "KGM"),
    )
    amounts = [Decimal(text) for text in ("12.5", "5.5", "2.25", "1.75", "12.4")]
    line = StatusLine(SHOP, "SPROUT-7", "2026-05-02", "smtp", "2026-05-04", "KGM", *amounts)
    content = StatusContent(
        *(3, "2026-05-20", "2026-05-06", "2026-06-15", "going well", figures),
        (Ratio("Responded, of those notified", Decimal(1), Decimal(2), Decimal(0)),),
        (line,),
        (Silent(CAFE, "2026-05-02", 2, "phone call"),),
        (
            Figure(words("recall_doc_figure_checks", language), Decimal(4)),
            Figure(words("recall_doc_figure_effective", language), Decimal(3)),
        ),
        (("Corner Shop", "SPROUT-7", "the reply differs from an earlier one"),),
        LOTS,
    )
    return status_report(subject(), content, language)


def a_check_log(language: Language) -> Paper:
    sample = Sample(
        "b", 8, "seed-17", "anna", "2026-05-06T00:00:00Z", "50 %", (Drawn(SHOP, "tier 1"), Drawn(CAFE, "tier 2"))
    )
    fields = {
        "method": "visit",
        "date": "2026-05-08",
        "checker": PERSON_INSPECTOR,
        "notice_received": True,
        "understood": True,
        "followed": False,
        "found": True,
        "quantity": "0.75",
        "measure": "KGM",
        "onward_done": False,
        "result": "not_effective",
        "escalation": "authority told",
    }
    return check_log(subject(), (sample,), (Check(SHOP, "b", "seed-17", fields),), language)


def a_recall_report(language: Language, kind: str = "recall") -> Paper:
    steps = (
        Step(1, "2026-05-02T08:00:00Z", "Open the case", "anna", "investigator", "test positive", "open"),
        Step(2, "2026-05-02T09:00:00Z", "Widen the scope", "anna", "investigator", None, "scoped"),
    )
    first = Version(
        1, "2026-05-02T08:30:00Z", "anna", "lot named", "ben", (("affected", 3),), None, None, None, None, True
    )
    second = Version(
        *(2, "2026-05-03T08:30:00Z", "carl", "a late event", None, (("affected", 4), ("possible", 2)), 3, 1, 2),
        *("2026-05-03T08:00:00Z", False),
    )
    stamps = (
        Stamp("start", "2026-05-02T08:00:00Z"),
        Stamp("first_answer", "2026-05-02T08:00:02Z", "2 s"),
        Stamp("complete_scope", "2026-05-02T08:00:03Z", "3 s"),
        Stamp("reconciled", None),
    )
    targets = (Target("Complete scope within 2 hours", "2 h", "3 s", "pass", "a manual", False),)
    cover = DrillCover(
        start="2026-05-02T08:00:00Z",
        finish="2026-05-02T12:00:00Z",
        product="Fenugreek sprouts",
        lot="SPROUT-7",
        in_question=Decimal("1000"),
        found=Decimal("995"),
        measure="KGM",
        stamps=stamps,
        targets=targets,
        passed=True,
    )
    content = RecallReport(
        *(
            steps,
            (first, second),
            "KGM",
            Decimal("1000"),
            (("On hand", Decimal("200")), ("Unaccounted for", Decimal("5"))),
        ),
        (Ratio("Accounted for, of the quantity in question", Decimal("995"), Decimal("1000")),),
        (("Nobody recorded the receipt.", "SPROUT-7", "Town", "Corner Shop"),),
        (("seed lot 48088", "LAB-3"),),
        (("new seed supplier", "test each lot", PERSON_CONTACT, "2026-06-01", None),),
        (
            (
                "SPROUT-7",
                Decimal("2.25"),
                "KGM",
                "destroyed",
                "2026-05-09",
                "Depot",
                "Corner Shop",
                PERSON_INSPECTOR,
                "CERT-5",
            ),
        ),
        cover if kind == "drill" else None,
        LOTS,
    )
    return recall_report(subject(kind), content, language)


#: The documents by name.
PAPERS = {
    "notice": a_notice,
    "reply_form": a_reply_form,
    "removal": a_removal,
    "consignee_list": a_consignee_list,
    "status_report": a_status_report,
    "check_log": a_check_log,
    "recall_report": a_recall_report,
    "drill_report": lambda language: a_recall_report(language, "drill"),
}
