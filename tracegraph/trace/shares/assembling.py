"""The columns of a network made of a flow, in one pass: the same as `mixtures` and `network` make, to the bit. Plain
loops, for the interpreter and for numba alike; amounts are whole numbers, so sums are exact.

What is rare is left to the plain way: knots, goods that flow into themselves, and inputs that go by another name.
"""

from __future__ import annotations

from math import nan
from typing import Any

from tracegraph.stores.flow import LARGEST, NOT_KNOWN, NOT_SAID, SCALE

#: Legs times inputs of a transformation up to which each leg is compared with each input.
MOST_PAIRS = 1 << 22


def place(first: Any, source: Any, start: Any, places: Any, ranks: Any, path: Any, cursor: Any) -> int:
    """Fill in where each reached node stands forward, and which node stands at each place: starts first, then every
    node behind its sources, both taken in order, as `components` does where nothing flows in circles. Returns 0, or -1
    where something does. `places` begins with -1; `path`, `cursor`: room for a number per node."""
    count, begun = len(start), 0
    for node in range(count):
        if start[node]:
            for leg in range(first[node], first[node + 1]):
                if source[leg] == node:
                    return -1
            places[node], ranks[begun] = begun, node
            begun += 1
    for root in range(count):
        depth = 0 if places[root] == -1 else -1
        further = root
        while depth >= 0:
            if further >= 0:
                places[further], path[depth], cursor[depth] = -2, further, first[further]
            node, further, leg = path[depth], -1, cursor[depth]
            while leg < first[node + 1] and further < 0:
                tail = source[leg]
                if tail < count and places[tail] == -2:
                    return -1
                if tail < count and places[tail] == -1:
                    further = tail
                leg += 1
            cursor[depth] = leg
            if further >= 0:
                depth += 1
            else:
                places[node], ranks[begun] = begun, node
                begun += 1
                depth -= 1
    return 0


def move(
    ranks: Any, places: Any, first: Any, source: Any, event: Any, confirmed: Any, carried: Any, new_first: Any,
    new_source: Any, new_event: Any, new_confirmed: Any, new_carried: Any,
) -> None:  # fmt: skip
    """Fill in the legs of nodes in the order of their places: what is close in the graph is close in memory."""
    count, filled = len(ranks), 0
    for spot in range(count):
        node = ranks[spot]
        for leg in range(first[node], first[node + 1]):
            tail = source[leg]
            new_source[filled] = places[tail] if tail < count else tail
            new_event[filled], new_confirmed[filled], new_carried[filled] = event[leg], confirmed[leg], carried[leg]
            filled += 1
        new_first[spot + 1] = filled


def state(
    count: int, unit: Any, came: Any, came_of: Any, left: Any, left_of: Any, first: Any, source: Any, confirmed: Any,
    carried: Any, begin: Any, end: Any, amounts: Any, dimension: Any, kept: Any, kept_of: Any, stays: Any,
) -> None:  # fmt: skip
    """Fill in the dimension of each reached node (0: none), and of holdings what was carried over, its dimension, and
    how many legs carry it."""
    for node in range(count):
        if unit[node] == 0:
            common, known = 0, begin[node] < end[node]
            for one in range(begin[node], end[node]):
                same = one == begin[node] or amounts[one, 1] == common
                known = known and same and amounts[one, 0] >= 0
                common = amounts[one, 1]
            dimension[node] = common if known else 0
            continue
        kept[node] = NOT_KNOWN
        for leg in range(first[node], first[node + 1]):
            if carried[leg]:
                stays[node] += 1
                tail = source[leg]
                if stays[node] == 1 and confirmed[leg] and unit[tail] > 0 and left[tail] >= 0:
                    kept[node], kept_of[node] = left[tail], left_of[tail]
                else:
                    kept[node], kept_of[node] = NOT_KNOWN, 0
        if came[node] >= 0 and kept_of[node] != came_of[node]:
            kept[node], kept_of[node] = NOT_KNOWN, 0
        dimension[node] = came_of[node] if came_of[node] != 0 else kept_of[node]


