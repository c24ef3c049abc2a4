"""Assumptions on small worlds of events: who joins and since when, what is stopped, what is said and refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.building import site
from tests.recall.scope.plant import SITE, Plant, lot
from tests.trace.infer.test_infer import PRODUCT, A, B, hub, shops
from tests.trace.infer.test_infer import asked as in_the_hub
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.recall.scope import compare
from tracegraph.stores import open_store
from tracegraph.trace.question import Limits, ask
from tracegraph.trace.tracing import trace

Json = dict[str, Any]

#: A comes to P on day 3 and is baked into X on day 5. B was there before and left on day 2 and on day 4; C is made of
#: what left on day 4. D comes on day 9.
ROOM = """
    site P run by baker
    site Q run by grocer
    r1 d1 08:00 make lot B 30 kg at P
    r2 d2 08:00 ship lot B 10 kg P -> Q doc desadv:1
    r3 d2 12:00 receive lot B 10 kg P -> Q doc desadv:1
    r4 d3 08:00 make lot A 10 kg at P
    r5 d4 08:00 use lot B 10 kg => lot C 9 kg at P
    r6 d5 08:00 use lot A 10 kg => lot X 9 kg at P
    r7 d9 08:00 make lot D 10 kg at P
    """
POSSIBLE: Json = {"site": SITE, "class": "possible"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Plant]:
    with closing(open_store(f"sqlite:///{tmp_path / 'plant.db'}")) as store:
        yield Plant(store).tell(ROOM)


def asked(plant: Plant, name: str, *contaminations: Json, kills: tuple[Json, ...] = (), **options: Any) -> Json:
    assumed = {"cross_contamination": list(contaminations), "kills": list(kills)}
    return trace(plant.store, ask(lot(name), assumptions=assumed, **options)).envelope


def units(answer: Json) -> dict[str, str]:
    return {one["id"].rpartition(":")[2]: one["certainty"] for one in answer["result"]["units"]}


def test_what_was_together_since_then_is_possible(room: Plant) -> None:
    """What of B left on day 2 was gone before A came."""
    answer = asked(room, "A", POSSIBLE | {"to": "2026-01-05"}, paths=1)
    assert units(answer) == {"A": "confirmed", "X": "confirmed", "B": "possible", "C": "possible"}
    assert [one["id"] for one in answer["result"]["sites"]] == [SITE]
    joined = {row["unit"].rpartition(":")[2]: row for row in answer["result"]["assumed"]["joined"]}
    assert joined["B"] | {"holding": "", "with": ""} == {
        "unit": lot("B"),
        "holding": "",
        "place": {"kind": "site", "id": SITE},
        "rule": "cross_contamination",
        "assumption": 0,
        "class": "possible",
        "since": "2026-01-03T08:00:00Z",
        "with": "",
    }
    (path,) = [one for one in answer["result"]["paths"] if one["unit"] == lot("C")]
    assert path["hops"][0]["rule"] == "cross_contamination"
    assert path["hops"][0]["event"] == "assumption 0"
    assert path["certainty"] == "possible"
    assert "assumption 0" not in answer["result"]["events"]
    assert answer["question"]["assumptions"] == {
        "cross_contamination": [{"site": SITE, "to": "2026-01-05T23:59:59.999999Z", "class": "possible"}]
    }


def test_goods_in_scope_are_where_they_were_before(room: Plant) -> None:
    """A contact moves nothing: what is said of A alone stays."""
    plain = trace(room.store, ask(lot("A"))).envelope["result"]["holdings"]
    beside = asked(room, "A", POSSIBLE)["result"]["holdings"]
    assert [one for one in beside if one["id"] in {row["id"] for row in plain}] == plain


def test_what_is_merely_exposed_exposes_nothing_further(room: Plant) -> None:
    """B's remains expose D at Q only if exposure is taken for scope."""
    room.tell(
        """
        q1 d4 12:00 ship lot C 9 kg P -> Q doc desadv:2
        q2 d5 12:00 receive lot C 9 kg P -> Q doc desadv:2
        q3 d4 13:00 make lot E 1 kg at Q
        """
    )
    at_q = {"site": "urn:x-site:Q", "class": "exposed"}
    assert "E" in units(asked(room, "A", POSSIBLE, at_q))
    assert "E" not in units(asked(room, "A", POSSIBLE | {"class": "exposed"}, at_q))


def test_contamination_does_not_reach_back_in_time(room: Plant) -> None:
    """B joins from day 3 on; what was with it on day 1 alone does not join for it."""
    room.tell("b0 d1 09:00 make lot O 1 kg at P\nb1 d2 09:00 ship lot O 1 kg P -> Q doc desadv:3")
    assert "O" not in units(asked(room, "A", POSSIBLE))
    assert "O" not in room.classes({"rule": "lot", "unit": lot("A")}, assumptions={"cross_contamination": [POSSIBLE]})


