"""What has become of the goods of a holding, in one word.

The rule: a sink says so itself (by the step that ended the goods); an unknown place is `unaccounted`. A stay that
ended and from which legs lead into transformations only is `consumed`; one that ended and from which nothing
leads on is `unaccounted`. Every other holding is named by its place: `on_hand` at a site or with a party, `in_transit`,
or `packed` in a container; for a stay that has ended (`until` is set) this is what the goods were during it.
"""

from __future__ import annotations

from tracegraph.model.custody import Holding, Place, PlaceKind

SOLD_BY = frozenset({"retail_selling", "dispensing"})
CONSUMED_BY = frozenset({"sampling", "consuming", "installing", "commissioning"})

BY_PLACE = {
    PlaceKind.SITE: "on_hand",
    PlaceKind.PARTY: "on_hand",
    PlaceKind.TRANSIT: "in_transit",
    PlaceKind.CONTAINER: "packed",
    PlaceKind.UNKNOWN: "unaccounted",
}


def state(holding: Holding, moved_on: bool, consumed: bool, ended: bool | None = None) -> str:
    """`moved_on`: a leg leads to another holding; `consumed`: a leg leads into a transformation; `ended`: the stay is
    over (by default: `until` is set)."""
    word, always = named_by_place(holding.place)
    over = holding.until is not None if ended is None else ended
    return word if always or not over or moved_on else left_over(consumed)


def named_by_place(place: Place) -> tuple[str, bool]:
    """What goods there are, unless they left no trace; and whether they are that in any case."""
    if place.kind is PlaceKind.SINK:
        return sink_state(place.id), True
    return BY_PLACE[place.kind], place.kind is PlaceKind.UNKNOWN


def left_over(consumed: bool) -> str:
    """What became of goods whose stay ended and which moved on to no other."""
    return "consumed" if consumed else "unaccounted"


def sink_state(step: str) -> str:
    """Sold, consumed or destroyed, by the step that ended the goods; a deletion without further word destroys them."""
    if step in SOLD_BY:
        return "sold"
    return "consumed" if step in CONSUMED_BY else "destroyed"
