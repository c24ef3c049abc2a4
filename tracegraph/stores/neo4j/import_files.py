"""A whole store, its past included, as files for `neo4j-admin database import`: the fast way to a first large load.

What is written is exactly what capturing the same ledger into a Neo4j store would leave there (cypher/, rows.py): the
same nodes, relationships and properties, under other numbers. Constraints and indexes cannot be imported; the first
program that opens the database makes them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tracegraph.model.custody import Place, PlaceKind, Timeline
from tracegraph.model.facts import EventFacts
from tracegraph.stores.care import Keepable
from tracegraph.stores.faults import Watch, unwatched
from tracegraph.stores.neo4j.asking import OPEN, portions
from tracegraph.stores.neo4j.import_columns import LIST_DELIMITER_OPTION, ImportFile, ImportFolder
from tracegraph.stores.neo4j.ledger_rows import event_properties, places_named, record_properties
from tracegraph.stores.neo4j.naming import is_process
from tracegraph.stores.neo4j.rows import (
    ALIASES,
    GAPS,
    HOLDINGS,
    JOINTS,
    KINDS,
    LEGS,
    MEMBERSHIPS,
    UNIT_GAPS,
    UNITS,
    Node,
    Row,
    RowWriter,
    Table,
    place_key,
)
from tracegraph.stores.neo4j.schema import SCHEMA_VERSION
from tracegraph.stores.port import EntryKind, LedgerEntry, LedgerHead, UnitRow

#: Ledger entries, and owners, read at once.
AT_ONCE = 1_000

#: The options of the import, one a line: `neo4j-admin database import full neo4j @import.args`.
ARGUMENTS = "import.args"

_KNOWN = ("known_from:long", "known_to:long")
_ENTRY = ("position:long", "recorded_at:long", "actor", "payload:byte[]", "previous", "hash")


def _nodes(name: str, labels: str, *columns: str) -> ImportFile:
    return ImportFile(f"{name}.csv", False, labels, columns)


def _links(name: str, type: str, start: str, end: str, *columns: str) -> ImportFile:
    return ImportFile(f"{name}.csv", True, type, (f":START_ID({start})", f":END_ID({end})", *columns))


STORE = _nodes("store", "Store", "key", "identity", "schema_version:long", "nodes:long", "owners:long")
PUBLISHED = _nodes("published", "Published", "key", "position:long")
EVENTS = _nodes(
    "events", "Entry:Event", ":ID(Entry)", *_ENTRY, "content_hash", "event_id", "transformation", "facts", "type",
    "step", "instant:long",
)  # fmt: skip
RECORDS = _nodes(
    "records", "Entry:Record", *_ENTRY, "about", "id", "data", "valid_from:long", "valid_to:long", "withdrawn:boolean",
    "reason", "source",
)  # fmt: skip
UNIT_NODES = _nodes("units", "Owner:Unit", ":ID(Owner)", "number:long", "key")
PROCESS_NODES = _nodes("processes", "Owner:Process", ":ID(Owner)", "number:long", "key")
HOLDING_NODES = _nodes("holdings", "Node:Holding", ":ID(Node)", "number:long", "id", "unit:long", "event")
TRANSFORMATION_NODES = _nodes(
    "transformations", "Node:Transformation", ":ID(Node)", "number:long", "id", "process:long"
)
NAMED_NODES = _nodes("named", "Node", ":ID(Node)", "number:long", "id")
PLACE_NODES = {
    kind: _nodes(f"places-{kind.value}", f"Place:{kind.value.capitalize()}", ":ID(Place)", "key", "kind", "id")
    for kind in PlaceKind
}
PRODUCT_NODES = _nodes("products", "Product", ":ID(Product)", "key")
KIND_NODES = _nodes("kinds", "Kind", ":ID(Kind)", "key")
ACT_NODES = _nodes("acts", "Act", ":ID(Act)", "event")

NAMES = _links("names", "NAMES", "Entry", "Owner")
MENTIONS = _links("mentions", "MENTIONS", "Entry", "Place")
HELD = _links("held", "HELD", "Owner", "Node")
RAN = _links("ran", "RAN", "Owner", "Node")
PART_OF = _links("part-of", "PART_OF", "Act", "Node")
TOUCHES = _links("touches", "TOUCHES", "Owner", "Node")


def _said(table: Table) -> tuple[str, ...]:
    """The columns of what relationships of a table say."""
    return *(f"{name}:{_TYPES[name]}" if name in _TYPES else name for name in table.columns), *_KNOWN


_TYPES = {
    "told_by": "long",
    "since": "long",
    "until": "long",
    "instant": "long",
    "cost": "long",
    "confirmed": "boolean",
    "events": "string[]",
    "ask": "string[]",
}
_LEG_TYPES = ("MOVED", "CARRIED", "INPUT", "OUTPUT")
STAYS = _links("holdings-at", "AT", "Node", "Place", *_said(HOLDINGS))
JOINT_STAYS = _links("transformations-at", "AT", "Node", "Place", *_said(JOINTS))
LEG_FILES = {type: _links(f"legs-{type.lower()}", type, "Node", "Node", *_said(LEGS)) for type in _LEG_TYPES}
TOLD = {
    UNITS: _links("units-of", "OF", "Owner", "Product", *_said(UNITS)),
    KINDS: _links("owners-are", "IS", "Owner", "Kind", *_said(KINDS)),
    HOLDINGS: STAYS,
    JOINTS: JOINT_STAYS,
    GAPS: _links("gaps", "GAP", "Owner", "Node", *_said(GAPS)),
    UNIT_GAPS: _links("unit-gaps", "UNIT_GAP", "Owner", "Owner", *_said(UNIT_GAPS)),
    ALIASES: _links("aliases", "ALIAS", "Owner", "Owner", *_said(ALIASES)),
    MEMBERSHIPS: _links("memberships", "MEMBER_OF", "Owner", "Owner", *_said(MEMBERSHIPS)),
}
FILES = (
    STORE, PUBLISHED, EVENTS, RECORDS, UNIT_NODES, PROCESS_NODES, HOLDING_NODES, TRANSFORMATION_NODES, NAMED_NODES,
    *PLACE_NODES.values(), PRODUCT_NODES, KIND_NODES, ACT_NODES, NAMES, MENTIONS, HELD, RAN, PART_OF, TOUCHES,
    *LEG_FILES.values(), *TOLD.values(),
)  # fmt: skip


def write_import(store: Keepable, folder: Path, watch: Watch = unwatched) -> LedgerHead:
    """Write everything that the store holds into the folder, which must exist; returns how the ledger in it ends. All
    of it is of one state. Memory grows with the number of nodes, about 300 bytes each."""
    with store.one_state(), ImportFolder(folder, FILES) as files:
        head = store.head()
        writing = _Writing(files)
        for entries in portions(store.entries(upto=head.count), AT_ONCE):
            writing.ledger(store, entries)
            watch("import_ledger", entries[-1].position, head.count)
        # processes first: what a leg is called depends on whether its end is a transformation
        everything = {*store.owners(), *(unit.key for unit in store.units())}
        owners = sorted(everything, key=lambda owner: (not is_process(owner), owner))
        for done, some in enumerate(portions(owners, AT_ONCE), 1):
            writing.histories(store, some)
            watch("import_graph", min(done * AT_ONCE, len(owners)), len(owners))
        writing.finish(store.identity, head)
    options = [file.option for file in FILES]
    options += [f"--array-delimiter={LIST_DELIMITER_OPTION}", "--multiline-fields=true", "--ignore-empty-strings=false"]
    (folder / ARGUMENTS).write_text("".join(f"{option}\n" for option in options), encoding="utf-8")
    return head


class _Numbers(dict[str, int]):
    """Numbers from 1 on, given when a key is first asked for."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self) + 1
        return number


