"""Kinds of records: what a row of text becomes, and what is said of one that is no record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.errors import InvalidField, UsageError
from tracegraph.model.record_kinds import record_kind, record_kinds, record_of, time_span

SITE = "https://plant.example/hall"

ROWS = {
    "line": {"site": SITE, "line": "L1"},
    "run": {"run": "P1", "units": "a; b", "site": SITE},
    "cleaning": {"site": SITE, "line": "L1", "from": "2026-01-01T06:00:00Z"},
    "evidence": {"evidence": "T1", "unit": "a", "at": "2026-01-01", "result": "positive"},
    "case": {"case": "C-1", "place": SITE},
    "override": {"unit": "a"},
    "alias": {"unit": "a", "alias": "b"},
}


def test_every_kind_has_labels_in_both_languages_and_a_key_of_its_own_fields() -> None:
    assert set(record_kinds()) >= set(ROWS)
    for kind in record_kinds().values():
        assert set(kind.key) <= set(kind.names)
        for label in (kind.label, *(one.label for one in kind.fields)):
            assert set(label) == {"en", "zh"}
            assert all(label.values())


@pytest.mark.parametrize("kind", ROWS)
def test_the_least_row_is_a_record(kind: str) -> None:
    made = record_of(kind, ROWS[kind], reason="seen")
    assert made.kind == kind
    assert set(ROWS[kind]) <= set(made.data)
    assert made == record_of(kind, {name: f" {text} " for name, text in ROWS[kind].items()}, reason="seen")


@pytest.mark.parametrize("kind", ROWS)
def test_a_missing_field_is_named(kind: str) -> None:
    for name in ROWS[kind]:
        if any(one.name == name and one.required for one in record_kind(kind).fields):
            with pytest.raises(InvalidField, match=name) as caught:
                record_of(kind, ROWS[kind] | {name: " "}, reason="seen")
            assert caught.value.field == name


def test_values_are_read_by_type() -> None:
    run = record_of("run", ROWS["run"] | {"from": "2026-01-01T08:00:00+01:00", "to": "2026-01-02", "grade": "VERIFIED"})
    assert run.data == {
        "run": "P1",
        "units": ["a", "b"],
        "site": SITE,
        "from": "2026-01-01T07:00:00Z",
        "to": "2026-01-02",
        "grade": "verified",
    }
    assert record_of("cleaning", ROWS["cleaning"] | {"verified": "是"}).data["verified"] is True
    assert record_of("cleaning", ROWS["cleaning"]).data["verified"] is False
    assert record_of("case", ROWS["case"] | {"weight": "2.50"}).data["weight"] == "2.50"
    assert record_of("case", {"case": "C-1", "unit": "urn:epc:class:lgtin:9521000.012345.L1"}).data["unit"] == (
        "https://id.gs1.org/01/09521000123458/10/L1"
    )


@pytest.mark.parametrize(
    ("kind", "change", "field", "words"),
    [
        ("case", {"case": "Anna Example"}, "case", "name"),
        ("case", {"case": "Anna"}, "case", "name"),
        ("case", {"weight": "-1"}, "weight", "at least 0"),
        ("case", {"weight": "much"}, "weight", "no number"),
        ("case", {"weight": "NaN"}, "weight", "no number"),
        ("case", {"place": ""}, "place", "place or unit"),
        ("case", {"role": "suspect"}, "role", "case, control"),
        ("case", {"onset_from": "2026-01-02", "onset_to": "2026-01-01"}, "onset_to", "before"),
        ("run", {"from": "noon"}, "from", "no date or time"),
        ("run", {"colour": "red"}, "colour", "units"),
        ("cleaning", {"verified": "perhaps"}, "verified", "neither yes nor no"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_field(
    kind: str, change: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(InvalidField, match=words) as caught:
        record_of(kind, ROWS[kind] | change, reason="seen")
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{kind}: {field} ")


def test_a_date_is_in_order_with_any_time_of_that_day() -> None:
    assert (
        record_of("run", ROWS["run"] | {"from": "2026-01-01T23:00:00Z", "to": "2026-01-01"}).data["to"] == "2026-01-01"
    )
    first, last = time_span("2026-01-01")
    assert last - first == 86_400_000_000 - 1


def test_no_override_without_a_reason() -> None:
    with pytest.raises(UsageError, match="reason"):
        record_of("override", ROWS["override"])


def test_no_such_kind() -> None:
    with pytest.raises(UsageError, match="cleaning"):
        record_of("cleanings", {})


@given(st.text("ab| ", min_size=1, max_size=4), st.text("ab| ", max_size=4), st.text("ab| ", max_size=4))
def test_different_keys_are_different_records(line: str, other_line: str, site: str) -> None:
    rows = [{"site": f"s{site}", "line": one or "x", "from": "2026-01-01"} for one in (line, other_line)]
    if not all(row["line"].strip() for row in rows):
        return
    one, other = (record_of("cleaning", row) for row in rows)
    assert (one.id == other.id) == (rows[0]["line"].strip() == rows[1]["line"].strip())
