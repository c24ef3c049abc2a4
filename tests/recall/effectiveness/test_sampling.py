"""Samples: as many as asked, from every stratum, and the same again."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracegraph.errors import InputError, InvalidField, UsageError
from tracegraph.model.quantity import Quantity
from tracegraph.recall.effectiveness import Candidate, drawn, fresh_seed, levels, sample_size
from tracegraph.recall.effectiveness.sampling import Drawn, allocated, stratified


def candidate(number: int, tier: int = 1, kilograms: int | None = None, unit: str = "KGM") -> Candidate:
    return Candidate(f"urn:x-party:{number}", tier, None if kilograms is None else Quantity(Decimal(kilograms), unit))


def names(sample: Drawn) -> list[str]:
    return [name.rpartition(":")[2] for name, _ in sample.consignees]


@pytest.mark.parametrize(("level", "number"), [("a", 350), ("c", 35), ("d", 7), ("e", 0)])
def test_350_consignees_by_level(level: str, number: int) -> None:
    share = levels()[level].share(None)
    assert sample_size(350, share) == number
    sample = drawn([candidate(one, 1 + one % 3, one) for one in range(350)], number, "1")
    assert len(set(names(sample))) == number


@pytest.mark.parametrize(
    ("population", "percentage", "number"),
    [(0, "100", 0), (1, "2", 1), (50, "2", 1), (51, "2", 2), (350, "10.1", 36), (3, "33.4", 2), (3, "33.3", 1)],
)
def test_parts_of_a_consignee_count_whole(population: int, percentage: str, number: int) -> None:
    assert sample_size(population, Decimal(percentage)) == number


def test_level_b_is_as_given_within_bounds_and_no_other_is() -> None:
    level = levels()["b"]
    assert level.share(Decimal(25)) == 25
    for wrong in ("9.99", "100.01"):
        with pytest.raises(InvalidField, match=wrong):
            level.share(Decimal(wrong))
    with pytest.raises(InvalidField, match="missing"):
        level.share(None)
    with pytest.raises(InvalidField, match="level c is 10"):
        levels()["c"].share(Decimal(20))
    assert levels()["c"].share(Decimal("10.0")) == 10


def test_levels_say_that_their_source_was_not_looked_at_and_can_be_replaced(tmp_path: Path) -> None:
    assert {(one.source, one.verified) for one in levels().values()} == {("21 CFR 7.42(b)(3)", False)}
    table = {
        "source": "handbook",
        "date": "2026",
        "verified": True,
        "levels": {"c": {"name": {"en": "C", "zh": "C"}, "percentage": "15"}},
    }
    file = tmp_path / "levels.json"
    file.write_text(json.dumps(table), encoding="utf-8")
    assert levels(file)["c"].share(None) == 15
    table["levels"]["c"]["percentage"] = "101"  # type: ignore[index]
    file.write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(InputError, match="101"):
        levels(file)
    with pytest.raises(InputError, match="cannot be read"):
        levels(tmp_path / "none.json")


def test_the_same_seed_draws_the_same_on_every_version() -> None:
    """The very consignees, written down: whatever makes this fail makes old draws impossible to repeat."""
    sample = drawn([candidate(one, 1, one) for one in range(30)], 6, "2026-03")
    assert names(sample) == ["23", "29", "17", "18", "3", "7"]
    assert sample.candidates == "b842cc4aad64f7b8c3637a011b020ceb5e3c07ba57b6e6ba2215bb63b413120a"


def test_bands_hold_thirds_and_equal_amounts_together() -> None:
    groups = stratified(
        [candidate(one, 1, kilograms) for one, kilograms in enumerate([9, 8, 7, 7, 7, 1])]
        + [candidate(10, 1), candidate(11, 2, 5), candidate(12, 1, 4, "H87"), candidate(13, 1, 2000, "GRM")]
    )
    told = {
        (one.tier, one.dimension, one.band): [name.rpartition(":")[2] for name in found]
        for one, found in groups.items()
    }
    assert told == {
        (1, "", "unknown"): ["10"],
        (1, "count", "large"): ["12"],
        (1, "mass", "large"): ["0", "1", "2", "3", "4"],
        (1, "mass", "small"): ["13", "5"],
        (2, "mass", "large"): ["11"],
    }


def test_nobody_twice_and_no_more_than_there_are() -> None:
    with pytest.raises(UsageError, match="named twice"):
        drawn([candidate(1), candidate(1, 2)], 1, "x")
    with pytest.raises(UsageError, match="2 of 1"):
        drawn([candidate(1)], 2, "x")
    assert drawn([], 0, "x").consignees == ()


def test_nobody_chooses_a_fresh_seed() -> None:
    assert len({fresh_seed() for _ in range(20)}) == 20


amounts = st.one_of(st.none(), st.integers(0, 40))
several = st.lists(st.tuples(st.integers(1, 4), amounts, st.sampled_from(["KGM", "H87"])), max_size=60)


@given(several, st.integers(0, 60), st.text(max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_exactly_so_many_from_every_stratum_and_the_same_in_any_order(
    rows: list[tuple[int, int | None, str]], wanted: int, seed: str, shuffling: object
) -> None:
    candidates = [candidate(one, *row) for one, row in enumerate(rows)]
    number = min(wanted, len(candidates))
    sample = drawn(candidates, number, seed)
    assert len(sample.consignees) == len(set(names(sample))) == number == sum(places for *_, places in sample.strata)
    assert sum(size for _, size, _ in sample.strata) == sample.population == len(candidates)
    tiers = {one.consignee: one.tier for one in candidates}
    assert all(tiers[name] == stratum.tier for name, stratum in sample.consignees)
    for stratum, size, places in sample.strata:
        assert sum(found == stratum for _, found in sample.consignees) == places <= size
        assert places >= 1 or number < len(sample.strata)
    shuffling.shuffle(candidates)  # type: ignore[attr-defined]
    assert drawn(candidates, number, seed) == sample


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(0, 200))
@settings(max_examples=100)
def test_places_are_in_proportion(sizes: list[int], wanted: int) -> None:
    """Less than one place off the proportion, but where a stratum was raised to its one and another gave."""
    strata = {stratum: size for size, (stratum, _) in zip(sizes, _strata(len(sizes)), strict=True)}
    number = min(wanted, sum(sizes))
    places = allocated(strata, number)
    assert sum(places.values()) == number
    for stratum, size in strata.items():
        quota = Fraction(number * size, sum(sizes))
        assert 0 <= places[stratum] <= size
        assert places[stratum] < quota + 1
        if all(number * other >= sum(sizes) for other in sizes):
            assert abs(places[stratum] - quota) < 1


def _strata(count: int) -> list[tuple]:
    return list(stratified([candidate(one, one) for one in range(count)]).items())


def test_who_comes_before_whom_does_not_depend_on_others() -> None:
    """In a stratum a larger sample holds the smaller one."""
    candidates = [candidate(one) for one in range(40)]
    order = names(drawn(candidates, 40, "s"))
    for number in (1, 7, 39):
        assert names(drawn(candidates, number, "s")) == order[:number]
    without = names(drawn([one for one in candidates if one.consignee != f"urn:x-party:{order[3]}"], 39, "s"))
    assert without == [name for name in order if name != order[3]]


def test_every_consignee_is_drawn_about_as_often() -> None:
    """1,000 seeds, 5 of 50: about 100 times each."""
    candidates = [candidate(one) for one in range(50)]
    counts = dict.fromkeys((str(one) for one in range(50)), 0)
    for seed in range(1000):
        for name in names(drawn(candidates, 5, str(seed))):
            counts[name] += 1
    assert sum(counts.values()) == 5000
    assert all(55 < count < 145 for count in counts.values())
    assert 30 < sum((count - 100) ** 2 / 90 for count in counts.values()) < 80
