"""A unit cleared in a case: the move, and the override that takes it out of scopes, stored together or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from tracegraph.errors import UsageError
from tracegraph.intake.recalling import Acted, Actor, act
from tracegraph.model.record import Record
from tracegraph.recall.clearings import clearing_of
from tracegraph.recompile.entering import with_known_units
from tracegraph.stores.port import Reading, Store


def clear(
    store: Store,
    case: str,
    fields: Mapping[str, str],
    recorded_at: int,
    actor: Actor,
    reason: str,
    key: str = "",
    seen: int | None = None,
    as_is: Collection[str] = (),
) -> Acted:
    """Clear a unit by a move `clear` of a case. The unit of the move is the key of the one that was meant.

    Raises as `act`; UsageError where nobody, or no reason, is named; UnknownIdentifier for a unit that nothing is
    known of.
    """
    if not actor.name.strip():
        raise UsageError("a unit is cleared by a person; say who it is with --as")
    override = with_known_units(store, clearing_of(case, fields, reason))
    said = {**fields, "unit": str(override.data["unit"])}
    return act(
        store,
        case,
        "clear",
        said,
        recorded_at,
        actor,
        reason,
        also=_anew(store, override),
        key=key,
        seen=seen,
        as_is=as_is,
    )


def _anew(store: Reading, override: Record) -> list[Record]:
    """The override; where the same stands on record already, with an end of that before it: a clearing that lapsed
    holds again only from a new entry on, and the ledger takes none that says nothing new."""
    known = [one for one in store.records(override.kind, [override.id]) if one.record.data == override.data]
    return [replace(override, withdrawn=True), override] if known else [override]
