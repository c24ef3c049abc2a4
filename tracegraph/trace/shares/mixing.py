"""Goods mixed along a network, in one pass each way: plain loops over columns, for the interpreter and for numba alike.

Masses are amounts in the dimension of their node. `most` bounds from above how much of a node's goods is marked
(forward: derives from the start; backward: is in the start), whatever was mixed with what and wherever losses fall.
Every operation is done in the order of the columns, so all kernels give the same bits.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from math import inf, nan

Whole = Sequence[int]
Real = Sequence[float]
Result = MutableSequence[float]


def forward(
    kind: Whole, unit: Whole, start: Whole, total: Real, made: Real, excess: Real, first_inflow: Whole, amount: Real,
    elsewhere: Whole, doubtful: Whole, comparable: Whole, first_source: Whole, source: Whole, even: bool,
    share: Result, least: Result, most: Result, marked: Result, others: Result,
    unit_first: Result, unit_alike: Result, unit_part: Result, unit_whole: Result, unit_marked: Result,
    unit_others: Result,
) -> None:  # fmt: skip
    """Fill in for each node the part that derives from the starts: `share` by proportional mixing (nan: unknown), and
    its bounds `least` and `most`; `marked` and `others` the most mass that does and that does not. Units are filled in
    with what came into them: see `of_units`. `unit_first` begins with -1. `even`: losses fall on all inputs alike."""
    for node in range(len(kind)):
        owner, first, alike, part, whole, high, other = unit[node], -1.0, True, 0.0, 0.0, 0.0, 0.0
        for inflow in range(first_inflow[node], first_inflow[node + 1]):
            quantity = amount[inflow]
            if quantity == 0.0:
                continue
            had, bears, lacks, own = gathered(
                node, inflow, unit, start, elsewhere, first_source, source, share, marked, others
            )
            if doubtful[inflow] and not start[node]:
                lacks = inf
            if not comparable[inflow] or quantity != quantity:
                bears, lacks = inf if bears > 0.0 else 0.0, inf if lacks > 0.0 else 0.0
            if quantity == quantity:
                bears, lacks = min(bears, quantity), min(lacks, quantity)
            alike = alike and (first == -1.0 or had == first)
            first, part, whole, high, other = had, part + quantity * had, whole + quantity, high + bears, other + lacks
            if owner >= 0 and not own:
                if unit_first[owner] != -1.0 and unit_first[owner] != had:
                    unit_alike[owner] = 0.0
                unit_first[owner] = had
                unit_part[owner] += quantity * had
                unit_whole[owner] += quantity
                unit_marked[owner] += bears
                unit_others[owner] += lacks
        share[node] = 1.0 if start[node] else nan if first == -1.0 else first if alike else part / whole
        if owner >= 0:
            high, other = min(high, unit_marked[owner]), min(other, unit_others[owner])
        if first == -1.0 and not start[node]:
            least[node], most[node] = 0.0, 1.0
        elif whole > 0.0:
            least[node], most[node] = max(0.0, (whole - other) / whole), min(1.0, high / whole)
        else:
            least[node], most[node] = 1.0 if other == 0.0 else 0.0, 1.0 if high > 0.0 else 0.0
        if kind[node] == 1:
            high, other = passed_on(high, other, total[node], made[node], even)
        elif excess[node] > 0.0 and not start[node]:
            high, other = high + excess[node], other + excess[node]
            if owner >= 0:
                unit_marked[owner] += excess[node]
                unit_others[owner] += excess[node]
        marked[node], others[node] = (inf, 0.0) if start[node] else (high, other)


def gathered(
    node: int, inflow: int, unit: Whole, start: Whole, elsewhere: Whole, first_source: Whole, source: Whole,
    share: Real, marked: Real, others: Real,
) -> tuple[float, float, float, bool]:  # fmt: skip
    """What the sources of an inflow can bring: their share (nan: not the same of all, or unknown), the most that is
    marked and that is not, and whether it was in the node's unit before."""
    own, had, same, bears, lacks = unit[node] >= 0, -1.0, True, 0.0, 0.0
    if elsewhere[inflow]:
        own, had, lacks = False, 0.0, inf
    for place in range(first_source[inflow], first_source[inflow + 1]):
        tail = source[place]
        bears += marked[tail]
        lacks += others[tail]
        same = same and (had == -1.0 or share[tail] == had)
        had = share[tail]
        own = own and unit[tail] == unit[node] and (start[tail] == 1 or start[node] == 0)
    if start[node]:
        return 1.0, inf, 0.0, own
    return had if same else nan, bears, lacks, own


