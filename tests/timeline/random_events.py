"""Random small worlds as tables in the tests' notation, so that a failing example reads like a page from a goods book.

Few units, containers, sites, documents and instants, so that events meet: the same lot, the same tote, the same date.
Nothing is physically sensible on purpose: records are wrong in every way that a clerk can be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.timeline.notation import World, read_world

LOTS = ("A", "B")
ITEMS = ("i",)
TOTES = ("T", "U")
SITES = ("P", "Q", "R")
DOCUMENTS = ("desadv:1", "desadv:2", ":1")
MASTER = ("site P contains D", "site Q lies in R", "site P run by X", "site Q run by X", "site D lies in Q")


@dataclass(frozen=True)
class Table:
    """The lines of a table: events in order, each with its label, and master data lines."""

    events: tuple[str, ...]
    master: tuple[str, ...] = ()

    def world(self) -> World:
        """The table, read."""
        return read_world(str(self))

    def __str__(self) -> str:
        return "\n".join((*self.master, *self.events))

    def __repr__(self) -> str:
        return f"\n{self}\n"


def _sometimes(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), words)


def _amounts() -> st.SearchStrategy[str]:
    return st.sampled_from(("", "10 kg", "20 kg", "30 kg", "5 pieces"))


def _lots() -> st.SearchStrategy[str]:
    return st.builds("lot {} {}".format, st.sampled_from(LOTS), _amounts())


def _goods() -> st.SearchStrategy[str]:
    """One or two units; a tote may be moved or used like any other unit."""
    one = st.one_of(
        _lots(),
        _lots(),
        st.sampled_from([f"item {item}" for item in ITEMS]),
        st.sampled_from([f"tote {tote}" for tote in TOTES]),
    )
    return st.lists(one, min_size=1, max_size=2).map(", ".join)


def _sites() -> st.SearchStrategy[str]:
    return st.sampled_from((*SITES, "D"))


def _times(days: int) -> st.SearchStrategy[str]:
    clock = st.sampled_from(("08:00", "10:00", "date"))
    return st.builds("d{} {}".format, st.integers(1, days), clock)


def _documents() -> st.SearchStrategy[str]:
    return _sometimes(st.sampled_from([f"doc {document}" for document in DOCUMENTS]))


def _routes() -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{} -> {}".format, _sites(), _sites()),
        st.builds("{} ->".format, _sites()),
        st.builds("-> {}".format, _sites()),
        st.builds("party X -> Y at {}".format, _sites()),
    )


def _births() -> st.SearchStrategy[str]:
    return st.builds("{} {} {}".format, st.sampled_from(("make", "more")), _goods(), _here())


def _here() -> st.SearchStrategy[str]:
    """Where: a site, rarely nowhere, rarely a dock door beside it."""
    at = st.builds("at {}".format, _sites())
    return st.one_of(at, at, at, st.just(""), st.builds("seen at D at {}".format, _sites()))


def _shipments() -> st.SearchStrategy[str]:
    verb = st.sampled_from(("ship", "ship", "depart", "receive", "receive", "accept", "void"))
    return st.builds("{} {} {} {}".format, verb, _goods(), _routes(), _documents())


def _aggregations() -> st.SearchStrategy[str]:
    parent = st.sampled_from(TOTES)
    pack = st.builds("pack {} into tote {} {}".format, _goods(), parent, _here())
    unpack = st.builds("unpack {} from tote {} {}".format, _goods(), parent, _here())
    empty = st.builds("unpack all from tote {} {}".format, parent, _here())
    verb = st.sampled_from(("ship", "receive"))
    moved = st.builds(
        "{} {} {} tote {} {} {}".format, verb, _goods(), st.sampled_from(("into", "from", "in")), parent, _routes(), _documents()
    )
    return st.one_of(pack, pack, unpack, empty, moved)


def _transformations() -> st.SearchStrategy[str]:
    batch = _sometimes(st.just("batch t"))
    return st.one_of(
        st.builds("use {} => {} {} {}".format, _goods(), _goods(), _here(), batch),
        st.builds("use {} {} batch t".format, _goods(), _here()),
        st.builds("use => {} {} batch t".format, _goods(), _here()),
    )


def _others() -> st.SearchStrategy[str]:
    verb = st.sampled_from(("destroy", "sell", "sample", "see", "trade", "stage"))
    return st.one_of(
        st.builds("{} {} {}".format, verb, _goods(), _here()),
        st.builds("ship {} {} as ADD".format, _goods(), _routes()),
        st.builds("receive {} {} as TransactionEvent".format, _goods(), _routes()),
        st.builds("see lot A alias {} {}".format, st.sampled_from(("B", "C", "A2")), _here()),
        st.builds("make item i member of lot {} {}".format, st.sampled_from(LOTS), _here()),
    )


def lines(days: int = 3) -> st.SearchStrategy[str]:
    """One event without its label."""
    said = st.one_of(
        _births(), _shipments(), _shipments(), _aggregations(), _aggregations(), _transformations(), _others()
    )
    return st.builds("{} {}".format, _times(days), said)


_IDS = st.sampled_from(("", "", "", "", "id x", "id none"))


@st.composite
def tables(draw: st.DrawFn, largest: int = 7, references: bool = True, master: bool = True) -> Table:
    """Tables of at most `largest` events, with retractions, copies and master data."""
    said = draw(st.lists(lines(), min_size=1, max_size=largest))
    events = [f"e{number} {line} {draw(_IDS)}" for number, line in enumerate(said, start=1)]
    if references:
        events += _references(draw, len(said))
    chosen = draw(st.lists(st.sampled_from(MASTER), unique=True, max_size=3)) if master else []
    return Table(tuple(events), tuple(chosen))


def _references(draw: st.DrawFn, count: int) -> list[str]:
    """Retractions and copies of earlier lines, with the same eventID, another or none."""
    found = []
    for number in range(draw(st.integers(0, 2))):
        word = draw(st.sampled_from(("retracts", "copies")))
        clause = draw(st.sampled_from(("", "", "id none", "id y", "id x", "content c")))
        found.append(f"r{number} {word} e{draw(st.integers(1, count))} {clause}")
    return found


def without(table: Table, labels: Sequence[str]) -> Table:
    """The table without some lines."""
    kept = tuple(line for line in table.events if line.split()[0] not in labels)
    return Table(kept, table.master)
