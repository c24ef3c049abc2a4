"""Other numbers of units and members of lots, as known at one snapshot.

Every number of a unit is accepted as a start (docs/custody-graph section 3): a relabelled lot's, a supplier's own lot
number. A lot's members are the items of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property

from tracegraph.identifiers import split_supplier_lot
from tracegraph.trace.snapshot import Snapshot


class Register:
    """Look-ups of numbers; what needs all numbers is read once, when first needed."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._pairs: tuple[str, list[tuple[str, str]]] = ("", [])

    def representative(self, key: str) -> str:
        """The unit of which `key` is an alias; `key` itself where it is none."""
        meant = sorted(unit for unit, alias in self._aliases_of(key) if alias == key)
        return meant[0] if meant else key

    def aliases(self, unit: str) -> list[str]:
        """All other numbers of a unit, sorted."""
        return sorted({alias for owner, alias in self._aliases_of(unit) if owner == unit} - {unit})

    def _aliases_of(self, number: str) -> list[tuple[str, str]]:
        """(unit, alias) pairs of what a number means; what was asked last is known again."""
        asked, pairs = self._pairs
        if asked != number:
            pairs = self.snapshot.aliases([number])
            self._pairs = (number, pairs)
        return pairs

    def members(self, lot: str) -> list[str]:
        """The units that belong to a lot, under whichever of its numbers they were recorded; sorted."""
        return sorted({unit for _, unit in self.snapshot.members([lot, *self.aliases(lot)])} - {lot})

    def all_members(self, lots: Collection[str]) -> dict[str, str]:
        """The units that belong to one of the lots, under whichever of its numbers, each with such a lot."""
        if not lots:
            return {}
        numbers = {number: number for number in lots}
        wanted = set(lots)
        pairs = self._aliases_of(*wanted) if len(wanted) == 1 else self.snapshot.aliases(sorted(wanted))
        for unit, number in sorted(pairs):
            if unit in wanted:
                numbers.setdefault(number, unit)
        return {unit: numbers[lot] for lot, unit in sorted(self.snapshot.members(sorted(numbers))) if unit != lot}

    def by_code(self, code: str) -> list[str]:
        """The units and lots that some supplier calls `code`, sorted."""
        return sorted(self._by_code.get(code, ()))

    @cached_property
    def numbers(self) -> dict[str, list[str]]:
        """All other numbers of all units that have any."""
        found: dict[str, list[str]] = defaultdict(list)
        for unit, number in self._all_numbers():
            if number != unit:
                found[unit].append(number)
        return dict(found)

    @cached_property
    def _by_code(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for unit, number in self._all_numbers():
            pair = split_supplier_lot(number)
            if pair is not None:
                found[pair[1]].add(self.representative(unit))
        for lot in self._lots():
            pair = split_supplier_lot(lot)
            if pair is not None:
                found[pair[1]].add(self.representative(lot))
        return dict(found)

    def _lots(self) -> set[str]:
        """The lots that records give members to; no event need name the lot itself."""
        from tracegraph.stores.stored_facts import MEMBER_RECORD  # with it comes the compiler, which few questions need

        return {str(stored.record.data["lot"]) for stored in self.snapshot.records(MEMBER_RECORD)}

    def _all_numbers(self) -> list[tuple[str, str]]:
        """(unit, number) pairs of all units, their keys included."""
        units = [row.key for row in self.snapshot.units()]
        return [(unit, unit) for unit in units] + (self.snapshot.aliases(units) if units else [])
