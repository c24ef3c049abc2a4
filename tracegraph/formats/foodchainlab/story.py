"""What a document tells, each thing once: stations, deliveries between them, and what was made of what.

Rows that contradict the format (no id, an id that another row has, a relation between deliveries that never met) tell
nothing and are rejected. Rows that only leave something out tell the rest, with a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracegraph.formats.epcis import Rejected, SourcePosition
from tracegraph.formats.foodchainlab import document as columns
from tracegraph.formats.foodchainlab.dates import Days, read_days
from tracegraph.formats.foodchainlab.days import Dated, Stated, assumed_days
from tracegraph.formats.foodchainlab.document import Document, Row
from tracegraph.formats.foodchainlab.names import delivery_key, station_key
from tracegraph.model.event import Finding


@dataclass(frozen=True, slots=True)
class Station:
    """A station. `row` None: deliveries name it, but no row describes it. `mark`: what tracing says of it."""

    id: str
    key: str
    position: SourcePosition
    row: Row | None = None
    mark: Row | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery from one station to another: the unit `key`, and the days that stand for its dates."""

    id: str
    key: str
    row: Row
    supplier: Station
    recipient: Station
    stated: Stated
    days: Dated
    mark: Row | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Making:
    """A delivery and those that it was made of; `rows` are the relations that say so, in the same order."""

    result: Delivery
    ingredients: tuple[Delivery, ...]
    rows: tuple[Row, ...]

    @property
    def late(self) -> tuple[Delivery, ...]:
        """The ingredients that arrive after the result departs."""
        return tuple(one for one in self.ingredients if one.days.arrival > self.result.days.departure)


@dataclass(slots=True)
class Story:
    """All that a document tells."""

    stations: dict[str, Station] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    makings: list[Making] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def begins_late(self) -> list[Delivery]:
        """Deliveries that are of no known making, and that arrive after something was made of them."""
        made = {making.result.id for making in self.makings}
        late = {one.id: one for making in self.makings for one in making.late if one.id not in made}
        return [late[identifier] for identifier in sorted(late)]


def story_of(document: Document) -> Story:
    """What the document tells."""
    story = Story(rejected=list(document.rejected))
    marks = {table: _marks(rows, story) for table, rows in document.marks.items()}
    _read_stations(document, marks["nodes"], story)
    rows = _delivery_rows(document, story)
    relations = _relations(document, rows, story)
    _read_deliveries(rows, marks["deliveries"], relations, story)
    _gather(relations, story)
    for table, known in (("nodes", story.stations), ("deliveries", story.deliveries)):
        _tell_strays(marks[table], known, story)
    return story


def _marks(rows: list[Row], story: Story) -> dict[str, Row]:
    """Marks by the id of what they are on."""
    found: dict[str, Row] = {}
    for row in rows:
        identifier = row.text(("id",))
        if not identifier or identifier in found:
            what = f"marks {identifier!r} a second time" if identifier else "names nothing that it marks"
            story.rejected.append(row.rejected(f"this entry of tracing {what}; leave it out"))
        else:
            found[identifier] = row
    return found


def _tell_strays(marks: Mapping[str, Row], known: Mapping[str, object], story: Story) -> None:
    """Marks on what the tables do not have."""
    for identifier, row in marks.items():
        if identifier not in known:
            story.rejected.append(
                row.rejected(f"tracing marks {identifier!r}, which no row of the tables has; correct the id")
            )


def _identified(rows: list[Row], what: str, story: Story) -> dict[str, Row]:
    """Rows by their ids, each once."""
    found: dict[str, Row] = {}
    for row in rows:
        identifier = row.text(columns.ID)
        if not identifier:
            story.rejected.append(row.rejected(f"this {what} has no ID; give it one"))
        elif identifier in found:
            where = found[identifier].position.pointer
            reason = f"the ID {identifier!r} of this {what} is that of {where} already; give it another"
            story.rejected.append(row.rejected(reason))
        else:
            found[identifier] = row
    return found


def _read_stations(document: Document, marks: Mapping[str, Row], story: Story) -> None:
    for identifier, row in _identified(document.stations, "station", story).items():
        key = station_key(identifier, row.text(columns.STATION_NAME))
        story.stations[identifier] = Station(identifier, key, row.position, row, marks.get(identifier))


