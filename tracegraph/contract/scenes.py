"""Small custody graphs by hand, for tests of everything above the storage port.

A scene is written node by node and leg by leg and put into any store through the port, without events: what a trace
makes of a graph does not depend on how the graph came about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracegraph.model.custody import Certainty, Gap, Holding, Joint, Leg, Place, PlaceKind, Timeline
from tracegraph.model.facts import EventFacts, NamedUnit, Role
from tracegraph.model.quantity import Quantity
from tracegraph.model.record import Record
from tracegraph.stores.port import NewEntry, Store, UnitRow

SECOND = 1_000_000


@dataclass
class Scene:
    """Holdings are named by short ids; their unit is what stands before the first `@` (`lot@factory` is a holding of
    the unit `lot`), so that a test reads like a sketch. Times are seconds."""

    holdings: dict[str, Holding] = field(default_factory=dict)
    joints: dict[str, Joint] = field(default_factory=dict)
    legs: list[Leg] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    lots: list[tuple[str, str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    facts: list[EventFacts] = field(default_factory=list)

    def hold(
        self,
        name: str,
        place: str = "site:factory",
        since: int = 0,
        until: int | None = None,
        party: str | None = None,
        event: str = "",
        quantity: Quantity | None = None,
        remaining: Quantity | None = None,
    ) -> Scene:
        """Add a holding; `place` is a kind and an id: `site:dairy`, `container:tote`, `sink:destroying`."""
        kind, _, where = place.partition(":")
        self.holdings[name] = Holding(
            id=name,
            unit=name.partition("@")[0],
            place=Place(PlaceKind(kind), where),
            since=since * SECOND,
            until=None if until is None else until * SECOND,
            event=event or f"opened {name}",
            role="object",
            party=party,
            quantity=quantity,
            remaining=remaining,
        )
        return self

    def join(self, name: str, since: int = 0, site: str = "factory") -> Scene:
        """Add a transformation."""
        self.joints[name] = Joint(name, name, (f"event {name}",), Place(PlaceKind.SITE, site), since * SECOND)
        return self

    def leg(
        self, source: str, target: str, since: int = 0, possible: bool = False, cost: int = 1, rule: str = "document"
    ) -> Scene:
        """Add a leg; nodes that are not there yet become holdings at one site."""
        for name in (source, target):
            if name not in self.holdings and name not in self.joints:
                self.hold(name, since=since)
        certainty = Certainty.POSSIBLE if possible else Certainty.CONFIRMED
        self.legs.append(Leg(source, target, f"{source}>{target}", certainty, rule, cost, since * SECOND))
        return self

    def mix(self, joint: str, inputs: Iterable[str], outputs: Iterable[str], since: int = 0) -> Scene:
        """Add a transformation with its legs."""
        self.join(joint, since)
        for name in inputs:
            self.leg(name, joint, since, rule="transformation")
        for name in outputs:
            self.leg(joint, name, since, cost=0, rule="transformation")
        return self

    def gap(self, kind: str, holding: str | None = None, unit: str = "", ask: tuple[str, ...] = ()) -> Scene:
        """Add a gap of a holding, or of a unit as a whole."""
        named = unit or (holding or "").partition("@")[0]
        self.gaps.append(Gap(kind, named, "", f"event of {kind}", holding, ask))
        return self

    def alias(self, unit: str, number: str) -> Scene:
        """Give a unit another number."""
        self.aliases.append((unit, number))
        return self

    def member(self, unit: str, lot: str) -> Scene:
        """Make a unit a member of a lot."""
        self.lots.append((unit, lot))
        return self

    def record(self, kind: str, name: str, **data: str) -> Scene:
        """Add a record, such as master data."""
        self.records.append(Record(kind, name, dict(data)))
        return self

    def happen(self, name: str, event_id: str = "", since: int = 0, units: Iterable[str] = (), site: str = "") -> Scene:
        """Add an event to the ledger; `name` is its content hash."""
        named = tuple(NamedUnit(unit, Role.OBJECT) for unit in units)
        facts = EventFacts(name, event_id, False, "ObjectEvent", since * SECOND, named=named, biz_location=site or None)
        self.facts.append(facts)
        return self

    def timelines(self) -> dict[str, Timeline]:
        """What each unit and each transformation contributes."""
        owners = {name: holding.unit for name, holding in self.holdings.items()}
        owners |= {name: f"transformation:{name}" for name in self.joints}
        parts: dict[str, Scene] = defaultdict(Scene)
        for name, holding in self.holdings.items():
            parts[owners[name]].holdings[name] = holding
        for name, joint in self.joints.items():
            parts[owners[name]].joints[name] = joint
        for leg in self.legs:
            owner = owners[leg.target] if leg.source in self.joints else owners[leg.source]
            parts[owner].legs.append(leg)
        for gap in self.gaps:
            parts[gap.unit].gaps.append(gap)
        for unit, number in self.aliases:
            parts[unit].aliases.append((unit, number))
        for unit, lot in self.lots:
            parts[unit].lots.append((unit, lot))
        return {owner: part.timeline(owner) for owner, part in parts.items()}

    def timeline(self, owner: str) -> Timeline:
        """Everything as the contribution of one owner."""
        return Timeline(
            owner,
            "lot",
            tuple(self.holdings.values()),
            tuple(self.joints.values()),
            tuple(self.legs),
            tuple(self.gaps),
            tuple(number for _, number in self.aliases),
            tuple(lot for _, lot in self.lots),
        )

    def put_into(self, store: Store, recorded_at: int = 1, removed: Iterable[str] = ()) -> None:
        """Make this what the store knows from one more ledger position on; `removed` are owners that contribute nothing
        any more. `recorded_at` in seconds."""
        records = [*self.records, Record("note", f"scene {recorded_at}")]
        entries = [NewEntry(facts.content_hash.encode(), facts=facts) for facts in self.facts]
        entries += [NewEntry(f"{record.kind} {record.id}".encode(), record=record) for record in records]
        timelines = self.timelines()
        units = {owner for owner in timelines if not owner.startswith("transformation:")}
        with store.write() as change:
            position = change.append(entries, recorded_at * SECOND, "test")[-1]
            rows = [UnitRow(unit, "lot", _product(unit)) for unit in sorted(units)]
            change.replace(position, {**timelines, **dict.fromkeys(removed)}, rows)


def _product(unit: str) -> str | None:
    """`flour/7` is a lot of the product `flour`."""
    product, slash, _ = unit.partition("/")
    return product if slash else None
