"""FoodChain-Lab's scores: the part of the outbreak's weight that lies forward of each station and delivery.

score(i) = (w_i + weights of the stations and deliveries that i leads to) / max(sum of the positive weights, sum of the
absolute negative ones). Positive and negative scores are the same of one sign alone; 0 where nothing has a weight.
Exact: weights are decimals, scores fractions. Source: the desktop application's tracing, restated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tracegraph.trace.components import strong_components
from tracegraph.trace.sources.deliveries import DeliveryNetwork, Profile

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of stations and deliveries, by id; positive for cases, negative for what speaks against."""

    stations: Mapping[str, Decimal]
    deliveries: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Score:
    """`normalized`: of the largest absolute score of all; `lot`: of a delivery, that of its lot, and of a station the
    largest of its lots (None: no lot is named). A common link is what has the whole of the weight before it."""

    score: Fraction
    positive: Fraction
    negative: Fraction
    normalized: Fraction
    lot: Fraction | None = None

    @property
    def common_link(self) -> bool:
        """Does everything with a weight lie forward of it?"""
        return self.score == 1


@dataclass(frozen=True, slots=True)
class Scores:
    """By id."""

    stations: Mapping[str, Score]
    deliveries: Mapping[str, Score]


def scores(
    network: DeliveryNetwork, weights: Weights, profile: Profile = "consistent", stations: Iterable[str] = ()
) -> Scores:
    """The scores of all deliveries and stations; `stations`: those that neither deliver nor receive."""
    return _Scoring(network, weights, profile).all(stations)


class _Scoring:
    """Sets of weighted elements as bits of whole numbers: one bit for each element with a weight."""

    def __init__(self, network: DeliveryNetwork, weights: Weights, profile: Profile) -> None:
        self.network = network
        self.profile = profile
        weighted = [("station", name, weight) for name, weight in sorted(weights.stations.items()) if weight]
        weighted += [("delivery", name, weight) for name, weight in sorted(weights.deliveries.items()) if weight]
        self.bits = {(kind, name): 1 << number for number, (kind, name, _) in enumerate(weighted)}
        self.weights = [Fraction(weight) for _, _, weight in weighted]
        self.positive = sum((weight for weight in self.weights if weight > 0), ZERO)
        self.negative = sum((-weight for weight in self.weights if weight < 0), ZERO)
        self.most = max(self.positive, self.negative)
        self.sums = lru_cache(maxsize=None)(self._sums)

    def all(self, more: Iterable[str]) -> Scores:
        names = sorted({*self.network.stations(), *more})
        arriving = [self._arriving(number) for number in range(len(self.network.deliveries))]
        beyond = self._beyond(arriving)
        deliveries = {
            delivery.id: self._score(self._bit("delivery", delivery.id), beyond[number] | self._received(number))
            for number, delivery in enumerate(self.network.deliveries)
        }
        stations = {name: self._score(self._bit("station", name), self._sent(name, arriving, beyond)) for name in names}
        lots = self._lots(beyond)
        return self._normalized(stations, deliveries, lots)

    def _bit(self, kind: str, name: str) -> int:
        return self.bits.get((kind, name), 0)

    def _arriving(self, number: int) -> int:
        """What is reached by arriving at a delivery: it, and who receives it."""
        delivery = self.network.deliveries[number]
        ends = self.profile == "consistent" and self.network.is_killed(number)
        recipient = 0 if ends else self._bit("station", delivery.recipient)
        return self._bit("delivery", delivery.id) | recipient

    def _received(self, number: int) -> int:
        """Who receives a delivery, where it itself is asked about."""
        return 0 if self.network.is_killed(number) else self._bit("station", self.network.deliveries[number].recipient)

    def _sent(self, station: str, arriving: list[int], beyond: list[int]) -> int:
        reached = 0
        for number in self.network.sent(station):
            reached |= arriving[number] | beyond[number]
        return reached

    def _beyond(self, arriving: list[int]) -> list[int]:
        """What is reached by all that each delivery leads to."""
        following = self.network.following
        reached = [0] * len(arriving)
        for together in strong_components(range(len(arriving)), dict(enumerate(following))):
            found = 0
            for number in together:
                for further in following[number]:
                    found |= arriving[further] | reached[further]
            for number in together:
                reached[number] = found
        return reached

    def _sums(self, reached: int) -> tuple[Fraction, Fraction]:
        """The positive and the negative weight of a set."""
        inside = [weight for number, weight in enumerate(self.weights) if reached >> number & 1]
        positive = sum((weight for weight in inside if weight > 0), ZERO)
        return positive, sum((-weight for weight in inside if weight < 0), ZERO)

    def _score(self, own: int, reached: int) -> Score:
        """FoodChain-Lab counts an element that lies forward of itself twice."""
        if self.profile == "consistent":
            positive, negative = self.sums(own | reached)
        else:
            (mine, against), (theirs, others) = self.sums(own), self.sums(reached)
            positive, negative = mine + theirs, against + others
        return Score(
            _part(positive - negative, self.most),
            _part(positive, self.positive),
            _part(negative, self.negative),
            ZERO,
        )

    def _lots(self, beyond: list[int]) -> dict[tuple[str, str], Fraction]:
        """The score of each lot, by supplier and lot: of all that its deliveries lead to, their own weights apart."""
        reached: dict[tuple[str, str], int] = defaultdict(int)
        for number, delivery in enumerate(self.network.deliveries):
            if delivery.lot:
                reached[delivery.supplier, delivery.lot] |= beyond[number] | self._received(number)
        return {lot: self._score(0, found).score for lot, found in reached.items()}

    def _normalized(
        self, stations: dict[str, Score], deliveries: dict[str, Score], lots: dict[tuple[str, str], Fraction]
    ) -> Scores:
        largest = max((abs(score.score) for score in [*stations.values(), *deliveries.values()]), default=ZERO)
        of_stations: dict[str, Fraction] = {}
        for (station, _), score in lots.items():
            of_stations[station] = max(score, of_stations.get(station, score))
        of_deliveries = {one.id: lots.get((one.supplier, one.lot)) for one in self.network.deliveries}
        return Scores(
            {name: _with(score, largest, of_stations.get(name)) for name, score in stations.items()},
            {name: _with(score, largest, of_deliveries[name]) for name, score in deliveries.items()},
        )


def _part(weight: Fraction, whole: Fraction) -> Fraction:
    return weight / whole if whole else ZERO


def _with(score: Score, largest: Fraction, lot: Fraction | None) -> Score:
    return Score(score.score, score.positive, score.negative, _part(score.score, largest), lot)
