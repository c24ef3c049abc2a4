"""A unit as it stood at a valid time: its timeline compiled from the events up to then, as known at the snapshot."""

from __future__ import annotations

from collections.abc import Iterable

from tracegraph.model.custody import Holding
from tracegraph.stores.stored_facts import StoredAliases, StoredFacts, master_data
from tracegraph.timeline import Compiler, Places
from tracegraph.trace.snapshot import Snapshot


def holdings_on(snapshot: Snapshot, units: Iterable[str], on: int) -> dict[str, Holding]:
    """The holdings of the units by id, as the events up to the instant `on` make them. Ids are those of the full
    timeline, as far as the same events open the same stays."""
    store, position = snapshot.store, snapshot.position
    source = StoredFacts(store, position, on)
    compiler = Compiler(source, Places.of(master_data(store, position)), StoredAliases(store, position))
    timelines = [compiler.unit(unit).timeline for unit in sorted(units)]
    return {holding.id: holding for timeline in timelines for holding in timeline.holdings}
