"""What a large trace needs of amounts, as arrays: what a store with an index gives of everything that flowed into what
was reached. Amounts are whole numbers of a small part of the base unit, so that adding them is exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

#: Parts of a base unit (kilogram, cubic metre, piece ...) that amounts are told in: a pound has as many decimals in
#: kilograms, and 90,000 tonnes are still below LARGEST.
SCALE = 10**8

#: Above this, whole numbers and floats are not the same any more.
LARGEST = 2**53

#: An amount that is not known, not even said to be unknown, or known but no whole number of parts.
NOT_KNOWN, NOT_SAID, INEXACT = -1, -2, -3


class Flow(NamedTuple):
    """Forward from some starts: everything that is reached, and every leg into it.

    The reached nodes come first, in the order of their ids, then other nodes that legs come from. For each node:
    `node` its number; `unit` the number of the unit that is held there (0: a transformation); `rest`: nothing flowed in
    there itself; `came` and `left`: what came in (of a transformation: what came out) and what was left, in dimensions
    `came_of` and `left_of` (0: none). Of others only `unit` is told, and what was left where a leg carries it.

    The legs into node n are `first[n]` to `first[n + 1]`, in the order of their sources, those of reached ones first:
    `source`, `event` (a number), `confirmed`, `carried`. The inputs of a transformation are `begin[n]` to `end[n]`,
    in the order of event and unit: the numbers of both in `inputs`, amount and dimension in `amounts`. (These two are
    large: they are those of the whole store.)
    """

    node: Array
    unit: Array
    rest: Array
    came: Array
    came_of: Array
    left: Array
    left_of: Array
    first: Array
    source: Array
    event: Array
    confirmed: Array
    carried: Array
    begin: Array
    end: Array
    inputs: Array
    amounts: Array


#: The columns with an element for each node, but for its number.
NODE_COLUMNS = ("unit", "rest", "came", "came_of", "left", "left_of", "begin", "end")
