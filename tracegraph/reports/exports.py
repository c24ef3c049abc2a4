"""Everything in a store, in the forms that other programs read: one list for the command line and for Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.trace.snapshot import Snapshot

if TYPE_CHECKING:
    from tracegraph.model.event import Event, Json


@dataclass(frozen=True, slots=True)
class Sharing:
    """What every export says of itself: the level of the information in it, and the parties that it is for (none:
    whoever may see everything)."""

    level: str = "extended"
    parties: tuple[str, ...] = ()

    def told(self) -> dict[str, str]:
        """As names and values."""
        return {"level": self.level} | ({"for": " ".join(self.parties)} if self.parties else {})


def _csv(snapshot: Snapshot, language: Language, file: IO[bytes], sharing: Sharing) -> None:
    from tracegraph.reports.table import csv_text
    from tracegraph.reports.whole import whole_graph

    told = whole_graph(snapshot, language).envelope
    file.write(csv_text(told, map(list, sharing.told().items())).encode("utf-8", "backslashreplace"))


def _graphml(snapshot: Snapshot, language: Language, file: IO[bytes], sharing: Sharing) -> None:
    from tracegraph.reports.graphml import write_graphml
    from tracegraph.reports.whole import whole_graph

    write_graphml(whole_graph(snapshot, language), file, sharing.told())


def _epcis(snapshot: Snapshot, language: Language, file: IO[bytes], sharing: Sharing) -> None:
    """Every event as it was captured, declarations of error included, and the master data as known."""
    from tracegraph.formats.epcis.context import TRACEGRAPH_URI
    from tracegraph.formats.epcis.writer import common_context
    from tracegraph.formats.epcis.writer import export as document
    from tracegraph.trace.times import instant_text

    created = instant_text(snapshot.known or 0)
    context = common_context(_events(snapshot))
    about = {f"{TRACEGRAPH_URI}{name}": value for name, value in sharing.told().items()}
    for text in document(_events(snapshot), created, context, _master_data(snapshot), about.items()):
        file.write(text.encode("utf-8", "backslashreplace"))


def _foodchainlab(
    snapshot: Snapshot, language: Language, file: IO[bytes], sharing: Sharing, chosen: Chosen | None = None
) -> None:
    from tracegraph.reports.foodchainlab import write_foodchainlab

    only = None if chosen is None else (chosen.units, chosen.holdings)
    write_foodchainlab(snapshot, language, file, sharing.told(), only)


def _events(snapshot: Snapshot) -> Iterator[Event]:
    """The stored events in ledger order, read again from their payloads."""
    from tracegraph.formats.epcis import event_of_payload
    from tracegraph.stores.port import EntryKind

    for entry in snapshot.store.entries(upto=snapshot.position):
        if entry.kind is EntryKind.EVENT:
            yield event_of_payload(entry.payload)


def _master_data(snapshot: Snapshot) -> Iterator[tuple[str, Json]]:
    """(vocabulary type, element) of the newest version of everything, by type."""
    import json
    from decimal import Decimal

    from tracegraph.stores.stored_facts import MASTER_KINDS

    positions = [stored.position for kind in MASTER_KINDS for stored in snapshot.records(kind)]
    wanted = dict.fromkeys(positions, b"")
    for entry in snapshot.store.entries(min(positions, default=1) - 1, max(positions, default=0)):
        if entry.position in wanted:
            wanted[entry.position] = entry.payload
    elements = []
    for payload in filter(None, wanted.values()):
        kept = json.loads(payload, parse_float=Decimal, parse_int=Decimal)
        elements.append((str(kept["vocabulary"]), kept["element"]))
    elements.sort(key=lambda pair: pair[0])
    yield from elements


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a store is written: units and holdings of an answer."""

    units: frozenset[str]
    holdings: frozenset[str]


def chosen_by(form: str, answer: Mapping[str, Any]) -> Chosen:
    """What an answer lists. UsageError where it is no answer with units, or the form is only for everything."""
    if form != "foodchainlab":
        raise UsageError(f"export {form} writes everything; leave the answer out, or choose foodchainlab")
    result = answer.get("result")
    if not isinstance(result, dict) or not isinstance(result.get("units"), list):
        raise UsageError("this is no answer that lists units; give the JSON of a trace")
    return Chosen(*(frozenset(one["id"] for one in result.get(name, ())) for name in ("units", "holdings")))


def write(
    form: str, snapshot: Snapshot, language: Language, file: IO[bytes], sharing: Sharing, chosen: Chosen | None = None
) -> None:
    """Write all that is known at a snapshot, or what was chosen of it, in one of the forms of WRITERS."""
    if chosen is None:
        WRITERS[form](snapshot, language, file, sharing)
    else:
        _foodchainlab(snapshot, language, file, sharing, chosen)


def _xlsx(snapshot: Snapshot, language: Language, file: IO[bytes], sharing: Sharing) -> None:
    from tracegraph.reports.tables import write_workbook

    write_workbook(snapshot, language, file, sharing.told())


#: What writes all that is known at a snapshot, by the name of the form.
WRITERS: dict[str, Callable[[Snapshot, Language, IO[bytes], Sharing], None]] = {
    "epcis": _epcis,
    "csv": _csv,
    "graphml": _graphml,
    "foodchainlab": _foodchainlab,
    "xlsx": _xlsx,
}