def passed_on(high: float, other: float, total: float, made: float, even: bool) -> tuple[float, float]:
    """What of the marked goods and of the others can be in what a transformation made."""
    if not (made >= 0.0 and total > 0.0):
        return inf if high > 0.0 else 0.0, inf if other > 0.0 else 0.0
    if even:
        return high * made / total, other * made / total
    gain = max(0.0, made - total)
    return high + gain if high > 0.0 else 0.0, other + gain if other > 0.0 else 0.0


def reaching(reach: float, total: float, made: float, even: bool) -> float:
    """The most that one measure of a transformation's inputs can become, where one of its outputs becomes `reach`."""
    if not (made >= 0.0 and total > 0.0):
        return inf
    if even:
        return reach * made / total if reach < inf else inf
    return inf if made > total else reach


def backward(
    kind: Whole, unit: Whole, total: Real, made: Real, excess: Real, first_inflow: Whole, amount: Real, sure: Whole,
    elsewhere: Whole, comparable: Whole, first_source: Whole, source: Whole, even: bool, absorbing: int,
    share: Result, least: Result, most: Result, scale: Result,
    unit_share: Result, unit_least: Result, unit_most: Result,
) -> None:  # fmt: skip
    """Fill in for each node, and each unit, the part of the last node that derives from it: `share` by proportional
    mixing (nan: unknown), and its bounds `least` and `most`. `scale`: the most that one of a node's measures can become
    in the last node. Goods are not followed beyond the unit `absorbing` (-1: none)."""
    root = len(kind) - 1
    base = total[root] if total[root] > 0.0 else 1.0
    share[root], least[root], most[root], scale[root] = 1.0, base, base, 1.0 if total[root] > 0.0 else inf
    for node in range(root, -1, -1):
        owner, reach, whole = unit[node], scale[node], total[node]
        if owner >= 0:
            most[node] = min(most[node], unit_most[owner])
            if whole > 0.0:
                most[node] = min(most[node], (whole + excess[node]) * reach)
        if owner >= 0 and owner == absorbing:
            continue
        if kind[node] == 1:
            reach = reaching(reach, whole, made[node], even)
        inflows = 0
        for inflow in range(first_inflow[node], first_inflow[node + 1]):
            inflows += 1 if amount[inflow] != 0.0 else 0
        for inflow in range(first_inflow[node], first_inflow[node + 1]):
            quantity = amount[inflow]
            if quantity == 0.0:
                continue
            part, low, high = share[node], least[node], most[node]
            if inflows > 1:
                part = 0.0 if part == 0.0 else part * quantity / whole
                low = max(0.0, low - (whole - quantity) * reach) if whole > quantity else 0.0
            if quantity == quantity:
                high = min(high, quantity * reach)
            if not sure[inflow]:
                low = 0.0
                if part != 0.0 and (elsewhere[inflow] or first_source[inflow + 1] - first_source[inflow] > 1):
                    part = nan
            for place in range(first_source[inflow], first_source[inflow + 1]):
                tail = source[place]
                if tail == root:
                    continue
                share[tail] += part
                least[tail] = min(base, least[tail] + low)
                most[tail] = min(base, most[tail] + high)
                scale[tail] = max(scale[tail], reach if comparable[inflow] else inf)
                if unit[tail] >= 0 and unit[tail] != owner:
                    unit_share[unit[tail]] += part
                    unit_least[unit[tail]] = min(base, unit_least[unit[tail]] + low)
                    unit_most[unit[tail]] = min(base, unit_most[unit[tail]] + high)
    for number in range(len(kind)):
        least[number], most[number] = least[number] / base, most[number] / base
    for number in range(len(unit_share)):
        unit_least[number], unit_most[number] = unit_least[number] / base, unit_most[number] / base
