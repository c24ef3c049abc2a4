"""The registers as people read them, field by field."""

from __future__ import annotations

from typing import Any

from tests.claims.accounts.test_statement import account, period, posting
from tests.claims.test_certificates import CERTIFICATE, changed
from tests.claims.written import at, world
from tracegraph.claims.accounts.rolling import statements_of
from tracegraph.claims.accounts.statement import accounts, statement
from tracegraph.claims.accounts.yields import factors
from tracegraph.claims.certificates import standing, timeline
from tracegraph.claims.credits.registry import registries
from tracegraph.claims.outcome import Severity
from tracegraph.schemes import packs

CERTIFIED = {
    **CERTIFICATE,
    "standard": "CoC v2",
    "body": "https://body.example",
    "stage": "smelting",
    "products": "urn:x:p",
    "registered": "2024-02-01",
}
PAUSE = changed(
    "suspended", "2025-01-10", decided="2025-01-05", until="2025-02-10", published="2025-01-12", note="late"
)
FACTOR = {
    "kind": "factor",
    "factor": "F",
    "site": "mill",
    "input": "x",
    "output": "p",
    "value": "0.8",
    "input_unit": "TNE",
    "output_unit": "TNE",
    "from": "2025-01-01",
    "evidence": "doc 1",
}
BOOK = [
    account(period_months="1", scheme="ASI", charset="K"),
    FACTOR,
    posting("P0", "opening", "1", "2026-01-01"),
    posting("P1", "in", "10", "2026-01-10", factor="F", expires="2026-02-15"),
    posting("P2", "out", "3", "2026-02-10"),
    period("2026-01-01", "2026-01-31", closing="9", carried="9", signed="P-7", signed_on="2026-02-02"),
]


def stock(id: str, since: str, to: str, **told: str) -> dict[str, str]:
    about = {"kind": "stock", "stock": id, "site": "mill", "product": "p", "input": "x", "unit": "TNE"}
    return {**about, "from": since, "to": to, **told}


def credit(id: str, action: str, first: int, last: int, time: str, **told: str) -> dict[str, str]:
    about = {"kind": "credit", "entry": id, "registry": "R", "action": action, "time": time}
    return {**about, "first": str(first), "last": str(last), **told}


STOCKS = [
    stock("S2", "2026-02-01", "2026-02-28", used="20", produced="15"),
    stock("S1", "2026-01-01", "2026-01-31", used="10", produced="8"),
    stock("S3", "2026-03-01", "2026-03-31", produced="8"),
]
CREDITS = [
    credit("I", "issue", 1, 100, "2026-01-01", owner="farm"),
    credit("T", "transfer", 1, 60, "2026-02-01", owner="farm", to="brand"),
    credit("D", "redeem", 1, 20, "2026-03-01", owner="brand"),
    credit("D2", "redeem", 11, 30, "2026-04-01", owner="brand"),
    credit("C", "cancel", 71, 80, "2026-04-01"),
    credit("V", "void", 81, 90, "2026-04-02"),
    credit("E", "expire", 91, 95, "2026-04-03"),
    credit("N", "redeem", 101, 105, "2026-05-01", owner="brand"),
    credit("X", "issue", 9, 5, "2026-05-01"),
]


def test_a_certificate_while_it_was_suspended_and_before_its_issue() -> None:
    known = world(CERTIFIED, PAUSE)
    row = known.rows("certificate")[0]
    suspended = standing(known, row, at("2025-01-15")).to_dict()
    assert suspended == {
        "certificate": "C1",
        "scheme": "ASI",
        "standard": "CoC v2",
        "holder": "https://smelter.example",
        "body": "https://body.example",
        "stage": "smelting",
        "sites": ["https://smelter.example/hall"],
        "products": ["urn:x:p"],
        "models": ["mb", "sg"],
        "issued": "2024-01-01",
        "registered": "2024-02-01",
        "at": "2025-01-15T00:00:00Z",
        "state": "suspended",
        "valid": False,
        "since": "2025-01-10T00:00:00Z",
        "expires": "2026-12-31T23:59:59.999999Z",
        "change": {
            "state": "suspended",
            "effective": "2025-01-10T00:00:00Z",
            "decided": "2025-01-05T00:00:00Z",
            "known": "1970-01-01T00:00:00Z",
            "until": "2025-02-10T23:59:59.999999Z",
            "published": "2025-01-12T00:00:00Z",
            "retroactive": False,
            "refused": False,
            "note": "late",
            "record": {"kind": "status", "id": "C1 | 2025-01-10 | suspended"},
        },
    }
    early = {"at": "2023-01-15T00:00:00Z", "state": "not_issued", "since": None, "change": None}
    assert standing(known, row, at("2023-01-15")).to_dict() == suspended | early
    assert [change.to_dict() for change in timeline(known, row)] == [
        {
            "state": "issued",
            "effective": "2024-01-01T00:00:00Z",
            "decided": None,
            "known": "1970-01-01T00:00:00Z",
            "until": None,
            "published": None,
            "retroactive": False,
            "refused": False,
            "note": "",
            "record": {"kind": "certificate", "id": "C1"},
        },
        suspended["change"],
        {
            "state": "expired",
            "effective": "2027-01-01T00:00:00Z",
            "decided": None,
            "known": None,
            "until": None,
            "published": None,
            "retroactive": False,
            "refused": False,
            "note": "",
            "record": {"kind": "certificate", "id": "C1"},
        },
    ]


