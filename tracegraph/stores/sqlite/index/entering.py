"""What flowed into reached nodes, from the arrays of the index: plain loops, for the interpreter and numba alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from tracegraph.stores.flow import INEXACT
from tracegraph.stores.sqlite.index.exact import PIECE, PIECES
from tracegraph.stores.sqlite.index.held import REST

#: Legs into one node that are sorted by hand; more are left to numpy.
_BY_HAND = 24

#: What stands below a source in a key.
_PLACE = (1 << 32) - 1


def enter(
    nodes: Any, spans: Any, entries: Any, legs: Any, shift: int, event: Any, rule: Any, instant: Any, ranks: Any,
    keys: Any, first: Any, source: Any, leg: Any, low: Any, others: Any,
) -> int:  # fmt: skip
    """Fill in the legs into the nodes (`first`, `source`, `leg`, `low`: the
    bits of its entry below the node), each once, and what else they come from
    (`others`); returns how many others there are, -1 for nonsense. `ranks`: a number for each node, all 0; it is left
    as 1 and more for what was met. `keys`: room for a number per leg."""
    count, more, waiting, found = len(nodes), 0, 0, 0
    for rank in range(count):
        ranks[nodes[rank]] = rank + 1
    for rank in range(count):
        end = spans[nodes[rank], 0]
        begin = end - spans[nodes[rank], 1]
        if begin < 0 or end > len(entries):
            return -1
        waiting = 0
        for place in range(begin, end):
            tail = entries[place] >> shift
            if tail == 0:
                continue
            if tail < 0 or tail >= len(ranks) or legs[place] < 0 or legs[place] >= len(event):
                return -1
            if ranks[tail] == 0:
                others[more] = tail
                more += 1
                ranks[tail] = count + more
            keys[waiting] = (np.int64(ranks[tail] - 1) << 32) | place
            waiting += 1
        if waiting > _BY_HAND:
            keys[:waiting].sort()
        elif waiting > 1:
            by_hand(keys, waiting)
        begin = found
        for number in range(waiting):
            tail, place = keys[number] >> 32, keys[number] & _PLACE
            one, told = legs[place], entries[place] & ((1 << shift) - 1)
            again, other = False, found - 1
            while other >= begin and source[other] == tail and not again:
                last = leg[other]
                same = event[last] == event[one] and rule[last] == rule[one] and instant[last] == instant[one]
                again = same and low[other] == told
                other -= 1
            if not again:
                source[found], leg[found], low[found] = tail, one, told
                found += 1
        first[rank + 1] = found
    return more


def by_hand(keys: Any, count: int) -> None:
    """Sort the first keys."""
    for number in range(1, count):
        key = keys[number]
        place = number
        while place > 0 and keys[place - 1] > key:
            keys[place] = keys[place - 1]
            place -= 1
        keys[place] = key


def tell(
    nodes: Any, count: int, units: Any, held: Any, values: Any, amounts: Any, pieces: Any, wanted: Any, unit: Any,
    rest: Any, came: Any, came_of: Any, left: Any, left_of: Any, begin: Any, end: Any,
) -> int:  # fmt: skip
    """Fill in what the rows of the first `count` nodes say, of the others which unit is there and, where `wanted`, what
    was left; returns 0, or -1 where something is not told. Words of rows: see `held` and `consumed`."""
    for number in range(len(nodes)):
        node = nodes[number]
        owner = unit[number] = units[node]
        if owner < 0:
            return -1
        if number >= count and not (wanted[number] and owner > 0):
            continue
        if owner == 0:
            if held[node, 6] != 1:
                return -1
            begin[number], end[number] = held[node, 4], held[node, 5]
            came[number], came_of[number] = amounts[end[number], 0], amounts[end[number], 1]
            continue
        amount = held[node, 15]
        if held[node, 8] == 0 or amount >= len(values):
            return -1
        rest[number] = held[node, 8] >= REST
        came[number], left[number] = values[amount, 0], values[amount, 2]
        if came[number] == INEXACT or left[number] == INEXACT:
            return -1
        came_of[number], left_of[number] = values[amount, 1], values[amount, 3]
        if came_of[number] == PIECE or left_of[number] == PIECE:
            of = PIECES + np.int64(pieces[node])
            came_of[number] = of if came_of[number] == PIECE else came_of[number]
            left_of[number] = of if left_of[number] == PIECE else left_of[number]
    return 0
