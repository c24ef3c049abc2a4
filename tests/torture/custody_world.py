"""A small world in which goods really move, and the event that a clerk writes of each move.

A careful clerk writes everything. A careless one leaves out amounts, documents and whole receipts; the goods move all
the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.end_to_end.building import Event, amount, document, event, item, lot, site
from tests.torture.oracle import Flow, Oracle, Pool

SITES = ["x", "y", "z"]
TOTES = [item("tote"), item("pallet")]

Chosen = TypeVar("Chosen")

#: Chooses one of a list.
Choose = Callable[[Sequence[Any]], Any]


@dataclass
class World:
    """Where all goods are. Each act changes that, and returns the event that tells of it (None: nobody wrote one)."""

    careless: bool = False
    minute: int = 0
    oracle: Oracle = field(default_factory=Oracle)
    held: dict[Pool, int] = field(default_factory=lambda: defaultdict(int))
    where: dict[str, str] = field(default_factory=dict)
    """The place of each tote: a site, `way N`, or `in TOTE`."""
    ways: dict[str, tuple[str, list[str], str, bool]] = field(default_factory=dict)
    """Shipments on the road: origin, units, destination, whether a document tells."""
    packings: dict[str, int] = field(default_factory=dict)
    """How often each tote was packed since it was last emptied as a whole. Only what came in one packing is unpacked
    without being named: of a tote that was packed again, such an unpacking leaves it open what is meant."""
    made: int = 0

    def act(self, choose: Choose) -> Event | None:
        """One act that is possible now; goods move even where nobody writes of it."""
        before = len(self.oracle.flows), dict(self.where)
        while True:
            told: Event | None = getattr(self, choose(ACTS))(choose)
            if told or before != (len(self.oracle.flows), self.where):
                return told

    # acts

    def birth(self, choose: Choose) -> Event:
        """New goods of a new unit, or more of a lot."""
        here = choose(SITES)
        unit = choose([self._lot(here, choose), self._lot(here, choose), self._new("item")])
        kilos = self._kilos(unit, choose)
        self._flow(None, (unit, here), kilos)
        return self._object("ADD", "commissioning", here, [(unit, kilos)], choose)

    def tote(self, choose: Choose) -> Event | None:
        """A tote or pallet is put into service."""
        new = [name for name in TOTES if name not in self.where]
        if not new:
            return None
        self.where[new[0]] = choose(SITES)
        self._tick()
        return self._object("ADD", "commissioning", self.where[new[0]], [(new[0], 1)], choose)

    def transform(self, choose: Choose) -> Event | None:
        """One or two units at a site, some or all of each, into one or two: split, merge, rework, repack."""
        here = choose(SITES)
        loose = self._loose(here)
        if not loose:
            return None
        inputs = self._some(loose, here, choose)
        outputs = {
            choose([self._lot(here, choose), self._lot(here, choose), self._new("item")])
            for _ in range(choose([1, 1, 2]))
        }
        joint = ("", f"transformation {self.made}")
        for unit, kilos in inputs:
            self._flow((unit, here), joint, kilos, ticks=unit == inputs[0][0])
        made = [(unit, self._kilos(unit, choose)) for unit in sorted(outputs)]
        for unit, kilos in made:
            self._flow(joint, (unit, here), kilos, ticks=False)
        return self._event(
            "TransformationEvent",
            bizStep="commissioning",
            readPoint={"id": site(here)},
            **self._named(inputs, "input", choose),
            **self._named(made, "output", choose),
        )

    def ship(self, choose: Choose) -> Event | None:
        """Units or a tote leave for another site."""
        here = choose(SITES)
        totes = [name for name, place in self.where.items() if place == here]
        loose = self._loose(here)
        if not loose and not totes:
            return None
        goal = choose([name for name in SITES if name != here])
        way = f"way {self._number()}"
        paper = not (self.careless and choose([True, False, False]))
        if totes and (not loose or choose([True, False])):
            load = [(choose(totes), 1)]
            self.where[load[0][0]] = way
            self._tick()
        else:
            load = self._some(loose, here, choose)
            for number, (unit, kilos) in enumerate(load):
                self._flow((unit, here), (unit, way), kilos, ticks=not number)
        self.ways[way] = (here, [unit for unit, _ in load], goal, paper)
        return self._object(
            "OBSERVE",
            "shipping",
            here,
            load,
            choose,
            bizTransactionList=document(way) if paper else None,
            destinationList=[{"type": "location", "destination": site(goal)}],
        )

    def receive(self, choose: Choose) -> Event | None:
        """A shipment arrives; a careless clerk may not notice."""
        if not self.ways:
            return None
        way = choose(sorted(self.ways))
        origin, units, goal, paper = self.ways.pop(way)
        load, first = [], True
        for unit in units:
            if unit in self.where:
                self.where[unit] = goal
                load.append((unit, 1))
                self._tick()
            else:
                load.append((unit, self.held[unit, way]))
                self._flow((unit, way), (unit, goal), self.held[unit, way], ticks=first)
            first = False
        if self.careless and choose([True, False, False, False]):
            return None
        return self._object(
            "OBSERVE",
            "receiving",
            goal,
            load,
            choose,
            bizTransactionList=document(way) if paper else None,
            sourceList=[{"type": "location", "source": site(origin)}],
        )

    def pack(self, choose: Choose) -> Event | None:
        """Loose units into a tote that stands beside them, or a tote into a pallet."""
        standing = [name for name, place in self.where.items() if place in SITES]
        if not standing:
            return None
        parent = choose(standing)
        here = self.where[parent]
        others = [name for name in standing if name != parent and self.where[name] == here]
        loose = self._loose(here)
        if others and choose([True, False]):
            load = [(others[0], 1)]
            self.where[others[0]] = f"in {parent}"
            self._tick()
        elif loose:
            load = self._some(loose, here, choose)
            for number, (unit, kilos) in enumerate(load):
                self._flow((unit, here), (unit, f"in {parent}"), kilos, ticks=not number)
        else:
            return None
        self.packings[parent] = self.packings.get(parent, 0) + 1
        return self._aggregation("ADD", "packing", parent, here, load, choose)

    def unpack(self, choose: Choose) -> Event | None:
        """Some of what is in a tote that stands at a site, or all of it without naming it."""
        standing = [name for name, place in self.where.items() if place in SITES and self._contents(name)]
        if not standing:
            return None
        parent = choose(standing)
        here, inside = self.where[parent], f"in {parent}"
        contents = self._contents(parent)
        whole = choose([True, False])
        load = [(unit, self.held.get((unit, inside), 1)) for unit in contents]
        load = load if whole else [choose(load)]
        first = True
        for unit, kilos in load:
            if unit in self.where:
                self.where[unit] = here
                self._tick(first)
            else:
                self._flow((unit, inside), (unit, here), kilos, ticks=first)
            first = False
        silent = whole and self.packings.pop(parent, 0) == 1 and choose([True, False])
        return self._aggregation("DELETE", "unpacking", parent, here, [] if silent else load, choose)

    def end(self, choose: Choose) -> Event | None:
        """Goods are destroyed."""
        here = choose(SITES)
        loose = self._loose(here)
        if not loose:
            return None
        load = self._some(loose, here, choose)[:1]
        self._flow((load[0][0], here), None, load[0][1])
        return self._object("OBSERVE", "destroying", here, load, choose)

    # what there is

    def units(self) -> list[str]:
        """All units but totes."""
        return sorted({flow.target[0] for flow in self.oracle.flows if flow.target and flow.target[0]})

    def _loose(self, here: str) -> list[str]:
        return sorted(unit for (unit, place), kilos in self.held.items() if place == here and kilos)

    def _contents(self, tote: str) -> list[str]:
        inside = f"in {tote}"
        return self._loose(inside) + sorted(name for name, place in self.where.items() if place == inside)

    def _some(self, loose: list[str], here: str, choose: Choose) -> list[tuple[str, int]]:
        """One or two of the units, all of each or a part."""
        first = choose(loose)
        rest = [unit for unit in loose if unit != first]
        chosen = [first, choose(rest)] if rest and choose([True, False]) else [first]
        return [(unit, choose(sorted({self.held[unit, here], max(1, self.held[unit, here] // 2)}))) for unit in chosen]

    # telling

    def _kilos(self, unit: str, choose: Choose) -> int:
        return 1 if unit.startswith("urn:x-item") else choose([4, 10, 20])

    def _new(self, kind: str) -> str:
        return (lot if kind == "lot" else item)(f"{kind}{self._number()}")

    def _lot(self, here: str, choose: Choose) -> str:
        """A new lot, or one that was there before and is nowhere else now: a number born while it is held elsewhere may
        be the same goods, which is possible and not true."""
        known = {unit for unit, _ in self.held if unit.startswith("urn:x-lot")}
        elsewhere = {unit for (unit, place), kilos in self.held.items() if kilos and place != here}
        return str(choose([self._new("lot"), *sorted(known - elsewhere)[:5]]))

    def _number(self) -> int:
        self.made += 1
        return self.made

    def _tick(self, ticks: bool = True) -> None:
        self.minute += ticks

    def _flow(self, source: Pool | None, target: Pool | None, amount: int, ticks: bool = True) -> None:
        self._tick(ticks)
        for pool, sign in (source, -1), (target, 1):
            if pool and pool[0]:
                self.held[pool] += sign * amount
        self.oracle.flows.append(Flow(self.minute, source, target, amount))

    def _event(self, kind: str, **members: Any) -> Event:
        return event(kind, self.minute, eventID=f"urn:x-event:{self._number()}", **members)

    def _object(
        self, action: str, step: str, here: str, load: list[tuple[str, int]], choose: Choose, **more: Any
    ) -> Event:
        place = {"id": site(here)}
        return self._event(
            "ObjectEvent", action=action, bizStep=step, readPoint=place, **self._named(load, "", choose), **more
        )

    def _aggregation(
        self, action: str, step: str, parent: str, here: str, load: list[tuple[str, int]], choose: Choose
    ) -> Event:
        return self._event(
            "AggregationEvent",
            action=action,
            bizStep=step,
            parentID=parent,
            readPoint={"id": site(here)},
            **self._named(load, "child", choose),
        )

    def _named(self, load: list[tuple[str, int]], prefix: str, choose: Choose) -> Event:
        """The members that name units; a careless clerk leaves out amounts."""
        classes = [
            amount(unit, None if self.careless and choose([True, False, False]) else kilos)
            for unit, kilos in load
            if unit.startswith("urn:x-lot")
        ]
        items = [unit for unit, _ in load if not unit.startswith("urn:x-lot")]
        quantities = f"{prefix}QuantityList" if prefix else "quantityList"
        instances = {"": "epcList", "child": "childEPCs"}.get(prefix, f"{prefix}EPCList")
        return {quantities: classes or None, instances: items or None}


#: Acts, the frequent ones several times.
ACTS = (*("transform", "ship", "receive", "receive", "pack", "unpack") * 3, "birth", "end", "tote")
