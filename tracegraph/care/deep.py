"""The deepest check: everything derived is made again from the ledger and compared with what is stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from tracegraph.care.rebuilding import replay
from tracegraph.care.rereading import reread_faults
from tracegraph.errors import StoreDamaged
from tracegraph.model.custody import Timeline
from tracegraph.processes import in_order
from tracegraph.stores import file_of_url, open_store
from tracegraph.stores.care import Keepable, keepable
from tracegraph.stores.faults import Fault, Watch, unwatched
from tracegraph.stores.port import HoldingQuery, Reading
from tracegraph.timeline.steps import Settings

#: Entries read again by one process at a time.
RANGE = 5_000
#: Owners compared at once.
PAGE = 200
#: Known times at which the graphs are compared, besides now.
MOMENTS = 4


@dataclass(frozen=True, slots=True)
class Task:
    """Read the entries with `after` < position <= `upto` of a store again."""

    url: str
    after: int
    upto: int


def deep_faults(
    store: Keepable, watch: Watch = unwatched, processes: int = 1, settings: Settings | None = None
) -> Iterator[Fault]:
    """A sentence per difference between what is stored and what the ledger says: facts and records against payloads,
    the graph, now and at some earlier known times, against one made again in a temporary file beside the store.

    It costs about twice what capturing everything did, and the space of a second store. The store is to be checked
    (`check`) before. `settings` must be those of capture.
    """
    yield from _payload_faults(store, watch, processes)
    yield from _graph_faults(store, watch, settings)


def _payload_faults(store: Keepable, watch: Watch, processes: int) -> Iterator[Fault]:
    count = store.head().count
    tasks = [Task(store.url, after, min(after + RANGE, count)) for after in range(0, count, RANGE)]
    done = 0

    def tell(task: Task) -> None:
        nonlocal done
        done += task.upto - task.after
        watch("payloads", done, count)

    for faults in in_order(_reread, tasks, processes, lambda task: task.upto - task.after, tell):
        yield from faults


def _reread(task: Task) -> list[Fault]:
    with closing(open_store(task.url, create=False)) as store:
        return list(reread_faults(keepable(store), task.after, task.upto))


def _graph_faults(store: Keepable, watch: Watch, settings: Settings | None) -> Iterator[Fault]:
    from tracegraph.stores.sqlite.renewing import renewal

    place = file_of_url(store.url).absolute()
    with renewal(place, store.identity, overwrite=True) as new, new.opened() as made:
        try:
            replay(store, made, watch, settings)
        except StoreDamaged as error:
            yield Fault(str(error), "ledger")
            return
        yield from graph_differences(store, keepable(made), watch)


def graph_differences(store: Keepable, made: Keepable, watch: Watch = unwatched) -> Iterator[Fault]:
    """Where the graph of a store is not the one that was made from the same ledger: as known at earlier times, then
    at the end of the ledger that `made` has."""
    owners = sorted({*store.owners(), *made.owners()})
    moments = _moments(store, made)
    for number, at in enumerate(moments):
        for begin in range(0, len(owners), PAGE):
            yield from _owner_differences(store, made, owners[begin : begin + PAGE], at)
            watch("compare", number * len(owners) + begin, len(moments) * len(owners))
    if moments[-1] is None and store.sizes()["units"] != made.sizes()["units"]:
        yield Fault("units are known that the ledger does not speak of, or the other way round", "graph")


def _moments(store: Reading, made: Reading) -> list[int | None]:
    """Positions at which something became known, spread over the ledger; the last is its end (None: also that of the
    store, which did not go on meanwhile)."""
    end = made.head().count
    middles = [part * end // (MOMENTS + 1) for part in range(1, MOMENTS + 1)]
    times = [entry.recorded_at for middle in middles if middle for entry in made.entries(middle - 1, middle)]
    earlier = sorted({made.position_at(time) for time in times} - {end})
    return [*earlier, None if store.head().count == end else end]


def _owner_differences(store: Reading, made: Reading, owners: Sequence[str], at: int | None) -> Iterator[Fault]:
    known, right = store.timelines(owners, at), made.timelines(owners, at)
    when = "" if at is None else f", as known at position {at},"
    for owner in owners:
        what = _difference(known.get(owner), right.get(owner))
        if what:
            yield Fault(f"the graph of {owner}{when} is not what the ledger says: {what}", "graph")
    differing = {*store.units(owners, at=at)} ^ {*made.units(owners, at=at)}
    for key in sorted({unit.key for unit in differing}):
        yield Fault(f"unit {key}{when} has another kind or product than the ledger says", "graph")
    if known == right and not _found_alike(store, made, list(right.values()), at):
        owned = f"{owners[0]} to {owners[-1]}"
        yield Fault(f"holdings or transformations of {owned}{when} are not found by what they are", "graph")


def _found_alike(store: Reading, made: Reading, timelines: Sequence[Timeline], at: int | None) -> bool:
    """Whether both stores find the same holdings by unit and the same joints by event: what finds them has rows of its
    own."""
    units = {holding.unit for timeline in timelines for holding in timeline.holdings}
    events = {event for timeline in timelines for joint in timeline.joints for event in joint.events}
    return _found(store, units, events, at) == _found(made, units, events, at)


def _found(reading: Reading, units: Collection[str], events: Collection[str], at: int | None) -> tuple[object, object]:
    holdings = [row.holding for row in reading.holdings(HoldingQuery(units=units), at)]
    return holdings, [row.joint for row in reading.joints_of(events, at)]


def _difference(known: Timeline | None, right: Timeline | None) -> str:
    """Which parts differ, in words; empty where none does."""
    if known == right:
        return ""
    if known is None or right is None:
        return "all of it is missing" if known is None else "none of it should be there"
    parts = ("kind", "holdings", "joints", "legs", "gaps", "aliases", "lots")
    return ", ".join(part for part in parts if getattr(known, part) != getattr(right, part)) + " differ"
