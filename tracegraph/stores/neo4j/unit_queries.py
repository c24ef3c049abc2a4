"""Questions about units: what they are, their other numbers, their lots."""

from __future__ import annotations

from collections.abc import Collection

from tracegraph.errors import StoreDamaged
from tracegraph.stores.neo4j.asking import Asking, distinct
from tracegraph.stores.neo4j.rows import read_unit
from tracegraph.stores.port import UnitRow


def query_units(
    asking: Asking, keys: Collection[str] | None, products: Collection[str] | None, at: int | None
) -> list[UnitRow]:
    """Known units among the keys or of the products; all where neither is given."""
    known = asking.known(at)
    if keys is None and products is None:
        rows = asking.column("all_units", at=known)
    else:
        rows = asking.rows("units_by_key", "keys", distinct(keys or ()), at=known)
        rows += asking.rows("units_of_products", "products", distinct(products or ()), at=known)
    return sorted({read_unit(row) for row in rows}, key=lambda unit: unit.key)


def query_aliases(asking: Asking, numbers: Collection[str], at: int | None) -> list[tuple[str, str]]:
    """(unit, alias) pairs of every unit that one of the numbers means, as owner or as alias."""
    known = asking.known(at)
    owners = set(asking.rows("units_meant", "keys", distinct(numbers), at=known))
    if not owners:
        return []
    return sorted(set(zip(*asking.in_portions("aliases_told_by", "owners", owners, at=known), strict=True)))


def query_members(asking: Asking, lots: Collection[str], at: int | None) -> list[tuple[str, str]]:
    """(lot, unit) pairs of the units that are members of the lots."""
    if not lots:
        return []
    columns = asking.in_portions("members_of", "lots", distinct(lots), at=asking.known(at))
    return sorted(zip(*columns, strict=True))


def query_keys(asking: Asking, numbers: Collection[int]) -> dict[int, str]:
    """The keys of units by their numbers. Raises StoreDamaged where one has none."""
    wanted = set(numbers)
    if not wanted:
        return {}
    found = dict(zip(*asking.in_portions("owner_keys", "numbers", wanted), strict=True))
    if missing := wanted - found.keys():
        raise StoreDamaged(f"the store names unit {min(missing)}, which does not exist; restore a backup")
    return found
