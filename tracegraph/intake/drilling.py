"""Hold a drill: open its case, find what is affected, account for the goods, and judge it; every step is a move.

The goods are followed once for all that is asked of them. Nothing can be sent: the case is of type drill.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracegraph.identifiers import product_of
from tracegraph.intake.recalling import Acted, Actor, act
from tracegraph.messages import Language
from tracegraph.model.instants import instant_text
from tracegraph.recall.case.casefile import CaseFile, case_file
from tracegraph.recall.drills.drill import RECONCILE, Drill, drill_of, judge
from tracegraph.recall.drills.examining import Affected, account, affected, directions
from tracegraph.recall.drills.picking import Pick, drawn
from tracegraph.recall.drills.targets import STAMPS, chosen
from tracegraph.stores.port import Reading, Store
from tracegraph.trace.answering import collector_paused
from tracegraph.trace.envelope import Json
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import known_unit
from tracegraph.trace.snapshot import Snapshot

Clock = Callable[[], int]


@dataclass(slots=True)
class Stopwatch:
    """When each stamp was reached, by the clock of who keeps the ledger."""

    clock: Clock
    stamps: dict[str, int] = field(default_factory=dict)

    def stamp(self, name: str) -> int:
        """Note that it is reached now; returns when that is. A clock that jumps back stops the watch, no more."""
        assert name in STAMPS
        last = max(self.stamps.values(), default=0)
        self.stamps[name] = max(self.clock(), last)
        return self.stamps[name]


@dataclass(frozen=True, slots=True)
class Held:
    """A drill, and the answer of its scope (without entries: those are in the case)."""

    drill: Drill
    answer: Json


def picked(store: Reading, unit: str | None, seed: int, product: str | None = None, site: str | None = None) -> Pick:
    """The unit, by any of its numbers, or one drawn. Raises UnknownIdentifier."""
    snapshot = Snapshot.of(store)
    if unit is not None:
        return Pick(known_unit(unit, Register(snapshot)).id)
    return drawn(snapshot, seed, product, site)


def hold_drill(
    store: Store,
    picked: Pick,
    clock: Clock,
    actor: Actor,
    reason: str = "",
    targets: Sequence[str] = (),
    case: str = "",
    title: str = "",
    keep_open: bool = False,
    language: Language = "en",
) -> Held:
    """Hold a drill about a unit (its canonical key) from beginning to end. `targets`: names of those that count (none:
    the usual ones); `keep_open`: do not complete the case, so that people go on with notices and replies. Raises
    IllegalMove, UnknownIdentifier, UsageError as `act` does."""
    chosen(targets, "")
    watch = Stopwatch(clock)
    with collector_paused():
        acted = _open(store, case, picked, targets, title, watch, actor, reason)
        register = Register(Snapshot.of(store))
        found = affected(register, picked.unit, language)
        at = watch.stamp("first_answer")
        acted = _next(store, acted, "scope", at, actor, reason, found.version(actor.name))
        watch.stamp("complete_scope")
        acted = _reconciled(store, acted, register, found, watch, actor, reason)
        if not keep_open:
            acted = _next(store, acted, "complete", clock(), actor, reason)
    return Held(drill_of(acted.case), found.answer)


def _next(
    store: Store,
    acted: Acted | CaseFile,
    action: str,
    at: int,
    actor: Actor,
    reason: str,
    payload: Mapping[str, Any] | None = None,
) -> Acted:
    """The next move in a case of which nothing has to be read again."""
    case = acted if isinstance(acted, CaseFile) else acted.case
    return act(store, case.id, action, {}, at, actor, reason, payload, before=case)


def finish_drill(
    store: Store, case: str, clock: Clock, actor: Actor, reason: str = "", language: Language = "en"
) -> Held:
    """End a drill whose scope people made: account for the goods of its lot now, and judge it by when its moves were
    recorded. Raises UnknownIdentifier, IllegalMove; UsageError for a case that is no drill."""
    file = case_file(store, case)
    drill = drill_of(file)
    watch = Stopwatch(clock, {name: at for name, at in drill.stamps.items() if name != "reconciled"})
    register = Register(Snapshot.of(store))
    found = affected(register, drill.unit, language)
    acted = _reconciled(store, file, register, found, watch, actor, reason)
    return Held(drill_of(acted.case), found.answer)


def _open(
    store: Store,
    case: str,
    picked: Pick,
    targets: Sequence[str],
    title: str,
    watch: Stopwatch,
    actor: Actor,
    reason: str,
) -> Acted:
    product = product_of(picked.unit)
    fields = {"type": "drill", "title": title or f"Drill: {picked.unit}"} | ({"products": product} if product else {})
    asked = {"unit": picked.unit, "picked": picked.to_dict(), "targets": list(targets)}
    return act(store, case, "open", fields, watch.stamp("start"), actor, reason, {"drill": asked})


def _reconciled(
    store: Store,
    before: Acted | CaseFile,
    register: Register,
    found: Affected,
    watch: Stopwatch,
    actor: Actor,
    reason: str,
) -> Acted:
    drill = drill_of(before if isinstance(before, CaseFile) else before.case)
    unit, asked = drill.unit, drill.asked
    told = account(register, unit, found)
    both = directions(register, unit, found)
    at = watch.stamp("reconciled")
    payload: Mapping[str, Any] = {
        "unit": unit,
        "sites": found.sites_of(unit),
        "account": told,
        "directions": both,
        "stamps": {name: instant_text(instant) for name, instant in watch.stamps.items()},
        "targets": judge(asked.get("targets", ()), watch.stamps, told),
        "position": register.snapshot.position,
        "head": register.snapshot.head,
    }
    return _next(store, before, RECONCILE, at, actor, reason, payload)
