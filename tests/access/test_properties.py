"""Hidden parts of random graphs make no difference to any byte of any answer, and what is knowable is what a reader of
docs/access.md would say, found here by a search of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as some

from tests.access.answers import everything
from tests.trace.memory import MemoryStore
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.access.view import view_of
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.model.custody import Certainty
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import HoldingQuery

PARTIES = ("us", "them", "others", "far")
US = Caller("clerk", Role.OPERATOR, frozenset({"us"}))
UNITS = 6
GAPS = ("unmatched_receipt", "ambiguous_receipt", "overdrawn_holding")


@dataclass
class Known:
    """What we may know of a scene: names of nodes by why."""

    own: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)
    forth: set[str] = field(default_factory=set)

    @property
    def all(self) -> set[str]:
        return self.own | self.back | self.forth


def scene_of(chance: random.Random) -> Scene:
    """A random graph: units at parties' sites and in transformations; legs in time, most of them confirmed."""
    scene = Scene()
    names = [f"u{chance.randrange(UNITS)}@{number}" for number in range(chance.randrange(3, 14))]
    for number, name in enumerate(names):
        party = chance.choice(PARTIES)
        amount = Quantity(Decimal(chance.randrange(100)), "KGM")
        place = chance.choice([f"site:{party}-site", f"transit:{number}"])
        until = chance.choice([None, number + 1])
        scene.hold(name, place, number, until, party if place.startswith("site") else None, "", amount, amount)
        if chance.random() < 0.2:
            scene.gap(chance.choice(GAPS), name, ask=(chance.choice(PARTIES),))
    for number in range(chance.randrange(3)):
        scene.join(f"j{number}", len(names), chance.choice(PARTIES))
    nodes = names + list(scene.joints)
    for _ in range(chance.randrange(5, 25)):
        source, target = sorted(chance.sample(nodes, 2), key=nodes.index)
        if (source in scene.joints) + (target in scene.joints) < 2:
            target, source = (source, target) if source in scene.joints and chance.random() < 0.5 else (target, source)
            scene.leg(source, target, nodes.index(source), chance.random() < 0.25)
    scene.legs = list({(leg.source, leg.target): leg for leg in scene.legs}.values())
    return scene


def known_of(scene: Scene) -> Known:
    own = {name for name, holding in scene.holdings.items() if holding.party == "us"}
    sure = [leg for leg in scene.legs if leg.certainty is Certainty.CONFIRMED]
    return Known(
        own,
        _closed(own, [(leg.target, leg.source) for leg in sure]),
        _closed(own, [(leg.source, leg.target) for leg in sure]),
    )


def _closed(begin: set[str], ways: list[tuple[str, str]]) -> set[str]:
    found = set(begin)
    for _ in ways:
        found |= {head for tail, head in ways if tail in found}
    return found


def disturbed(scene: Scene, chance: random.Random) -> Scene:
    """The same knowable graph; of the rest some is gone, some is changed, some is new."""
    known = known_of(scene)
    other = Scene(joints=dict(scene.joints), gaps=list(scene.gaps))
    hidden = [name for name in scene.holdings if name not in known.all]
    gone = {name for name in [*hidden, *(set(scene.joints) - known.all)] if chance.random() < 0.4}
    for name, holding in scene.holdings.items():
        amount = Quantity(Decimal(chance.randrange(100, 200)), "TNE")
        if name in known.all - known.own:
            holding = holding._replace(until=chance.choice([None, 99 * SECOND]), quantity=amount, remaining=amount)
        elif name in hidden:
            holding = holding._replace(party=chance.choice(PARTIES[1:]), owner="secret owner", quantity=amount)
        if name not in gone:
            other.holdings[name] = holding
    other.joints = {name: joint for name, joint in other.joints.items() if name not in gone}
    other.gaps = [gap for gap in scene.gaps if gap.holding not in gone]
    for leg in scene.legs:
        inside = leg.source in known.all and leg.target in known.all
        if inside or (not {leg.source, leg.target} & gone and chance.random() < 0.6):
            other.legs.append(leg if inside else replace(leg, certainty=Certainty.POSSIBLE, event="secret event"))
    _add_hidden(other, known, chance)
    return other


def _add_hidden(scene: Scene, known: Known, chance: random.Random) -> None:
    """Deliveries to others, what others mixed in, and claims."""
    before, after = sorted(known.back - known.own), sorted(known.forth - known.own)
    for number in range(chance.randrange(3)):
        name = f"u{chance.randrange(UNITS + 2)}@secret{number}"
        scene.hold(name, "site:secret site", 50, party="secret party")
        scene.gap("unknown_origin", name)
        if before and chance.random() < 0.7:
            scene.leg(chance.choice(sorted(set(before) - known.forth) or [name]), name, 60)
        if after and chance.random() < 0.7:
            scene.leg(name, chance.choice(sorted(set(after) - known.back) or [name]), 60)
        scene.leg(chance.choice(sorted(known.own) or [name]), name, 60, possible=True)
        scene.leg(name, chance.choice(sorted(known.all) or [name]), 60, possible=True)
    scene.legs = [leg for leg in scene.legs if leg.source != leg.target]


def stored(scene: Scene, seed: int) -> Tracegraph:
    store = MemoryStore(seed)
    scene.put_into(store)
    return Tracegraph(view_of(store, US))  # type: ignore[arg-type]


@settings(max_examples=40)
@given(some.integers(0, 10**6))
def test_what_is_knowable(seed: int) -> None:
    scene = scene_of(random.Random(seed))
    rows = stored(scene, seed).store.holdings(HoldingQuery())
    assert {row.holding.id for row in rows} == known_of(scene).all & scene.holdings.keys()


@settings(max_examples=20)
@given(some.integers(0, 10**6), some.integers(0, 10**6))
def test_hidden_parts_make_no_difference(seed: int, other: int) -> None:
    scene = scene_of(random.Random(seed))
    changed = disturbed(scene, random.Random(other))
    starts = ["u0", "u1", f"u{UNITS}", "party:us", "party:others", "party:secret party", "site:them-site"]
    told, again = (everything(stored(one, seed + number), starts) for number, one in enumerate((scene, changed)))
    assert again == told
    unasked = [told for asked, told in again.items() if "secret" not in asked]
    assert b"secret" not in b"".join(unasked)


def test_the_random_graphs_hide_and_show() -> None:
    """The property above is about something: in most graphs something is hidden, and something of others shows."""
    scenes = [scene_of(random.Random(seed)) for seed in range(50)]
    assert sum(bool(scene.holdings.keys() - known_of(scene).all) for scene in scenes) > 25
    assert sum(bool(known_of(scene).all - known_of(scene).own) for scene in scenes) > 25