def _delivery_rows(document: Document, story: Story) -> dict[str, Row]:
    """Rows of deliveries that say from where and to whom."""
    found = {}
    for identifier, row in _identified(document.deliveries, "delivery", story).items():
        ends = [row.text(names) for names in (columns.SUPPLIER, columns.RECIPIENT)]
        if not all(ends):
            reason = f"delivery {identifier!r} names no {'supplier' if not ends[0] else 'recipient'}; give its station"
            story.rejected.append(row.rejected(reason))
            continue
        found[identifier] = row
        for end in ends:
            if end not in story.stations:
                story.stations[end] = Station(end, station_key(end, ""), row.position)
    return found


Relations = dict[tuple[str, str], Row]


def _relations(document: Document, deliveries: Mapping[str, Row], story: Story) -> Relations:
    """Relations between deliveries that meet at a station, by (ingredient, result)."""
    found: Relations = {}
    for row in document.relations:
        pair = row.text(columns.INGREDIENT), row.text(columns.RESULT)
        reason = _unusable(pair, deliveries, found)
        if reason:
            story.rejected.append(row.rejected(f"this relation {reason}"))
        else:
            found[pair] = row
    return found


def _unusable(pair: tuple[str, str], deliveries: Mapping[str, Row], found: Relations) -> str:
    """Why a relation says nothing; empty where it says something."""
    for identifier, end in zip(pair, ("from", "to"), strict=True):
        if not identifier:
            return f"has no {end!r}; give the ID of a delivery"
        if identifier not in deliveries:
            return f"names the delivery {identifier!r}, which no row describes; describe it, or correct the ID"
    if pair[0] == pair[1]:
        return f"makes delivery {pair[0]!r} its own ingredient; correct one of the two"
    if pair in found:
        return f"is that of {found[pair].position.pointer} again; it counts once"
    here, there = deliveries[pair[0]].text(columns.RECIPIENT), deliveries[pair[1]].text(columns.SUPPLIER)
    if here != there:
        return f"joins what {here!r} received to what {there!r} supplied; correct one of the deliveries or the relation"
    return ""


def _read_deliveries(rows: Mapping[str, Row], marks: Mapping[str, Row], relations: Relations, story: Story) -> None:
    findings: dict[str, list[Finding]] = {identifier: [] for identifier in rows}
    stated = {identifier: _stated(row, findings[identifier]) for identifier, row in rows.items()}
    days = assumed_days(stated, relations)
    for identifier, row in rows.items():
        supplier, recipient = (story.stations[row.text(names)] for names in (columns.SUPPLIER, columns.RECIPIENT))
        for station in (supplier, recipient) if supplier is not recipient else (supplier,):
            if station.row is None:
                message = f"No row describes station {station.id!r}; it is known by its id alone."
                findings[identifier].append(Finding("station_not_described", "", message))
        story.deliveries[identifier] = Delivery(
            identifier,
            delivery_key(supplier.key, identifier),
            row,
            supplier,
            recipient,
            stated[identifier],
            days[identifier],
            marks.get(identifier),
            tuple(findings[identifier]),
        )


def _stated(row: Row, findings: list[Finding]) -> Stated:
    return Stated(*(_days(row, names, findings) for names in (columns.DEPARTURE, columns.ARRIVAL)))


def _days(row: Row, names: tuple[str, ...], findings: list[Finding]) -> Days | None:
    """What a cell says of a date; what cannot be read is kept as it is, and tells nothing."""
    text = row.text(names)
    days = read_days(text) if text else None
    if text and days is None:
        message = f"{names[0]} {text!r} is no date that is certain (2016-01-04, 04.01.2016, 2016-01, 2016); unknown."
        findings.append(Finding("unreadable_date", "", message))
    return days


def _gather(relations: Relations, story: Story) -> None:
    """Relations by their result."""
    by_result: dict[str, list[tuple[str, Row]]] = {}
    for (ingredient, result), row in relations.items():
        by_result.setdefault(result, []).append((ingredient, row))
    for result, entries in by_result.items():
        entries.sort(key=lambda entry: entry[0])
        ingredients = tuple(story.deliveries[ingredient] for ingredient, _ in entries)
        story.makings.append(Making(story.deliveries[result], ingredients, tuple(row for _, row in entries)))
