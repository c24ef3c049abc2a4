"""FoodChain-Lab's own scores of what its files told a store: weights, contamination and kills as tracing marks them.

Everything is named by its key here: stations by that of their site, deliveries by that of their unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from tracegraph.formats.foodchainlab import document as columns
from tracegraph.formats.foodchainlab.dates import read_date
from tracegraph.formats.foodchainlab.document import text_of
from tracegraph.trace.foodchainlab.kept import KeptDelivery, KeptNetwork, KeptStation
from tracegraph.trace.sources.cases import Case
from tracegraph.trace.sources.deliveries import (
    UNKNOWN_DATE,
    Assumptions,
    Delivery,
    DeliveryNetwork,
    PartialDate,
    Profile,
)
from tracegraph.trace.sources.delivery_scores import Scores, Weights, scores


def kept_scores(network: KeptNetwork, profile: Profile = "consistent") -> Scores:
    """The score of every station and delivery, by key."""
    return scores(delivery_network(network), marked_weights(network), profile, network.stations)


def delivery_network(network: KeptNetwork) -> DeliveryNetwork:
    """Deliveries and what they lead to, with what tracing marks as contaminated or killed, in the order of time unless
    the file says that time does not count."""
    deliveries = [
        Delivery(
            one.key,
            one.supplier,
            one.recipient,
            _parts(text_of(one.cells, columns.DEPARTURE)),
            _parts(text_of(one.cells, columns.ARRIVAL)),
            text_of(one.cells, columns.LOT),
        )
        for one in network.deliveries.values()
    ]
    return DeliveryNetwork.of(deliveries, network.relations, _assumptions(network))


def marked_weights(network: KeptNetwork) -> Weights:
    """The weights that tracing gives: positive for cases, negative for what speaks against."""
    return Weights(dict(_weights(network.stations)), dict(_weights(network.deliveries)))


def marked_cases(network: KeptNetwork) -> list[Case]:
    """The same as incident cases (a negative weight: a control), for `Tracegraph.sources`: of a station what is there,
    of a delivery its unit; named by kind and id in the file."""
    weights = marked_weights(network)
    stations = [
        Case(f"station-{network.stations[key].id}", weight < 0, place=key, weight=f"{abs(weight):f}")
        for key, weight in weights.stations.items()
    ]
    deliveries = [
        Case(f"delivery-{network.deliveries[key].id}", weight < 0, unit=key, weight=f"{abs(weight):f}")
        for key, weight in weights.deliveries.items()
    ]
    return sorted((*stations, *deliveries), key=lambda case: case.id)


Marked = Mapping[str, KeptStation] | Mapping[str, KeptDelivery]


def _weights(marked: Marked) -> Iterator[tuple[str, Decimal]]:
    for key, one in marked.items():
        weight = one.mark.get("weight")
        if isinstance(weight, Decimal) and weight.is_finite() and weight:
            yield key, weight


def _assumptions(network: KeptNetwork) -> Assumptions:
    stations, deliveries = network.stations, network.deliveries
    return Assumptions(
        cross_contaminated_stations=_with(stations, "crossContamination"),
        cross_contaminated_deliveries=_with(deliveries, "crossContamination"),
        killed_stations=_with(stations, "killContamination"),
        killed_deliveries=_with(deliveries, "killContamination"),
        in_order=network.about.get("tracing/enforceTemporalOrder") is not False,
    )


def _with(marked: Marked, mark: str) -> frozenset[str]:
    return frozenset(key for key, one in marked.items() if one.mark.get(mark) is True)


def _parts(text: str) -> PartialDate:
    """Year, month and day, as far as they are known."""
    found = read_date(text) if text else None
    if found is None:
        return UNKNOWN_DATE
    year, month, day = (*map(int, found.iso[:10].split("-")), None, None)[:3]
    return year, month, day