def test_backward_what_had_come_before_may_have_contaminated(room: Plant) -> None:
    exposed = {"site": SITE}
    assert units(asked(room, "X", exposed, direction="backward")) == {
        "X": "confirmed",
        "A": "confirmed",
        "B": "possible",
        "C": "possible",
        "D": "possible",
    }
    assert set(units(asked(room, "X", exposed | {"to": "2026-01-05"}, direction="backward"))) == {"X", "A", "B", "C"}
    assert set(units(asked(room, "A", exposed | {"from": "2026-01-06"}, direction="backward"))) == {"A"}


def test_a_kill_stops_in_both_directions_and_is_told(room: Plant) -> None:
    baking = {"site": SITE, "from": "2026-01-05"}
    forward = asked(room, "A", kills=(baking,))
    assert units(forward) == {"A": "confirmed"}
    (stopped,) = forward["result"]["assumed"]["stopped"]
    assert (stopped["place"]["id"], stopped["instant"]) == (SITE, "2026-01-05T08:00:00Z")
    event = stopped["events"][0]
    assert asked(room, "A", kills=({"event": event},))["result"] == forward["result"]
    backward = asked(room, "X", kills=(baking,), direction="backward")
    assert units(backward) == {"X": "confirmed"}
    assert backward["result"]["assumed"]["stopped"] == [stopped]
    both = asked(room, "X", kills=(baking,), direction="both")["result"]["assumed"]["stopped"]
    assert [one["direction"] for one in both] == ["backward"]
    assert set(units(asked(room, "B", kills=(baking,)))) == {"B", "C"}
    assert asked(room, "B", kills=(baking,))["result"]["assumed"] == {"joined": [], "stopped": []}
    (state,) = {row["state"] for row in forward["result"]["holdings"]}
    assert state == "consumed"


def test_what_shared_a_container(room: Plant) -> None:
    room.tell(
        """
        t1 d6 08:00 pack lot X 9 kg into tote T at P
        t2 d6 12:00 unpack lot X 9 kg from tote T at P
        t3 d7 08:00 pack lot D 10 kg into tote T at P
        """
    )
    assert "D" not in units(asked(room, "A"))
    assert units(asked(room, "A", {"container": "urn:x-tote:T"}))["D"] == "possible"


def test_nothing_given_changes_nothing(room: Plant) -> None:
    plain = trace(room.store, ask(lot("A"))).envelope
    ways: list[Json] = [{}, {"kills": [], "cross_contamination": []}, {"run_hours": 24}]
    for nothing in ways:
        assert trace(room.store, ask(lot("A"), assumptions=nothing)).envelope == plain
    assert plain["question"]["assumptions"] == {}
    assert "assumed" not in plain["result"]


def test_compared(room: Plant) -> None:
    plain = trace(room.store, ask(lot("A"), paths=1)).envelope
    changed = compare(room.store, plain, asked(room, "A", POSSIBLE, paths=1))
    assert changed["question"] == ["assumptions"]
    assert {"B", "C"} <= {row["unit"].rpartition(":")[2] for row in changed["added"]}


def test_what_does_not_go_together_is_refused(room: Plant) -> None:
    with pytest.raises(UsageError, match="max_seconds"):
        asked(room, "A", POSSIBLE, limits=Limits(max_seconds=5))
    asked(room, "A", kills=({"site": SITE},), limits=Limits(max_seconds=5))
    with pytest.raises(UsageError, match="shares are of goods"):
        asked(room, "A", POSSIBLE, shares=True)
    with pytest.raises(UnknownIdentifier, match="site 'nowhere' is unknown"):
        asked(room, "A", {"site": "nowhere"})
    with pytest.raises(UnknownIdentifier, match="event 'never' is unknown"):
        asked(room, "A", kills=({"event": "never"},))
    (held, *_) = trace(room.store, ask(lot("D"))).envelope["result"]["holdings"]
    with pytest.raises(UsageError, match="is no transformation"):
        asked(room, "D", kills=({"event": held["event"]},))
    with pytest.raises(UsageError, match="kills/0 names no place"):
        asked(room, "A", kills=({"from": "2026-01-01"},))


def test_beside_goods_without_a_lot_number() -> None:
    """B, and the goods without a number, met A at the hub; so they may be of B too."""
    met = {"cross_contamination": [{"site": site("hub"), "class": "possible"}]}
    plain, inferred, both = (
        in_the_hub(hub(), A, **options)
        for options in ({"assumptions": met}, {"infer": "lifo"}, {"infer": "lifo", "assumptions": met})
    )
    assert (shops(plain), shops(inferred), shops(both)) == (["shop 1", "shop 2"], ["shop 2"], ["shop 1", "shop 2"])
    assert {one["id"] for one in both.units} == {one["id"] for one in plain.units} == {A, B, PRODUCT}
    assert both.question["assumptions"] == {"infer": "lifo", **met}
    assert {row["unit"] for row in inferred.result["inference"]["links"]} == {A}
    assert {row["unit"] for row in both.result["inference"]["links"]} == {A, B}
