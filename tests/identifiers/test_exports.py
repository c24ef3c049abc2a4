"""Back from a canonical key to an EPC URN."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.identifiers import canonical, to_epc_urn

GS1 = "https://id.gs1.org"


def test_a_known_company_prefix_is_looked_up() -> None:
    assert to_epc_urn(f"{GS1}/01/80614141123458/10/A%2FB") == "urn:epc:class:lgtin:0614141.812345.A%2FB"
    assert to_epc_urn(f"{GS1}/01/80614141123458") == "urn:epc:idpat:sgtin:0614141.812345.*"


@pytest.mark.parametrize(
    "key",
    [
        "urn:x-lot:1",
        "",
        "urn:epc:id:sgtin:0614141.812345.1",
        f"{GS1}/01/80614141123459",
        f"{GS1}/01/80614141123458/10/" + "A" * 21,
        f"{GS1}/01/00000012345670",
        f"{GS1}/8018/401234598765400000/8019/1",
        f"{GS1}/8013/4012345X1",
    ],
)
def test_what_has_no_urn(key: str) -> None:
    assert to_epc_urn(key) is None


@pytest.mark.parametrize("length", [1, 5, 13, 40, -1])
def test_no_urn_has_such_a_company_prefix(length: int) -> None:
    assert to_epc_urn(f"{GS1}/01/80614141123458/21/1", length) is None


@given(
    st.sampled_from(["class:lgtin", "id:sgtin", "id:upui"]),
    st.text("0123456789", min_size=13, max_size=13),
    st.integers(6, 12),
    st.text("aZ0-_.!'()*+,:;=", min_size=1, max_size=20),
)
def test_a_urn_comes_back_from_its_key_or_not_at_all(scheme: str, number: str, cut: int, serial: str) -> None:
    urn = f"urn:epc:{scheme}:{number[:cut]}.{number[cut:]}.{serial}"
    assert to_epc_urn(canonical(urn), cut) in (urn, None)
