"""One atomic change: append what is new to the ledger, and bring the graph up to date with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tracegraph.recompile.changes import Recompilation
from tracegraph.recompile.families import difference, new_events
from tracegraph.recompile.records import new_records, numbers_touched, places_touched
from tracegraph.recompile.workbench import Workbench
from tracegraph.stages import COMMIT, COMPILING, FACTS, LEDGER, ROWS, UNMEASURED, Stages
from tracegraph.stores.port import NewEntry, Reading, Store, Writing
from tracegraph.stores.stored_facts import relatives


@dataclass(frozen=True, slots=True)
class Batch:
    """What one change stored: new events, duplicates, new record versions; `entered`: those of them that people entered
    (they have a reason, master data have none)."""

    events: int
    duplicates: int
    records: int
    entered: int = 0

    def __add__(self, other: Batch) -> Batch:
        """What both stored."""
        return Batch(
            self.events + other.events,
            self.duplicates + other.duplicates,
            self.records + other.records,
            self.entered + other.entered,
        )


def store_batch(
    store: Store,
    entries: Sequence[NewEntry],
    recorded_at: int,
    actor: str = "",
    workbench: Workbench | None = None,
    stages: Stages = UNMEASURED,
    check: Callable[[Reading], None] | None = None,
) -> Batch:
    """Append the entries that are new and recompile what they touch, in one atomic change. `workbench` is what is
    remembered of this store from change to change; `stages` is told where the time goes; `check` may look at the store
    before anything is appended, when nobody else can write any more: where it raises, nothing is."""
    return store_batches(store, [entries], recorded_at, actor, workbench, stages, check)


def store_batches(
    store: Store,
    batches: Iterable[Sequence[NewEntry]],
    recorded_at: int,
    actor: str = "",
    workbench: Workbench | None = None,
    stages: Stages = UNMEASURED,
    check: Callable[[Reading], None] | None = None,
) -> Batch:
    """The same of more than fits into memory at once: all batches in one atomic change, one after the other."""
    bench = workbench or Workbench()
    total = Batch(0, 0, 0)
    try:
        with stages.stage(COMMIT), store.write() as change:
            if check is not None:
                check(change)
            for entries in batches:
                total += _stored(change, entries, recorded_at, actor, bench, stages)
            return total
    except BaseException:
        bench.forget_all()  # what it holds is not what the store holds
        raise


def _stored(
    change: Writing, entries: Sequence[NewEntry], recorded_at: int, actor: str, bench: Workbench, stages: Stages
) -> Batch:
    with stages.stage(FACTS):
        facts = [entry.facts for entry in entries if entry.facts]
        families = relatives(change, facts)
        events = new_events(entries, families)
        records = new_records(change, entries)
    new = {*map(id, events), *map(id, records)}
    fresh = [entry for entry in entries if id(entry) in new]
    if fresh:
        bench.join(change)
        with stages.stage(FACTS):
            places = places_touched(change, records)
            changed = difference(families, [one.facts for one in events if one.facts])
            recompilation = Recompilation(change, bench, changed)
        with stages.stage(LEDGER):
            positions = change.append(fresh, recorded_at, actor)
        with stages.stage(COMPILING):
            changes = recompilation.changes(numbers_touched(records), places)
        with stages.stage(ROWS):
            changes.write(change, positions[-1])
        bench.leave(change.head())
    entered = sum(1 for entry in records if entry.record and entry.record.reason)
    return Batch(len(events), len(facts) - len(events), len(records), entered)