def test_the_statement_of_an_account() -> None:
    known = world(*BOOK, valid="2026-02-20")
    assert statement(known, "A").to_dict() == {
        "account": "A",
        "product": "p",
        "input": "x",
        "unit": "TNE",
        "from": "2026-02-01T00:00:00Z",
        "to": "2026-02-20T23:59:59.999999Z",
        "opening": "9",
        "entered": "0",
        "withdrawn": "3",
        "lapsed": "6",
        "corrected": "0",
        "closing": "0",
        "signed": False,
        "period": {
            "from": "2026-02-01T00:00:00Z",
            "to": "2026-02-28T23:59:59.999999Z",
            "closed": False,
            "closing": None,
            "carried": None,
            "signed": None,
            "signed_on": None,
        },
        "lines": [
            {
                "time": "2026-02-10T00:00:00Z",
                "posting": "P2",
                "direction": "out",
                "quantity": "3",
                "unit": "TNE",
                "factor": None,
                "change": "-3",
                "balance": "6",
            },
            {
                "time": "2026-02-15T00:00:00Z",
                "posting": None,
                "direction": "expiry",
                "quantity": None,
                "unit": None,
                "factor": None,
                "change": "-6",
                "balance": "0",
            },
        ],
        "lots": [],
    }
    assert statement(known, "A", at("2026-01-31")).to_dict()["period"] == {
        "from": "2026-01-01T00:00:00Z",
        "to": "2026-01-31T23:59:59.999999Z",
        "closed": True,
        "closing": "9",
        "carried": "9",
        "signed": "P-7",
        "signed_on": "2026-02-02",
    }


def test_the_register_of_accounts_counts_what_has_lapsed_until_the_day() -> None:
    told: dict[str, Any] = {
        "account": "A",
        "product": "p",
        "input": "x",
        "unit": "TNE",
        "formula": "1",
        "scheme": "ASI",
        "charset": "K",
        "boundary": ["mill"],
        "postings": 3,
        "balance": "0",
        "lowest": "0",
        "expires": None,
        "problem": None,
    }
    assert accounts(world(*BOOK, valid="2026-02-20")) == (told,)
    before = {"balance": "6", "lowest": "1", "expires": "2026-02-15T00:00:00Z"}
    assert accounts(world(*BOOK, valid="2026-02-14")) == (told | before,)


def test_the_register_of_factors_has_the_yields_beside_each() -> None:
    assert factors(world(FACTOR, *STOCKS)) == (
        {
            "factor": "F",
            "site": "mill",
            "input": "x",
            "output": "p",
            "value": "0.8",
            "input_unit": "TNE",
            "output_unit": "TNE",
            "side": None,
            "from": "2025-01-01",
            "to": None,
            "evidence": "doc 1",
            "checked": None,
            "tolerance": None,
            "yields": [
                {
                    "factor": "F",
                    "stock": "S1",
                    "from": "2026-01-01T00:00:00Z",
                    "to": "2026-01-31T23:59:59.999999Z",
                    "value": "0.8",
                    "yield": "0.8",
                    "drift": "0",
                },
                {
                    "factor": "F",
                    "stock": "S2",
                    "from": "2026-02-01T00:00:00Z",
                    "to": "2026-02-28T23:59:59.999999Z",
                    "value": "0.8",
                    "yield": "0.75",
                    "drift": "-0.0625",
                },
            ],
        },
    )


