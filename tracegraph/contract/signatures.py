"""A store's methods take what the port says: same names, same order, same defaults."""

from __future__ import annotations

from inspect import Signature, signature

from tracegraph.contract.harness import StoreHarness
from tracegraph.stores import port


def signature_differences(offered: type, wanted: type) -> list[str]:
    """One sentence per method of the protocol `wanted` that the class lacks or takes other parameters for."""
    differences = []
    for name in sorted(dir(wanted)):
        method = getattr(wanted, name)
        if name.startswith("_") or not callable(method):
            continue
        other = getattr(offered, name, None)
        if other is None:
            differences.append(f"{offered.__name__}.{name} is missing")
        elif _parameters(signature(other)) != _parameters(signature(method)):
            differences.append(f"{offered.__name__}.{name}{signature(other)} should be {name}{signature(method)}")
    return differences


def _parameters(found: Signature) -> list[tuple[str, object, object]]:
    """What a caller can see: names, kinds and defaults in order."""
    return [(parameter.name, parameter.kind, parameter.default) for parameter in found.parameters.values()]


class SignatureContract(StoreHarness):
    """The store and its changes offer the port, all of it."""

    def test_store_offers_the_port(self) -> None:
        """Every method of port.Store, with its parameters."""
        assert signature_differences(type(self.store()), port.Store) == []

    def test_change_offers_the_port(self) -> None:
        """Every method of port.Writing, with its parameters."""
        with self.store().write() as writing:
            assert signature_differences(type(writing), port.Writing) == []

    def test_differences_are_noticed(self) -> None:
        """The comparison itself is not blind."""
        assert signature_differences(dict, port.Store)
        assert signature_differences(port.Reading, port.Writing)
