"""The custody graph: holdings and transformations are its nodes, legs its edges; gaps say what the records do not.

Source: docs/custody-graph, sections 1, 4, 9, 11. All times are instants: microseconds since 1970-01-01T00:00Z.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value


class Certainty(StrEnum):
    """`confirmed`: the records show it. `possible`: the records leave it open."""

    __hash__ = str.__hash__  # an enumeration's own is no faster than a call
    CONFIRMED = "confirmed"
    POSSIBLE = "possible"


class UnitKind(StrEnum):
    """An item is indivisible and at one place at a time; a lot carries a quantity and may be at several places."""

    __hash__ = str.__hash__  # looked up for every act
    ITEM = "item"
    LOT = "lot"


class PlaceKind(StrEnum):
    """Where goods can be (custody-graph section 4)."""

    __hash__ = str.__hash__  # places are keys everywhere
    SITE = "site"
    PARTY = "party"
    TRANSIT = "transit"
    CONTAINER = "container"
    SINK = "sink"
    UNKNOWN = "unknown"


class Place(NamedTuple):
    """A place of one kind. `id`: the site, the party, the public id of the shipping event (transit), the container's
    unit key, the step that ended the goods (sink), or empty (unknown). A named tuple, as places are compared, hashed
    and sorted more often than anything else."""

    kind: PlaceKind
    id: str = ""


class Holding(NamedTuple):
    """One unit at one place from one inflow to the next.

    `id` is a hash of (unit, event, role, ordinal) and never changes; everything else is an attribute that late
    knowledge may change. `since` and `until` are instants (`until` None: still open). `quantity` is what
    was there after the inflow where the records determine it, else what flowed in; `remaining` what is certainly known
    to be left at the end (None where it is not known).
    `event` is the public id of the event whose inflow opened it. `sublocation` is the dock door or `geo:` point seen.
    A named tuple, because an answer makes ten thousands of them.
    """

    id: str
    unit: str
    place: Place
    since: int
    until: int | None
    event: str
    role: str
    party: str | None = None
    owner: str | None = None
    quantity: Quantity | None = None
    remaining: Quantity | None = None
    sublocation: str | None = None
    destination: str | None = None


@value
class Joint:
    """A transformation, or one time step of one that several events record: the joint of inputs and outputs.

    `transformation` is the shared transformationID or, for a single event, its public id; joints of one
    transformation count as one event in distances.
    """

    id: str
    transformation: str
    events: tuple[str, ...]
    place: Place
    instant: int


@value
class Leg:
    """Movement from node to node (holding or joint) through one event, or `carried` within a pool.

    `cost` is what it adds to the distance: 1 for an event, 0 for carried goods and the output side of a
    transformation, whose input side counts the event once.
    """

    source: str
    target: str
    event: str
    certainty: Certainty
    rule: str
    cost: int
    instant: int


@value
class Gap:
    """Something that the records do not say although they should.

    `holding` is the holding that it concerns (None: the unit as a whole); `ask` the places or parties that can tell;
    `detail` short words for people, such as another event's id or the quantity in question.
    """

    kind: str
    unit: str
    place: str
    event: str
    holding: str | None = None
    ask: tuple[str, ...] = ()
    detail: str = ""


def same_to_the_letter(one: object, other: object) -> bool:
    """Whether two parts of timelines say the same, the digits of quantities included, which equality passes over."""
    if one is other:
        return True
    if one != other:
        return False
    if not isinstance(one, Holding) or not isinstance(other, Holding):
        return True
    return _digits(one.quantity) == _digits(other.quantity) and _digits(one.remaining) == _digits(other.remaining)


def _digits(amount: Quantity | None) -> str | None:
    return None if amount is None else amount.digits


#: The rule of legs by which goods merely stay in their place when more comes in: no event moved them.
CARRIED = "carried"

#: Holdings of these roles say where goods may have come to rest, not where a record saw them.
CONJECTURED_ROLES = frozenset({"arrive", "ashore", "leak", "with_container"})


def is_supposed(holding: Holding) -> bool:
    """Whether a stay is one that no record shows, or a pool of what may have come from many places."""
    return holding.role in CONJECTURED_ROLES or holding.role.startswith("pool ")


#: Gaps of these kinds make an answer incomplete (custody-graph section 11).
INCOMPLETE_GAPS = frozenset(
    {
        "unmatched_receipt",
        "unknown_origin",
        "unknown_place",
        "never_received",
        "partly_received",
        "implied_move",
        "overdrawn_holding",
        "no_lot_number",
        "withheld",
    }
)


@value
class Timeline:
    """Everything that one owner contributes to the graph. `owner` is a unit key or `transformation:` plus its id.

    `aliases` are other numbers of the unit, `lots` the lots that it is a member of."""

    owner: str
    kind: str
    holdings: tuple[Holding, ...] = ()
    joints: tuple[Joint, ...] = ()
    legs: tuple[Leg, ...] = ()
    gaps: tuple[Gap, ...] = ()
    aliases: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
