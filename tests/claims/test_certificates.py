from __future__ import annotations

from typing import Any

import pytest

from tests.claims.written import at, world
from tracegraph.claims.certificates import register, scope, standing, timeline
from tracegraph.claims.world import World

CERTIFICATE = {
    "kind": "certificate",
    "certificate": "C1",
    "scheme": "ASI",
    "holder": "https://smelter.example",
    "sites": "https://smelter.example/hall",
    "models": "mb; sg",
    "issued": "2024-01-01",
    "expires": "2026-12-31",
}


def changed(status: str, effective: str, **more: str) -> dict[str, Any]:
    return {"kind": "status", "certificate": "C1", "status": status, "effective": effective, **more}


def state(found: World, instant: str) -> str:
    return standing(found, found.rows("certificate")[0], at(instant)).state


def test_it_is_valid_from_the_day_of_issue_to_the_end_of_the_last_day() -> None:
    found = world(CERTIFICATE)
    assert state(found, "2023-12-31T23:59:59Z") == "not_issued"
    assert state(found, "2024-01-01") == "issued"
    assert state(found, "2026-12-31T23:59:59Z") == "issued"
    assert state(found, "2027-01-01") == "expired"


def test_a_suspension_ends_with_a_restoration_and_not_by_itself() -> None:
    found = world(CERTIFICATE, changed("suspended", "2025-01-10", until="2025-02-10"))
    assert state(found, "2025-03-01") == "suspended"
    restored = world(CERTIFICATE, changed("suspended", "2025-01-10"), changed("restored", "2025-02-10"))
    assert [state(restored, day) for day in ("2025-01-09", "2025-01-10", "2025-02-09", "2025-02-10")] == [
        "issued",
        "suspended",
        "suspended",
        "restored",
    ]


@pytest.mark.parametrize("status", ["withdrawn", "revoked", "cancelled"])
def test_nothing_restores_what_was_ended(status: str) -> None:
    found = world(CERTIFICATE, changed(status, "2025-01-10"), changed("active", "2025-03-01"))
    assert state(found, "2025-01-09") == "issued"
    assert state(found, "2025-04-01") == status
    assert state(found, "2028-01-01") == status
    assert [change.refused for change in timeline(found, found.rows("certificate")[0])] == [False, False, True]


def test_a_retroactive_end_makes_it_void_from_the_start() -> None:
    found = world(CERTIFICATE, changed("revoked", "2025-06-01", retroactive="yes", decided="2025-05-20"))
    row = found.rows("certificate")[0]
    assert state(found, "2023-12-01") == "not_issued"
    assert state(found, "2024-01-01") == state(found, "2026-01-01") == "void"
    told = standing(found, row, at("2024-05-01"))
    assert not told.valid
    assert told.since == at("2024-01-01")
    assert [one.kind for one in told.evidence] == ["certificate", "status"]
    before = world(CERTIFICATE, changed("revoked", "2025-06-01", retroactive="yes"), valid="2025-05-31")
    assert state(before, "2024-05-01") == "issued"


def test_an_extension_moves_the_end_and_leaves_a_hole_where_it_came_late() -> None:
    found = world(CERTIFICATE, changed("extended", "2026-12-01", until="2027-03-31"))
    assert state(found, "2027-01-01") == "extended"
    assert state(found, "2027-03-31T23:00:00Z") == "extended"
    assert state(found, "2027-04-01") == "expired"
    late = world(CERTIFICATE, changed("extended", "2027-01-10", until="2027-03-31"))
    assert state(late, "2027-01-05") == "expired"
    assert state(late, "2027-01-10") == "extended"
    assert state(late, "2027-04-01") == "expired"


def test_what_comes_after_expiry_is_refused_unless_it_ends_it_for_good() -> None:
    found = world(CERTIFICATE, changed("restored", "2027-01-10"), changed("revoked", "2027-02-01"))
    assert [(change.state, change.refused) for change in timeline(found, found.rows("certificate")[0])] == [
        ("issued", False),
        ("expired", False),
        ("restored", True),
        ("revoked", False),
    ]
    assert state(found, "2027-01-15") == "expired"
    assert state(found, "2027-02-15") == "revoked"


def test_recorded_expiry_is_the_only_one() -> None:
    found = world(CERTIFICATE, changed("expired", "2026-06-30"))
    assert state(found, "2026-07-01") == "expired"
    assert len(timeline(found, found.rows("certificate")[0])) == 2


def test_the_register_lists_those_of_a_scheme() -> None:
    found = world(CERTIFICATE, CERTIFICATE | {"certificate": "C0", "scheme": "ASC"})
    told = register(found, at("2025-01-01"))
    assert [one.certificate.id for one in told] == ["C0", "C1"]
    assert [one.certificate.id for one in register(found, at("2025-01-01"), "ASI")] == ["C1"]
    shown = told[1].to_dict()
    assert shown["state"] == "issued"
    assert shown["valid"] is True
    assert shown["expires"] == "2026-12-31T23:59:59.999999Z"
    assert shown["change"]["record"] == {"kind": "certificate", "id": "C1"}


def test_the_scope_says_what_is_covered_and_what_it_does_not_list() -> None:
    row = world(CERTIFICATE).rows("certificate")[0]
    site = row.several("sites")[0]
    assert scope(row, site=site, model="MB").covered is True
    assert scope(row, site="https://other.example/hall").to_dict() == {
        "site": False,
        "product": True,
        "model": True,
        "covered": False,
    }
    assert scope(row, product="urn:x").covered is None
    assert scope(row, site=site, product="urn:x", model="ip").covered is False