class _Nodes(dict[str, Node]):
    """Nodes by id; what is asked for and unknown is named only."""

    def __missing__(self, key: str) -> Node:
        node = self[key] = Node(len(self) + 1, 0, False)
        return node

    def belong(self, id: str, owner: int, joint: bool) -> bool:
        """Note to whom a node belongs; whether that is news."""
        node = self[id]
        if not node.owner:
            self[id] = Node(node.number, owner, joint)
        return not node.owner


@dataclass(slots=True)
class _Writing:
    """What has been written so far, and is still to be named."""

    files: ImportFolder
    owners: _Numbers = field(default_factory=_Numbers)
    nodes: _Nodes = field(default_factory=_Nodes)
    places: dict[str, Place] = field(default_factory=dict)
    products: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    acts: _Numbers = field(default_factory=_Numbers)
    parts: set[tuple[int, int]] = field(default_factory=set)
    strangers: set[tuple[int, str, str]] = field(default_factory=set)

    def ledger(self, store: Keepable, entries: Sequence[LedgerEntry]) -> None:
        """Write entries with what they name."""
        after, last = entries[0].position - 1, entries[-1].position
        facts = {stored.position: stored.facts for stored in store.facts_between(after, last)}
        records = {stored.position: stored.record for stored in store.records_between(after, last)}
        for entry in entries:
            if entry.kind is EntryKind.RECORD:
                self.files.write_named(RECORDS, [record_properties(entry, records[entry.position])])
            else:
                self._event(entry, facts[entry.position])

    def _event(self, entry: LedgerEntry, facts: EventFacts) -> None:
        position, places = entry.position, {place_key(place): place for place in places_named(facts)}
        self.files.write_named(EVENTS, [{"": position, **event_properties(entry, facts)}])
        self.files.write(NAMES, ((position, self.owners[unit]) for unit in facts.numbers()))
        self.files.write(MENTIONS, ((position, key) for key in places))
        self.places |= places

    def histories(self, store: Keepable, owners: Sequence[str]) -> None:
        """Write all that owners ever contributed, with the positions between which it was known."""
        versions = _versions(store, owners)
        for owner, states in versions.items():
            number = self.owners[owner]
            timelines = [timeline for _, timeline, _ in states if timeline]
            self._name(number, timelines)
            self._note(number, timelines)
            writer = RowWriter(self.owners, self.nodes)
            lasting = _Lasting()
            for position, timeline, unit in states:
                rows = writer.rows([timeline] if timeline else [])
                rows[UNITS] = {writer.unit(unit): None} if unit else {}
                self._write(lasting.until(position, rows))
            self._write(lasting.until(OPEN, {}))

    def _name(self, owner: int, timelines: Iterable[Timeline]) -> None:
        """Name the nodes, places and kinds of an owner, and write those nodes that belong to somebody."""
        for timeline in timelines:
            self.kinds.add(timeline.kind)
            for holding in timeline.holdings:
                unit = self.owners[holding.unit]
                self.places[place_key(holding.place)] = holding.place
                if self.nodes.belong(holding.id, unit, False):
                    number = self.nodes[holding.id].number
                    self.files.write(HOLDING_NODES, [(number, number, holding.id, unit, holding.event)])
                    self.files.write(HELD, [(unit, number)])
            for joint in timeline.joints:
                self.places[place_key(joint.place)] = joint.place
                if self.nodes.belong(joint.id, owner, True):
                    number = self.nodes[joint.id].number
                    self.files.write(TRANSFORMATION_NODES, [(number, number, joint.id, owner)])
                    self.files.write(RAN, [(owner, number)])

    def _note(self, owner: int, timelines: Iterable[Timeline]) -> None:
        """Note which events take part in transformations, and of which nodes of others the owner may say something."""
        for timeline in timelines:
            for joint in timeline.joints:
                self.parts.update((self.acts[event], self.nodes[joint.id].number) for event in joint.events)
            told_of = [(holding.id, holding.id) for holding in timeline.holdings]
            told_of += [(leg.source, leg.target) for leg in timeline.legs]
            self.strangers.update((owner, *ends) for ends in told_of if not self._has(owner, *ends))

    def _has(self, owner: int, *ids: str) -> bool:
        """Whether one of the nodes belongs to the owner, as far as is known."""
        return any(self.nodes[id].owner == owner for id in ids)

    def _write(self, ended: Iterable[tuple[Table, Row, int, int]]) -> None:
        """Write what was known between two positions."""
        for table, row, known_from, known_to in ended:
            start, end, type, *said = row
            if table is UNITS:
                self.products.add(end)
            file = LEG_FILES[type] if table is LEGS else TOLD[table]
            self.files.write(file, [(start, end, *said, known_from, known_to)])

    def finish(self, identity: str, head: LedgerHead) -> None:
        """Write what is only known at the end."""
        for key, number in self.owners.items():
            self.files.write(PROCESS_NODES if is_process(key) else UNIT_NODES, [(number, number, key)])
        named = ((node.number, node.number, id) for id, node in self.nodes.items() if not node.owner)
        self.files.write(NAMED_NODES, named)
        for key, place in self.places.items():
            self.files.write(PLACE_NODES[place.kind], [(key, key, place.kind.value, place.id)])
        self.files.write(PRODUCT_NODES, ((key, key) for key in sorted(self.products)))
        self.files.write(KIND_NODES, ((key, key) for key in sorted(self.kinds)))
        self.files.write(ACT_NODES, ((number, event) for event, number in self.acts.items()))
        self.files.write(PART_OF, sorted(self.parts))
        touched = {
            (owner, self.nodes[one].number) for owner, one, other in self.strangers if not self._has(owner, one, other)
        }
        self.files.write(TOUCHES, sorted(touched))
        self.files.write(PUBLISHED, [("tracegraph", head.count)])
        self.files.write(STORE, [("tracegraph", identity, SCHEMA_VERSION, len(self.nodes), len(self.owners))])


