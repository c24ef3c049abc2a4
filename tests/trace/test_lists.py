"""The two forms of an answer, values and text, say the same to the byte; so do fast parts and slow ones."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from tests.trace.memory import MemoryStore
from tracegraph.contract.samples import AWKWARD
from tracegraph.contract.scenes import Scene
from tracegraph.contract.tracing import random_scene
from tracegraph.errors import StoreDamaged
from tracegraph.model.custody import Place, PlaceKind
from tracegraph.model.instants import EPOCH, instant_text
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import Described
from tracegraph.trace.envelope import to_json
from tracegraph.trace.origin import origin
from tracegraph.trace.question import Limits, ask
from tracegraph.trace.tracing import Answered, trace

texts = some.text(max_size=6) | some.sampled_from([AWKWARD, "\ud800", "urn:x", ""])
optional_texts = some.none() | texts
instants = some.integers(-(2**55), 2**58)
amounts = some.none() | some.builds(
    Quantity, some.none() | some.decimals(allow_nan=False, allow_infinity=False), some.sampled_from(["", "KGM"])
)


@some.composite
def stories(draw: Any) -> Scene:
    """Random graphs of which the holdings say anything that a holding can say."""
    scene = random_scene(draw(some.integers(0, 10_000)))
    for name, holding in list(scene.holdings.items()):
        if draw(some.booleans()):
            scene.holdings[name] = holding._replace(
                place=Place(draw(some.sampled_from(PlaceKind)), draw(texts)),
                since=draw(instants),
                until=draw(some.none() | instants),
                party=draw(optional_texts),
                owner=draw(optional_texts),
                quantity=draw(amounts),
                remaining=draw(amounts),
                sublocation=draw(optional_texts),
                destination=draw(optional_texts),
            )
    return scene


def as_text(answered: Answered) -> bytes:
    return b"".join(answered.json_pieces())


@given(
    stories(),
    some.sampled_from(["forward", "backward", "both"]),
    some.sampled_from(["possible", "confirmed"]),
    some.sampled_from([Limits(), Limits(max_nodes=3), Limits(max_hops=1)]),
)
@settings(max_examples=60)
def test_text_and_values_of_a_trace_are_equal(scene: Scene, direction: str, certainty: str, limits: Limits) -> None:
    store = MemoryStore(1)
    scene.put_into(store)
    question = ask("u0", "u5", direction=direction, certainty=certainty, limits=limits, paths=1)
    assert as_text(trace(store, question)) == to_json(trace(store, question).envelope)


@given(stories())
@settings(max_examples=30)
def test_text_and_values_of_an_origin_are_equal(scene: Scene) -> None:
    store = MemoryStore(1)
    scene.put_into(store)
    question = ask("u0", kind="origin", direction="backward")
    assert as_text(origin(store, question)) == to_json(origin(store, question).envelope)


def test_once_made_the_values_are_what_is_printed() -> None:
    store = MemoryStore(1)
    random_scene(1).put_into(store)
    answered = trace(store, ask("u0"))
    assert as_text(answered) == as_text(answered)
    answered.envelope["result"]["holdings"].clear()
    assert json.loads(as_text(answered))["result"]["holdings"] == []
    assert answered.envelope["result"]["holdings"] == []


def test_long_lists_are_printed_in_pieces() -> None:
    scene = Scene()
    for number in range(2_500):
        scene.leg("a@1", f"b{number}@1")
    store = MemoryStore(1)
    scene.put_into(store)
    answered = trace(store, ask("a"))
    assert len(list(answered.json_pieces())) > 6
    assert as_text(answered) == to_json(trace(store, ask("a")).envelope)
    assert len(answered.envelope["result"]["holdings"]) == 2_501


@given(instants)
@example(0)
@example(-1)
@example(253_402_300_799_999_999)
@example(253_402_300_800_000_000)
@example(-62_135_596_800_000_000)
@example(-62_135_596_800_000_001)
def test_an_instant_is_what_the_library_says(instant: int) -> None:
    try:
        expected = (EPOCH + timedelta(microseconds=instant)).isoformat().replace("+00:00", "Z")
    except OverflowError:
        expected = f"{instant}us"
    assert instant_text(instant) == expected


def test_equal_amounts_need_not_be_one_object() -> None:
    scene = Scene().hold("a@1", quantity=Quantity(Decimal("1.50"), "KGM"), remaining=Quantity(Decimal("1.5"), "KGM"))
    store = MemoryStore(1)
    scene.put_into(store)
    told = json.loads(as_text(trace(store, ask("a"))))["result"]["holdings"][0]
    assert (told["quantity"], told["remaining"]) == ({"value": "1.5", "unit": "KGM"},) * 2


def test_a_leg_to_nowhere_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore(1)
    Scene().leg("a@1", "b@1").put_into(store)
    lost = store.numbers["b@1"]

    def describe(nodes: Any, at: int | None = None) -> Described:
        found = MemoryStore.describe(store, nodes, at)
        found.holdings.pop(lost, None)
        return found

    monkeypatch.setattr(store, "describe", describe)
    with pytest.raises(StoreDamaged, match=f"node {lost}, which it does not describe"):
        trace(store, ask("a"))
