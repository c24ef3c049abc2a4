"""What a delivery or station reaches, forward and backward, in a network of deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracegraph.trace.sources.deliveries import DeliveryNetwork, Profile


def forward_deliveries(network: DeliveryNetwork, delivery: int) -> set[int]:
    """All that the goods of a delivery went into; itself only where they came back into it."""
    return closure(network.following[delivery], network.following)


def backward_deliveries(network: DeliveryNetwork, delivery: int) -> set[int]:
    """All that went into a delivery."""
    return closure(network.before[delivery], network.before)


def forward_deliveries_of(network: DeliveryNetwork, station: str) -> set[int]:
    """All deliveries that carry something on from a station."""
    return closure(network.sent(station), network.following)


def backward_deliveries_of(network: DeliveryNetwork, station: str) -> set[int]:
    """All deliveries by which something came to a station."""
    return closure(network.received(station), network.before)


def forward_stations(network: DeliveryNetwork, station: str, profile: Profile = "consistent") -> set[str]:
    """The stations that receive what goes on from a station."""
    return recipients(network, forward_deliveries_of(network, station), profile)


def backward_stations(network: DeliveryNetwork, station: str, profile: Profile = "consistent") -> set[str]:
    """The stations from which something came to a station. A killed one is none of them; FoodChain-Lab leaves it out
    only where it delivered to the station itself."""
    killed = network.assumptions.killed_stations
    direct = set(network.received(station))
    found = backward_deliveries_of(network, station)
    names = {number: network.deliveries[number].supplier for number in found}
    return {
        name
        for number, name in names.items()
        if name not in killed or (profile == "foodchain-lab" and number not in direct)
    }


def recipients(network: DeliveryNetwork, deliveries: Iterable[int], profile: Profile) -> set[str]:
    """Who receives what is in these deliveries, which a trace arrived at. Of a killed one nobody; FoodChain-Lab counts
    its recipient all the same."""
    return {
        network.deliveries[number].recipient
        for number in deliveries
        if profile == "foodchain-lab" or not network.is_killed(number)
    }


def closure(begin: Iterable[int], ways: Sequence[Sequence[int]]) -> set[int]:
    """The beginning and all that follows from it."""
    found = set(begin)
    pending = list(found)
    while pending:
        more = set(ways[pending.pop()]) - found
        found |= more
        pending += more
    return found
