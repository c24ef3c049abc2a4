"""Everything in a store, or an answer, in the forms that other programs read: one list for the command line, Python and
HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tracegraph.errors import InputError, UsageError
from tracegraph.messages import Language
from tracegraph.model.instants import Moment
from tracegraph.reports.sheet_forms import SHEET_FORMS
from tracegraph.trace.question import Question, ask
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered

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


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a store is written: units and holdings of an answer."""

    units: frozenset[str]
    holdings: frozenset[str]


def chosen_by(form: str, answer: Mapping[str, Any]) -> Chosen:
    """What an answer lists. UsageError where it is no answer with units, or the form is only for everything."""
    if form != "foodchainlab":
        raise UsageError(f"export {form} writes everything or what starts reach; leave the answer out")
    result = answer.get("result")
    if not isinstance(result, dict) or not isinstance(result.get("units"), list):
        raise UsageError("this is no answer that lists units; give the JSON of a trace")
    return Chosen(*(frozenset(one["id"] for one in result.get(name, ())) for name in ("units", "holdings")))


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that is there only once it is whole. Raises InputError where it cannot be written."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise InputError(f"the file {path} cannot be written: {error.strerror}; choose another") from None
    finally:
        part.unlink(missing_ok=True)


def question_of(form: str, starts: Sequence[str], direction: str, as_of: Moment | None) -> Question | None:
    """The question whose answer is written; None without starts: everything. UsageError where the form is of
    everything only."""
    if starts and form not in (*GRAPH_WRITERS, "foodchainlab"):
        raise UsageError(f"export {form} is not of what starts reach; leave the starts out, or choose another form")
    return ask(*starts, direction=direction, as_of=as_of) if starts else None


def write(
    form: str,
    snapshot: Snapshot,
    language: Language,
    file: IO[bytes],
    sharing: Sharing,
    chosen: Chosen | None = None,
    question: Question | None = None,
    holds: bool = False,
) -> None:
    """Write everything that is known at a snapshot in that form or, of the graph, the answer to a question of kind
    `trace`, or what was chosen of it. `holds`: with what is on hold as further events, of `epcis`. Raises UsageError
    for a form that there is not."""
    if form not in FORMS:
        raise UsageError(f"export {form!r} is not offered here; choose one of {', '.join((*FORMS, *SHEET_FORMS))}")
    if question is not None and chosen is not None:
        raise UsageError("starts as well as an answer were given; leave one of the two out")
    if holds:
        _check_holds(form, sharing)
        _epcis(snapshot, language, file, sharing, held=True)
    elif form in WHOLE_WRITERS:
        WHOLE_WRITERS[form](snapshot, language, file, sharing)
    elif form == "foodchainlab":
        if question is not None:
            chosen = chosen_by(form, _answered(snapshot, question, language).envelope)
        _foodchainlab(snapshot, language, file, sharing, chosen)
    else:
        GRAPH_WRITERS[form](_answered(snapshot, question, language), snapshot, file, sharing)


def _check_holds(form: str, sharing: Sharing) -> None:
    """Only EPCIS can say what is on hold, and only who sees all cases knows it."""
    if form != "epcis":
        raise UsageError(f"export {form} does not say what is on hold; choose epcis")
    if sharing.parties:
        raise UsageError("what is on hold is known from all cases, and no party may see those; leave the holds out")


def _answered(snapshot: Snapshot, question: Question | None, language: Language) -> Answered:
    """A trace, or the whole graph."""
    from tracegraph.reports.whole import whole_graph
    from tracegraph.trace.register import Register
    from tracegraph.trace.tracing import trace

    if question is None:
        return whole_graph(snapshot, language)
    return trace(snapshot.store, question, language=language, register=Register(snapshot))


def _csv(answered: Answered, snapshot: Snapshot, file: IO[bytes], sharing: Sharing) -> None:
    from tracegraph.reports.table import csv_text

    file.write(csv_text(answered.envelope, map(list, sharing.told().items())).encode("utf-8", "backslashreplace"))


def _graphml(answered: Answered, snapshot: Snapshot, file: IO[bytes], sharing: Sharing) -> None:
    from tracegraph.reports.graphml import write_graphml

    write_graphml(answered, file, sharing.told())


def _geojson(answered: Answered, snapshot: Snapshot, file: IO[bytes], sharing: Sharing) -> None:
    from tracegraph.reports.geojson import write_geojson

    write_geojson(answered, snapshot, file, sharing.told())


def _parquet(answered: Answered, snapshot: Snapshot, file: IO[bytes], sharing: Sharing) -> None:
    from tracegraph.reports.parquet import write_parquet

    write_parquet(answered, snapshot, file, sharing.told())


def _epcis(snapshot: Snapshot, language: Language, file: IO[bytes], sharing: Sharing, held: bool = False) -> None:
    """Every event as it was captured, declarations of error included, and the master data as known; then what is on
    hold, where that is wanted."""
    from tracegraph.formats.epcis.context import TRACEGRAPH_URI
    from tracegraph.formats.epcis.writer import common_context
    from tracegraph.formats.epcis.writer import export as document
    from tracegraph.model.instants import instant_text

    created = instant_text(snapshot.known or 0)
    context = common_context(_events(snapshot))
    about = {f"{TRACEGRAPH_URI}{name}": value for name, value in sharing.told().items()}
    events = chain(_events(snapshot), _held(snapshot) if held else ())
    for text in document(events, created, context, _master_data(snapshot), about.items()):
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


def _held(snapshot: Snapshot) -> Iterator[Event]:
    """What is on hold, as events that say that they are generated."""
    from tracegraph.reports.held_events import held_events

    return held_events(snapshot)


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


def _xlsx(snapshot: Snapshot, language: Language, file: IO[bytes], sharing: Sharing) -> None:
    from tracegraph.reports.tables import write_workbook

    write_workbook(snapshot, language, file, sharing.told())


#: What writes an answer about the graph, or all of it, by the name of the form.
GRAPH_WRITERS: dict[str, Callable[[Answered, Snapshot, IO[bytes], Sharing], None]] = {
    "csv": _csv,
    "graphml": _graphml,
    "geojson": _geojson,
    "parquet": _parquet,
}
#: What writes all that is known at a snapshot, and nothing less.
WHOLE_WRITERS: dict[str, Callable[[Snapshot, Language, IO[bytes], Sharing], None]] = {"epcis": _epcis, "xlsx": _xlsx}
#: All forms.
FORMS = tuple(dict.fromkeys(("epcis", *GRAPH_WRITERS, "foodchainlab", *WHOLE_WRITERS)))
