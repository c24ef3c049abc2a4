"""Trace completeness: which part of what ended is known from where it began, and which part ended where somebody can
tell; and the frontier, where the records end, with the reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from tracegraph.model.custody import Gap, Holding
from tracegraph.trace.envelope import Json, place_json
from tracegraph.trace.metrics.chain import ZERO, Chain
from tracegraph.trace.metrics.choice import Choice
from tracegraph.trace.metrics.figures import Table, amount, ratio, share
from tracegraph.trace.metrics.origins import UNKNOWN, End, ends

#: Why the records end, by the kind of gap; of any other kind there are no data.
REASONS = {"withheld": "refused", "overdrawn_holding": "data_fault", "implied_move": "data_fault"}


def completeness(backward: Chain, forward: Chain, choice: Choice) -> Table:
    """A row for each product or unit of what ended: `backward`, the part of it that began where the records say;
    `forward`, the part that ended where no gap says that it may be elsewhere. The chains: all that the starts came from
    and all that they went into (of the whole graph: the same twice)."""
    sides = {"backward": _known_origins(backward, choice), "forward": _known_ends(forward, choice)}
    rows = []
    for key in sorted({*sides["backward"], *sides["forward"]}):
        told: Json = {"id": key}
        for side, found in sides.items():
            known, whole = found.get(key, (ZERO, ZERO))
            told |= {f"{side}_volume": amount(whole), side: share(known, whole)}
        rows.append(told)
    about: Json = {side: _overall(found) for side, found in sides.items()}
    about["frontier"] = _frontier(backward, "backward") + _frontier(forward, "forward")
    return Table(rows, about)


Parts = dict[str, tuple[Fraction, Fraction]]


def _overall(found: Parts) -> str | None:
    return share(sum((known for known, _ in found.values()), ZERO), sum((whole for _, whole in found.values()), ZERO))


def _key(chain: Chain, choice: Choice, unit: str) -> str:
    return unit if choice.rows_by == "unit" else chain.product(unit)


def _known_origins(chain: Chain, choice: Choice) -> Parts:
    """(part with a known beginning, all) by product or unit."""
    by_key: dict[str, list[End]] = defaultdict(list)
    for end in ends(chain):
        by_key[_key(chain, choice, end.unit)].append(end)
    return {key: (_known(found), sum((end.volume for end in found), ZERO)) for key, found in by_key.items()}


def _known(found: Sequence[End]) -> Fraction:
    """How much of what ended began where the records say."""
    parts = (1.0 - sum(part for (_, origin), part in end.begun.origins.items() if origin == UNKNOWN) for end in found)
    return sum((end.volume * Fraction(ratio(part) or "0") for part, end in zip(parts, found, strict=True)), ZERO)


def _known_ends(chain: Chain, choice: Choice) -> Parts:
    """(part that ended where no gap says that it may be elsewhere, all) by product or unit."""
    found: dict[str, list[Fraction]] = defaultdict(lambda: [ZERO, ZERO])
    for number, volume in chain.ends.items():
        parts = found[_key(chain, choice, chain.units[number])]
        parts[0] += ZERO if chain.open_at(number) else volume
        parts[1] += volume
    return {key: (known, whole) for key, (known, whole) in found.items()}


def _frontier(chain: Chain, side: str) -> list[Json]:
    """Where goods begin (backward) or end (forward) with a gap that may hide goods, and why the records go no
    further."""
    nodes = chain.roots if side == "backward" else [node for node in chain.nodes if node not in chain.out]
    rows = []
    for number in chain.by_id(nodes):
        node, gaps = chain.nodes[number], chain.open_at(number)
        if isinstance(node, Holding) and gaps:
            rows.append(_reason(side, node, gaps) | {"volume": amount(chain.volume(node.quantity))})
    return rows


def _reason(side: str, node: Holding, gaps: Sequence[Gap]) -> Json:
    kinds = sorted({gap.kind for gap in gaps})
    return {
        "side": side,
        "unit": node.unit,
        "holding": node.id,
        "place": place_json(node.place),
        "event": node.event,
        "reasons": sorted({REASONS.get(kind, "no_data") for kind in kinds}),
        "gaps": kinds,
        "ask": sorted({name for gap in gaps for name in gap.ask}),
    }