def test_the_registry_of_credits() -> None:
    [told] = registries(world(*CREDITS))
    assert told.to_dict() == {
        "registry": "R",
        "blocks": [
            {
                "first": 1,
                "last": 10,
                "count": 10,
                "owner": "brand",
                "state": "redeemed",
                "since": "2026-03-01T00:00:00Z",
                "entry": "D",
            },
            {
                "first": 11,
                "last": 20,
                "count": 10,
                "owner": "brand",
                "state": "redeemed",
                "since": "2026-03-01T00:00:00Z",
                "entry": "D",
            },
            {
                "first": 21,
                "last": 30,
                "count": 10,
                "owner": "brand",
                "state": "redeemed",
                "since": "2026-04-01T00:00:00Z",
                "entry": "D2",
            },
            {
                "first": 31,
                "last": 60,
                "count": 30,
                "owner": "brand",
                "state": "issued",
                "since": "2026-02-01T00:00:00Z",
                "entry": "T",
            },
            {
                "first": 61,
                "last": 70,
                "count": 10,
                "owner": "farm",
                "state": "issued",
                "since": "2026-01-01T00:00:00Z",
                "entry": "I",
            },
            {
                "first": 71,
                "last": 80,
                "count": 10,
                "owner": "farm",
                "state": "cancelled",
                "since": "2026-04-01T00:00:00Z",
                "entry": "C",
            },
            {
                "first": 81,
                "last": 90,
                "count": 10,
                "owner": "farm",
                "state": "void",
                "since": "2026-04-02T00:00:00Z",
                "entry": "V",
            },
            {
                "first": 91,
                "last": 95,
                "count": 5,
                "owner": "farm",
                "state": "expired",
                "since": "2026-04-03T00:00:00Z",
                "entry": "E",
            },
            {
                "first": 96,
                "last": 100,
                "count": 5,
                "owner": "farm",
                "state": "issued",
                "since": "2026-01-01T00:00:00Z",
                "entry": "I",
            },
        ],
        "conflicts": [
            {"case": "redeemed_twice", "first": 11, "last": 20, "count": 10, "entry": "D2", "earlier": "D"},
            {"case": "not_issued", "first": 101, "last": 105, "count": 5, "entry": "N", "earlier": None},
        ],
        "unreadable": ["X"],
    }


def test_a_retroactive_end_is_told_as_such() -> None:
    known = world(CERTIFIED, changed("revoked", "2025-06-01", retroactive="yes", note="never met"))
    told = [change.to_dict() for change in timeline(known, known.rows("certificate")[0])]
    assert [(one["state"], one["retroactive"], one["note"]) for one in told] == [
        ("issued", False, ""),
        ("expired", False, ""),
        ("void", True, "never met"),
    ]


def test_what_lapsed_by_itself_covers_booked_expiries_once_and_together() -> None:
    moves = [
        posting("P1", "in", "5", "2026-01-01", expires="2026-02-01"),
        posting("P2", "in", "3", "2026-01-02", expires="2026-02-02"),
        posting("P3", "in", "3", "2026-01-03"),
        posting("X1", "expiry", "6", "2026-02-03"),
        posting("X2", "expiry", "2", "2026-02-04"),
    ]
    assert statement(world(account(), *moves), "A").closing == 3
    more = posting("X3", "expiry", "2", "2026-02-05")
    assert statement(world(account(), *moves, more), "A").closing == 1


def test_statements_of_a_declaration_are_those_of_its_sites_product_and_charset() -> None:
    declaration = {"kind": "declaration", "declaration": "D", "site": "mill", "model": "mb", "from": "2025-01-01"}
    span = ("2026-01-01", "2026-01-31")
    stocks = [
        stock("S1", *span, charset="K"),
        stock("S2", *span, charset="L"),
        stock("S3", *span, product="q"),
        stock("S4", *span, site="hall", charset="K"),
        {name: text for name, text in stock("S5", *span).items() if name != "product"},
    ]
    for more, found in (({}, ["S1", "S5"]), ({"boundary": "hall; mill"}, ["S4", "S1", "S5"])):
        known = world({**declaration, "charset": "K", **more}, *stocks)
        assert [row.id for row in statements_of(known, known.rows("declaration")[0], "p")] == found


def test_a_pack_lists_its_rules_and_parameters() -> None:
    [iso] = packs(("iso22095",))
    told = iso.whole()
    assert list(told) == ["id", "version", "title", "source", "hash", "schemes", "rules", "parameters"]
    order = {"id": "ISO22095-5.1-MODEL-ORDER", "clause": "5.1", "severity": "critical"}
    assert order in told["rules"]
    assert [one["name"] for one in told["parameters"]] == list(iso.parameters)
    assert (told["schemes"], told["source"]) == (list(iso.schemes), iso.source)
    assert all(one["source"] for one in told["parameters"])
    assert all(isinstance(rule.severity, Severity) for rule in iso.rules)