def assemble(
    count: int, unit: Any, rest: Any, came: Any, came_of: Any, left: Any, first: Any, source: Any, event: Any,
    confirmed: Any, carried: Any, begin: Any, end: Any, inputs: Any, amounts: Any, dimension: Any, kept: Any,
    kept_of: Any, stays: Any, group: Any, whole: Any, gone: Any, kind: Any, total: Any, made: Any, first_inflow: Any,
    amount: Any, sure: Any, elsewhere: Any, doubtful: Any, comparable: Any, first_source: Any, tails: Any,
) -> int:  # fmt: skip
    """Fill in the columns of the network (from `kind` on) of nodes by place; `whole` is the exact total of each node
    (NOT_KNOWN), and `gone` what certainly left it. Returns how many inflows there are, -1 where the plain way has to be
    taken. `group`: room for a number per leg, all 0."""
    number, filled = 0, 0
    for node in range(count):
        legs, last = first[node], first[node + 1]
        groups, addable, sum_of = 1, True, 0
        if unit[node] == 0:
            kind[node] = 1
            chained = ungrouped(node, legs, last, source, event, unit, inputs, begin, end, count, group)
            if chained < 0:
                return -1
            addable = dimension[node] != 0 and chained == 0
            if addable and came[node] >= 0 and came_of[node] == dimension[node]:
                made[node] = came[node] / SCALE
            groups = end[node] - begin[node] + chained
        elif stays[node] == 0:
            groups = 1 if last > legs or not rest[node] else 0
        else:
            for leg in range(legs, last):
                group[leg] = 0 if carried[leg] else 1
            groups = 2 if last - legs > stays[node] or not rest[node] else 1
        for one in range(groups):
            if unit[node] == 0:
                at = begin[node] + one
                value, of = (amounts[at, 0], amounts[at, 1]) if at < end[node] else (NOT_KNOWN, 0)
            elif stays[node] == 0 or one == 0:
                value, of = (came[node], came_of[node]) if stays[node] == 0 else (kept[node], kept_of[node])
            else:
                value, of = came_in(node, came, left, kept, legs, last, source, unit, confirmed, carried), came_of[node]
            other, maybe, alike, begun, some = False, False, of != 0, filled, False
            for leg in range(legs, last):
                if group[leg] != one:
                    continue
                some, tail = True, source[leg]
                maybe, other = maybe or not confirmed[leg], other or tail >= count
                if tail < count and (filled == begun or tails[filled - 1] != tail):
                    tails[filled] = tail
                    filled += 1
                    alike = alike and dimension[tail] == of
            other = other or not some
            certain = filled - begun == 1 and not other and not maybe
            if certain and alike and value >= 0:
                gone[tails[begun]] += value
                if gone[tails[begun]] > LARGEST:
                    return -1
            sum_of = sum_of + value if sum_of >= 0 and value >= 0 else NOT_KNOWN
            amount[number] = value / SCALE if addable and value >= 0 else nan
            sure[number], elsewhere[number], doubtful[number], comparable[number] = certain, other, maybe, alike
            number += 1
            first_source[number] = filled
        if sum_of > LARGEST:
            return -1
        whole[node] = sum_of if groups > 0 and addable else NOT_KNOWN
        total[node] = whole[node] / SCALE if whole[node] >= 0 else nan
        first_inflow[node + 1] = number
    return number


def ungrouped(
    node: int, legs: int, last: int, source: Any, event: Any, unit: Any, inputs: Any, begin: Any, end: Any, count: int,
    group: Any,
) -> int:  # fmt: skip
    """Say of each leg into a transformation which of its inputs it brings; returns how many come from other
    transformations and are inputs of their own, -1 where some cannot be told."""
    chained, outside, before = 0, 0, -1
    if (last - legs) * (end[node] - begin[node]) > MOST_PAIRS:
        return -1
    for leg in range(last - 1, legs - 1, -1):
        tail = source[leg]
        if unit[tail] == 0:
            outside += tail >= count
            if outside > 1 or tail == before:
                return -1
            before = tail
        else:
            found = -1
            for one in range(begin[node], end[node]):
                if inputs[one, 0] == event[leg] and inputs[one, 1] == unit[tail]:
                    found = one - begin[node]
            if found < 0:
                return -1
            group[leg] = found
    for leg in range(last - 1, legs - 1, -1):  # what was not reached stands last here, and first there
        if unit[source[leg]] == 0 and source[leg] >= count:
            group[leg] = end[node] - begin[node] + chained
            chained += 1
    for leg in range(legs, last):
        if unit[source[leg]] == 0 and source[leg] < count:
            group[leg] = end[node] - begin[node] + chained
            chained += 1
    return chained


def came_in(
    node: int, came: Any, left: Any, kept: Any, legs: int, last: int, source: Any, unit: Any, confirmed: Any,
    carried: Any,
) -> int:  # fmt: skip
    """What flowed in besides what was carried over; see `mixtures`."""
    balanced, flowing, certain = False, False, False
    for leg in range(legs, last):
        if carried[leg]:
            balanced = balanced or (unit[source[leg]] > 0 and left[source[leg]] != NOT_SAID)
        else:
            flowing, certain = True, certain or confirmed[leg]
    if kept[node] < 0:
        return NOT_KNOWN if balanced else came[node]
    if (flowing and not certain and left[node] == NOT_SAID) or came[node] < kept[node]:
        return NOT_KNOWN
    flowed: int = came[node] - kept[node]
    return flowed
