"""Answers about claims: which claims and findings are about what was asked, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.claims.written import world
from tracegraph import Tracegraph
from tracegraph.claims.answering import check_claims, checked, known_claim
from tracegraph.claims.finding import Finding, Found
from tracegraph.claims.outcome import Outcome, Severity
from tracegraph.claims.question import ClaimsQuestion, asked_of_claims
from tracegraph.claims.registers import CertificatesWanted
from tracegraph.claims.selection import Deciding, about_any, chosen_claims
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.schemes import packs

ORDER = "ISO22095-5.1-MODEL-ORDER"
CLAIM = {
    "kind": "claim",
    "claim": "OUT",
    "model": "sg",
    "goods": "urn:x:lot:A",
    "party": "https://mill.example",
    "account": "A",
    "certificate": "CERT",
    "made": "2026-02-01",
}
BEHIND = {"kind": "claim", "claim": "IN", "model": "mb", "made": "2026-01-01"}
SUPPORT = {"kind": "support", "claim": "OUT", "by": "claim", "reference": "IN"}
KNOWN = world(CLAIM, BEHIND, SUPPORT)


def found(kind: str, id: str, *evidence: Any) -> Finding:
    told = Found(Outcome.PASS, (kind, id), evidence=evidence)
    return Finding("R", "1", "pack", "1", told, Severity.MAJOR, (), {}, {})


@pytest.mark.parametrize("name", ["OUT", "urn:x:lot:A", "https://mill.example", "A", "CERT"])
def test_a_claim_is_found_by_its_number_and_by_what_it_is_about(name: str) -> None:
    assert [row.id for row in chosen_claims(KNOWN, [name])] == ["OUT"]


def test_claims_are_sorted_and_a_name_that_nothing_has_finds_none() -> None:
    assert [row.id for row in chosen_claims(KNOWN, ["OUT", "IN"])] == ["IN", "OUT"]
    assert chosen_claims(KNOWN, ["sg", "2026-02-01", "nothing"]) == ()


def test_a_finding_is_about_its_subject_and_about_its_evidence() -> None:
    names, claims = frozenset({"A"}), frozenset({"OUT"})
    row = KNOWN.row("claim", "OUT")
    assert about_any(found("account", "A"), names, claims)
    assert about_any(found("claim", "OUT"), names, claims)
    assert not about_any(found("account", "OUT"), names, claims)
    assert not about_any(found("claim", "IN"), names, claims)
    assert about_any(found("site", "S", row), names, claims)
    assert about_any(found("site", "S", {"kind": "account", "id": "B"}, {"kind": "account", "id": "A"}), names, claims)
    assert not about_any(found("site", "S", {"kind": "account", "id": "B"}, {}), names, claims)


def test_a_claim_stands_on_its_account_and_its_certificate_and_on_nothing_else() -> None:
    out, behind = KNOWN.row("claim", "OUT"), KNOWN.row("claim", "IN")
    assert out is not None
    assert behind is not None
    all_found = [
        found("claim", "OUT"),
        found("claim", "A"),
        found("account", "A"),
        found("account", "CERT"),
        found("certificate", "CERT"),
        found("account", ""),
    ]
    assert [one.found.subject for one in Deciding(all_found).of_claim(out)] == [
        ("claim", "OUT"),
        ("account", "A"),
        ("certificate", "CERT"),
    ]
    assert list(Deciding(all_found).of_claim(behind)) == []


def test_the_answer_has_a_verdict_for_each_claim_and_pack() -> None:
    both = packs(("iso22095", "asi_coc"))
    told = checked(KNOWN, ClaimsQuestion(rules=(ORDER,)), both)
    assert [one["id"] for one in told["packs"]] == ["asi_coc", "iso22095"]
    assert [(one["claim"], one["pack"], one["verdict"]) for one in told["claims"]] == [
        ("IN", "asi_coc", "not_evaluable"),
        ("IN", "iso22095", "not_evaluable"),
        ("OUT", "asi_coc", "not_evaluable"),
        ("OUT", "iso22095", "not_supported"),
    ]
    out, [_, iso] = told["claims"][3], both
    assert out["version"] == iso.version
    said = f"claim OUT is not supported by the supplied records under pack iso22095 version {iso.version}"
    assert out["statement"]["en"] == said
    assert out["outcomes"] == {"PASS": 0, "FAIL": 1, "NE": 0, "NA": 0}
    assert told["summary"][1]["FAIL"] == 1
    assert told["summary"] == [
        {"pack": pack.id, **{name: outcomes(told, pack.id).count(name) for name in ("PASS", "FAIL", "NE", "NA")}}
        for pack in both
    ]
    assert {one["rule"] for one in told["findings"]} == {ORDER}


def outcomes(told: dict[str, Any], pack: str) -> list[str]:
    return [one["outcome"] for one in told["findings"] if one["pack"] == pack]


def test_what_is_asked_about_one_claim_is_answered_about_that_one() -> None:
    [iso] = packs(("iso22095",))
    told = checked(KNOWN, ClaimsQuestion(about=("IN",)), [iso])
    assert [one["claim"] for one in told["claims"]] == ["IN"]
    every = checked(KNOWN, ClaimsQuestion(), [iso])
    assert [one["claim"] for one in every["claims"]] == ["IN", "OUT"]
    named = [one for one in every["findings"] if "IN" in (one["subject"]["id"], *(e["id"] for e in one["evidence"]))]
    assert told["findings"] == named
    assert 0 < len(named) < len(every["findings"])


def test_parameters_that_nobody_verified_are_named() -> None:
    both = packs(("iso22095", "asi_coc"))
    told = checked(KNOWN, ClaimsQuestion(), both)
    used = [one for finding in told["findings"] for one in finding["parameters"]]
    assert told["unverified"] == sorted({one["name"] for one in used if not one["verified"]})


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Tracegraph]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/claims.db") as graph:
        for told in ({**CLAIM, "as_found": "yes"}, BEHIND, SUPPORT):
            graph.record(told["kind"], {name: text for name, text in told.items() if name != "kind"}, "test")
        yield graph


def test_the_envelope_says_what_was_asked_and_lists_nothing_of_the_goods(graph: Tracegraph) -> None:
    iso = packs(("iso22095",))
    asked = asked_of_claims(("iso22095",), (ORDER, ORDER), ("OUT",), "2026-02-01", None)
    told = check_claims(graph.store, asked, iso).envelope
    assert told["question"] == {
        "kind": "claims",
        "packs": ["iso22095"],
        "rules": [ORDER],
        "about": ["OUT"],
        "valid": "2026-02-01T23:59:59.999999Z",
        "as_of": None,
    }
    assert {name: told["result"][name] for name in ("units", "holdings", "events", "sites", "parties", "paths")} == {
        name: [] for name in ("units", "holdings", "events", "sites", "parties", "paths")
    }
    assert [one["claim"] for one in told["result"]["claims"]] == ["OUT"]
    before = check_claims(graph.store, asked_of_claims(valid="2026-01-31"), iso).envelope
    assert [one["claim"] for one in before["result"]["claims"]] == ["IN"]
    unknown = check_claims(graph.store, asked_of_claims(as_of="2000-01-01"), iso).envelope
    assert unknown["result"]["claims"] == []
    assert unknown["question"]["as_of"] == "2000-01-01T23:59:59.999999Z"


def test_a_rule_or_a_claim_that_there_is_not(graph: Tracegraph) -> None:
    both = packs(("iso22095", "asi_coc"))
    with pytest.raises(UsageError) as no_rule:
        check_claims(graph.store, ClaimsQuestion(rules=(ORDER, "NONE")), both)
    assert str(no_rule.value) == "there is no rule 'NONE' in asi_coc, iso22095; see `packs show`"
    result = check_claims(graph.store, ClaimsQuestion(), both).envelope["result"]
    known_claim(result, "IN")
    with pytest.raises(UnknownIdentifier, match="no claim 'NONE' is on record; `claims check` lists") as no_claim:
        known_claim(result, "NONE")
    assert no_claim.value.identifier == "NONE"


def test_certificates_are_wanted_by_canonical_names() -> None:
    wanted = CertificatesWanted.of(
        "ASI", "https://smelter.example", "https://smelter.example/hall", model="MB", valid=True
    )
    assert wanted.to_dict() == {
        "scheme": "ASI",
        "holder": "https://smelter.example",
        "site": "https://smelter.example/hall",
        "product": None,
        "model": "mb",
        "valid": True,
    }
    assert set(CertificatesWanted.of().to_dict().values()) == {None, False}
    with pytest.raises(UsageError, match="'xx' is no model; choose one of ip, sg, cb, mb, bc"):
        CertificatesWanted.of(model="xx")


def record(graph: Tracegraph, kind: str, **row: str) -> None:
    graph.record(kind, {name.rstrip("_"): text for name, text in row.items()}, "test")


def certificate(graph: Tracegraph, number: str, **more: str) -> None:
    row = {"scheme": "ASI", "holder": "https://smelter.example", "issued": "2024-01-01", "expires": "2026-12-31"}
    record(graph, "certificate", certificate=number, **row | more)


def listed(graph: Tracegraph, on: str = "2025-06-01", **wanted: Any) -> dict[str, Any]:
    told = graph.certificates(on=on, **wanted).to_dict()["result"]["certificates"]
    return {one["certificate"]: (one["state"], one["scope"]["covered"]) for one in told}


def test_the_register_of_certificates_lists_what_is_wanted(graph: Tracegraph) -> None:
    certificate(graph, "C1", models="mb; sg", sites="https://smelter.example/hall")
    certificate(graph, "C2", scheme="OTHER")
    certificate(graph, "C3", holder="https://mill.example", expires="2024-12-31")
    assert listed(graph) == {"C1": ("issued", True), "C2": ("issued", True), "C3": ("expired", True)}
    assert set(listed(graph, scheme="ASI")) == {"C1", "C3"}
    assert set(listed(graph, holder="https://smelter.example")) == {"C1", "C2"}
    assert set(listed(graph, valid=True)) == {"C1", "C2"}
    assert set(listed(graph, on="2024-06-01", valid=True)) == {"C1", "C2", "C3"}
    assert listed(graph, model="mb") == {"C1": ("issued", True), "C2": ("issued", None), "C3": ("expired", None)}
    assert set(listed(graph, model="ip")) == {"C2", "C3"}
    assert set(listed(graph, site="https://smelter.example/other")) == {"C2", "C3"}


def test_one_certificate_with_its_changes(graph: Tracegraph) -> None:
    certificate(graph, "C1")
    record(graph, "status", certificate="C1", status="suspended", effective="2025-03-01")
    told = graph.certificate("C1", on="2025-02-28").to_dict()
    assert [one["state"] for one in told["result"]["certificates"]] == ["issued"]
    assert [one["state"] for one in told["result"]["timeline"]] == ["issued", "suspended", "expired"]
    assert told["question"] == {
        "kind": "certificate",
        "certificate": "C1",
        "on": "2025-02-28T23:59:59.999999Z",
        "as_of": None,
    }
    later = graph.certificate("C1", on="2025-03-01").to_dict()["result"]["certificates"]
    assert [one["state"] for one in later] == ["suspended"]
    with pytest.raises(UnknownIdentifier, match="no certificate 'C9' is on record; `certificates list`") as unknown:
        graph.certificate("C9")
    assert unknown.value.identifier == "C9"


def test_accounts_until_a_date(graph: Tracegraph) -> None:
    account = {"account": "A", "boundary": "https://mill.example/1", "product": "https://goods.example/p"}
    record(graph, "account", **account, input="x", unit="TNE", formula="1", from_="2026-01-01")
    for number, day in ((1, "10"), (2, "20")):
        posting = {"posting": f"P{number}", "account": "A", "direction": "in", "quantity": f"{number}0", "unit": "TNE"}
        record(graph, "posting", **posting, time=f"2026-01-{day}")
    whole = graph.account("A").to_dict()["result"]
    assert (whole["statement"]["closing"], whole["stock"]) == ("30", [])
    early = graph.account("A", on="2026-01-15").to_dict()
    assert early["result"]["statement"]["closing"] == "10"
    assert (early["question"]["kind"], early["question"]["account"], early["question"]["since"]) == (
        "account",
        "A",
        None,
    )
    assert [one["balance"] for one in graph.accounts().to_dict()["result"]["accounts"]] == ["30"]
    assert [one["balance"] for one in graph.accounts(on="2026-01-15").to_dict()["result"]["accounts"]] == ["10"]
    since = graph.account("A", since="2026-01-20").to_dict()
    assert since["result"]["statement"]["opening"] == "10"
    assert since["question"]["since"] == "2026-01-20T00:00:00Z"
    with pytest.raises(UnknownIdentifier, match="there is no account 'B'; `accounts list`") as unknown:
        graph.account("B")
    assert unknown.value.identifier == "B"


def test_credits_until_a_date(graph: Tracegraph) -> None:
    issue = {"registry": "R", "action": "issue", "owner": "https://farm.example"}
    record(graph, "credit", entry="I", first="1", last="10", time="2026-01-01", **issue)
    record(graph, "credit", entry="J", first="11", last="20", time="2026-02-01", **issue)
    [late] = graph.credits().to_dict()["result"]["registries"]
    [early] = graph.credits(on="2026-01-31").to_dict()["result"]["registries"]
    assert late != early
    assert graph.credits(on="2025-12-31").to_dict()["result"]["registries"] == []


def test_registers_as_known_before_anything_was(graph: Tracegraph) -> None:
    certificate(graph, "C1")
    issue = {"registry": "R", "action": "issue", "owner": "https://farm.example"}
    record(graph, "credit", entry="I", first="1", last="10", time="2026-01-01", **issue)
    account = {"account": "A", "boundary": "https://mill.example/1", "product": "https://goods.example/p"}
    record(graph, "account", **account, input="x", unit="TNE", formula="1", from_="2026-01-01")
    for name, ask in (
        ("certificates", graph.certificates),
        ("registries", graph.credits),
        ("accounts", graph.accounts),
    ):
        now, then = ask().to_dict(), ask(as_of="2000-01-01").to_dict()
        assert (len(now["result"][name]), then["result"][name]) == (1, [])
        kind = {"registries": "credits"}.get(name, name)
        assert (now["question"]["kind"], then["question"]["as_of"]) == (kind, "2000-01-01T23:59:59.999999Z")
