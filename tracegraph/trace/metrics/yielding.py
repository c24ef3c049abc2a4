"""Yields of transformations, and which are outside the band of their product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from tracegraph.model.custody import Holding, Joint
from tracegraph.trace.envelope import Json
from tracegraph.trace.metrics.chain import ZERO, Chain
from tracegraph.trace.metrics.choice import Choice
from tracegraph.trace.metrics.figures import Table, ratio
from tracegraph.trace.shares.mixtures import Mixtures

#: A band needs so many runs.
LEAST_RUNS = 4
#: How far beyond the quartiles the band goes, in parts of the distance between them (Tukey 1977, Exploratory Data
#: Analysis, chapter 2: the inner fences).
FENCE = Fraction(3, 2)


class Run(NamedTuple):
    """One transformation: what came out of it in parts of what went in."""

    key: str
    node: str
    event: str
    place: str
    value: Fraction


def yields(chain: Chain, choice: Choice) -> Table:
    """A row for each product made (of several: them together) or site: yields from the least to the most, and the band;
    `findings`: transformations outside it, and those that gave more than went in. Only those of which all amounts are
    known in one dimension count."""
    runs: dict[str, list[Run]] = defaultdict(list)
    for run in _runs(chain, choice):
        runs[run.key].append(run)
    findings = [_told(run, kind) for key in sorted(runs) for run, kind in outside(runs[key])]
    rows = [_row(key, runs[key]) for key in sorted(runs)]
    rows.sort(key=lambda row: (-row["outside"], row["id"]))
    return Table(rows, {"findings": findings})


def _runs(chain: Chain, choice: Choice) -> Iterable[Run]:
    mixtures = Mixtures(chain.snapshot, chain.nodes, chain.trail.legs).all()
    for number in chain.by_id(chain.nodes):
        node, mixture = chain.nodes[number], mixtures[number]
        if isinstance(node, Joint) and mixture.total and mixture.made is not None and mixture.addable:
            key = node.place.id if choice.rows_by == "site" else _products(chain, number)
            yield Run(key, node.id, node.events[0], node.place.id, Fraction(mixture.made) / Fraction(mixture.total))


def _products(chain: Chain, number: int) -> str:
    made = (chain.nodes[target] for _, target in chain.out.get(number, ()))
    return ", ".join(sorted({chain.product(one.unit) for one in made if isinstance(one, Holding)}))


def band(values: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
    """The least and the greatest value that is not unusual; None of too few. Quartiles are those between which values
    are interpolated (Hyndman and Fan 1996, definition 7)."""
    if len(values) < LEAST_RUNS:
        return None
    low, high = quantile(values, Fraction(1, 4)), quantile(values, Fraction(3, 4))
    return max(ZERO, low - FENCE * (high - low)), high + FENCE * (high - low)


def quantile(values: Sequence[Fraction], part: Fraction) -> Fraction:
    """The value below which a part of the values lies."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def outside(runs: Sequence[Run]) -> list[tuple[Run, str]]:
    """The runs that are `low`, `high`, or a `gain`: more came out than went in."""
    limits = band([run.value for run in runs])
    found = []
    for run in sorted(runs, key=lambda run: run.node):
        if limits and not limits[0] <= run.value <= limits[1]:
            found.append((run, "low" if run.value < limits[0] else "high"))
        elif run.value > 1:
            found.append((run, "gain"))
    return found


def _told(run: Run, kind: str) -> Json:
    return {"kind": kind, "id": run.key, "yield": ratio(run.value), "event": run.event, "place": run.place}


def _row(key: str, runs: Sequence[Run]) -> Json:
    values = [run.value for run in runs]
    limits = band(values) or (None, None)
    return {
        "id": key,
        "runs": len(runs),
        "outside": len(outside(runs)),
        "least_yield": ratio(min(values)),
        "median_yield": ratio(quantile(values, Fraction(1, 2))),
        "most_yield": ratio(max(values)),
        "low": ratio(limits[0]),
        "high": ratio(limits[1]),
    }
