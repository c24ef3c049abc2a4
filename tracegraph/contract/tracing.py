"""Traces that every store must answer alike: small graphs by hand, asked in every way.

    class TestTracingOnMyStore(TracingContract):
        def open_store(self, patience: float = 10.0) -> Store: ...

What is tested is the way from the port to the answer: reach, distance, certainty, limits, known time, starts. That the
answers are those of docs/interfaces, "Answer envelope", to the byte, the tests of tracegraph.trace show.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from tracegraph.contract.harness import StoreHarness, refused
from tracegraph.contract.scenes import Scene
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.stores.port import Store
from tracegraph.trace.envelope import to_json
from tracegraph.trace.question import NO_LIMITS, Limits, ask
from tracegraph.trace.tracing import earlier_answer, trace

Answer = dict[str, Any]


def asked(store: Store, *starts: str, limits: Limits = NO_LIMITS, **options: Any) -> Answer:
    """The answer to a trace."""
    return trace(store, ask(*starts, limits=limits, **options)).envelope


def resumed(store: Store, earlier: Answer, limits: Limits = NO_LIMITS) -> Answer:
    """An earlier answer taken up, by way of its JSON, as from a file."""
    before = earlier_answer(json.loads(to_json(earlier)))
    starts = ask(
        *(f"{kind}:{key}" for start in earlier["question"]["start"] for kind, key in start.items()), limits=limits
    )
    return trace(store, starts, before).envelope


def ids(answer: Answer, name: str = "holdings") -> list[str]:
    """The ids in one list of an answer."""
    return [row["id"] for row in answer["result"][name]]


def certain(answer: Answer, name: str = "holdings") -> set[str]:
    """The ids of what is confirmed."""
    return {row["id"] for row in answer["result"][name] if row["certainty"] == "confirmed"}


def distances(answer: Answer) -> dict[str, int]:
    """The distance of each holding."""
    return {row["id"]: row["distance"] for row in answer["result"]["holdings"]}


def dairy() -> Scene:
    """Milk goes from the farm to the dairy, is made into cheese, and the cheese to a shop and perhaps to a kiosk."""
    scene = Scene().hold("milk@farm", "site:farm", 0, 10, "farmer").hold("milk@road", "transit:e1", 10, 20)
    scene.hold("milk@dairy", "site:dairy", 20, 30, "dairyman").leg("milk@farm", "milk@road", 10).leg(
        "milk@road", "milk@dairy", 20
    )
    scene.hold("cheese@dairy", "site:dairy", 30, None, "dairyman").mix("making", ["milk@dairy"], ["cheese@dairy"], 30)
    scene.hold("cheese@shop", "site:shop", 40, None, "grocer").leg("cheese@dairy", "cheese@shop", 40)
    return scene.hold("cheese@kiosk", "site:kiosk", 50, None, "vendor").leg(
        "cheese@dairy", "cheese@kiosk", 50, possible=True
    )


def random_scene(seed: int, nodes: int = 14, legs: int = 30) -> Scene:
    """Holdings and transformations with legs any way round, circles included."""
    chance = random.Random(seed)
    scene = Scene()
    names = []
    for number in range(nodes):
        name = f"u{number % 6}@{number}"
        names.append(name)
        if number >= 6 and chance.random() < 0.2:
            name = f"joint {number}"
            names[-1] = name
            scene.join(name, number)
        else:
            scene.hold(name, f"site:s{number % 4}", number, None, chance.choice([None, "p1", "p2", "p3"]))
    for number in range(legs):
        source, target = chance.sample(names, 2)
        scene.leg(
            source, target, number, possible=chance.random() < 0.4, cost=chance.choice([0, 1, 1]), rule=f"rule {number}"
        )
    return scene


class TracingContract(StoreHarness):
    """Directions, certainty, distances, limits and resuming, known time, starts."""

    def filled(self, scene: Scene) -> Store:
        """A store that knows the scene."""
        store = self.store()
        scene.put_into(store)
        return store

    def random_graphs(self, number: int) -> Iterator[Store]:
        """One store that knows one random graph after the other."""
        store, before = self.store(), set[str]()
        for seed in range(number):
            scene = random_scene(seed)
            scene.put_into(store, seed + 1, removed=before - scene.timelines().keys())
            before = set(scene.timelines())
            yield store

    def test_forward_lists_what_follows_nearest_first(self) -> None:
        """Distances count events; the output side of a transformation counts nothing."""
        answer = asked(self.filled(dairy()), "milk")
        assert ids(answer, "units") == ["milk", "cheese"]
        assert distances(answer) == {
            "milk@dairy": 0,
            "milk@farm": 0,
            "milk@road": 0,
            "cheese@dairy": 1,
            "cheese@kiosk": 2,
            "cheese@shop": 2,
        }
        assert answer["complete"] is True
        assert answer["frontier"] == []

    def test_backward_lists_what_went_in(self) -> None:
        """All holdings of the start, then upstream."""
        answer = asked(self.filled(dairy()), "cheese", direction="backward")
        assert distances(answer)["milk@farm"] == 3
        assert ids(answer, "units") == ["cheese", "milk"]

    def test_both_directions_say_which(self) -> None:
        """Upstream and downstream in one answer."""
        answer = asked(self.filled(dairy()), "site:dairy", direction="both")
        side = {row["id"]: row["direction"] for row in answer["result"]["holdings"]}
        assert side["milk@farm"] == "backward"
        assert side["cheese@shop"] == "forward"
        assert side["cheese@dairy"] == "both"

    def test_certainty(self) -> None:
        """Possible elements are marked; a question for the confirmed ones leaves them out."""
        store = self.filled(dairy())
        every, sure = asked(store, "milk"), asked(store, "milk", certainty="confirmed")
        assert set(ids(every)) - certain(every) == {"cheese@kiosk"}
        assert set(ids(sure)) == certain(every)

    def test_a_longer_confirmed_chain_confirms(self) -> None:
        """The nearest way is only possible, a longer one is confirmed."""
        scene = Scene().leg("a@1", "d@1", possible=True).leg("a@1", "b@1").leg("b@1", "c@1").leg("c@1", "d@1")
        answer = asked(self.filled(scene), "a")
        assert distances(answer)["d@1"] == 1
        assert "d@1" in certain(answer)

    def test_circles_end(self) -> None:
        """A circle, a self loop, and a way back to the start."""
        scene = (
            Scene()
            .leg("a@1", "b@1")
            .leg("b@1", "c@1")
            .leg("c@1", "a@1")
            .leg("c@1", "c@1", rule="self")
            .leg("c@1", "d@1")
        )
        store = self.filled(scene)
        assert distances(asked(store, "a")) == {"a@1": 0, "b@1": 1, "c@1": 2, "d@1": 3}
        assert distances(asked(store, "a", direction="backward")) == {"a@1": 0, "c@1": 1, "b@1": 2}

    def test_stacked_diamonds_and_mixed_layers_are_no_paths(self) -> None:
        """60 diamonds have 2^60 paths and 181 nodes; layers of 8 lots, each mixed into each of the next."""
        scene = Scene()
        for number in range(60):
            for side in ("left", "right"):
                scene.leg(f"top@{number:02}", f"{side}@{number:02}").leg(f"{side}@{number:02}", f"top@{number + 1:02}")
        for layer in range(7):
            lots = [f"lot{layer}{number}@1" for number in range(8)]
            scene.mix(f"mix {layer}", lots, [f"lot{layer + 1}{number}@1" for number in range(8)])
        store = self.filled(scene)
        answer = asked(store, "top")
        assert len(answer["result"]["holdings"]) == 181
        mixed = asked(store, "lot00")
        assert len(mixed["result"]["units"]) == 57
        assert max(distances(mixed).values()) == 7

    def test_gaps_of_what_was_reached(self) -> None:
        """Gaps of reached holdings and of reached units as a whole; one that may hide goods makes it incomplete."""
        scene = dairy().gap("received_again", "cheese@shop").gap("conflicting_kind", unit="cheese")
        store = self.filled(scene)
        answer = asked(store, "milk")
        assert [gap["kind"] for gap in answer["gaps"]] == ["conflicting_kind", "received_again"]
        assert answer["complete"] is True
        scene.gap("never_received", "milk@road", ask=("farmer",)).put_into(store, 2)
        worse = asked(store, "milk")
        assert [gap["kind"] for gap in worse["gaps"]] == ["conflicting_kind", "never_received", "received_again"]
        assert worse["complete"] is False
        assert asked(store, "cheese")["complete"] is True

    def test_known_time(self) -> None:
        """What was known on a day stays the answer for that day."""
        store = self.filled(dairy())
        before = asked(store, "milk")
        later = dairy().hold("cheese@home", "site:home", 60).leg("cheese@shop", "cheese@home", 60)
        later.put_into(store, recorded_at=100)
        assert "cheese@home" in ids(asked(store, "milk"))
        then = asked(store, "milk", as_of="1970-01-01T00:00:50Z")
        assert then["result"] == before["result"]
        assert then["as_of"]["ledger"] == before["as_of"]["ledger"]
        assert then["as_of"]["known"] == "1970-01-01T00:00:50Z"

    def test_no_hops_is_the_start_only(self) -> None:
        """With more behind it a frontier; at a natural end none."""
        store = self.filled(dairy())
        answer = asked(store, "milk", limits=Limits(max_hops=0))
        assert set(ids(answer)) == {"milk@farm", "milk@road", "milk@dairy"}
        assert [entry["holding"] for entry in answer["frontier"]] == ["milk@dairy"]
        assert answer["complete"] is False
        assert asked(store, "milk", limits=Limits(max_hops=2))["complete"] is True
        assert asked(store, "milk", limits=Limits(max_nodes=6, max_steps=9))["frontier"] == []

    def test_steps_count_organisations(self) -> None:
        """One down: the next organisation; what is on the road belongs to whom it came from."""
        store = self.filled(dairy())
        answer = asked(store, "site:farm", limits=Limits(max_steps=1))
        assert set(ids(answer)) == {"milk@farm", "milk@road", "milk@dairy", "cheese@dairy"}
        assert [(entry["holding"], entry["steps"]) for entry in answer["frontier"]] == [("cheese@dairy", 1)]

    def test_resuming_gives_the_whole(self) -> None:
        """Piece by piece, whatever the limits, the last answer is the unlimited one."""
        for store in self.random_graphs(12):
            for direction in ("forward", "backward", "both"):
                whole = asked(store, "u0", direction=direction)
                part = asked(store, "u0", direction=direction, limits=Limits(max_nodes=2))
                rounds = 0
                while part["frontier"]:
                    part = resumed(store, part, Limits(max_nodes=1 + rounds % 3))
                    rounds += 1
                    assert rounds < 40, "resuming makes no progress"
                assert part["result"] == whole["result"]
                short = asked(store, "u0", direction=direction, limits=Limits(max_hops=1, max_steps=1))
                assert resumed(store, short)["result"] == whole["result"]

    def test_forward_and_backward_are_inverse(self) -> None:
        """b follows from a exactly when a goes into b."""
        for store in self.random_graphs(6):
            for certainty in ("possible", "confirmed"):
                forward, backward = (
                    {
                        (f"u{number}", other)
                        for number in range(6)
                        for other in ids(asked(store, f"u{number}", direction=direction, certainty=certainty), "units")
                    }
                    for direction in ("forward", "backward")
                )
                assert forward == {(one, other) for other, one in backward}

    def test_a_lot_starts_at_its_members(self) -> None:
        """And under each of its numbers."""
        scene = Scene().hold("lot@1").hold("item@1").leg("item@1", "item@2").member("item", "lot").alias("lot", "batch")
        store = self.filled(scene)
        answer = asked(store, "batch")
        assert answer["question"]["start"] == [{"unit": "lot", "asked": "batch"}]
        assert ids(answer, "units") == ["item", "lot"]
        assert set(ids(answer)) == {"item@1", "item@2", "lot@1"}

    def test_a_container_starts_at_what_it_held(self) -> None:
        """Nested, each load in its own time, and not where contents are left out."""
        scene = (
            Scene().hold("tote@1", "site:plant", 0, 100).hold("tote@2", "site:shop", 100).leg("tote@1", "tote@2", 100)
        )
        scene.hold("box@tote", "container:tote", 10, 50).hold("jam@box", "container:box", 5, 40)
        scene.hold("pie@box", "container:box", 60).hold("cake@tote", "container:tote", 120)
        scene.leg("jam@box", "jam@shelf", 40)
        store = self.filled(scene)
        assert ids(asked(store, "tote"), "units") == ["box", "cake", "jam", "tote"]
        assert "jam@shelf" in ids(asked(store, "tote"))
        assert ids(asked(store, "tote", contents=False), "units") == ["tote"]
        assert ids(asked(store, "site:shop"), "units") == ["cake", "tote"]

    def test_windows(self) -> None:
        """A unit at a site, a site in a window, the holdings open at a time; nothing that left before the window."""
        scene = (
            Scene().hold("oil@tank", "site:plant", 0, 100).leg("oil@tank", "early@1", 10).leg("oil@tank", "late@1", 90)
        )
        scene.hold("oil@depot", "site:depot", 200).leg("oil@tank", "oil@depot", 95)
        store = self.filled(scene)
        assert set(ids(asked(store, "oil", at="depot"))) == {"oil@depot"}
        late = asked(store, at="plant", since="1970-01-01T00:00:50Z", until="1970-01-01T00:00:59Z")
        assert set(ids(late)) == {"oil@tank", "late@1", "oil@depot"}
        assert set(ids(asked(store, "oil", on="1970-01-01T00:00:05Z"))) == {
            "oil@tank",
            "early@1",
            "late@1",
            "oil@depot",
        }
        assert set(ids(asked(store, "oil", on="1970-01-01T00:03:20Z"))) == {"oil@depot"}

    def test_events_as_starts(self) -> None:
        """What an event opened; the transformation that it is; what it saw where it moved nothing; by any name."""
        scene = (
            dairy().happen("opened cheese@shop", "urn:id:1").happen("event making").happen("look", "", 35, ["cheese"])
        )
        store = self.filled(scene)
        assert set(ids(asked(store, "event:urn:id:1"))) == {"cheese@shop"}
        assert set(ids(asked(store, "event:event making"))) == {"cheese@dairy", "cheese@shop", "cheese@kiosk"}
        assert distances(asked(store, "event:event making", direction="backward")) == {
            "milk@dairy": 1,
            "milk@road": 2,
            "milk@farm": 3,
        }
        assert distances(asked(store, "event:look"))["cheese@dairy"] == 0
        with refused(UnknownIdentifier):
            asked(store, "event:never")

    def test_other_starts(self) -> None:
        """Party and product."""
        store = self.filled(dairy().hold("brie/7@x", "site:shop", 5).hold("brie/8@x", "site:shop", 5))
        assert set(ids(asked(store, "party:grocer"))) == {"cheese@shop"}
        assert ids(asked(store, "product:brie"), "units") == ["brie/7", "brie/8"]

    def test_unknown_and_later_starts_are_refused(self) -> None:
        """With the nearest known names."""
        store = self.filled(dairy())
        with refused(UsageError):
            asked(store, "line:7")
        with refused(UnknownIdentifier):
            asked(store, "chese")