@dataclass(slots=True)
class _Lasting:
    """Rows that are known at present, and since when."""

    since: dict[tuple[Table, Row], int] = field(default_factory=dict)

    def until(self, position: int, rows: Mapping[Table, Mapping[Row, None]]) -> Iterator[tuple[Table, Row, int, int]]:
        """Make these the rows that are known from a position on; gives those that ended there."""
        present = {(table, row) for table, some in rows.items() for row in some}
        for table, row in [key for key in self.since if key not in present]:
            yield table, row, self.since.pop((table, row)), position
        for key in present:
            self.since.setdefault(key, position)


def _versions(store: Keepable, owners: Sequence[str]) -> dict[str, list[tuple[int, Timeline | None, UnitRow | None]]]:
    """What each owner contributed, and what it was, at every position at which that changed; ascending."""
    changed_at = store.changed_at(owners)
    owners_at: dict[int, list[str]] = defaultdict(list)
    for owner, positions in changed_at.items():
        for position in positions:
            owners_at[position].append(owner)
    found: dict[str, list[tuple[int, Timeline | None, UnitRow | None]]] = {owner: [] for owner in changed_at}
    for position in sorted(owners_at):
        changed = owners_at[position]
        timelines = store.timelines(changed, at=position)
        units = {unit.key: unit for unit in store.units(changed, at=position)}
        for owner in changed:
            found[owner].append((position, timelines.get(owner), units.get(owner)))
    return found
