"""What is on record at one time, and what a rule of it is that cannot be evaluated."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.claims.accounts.test_statement import account, posting
from tests.claims.written import at, world
from tracegraph.claims.accounts.rolling import average
from tracegraph.claims.accounts.statement import accounts, statement
from tracegraph.claims.backing import backings
from tracegraph.claims.finding import Finding, Found, Parameter, passed
from tracegraph.claims.models import Model
from tracegraph.claims.outcome import Outcome, Severity
from tracegraph.claims.rule import Parameters, Rule
from tracegraph.claims.running import findings_of, run
from tracegraph.claims.vessel import Content, Unclear, content_before, fillings_before
from tracegraph.claims.world import World
from tracegraph.schemes import packs


def claim(id: str, **told: str) -> dict[str, str]:
    return {"kind": "claim", "claim": id, "model": "sg", "made": "2026-01-02", **told}


def test_a_record_counts_from_its_very_first_instant() -> None:
    told = [claim("C", made="2026-01-02T12:00:00Z"), {"kind": "charset", "charset": "K", "attributes": "grown here"}]
    for valid, known in (("2026-01-02T11:59:59.999999Z", []), ("2026-01-02T12:00:00Z", ["C"])):
        found = world(*told, valid=valid)
        assert [row.id for row in found.rows("claim")] == known
        assert [row.id for row in found.rows("charset")] == ["K"]
        assert (found.row("claim", "C") is None) is (known == [])


def test_an_account_is_counted_until_the_time_of_the_world() -> None:
    booked = [account(), posting("P", "in", "5", "2026-01-20", expires="2026-02-01")]
    for valid, balance in (("2026-01-31", "5"), ("2026-02-01", "0")):
        assert [one["balance"] for one in accounts(world(*booked, valid=valid))] == [balance]
        assert statement(world(*booked, valid=valid), "A").closing == Decimal(balance)


def asks(known: World, parameters: Parameters) -> list[Found]:
    """A rule that needs two parameters."""
    return [passed(("pack", "p"), observed=parameters.number("given") + parameters.number("absent"))]


def test_a_parameter_without_a_value_is_missing_evidence_of_the_pack() -> None:
    [iso] = packs(("iso22095",))
    given = Parameter("given", "2", False, "a guess")
    pack = replace(iso, parameters={"given": given, "absent": Parameter("absent", "", True)})
    rule = Rule("R", "9", Severity.MINOR, asks)
    [found] = findings_of(world(), pack, rule)
    assert (found.outcome, found.found.subject) == (Outcome.NE, ("pack", "iso22095"))
    assert found.text == {
        "en": "the pack sets no value for the parameter absent, so this cannot be evaluated",
        "zh": "规则包未设定参数 absent 的值，因此无法评价",
    }
    assert [one.to_dict() for one in found.parameters] == [
        {"name": "absent", "value": "", "verified": True, "source": ""},
        {"name": "given", "value": "2", "verified": False, "source": "a guess"},
    ]
    told = found.to_dict()
    assert (told["clause"], told["pack"], told["version"], told["severity"]) == ("9", "iso22095", pack.version, None)


def test_findings_stand_in_an_order_of_their_own() -> None:
    [iso] = packs(("iso22095",))
    found = run(world(claim("B"), claim("A", model="mb")), [iso])
    keys = [(one.pack, one.rule, *one.found.subject) for one in found]
    assert keys == sorted(keys)
    assert len({one.rule for one in found}) == len(iso.rules), "a rule that is about nothing says so"


def test_a_severity_is_told_of_a_violation_only_and_may_be_the_packs() -> None:
    finding = Finding("R", "1", "p", "1", Found(Outcome.FAIL, ("claim", "C")), Severity.MAJOR, (), {}, {})
    assert finding.to_dict()["severity"] == "major"
    assert replace(finding, severity=Severity.INFO).to_dict()["severity"] == "info"
    assert finding.to_dict()["window"] == {"from": None, "to": None}


def entry(id: str, action: str, hour: int) -> dict[str, str]:
    about = {"kind": "blend", "entry": id, "vessel": "T", "action": action, "quantity": "1", "unit": "TNE"}
    return {**about, "time": f"2026-01-02T{hour:02}:00:00Z"}


def test_a_vessel_was_filled_since_its_last_heel_and_not_by_what_left_it() -> None:
    known = world(
        entry("1", "add", 5),
        entry("2", "heel", 6),
        entry("3", "add", 7),
        entry("4", "draw", 8),
        entry("5", "measure", 8),
        entry("6", "add", 9),
        entry("7", "dispatch", 10),
        entry("8", "add", 11),
    )
    departure = known.row("blend", "7")
    assert departure is not None
    assert [row.id for row in fillings_before(known, departure)] == ["2", "3", "6"]


def support(claim: str, by: str, reference: str) -> dict[str, str]:
    return {"kind": "support", "claim": claim, "by": by, "reference": reference}


def told(known: World, id: str) -> list[tuple[str, str, Model | None, bool]]:
    row = known.row("claim", id)
    assert row is not None
    return [(one.by, one.reference, one.model, one.row is not None) for one in backings(known, row)]


def test_what_supports_a_claim_bears_so_much() -> None:
    known = world(
        claim("C"),
        claim("IN", model="bc"),
        claim("SG", model="sg"),
        posting("P1", "out", "1", "2026-01-02", claim="IN"),
        posting("P2", "out", "1", "2026-01-02"),
        posting("P3", "out", "1", "2026-01-02", claim="C"),
        posting("P4", "out", "1", "2026-01-02", claim="SG"),
        *(support("C", "posting", f"P{number}") for number in range(1, 6)),
        support("C", "claim", "IN"),
        support("C", "claim", "LOST"),
        support("C", "credit", "X"),
    )
    assert told(known, "C") == [
        ("claim", "IN", Model.BOOK_AND_CLAIM, True),
        ("claim", "LOST", None, False),
        ("credit", "X", None, False),
        ("posting", "P1", Model.BOOK_AND_CLAIM, True),
        ("posting", "P2", Model.MASS_BALANCE, True),
        ("posting", "P3", Model.MASS_BALANCE, True),
        ("posting", "P4", Model.MASS_BALANCE, True),
        ("posting", "P5", None, False),
    ]


def test_an_older_claim_of_somebody_else_on_the_goods_stands_behind_one_without_supports() -> None:
    goods = {"goods": "urn:x:lot:A"}
    known = world(
        claim("OLD", party="https://farm.example", made="2026-01-01", **goods),
        claim("SAME", party="https://farm.example", made="2026-01-02T12:00:00Z", **goods),
        claim("OWN", party="https://mill.example", made="2026-01-01", **goods),
        claim("C", party="https://mill.example", made="2026-01-02T12:00:00Z", **goods),
    )
    assert told(known, "C") == [("goods", "urn:x:lot:A", Model.SEGREGATED, True)]
    assert [one.name for one in backings(known, known.rows("claim")[0])] == ["OLD"]


def stock(id: str, since: str, to: str) -> dict[str, str]:
    return {"kind": "stock", "stock": id, "site": "mill", "unit": "TNE", "from": since, "to": to, "received": "1"}


def test_a_window_is_covered_to_its_last_instant_or_has_a_gap() -> None:
    whole = world(stock("S1", "2026-01-01", "2026-01-31")).rows("stock")
    assert average(whole, at("2026-01-01"), at("2026-02-01") - 1).gap is None
    assert average(whole, at("2026-01-01"), at("2026-02-01")).gap == at("2026-02-01")
    late = world(stock("S1", "2026-01-02", "2026-01-31")).rows("stock")
    assert average(late, at("2026-01-01"), at("2026-02-01") - 1).gap == at("2026-01-01")


def test_a_factor_of_another_unit_fills_no_vessel() -> None:
    factor = {"kind": "factor", "factor": "F", "site": "mill", "input": "x", "output": "p", "value": "0.5"}
    units = {"input_unit": "MTQ", "output_unit": "TNE", "from": "2025-01-01"}
    tonnes = entry("1", "add", 5) | {"factor": "F", "percent": "50"}
    known = world({**factor, **units}, tonnes, entry("2", "dispatch", 6))
    departure = known.row("blend", "2")
    assert departure is not None
    refused = content_before(known, departure, "")
    assert isinstance(refused, Unclear)
    assert (refused.entry.id, refused.reason) == ("1", "no_factor")
    cubic = world({**factor, **units}, tonnes | {"unit": "MTQ", "quantity": "4"}, entry("2", "dispatch", 6))
    content = content_before(cubic, departure, "")
    assert isinstance(content, Content)
    assert (str(content.total), str(content.specified), content.unit) == ("2", "1", "TNE")
