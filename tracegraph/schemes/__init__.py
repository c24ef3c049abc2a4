"""Rule packs: those that tracegraph comes with, and those that other packages register.

A package registers a pack by an entry point of the group `tracegraph.packs` whose value is the package with its folder
(docs/packs.md).
"""

from __future__ import annotations

from importlib.metadata import entry_points

from tracegraph.claims.pack import Pack, pack_of
from tracegraph.errors import UsageError

#: The group of entry points.
GROUP = "tracegraph.packs"
#: The packs that tracegraph comes with, by id.
SHIPPED = {
    "asi_coc": "tracegraph.schemes.asi_coc",
    "iso22095": "tracegraph.schemes.iso22095",
}


def pack_names() -> dict[str, str]:
    """The package of each pack by its id; a registered pack never replaces a shipped one."""
    registered = {point.name: point.value for point in entry_points(group=GROUP)}
    return dict(sorted({**registered, **SHIPPED}.items()))


def packs(names: tuple[str, ...] = ()) -> list[Pack]:
    """The packs of these ids (none: all), sorted by id. Raises UsageError for an id that there is not."""
    known = pack_names()
    for name in names:
        if name not in known:
            raise UsageError(f"there is no rule pack {name!r}; choose one of {', '.join(known)}")
    return [pack_of(known[name]) for name in sorted(names or known)]
