"""Bounds against linear programmes, shares against exact fractions and against goods that were really mixed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trace.shares.physical import World, attributed, bounds, evenly_lost, random_world, really_mixed, upstream
from tracegraph.trace.shares.kernels import mix_backward, mix_forward
from tracegraph.trace.shares.mixtures import Mixture
from tracegraph.trace.shares.network import Network, network

SEEDS = st.integers(0, 10**6)
NEAR = 1e-9


def made(world: World, starts: frozenset[int]) -> Network:
    return network(world.reached(starts), starts, lambda node: f"{node:04}", "forward")


def mixed(world: World, starts: frozenset[int], even: bool = False) -> dict[int, tuple[float, float, float]]:
    one = made(world, starts)
    parts = mix_forward(one, even, compiled=False).nodes
    return {node: (parts[place].share, parts[place].least, parts[place].most) for node, place in one.place.items()}


@settings(max_examples=40)
@given(SEEDS, st.booleans())
def test_bounds_contain_every_consistent_mixing(seed: int, even: bool) -> None:
    world = random_world(seed)
    starts = world.starts("raw 0")
    exact = bounds(world, starts, even)
    for node, (_, least, most) in mixed(world, starts, even).items():
        assert least <= exact[node][0] + NEAR
        assert most >= exact[node][1] - NEAR


@settings(max_examples=40)
@given(SEEDS, st.booleans())
def test_where_goods_that_parted_never_meet_again_a_mixing_reaches_each_bound(seed: int, even: bool) -> None:
    world = random_world(seed, parting=False)
    starts = world.starts("raw 0")
    exact = bounds(world, starts, even)
    for node, (_, least, most) in mixed(world, starts, even).items():
        assert (least, most) == pytest.approx(exact[node], abs=NEAR)


@given(SEEDS, st.booleans(), st.booleans())
def test_the_attributed_part_is_that_of_proportional_mixing(seed: int, growing: bool, parting: bool) -> None:
    world = random_world(seed, 12, parting, growing)
    starts = world.starts("raw 1")
    exact = attributed(world, starts)
    for even in (False, True):
        for node, (share, least, most) in mixed(world, starts, even).items():
            assert share == pytest.approx(float(exact[node]), abs=1e-12)
            assert least - 1e-12 <= share <= most + 1e-12


@settings(max_examples=40)
@given(SEEDS, st.booleans())
def test_forward_and_backward_agree(seed: int, even: bool) -> None:
    """The part of one lot that derives from another is the same seen from either; so are the bounds' promises."""
    world = random_world(seed, parting=seed % 2 == 0)
    later = random.Random(seed).choice(sorted({lot for lot in world.lots if lot is not None}))
    starts, ends = world.starts("raw 0"), world.starts(later)
    ahead = made(world, starts)
    behind = network(backward_mixtures(world, ends), ends, lambda node: f"{node:04}", "backward")
    if later == "raw 0" or later not in ahead.units or "raw 0" not in behind.units:
        return
    one = mix_forward(ahead, even, compiled=False).units[ahead.units.index(later)]
    other = mix_backward(behind, even, compiled=False).units[behind.units.index("raw 0")]
    exact = bounds(world, starts, even)[min(ends)]
    assert one.share == pytest.approx(other.share, abs=1e-12)
    assert other.least <= exact[0] + NEAR
    assert other.most >= exact[1] - NEAR
    if seed % 2:
        assert (other.least, other.most) == pytest.approx(exact, abs=NEAR)


def backward_mixtures(world: World, ends: frozenset[int]) -> dict[int, Mixture]:
    above = set().union(*(upstream(world, node) for node in ends))
    return {node: mixture for node, mixture in world.mixtures().items() if node in above}


@given(SEEDS, st.booleans())
def test_interpreted_and_compiled_give_the_same_bits(seed: int, even: bool) -> None:
    world = random_world(seed, 14, growing=True)
    starts = world.starts("raw 0")
    ahead = made(world, starts)
    assert mix_forward(ahead, even, True) == mix_forward(ahead, even, False)
    ends = frozenset({len(world.lots) - 1})
    behind = network(backward_mixtures(world, ends), ends, lambda node: f"{node:04}", "backward")
    assert mix_backward(behind, even, True) == mix_backward(behind, even, False)


@given(SEEDS, SEEDS)
def test_bounds_contain_what_was_really_mixed(seed: int, drawn: int) -> None:
    world = random_world(seed, 12, parting=seed % 2 == 0)
    starts = world.starts("raw 2")
    truth = really_mixed(world, starts, drawn)
    for node, (_, least, most) in mixed(world, starts).items():
        assert least - NEAR <= float(truth[node]) <= most + NEAR


@given(SEEDS, SEEDS, st.booleans())
def test_bounds_of_even_losses_contain_what_was_mixed_and_evenly_lost(seed: int, drawn: int, growing: bool) -> None:
    world = random_world(seed, 12, parting=seed % 2 == 0, growing=growing)
    starts = world.starts("raw 2")
    truth = evenly_lost(world, starts, drawn)
    for node, (_, least, most) in mixed(world, starts, even=True).items():
        assert least - NEAR <= float(truth[node]) <= most + NEAR
