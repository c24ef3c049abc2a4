"""The same events in two stores, and every question about them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.building import compared, every_answer, put
from tracegraph import Tracegraph
from tracegraph.trace.metrics import Metric

#: Metrics that read more of a store than the chain, and one that reads no more; the others read no more either.
READING = (Metric.DOMINATORS, Metric.CONCENTRATION, Metric.DEPTH, Metric.REACH, Metric.COMPLETENESS, Metric.QUALITY)


@dataclass(frozen=True)
class Both:
    """The same events in two stores."""

    served: Tracegraph
    embedded: Tracegraph

    def put(self, *batches: list[dict]) -> None:
        put(self.served, *batches)
        put(self.embedded, *batches)

    def capture(self, *files: Path) -> None:
        reports = [graph.capture(*files, rejects=None) for graph in (self.served, self.embedded)]
        assert reports[0] == reports[1]

    def compare(self, units: list[str]) -> None:
        """Every question about the units, and those about everything; the ledgers too, but for times."""
        for shares in (False, True):
            assert every_answer(self.served, units, shares=shares) == every_answer(self.embedded, units, shares=shares)
        for unit in units:
            assert compared(self.served.origin(unit)) == compared(self.embedded.origin(unit))
            assert compared(self.served.where(unit)) == compared(self.embedded.where(unit))
            assert compared(self.served.balance(unit)) == compared(self.embedded.balance(unit))
            assert compared(self.served.scope(unit)) == compared(self.embedded.scope(unit))
        for metric in READING:
            for starts in ((), units[:1]):
                assert figures(self.served, metric, *starts) == figures(self.embedded, metric, *starts)
        assert list(self.served.gaps()) == list(self.embedded.gaps())
        payloads = [[entry.payload for entry in graph.store.entries()] for graph in (self.served, self.embedded)]
        assert payloads[0] == payloads[1]
        assert list(self.served.verify()) == []


def figures(graph: Tracegraph, metric: str, *starts: str) -> list:
    """A metric, without how late events came into the one store and into the other."""
    told = graph.metrics(metric, *starts).to_dict()
    for row in told["result"]["metrics"]["rows"]:
        for late in ("lag_median_hours", "lag_95_hours"):
            row.pop(late, None)
    return [told[name] for name in ("question", "complete", "gaps", "result")]
