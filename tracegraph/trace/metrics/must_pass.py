"""Single points of failure: what every way from an origin to a node passes.

A dominator tree says which node all ways pass. A site is many nodes: here each node has labels (its site, its unit, or
itself, which gives the dominators), and a label is passed by all ways where each way meets some node that has it. Ways
go along the legs of the custody graph, so what comes later is on no way to what was before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Labels = frozenset[str]
NONE: Labels = frozenset()


@dataclass(slots=True)
class Exposure:
    """How much ends behind a label, at how many nodes."""

    volume: Fraction = Fraction(0)
    ends: int = 0


def must_pass(
    order: Sequence[int], into: Mapping[int, Sequence[int]], roots: Collection[int], labels: Mapping[int, Labels]
) -> dict[int, Labels]:
    """For each node the labels that all ways from any of the roots to it pass, its own included.

    `order`: the nodes, each behind its sources but in circles; `into`: the sources of each. Nodes that no way leads to
    are left out. The sets only shrink, so it ends, circles or not; without circles one round does.
    """
    found: dict[int, Labels] = {}
    begins = frozenset(roots)
    changed = unsettled = True
    while changed and unsettled:
        changed = unsettled = False
        for node in order:
            sources = into.get(node, ())
            known = [found[source] for source in sources if source in found]
            unsettled = unsettled or len(known) < len(sources)
            if not known and node not in begins:
                continue
            passed = _with(NONE if node in begins else _common(known), labels.get(node, NONE))
            if found.get(node) != passed:
                changed, unsettled = True, unsettled or node in found
                found[node] = passed
    return found


def _common(sets: Sequence[Labels]) -> Labels:
    first = sets[0]
    return first if all(one is first for one in sets) else first.intersection(*sets)


def _with(labels: Labels, own: Labels) -> Labels:
    """Both; the same object where nothing is new, for along a chain most sets are the same."""
    return labels if own <= labels else labels | own


def exposures(passed: Mapping[int, Labels], ends: Mapping[int, Fraction]) -> dict[str, Exposure]:
    """What ends behind each label; `ends`: the volume at each node where goods ended."""
    together: dict[Labels, Exposure] = defaultdict(Exposure)
    for node, volume in ends.items():
        if node in passed:
            together[passed[node]].volume += volume
            together[passed[node]].ends += 1
    found: dict[str, Exposure] = defaultdict(Exposure)
    for labels, exposure in together.items():
        for label in labels:
            found[label].volume += exposure.volume
            found[label].ends += exposure.ends
    return dict(found)
