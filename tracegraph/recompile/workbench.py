"""What is remembered between the changes of one store: live events, compiled units, what was written of them.

Only a saving: everything here can be made again from the store, and is forgotten when somebody else has written to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from tracegraph.model.custody import Timeline
from tracegraph.stores.port import LedgerHead, Reading, UnitRow
from tracegraph.stores.stored_facts import StoredAliases, StoredFacts, master_data
from tracegraph.timeline.compiler import Compiler
from tracegraph.timeline.long_history import LONG
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import Settings

#: Owners remembered: those of the last changes. Short histories take some five kilobytes each.
REMEMBERED = 10_000
#: Events of units with long histories remembered, up to 40 kilobytes each; the last one alone may have more.
REMEMBERED_EVENTS = 3_000


@dataclass(slots=True)
class Workbench:
    """The state of one store at one ledger head. `written` is each remembered owner's timeline as the store has it,
    `rows` some units' rows."""

    settings: Settings = field(default_factory=Settings)
    remembered: int = REMEMBERED
    long_from: int = LONG
    remembered_events: int = REMEMBERED_EVENTS
    head: LedgerHead | None = None
    written: dict[str, Timeline | None] = field(default_factory=dict)
    rows: dict[str, UnitRow] = field(default_factory=dict)
    known: Compiler | None = None

    @classmethod
    def of_batches(cls, events: int) -> Workbench:
        """One for changes of so many events each: what one of them touched is remembered for the next ones."""
        return cls(remembered=max(REMEMBERED, 5 * events), remembered_events=max(REMEMBERED_EVENTS, events))

    @property
    def compiler(self) -> Compiler:
        """The compiler of the state, with what it compiled."""
        assert self.known is not None, "join a change first"
        return self.known

    @property
    def facts(self) -> StoredFacts:
        """The live events of the state."""
        assert isinstance(self.compiler.source, StoredFacts)
        return self.compiler.source

    @property
    def aliases(self) -> StoredAliases:
        """The numbers of units in the state."""
        assert isinstance(self.compiler.aliases, StoredAliases)
        return self.compiler.aliases

    def join(self, reading: Reading) -> None:
        """Go on in this change; what is remembered counts only if nobody else has written since."""
        if reading.head() != self.head or self.known is None:
            self.forget_all()
            places = Places.of(master_data(reading))
            self.known = Compiler(
                StoredFacts(reading), places, StoredAliases(reading), self.settings, long_from=self.long_from
            )
        self.facts.reading = reading
        self.aliases.reading = reading

    def leave(self, head: LedgerHead) -> None:
        """The change is done: this is the state now."""
        self.head = head
        self.compiler.forget_events()
        self._forget(list(islice(self.written, max(0, len(self.written) - self.remembered))))
        self._forget_long_ones()
        self._forget_what_was_looked_up()

    def forget_all(self) -> None:
        """Remember nothing."""
        self.head = None
        self.known = None
        self.written.clear()
        self.rows.clear()

    def note(self, owner: str, timeline: Timeline | None) -> None:
        """What is written of an owner, now the last to be forgotten."""
        self.written.pop(owner, None)
        self.written[owner] = timeline

    def note_row(self, row: UnitRow) -> bool:
        """What is written of a unit itself; whether it is not known to be so already."""
        if self.rows.get(row.key) == row:
            return False
        self.rows[row.key] = row
        return True

    def note_long(self, unit: str) -> None:
        """A unit with a long history was written; it knows itself what changes next."""
        self.written.pop(unit, None)
        self.compiler.long[unit] = self.compiler.long.pop(unit)

    def _forget(self, owners: Sequence[str]) -> None:
        """All at once: one after the other, each would be looked for behind those that are gone."""
        facts, aliases = self.facts, self.aliases
        for owner in owners:
            numbers = aliases.numbers(owner)
            facts.forget(owner, numbers)
            aliases.forget(numbers)
            del self.written[owner]
        self.compiler.forget(owners)

    def _forget_what_was_looked_up(self) -> None:
        """Of others only so many are kept as of those that were written."""
        facts, compiler = self.facts, self.compiler
        if len(facts.by_owner) + len(compiler.transformations) > 2 * self.remembered:
            kept = self.written.keys() | compiler.long.keys()
            compiler.forget([owner for owner in compiler.transformations if owner not in kept])
            for owner in [owner for owner in facts.by_owner if owner not in kept]:
                facts.forget(owner, ())
        if len(facts.by_unit) + len(compiler.compiled) > 3 * self.remembered:
            kept = self.written.keys() | compiler.long.keys()
            numbers = {number for unit in kept for number in self.aliases.numbers(unit)}
            compiler.forget([unit for unit in compiler.compiled if unit not in kept])
            facts.forget("", [number for number in facts.by_unit if number not in numbers])
        if len(self.rows) > 4 * self.remembered:
            self.rows.clear()
        if len(self.aliases.known) > 8 * self.remembered:
            self.aliases.forget(list(self.aliases.known))

    def _forget_long_ones(self) -> None:
        """Their events are in their acts; of too many the longest untouched go."""
        long = self.compiler.long
        for unit, known in long.items():
            self.facts.forget(unit, known.keys)
        total = sum(known.length for known in long.values())
        for unit in list(long)[:-1]:
            if total > self.remembered_events:
                total -= long[unit].length
                self.compiler.forget([unit])
                del long[unit]
