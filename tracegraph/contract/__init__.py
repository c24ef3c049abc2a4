"""What every store must do, as tests to subclass (pytest is needed to run them, not to import them).

    class TestMyStore(StoreContract):
        def open_store(self, patience: float = 10.0) -> Store:
            return open_my_store(self.folder / "store", busy_timeout=patience)

See tracegraph.contract.harness for what `open_store` must promise.
"""

from __future__ import annotations

from tracegraph.contract.amending import AmendContract
from tracegraph.contract.concurrency import ConcurrencyContract
from tracegraph.contract.describing import DescribingContract
from tracegraph.contract.events import EventContract
from tracegraph.contract.graph import GraphContract
from tracegraph.contract.harness import StoreHarness
from tracegraph.contract.ledger import LedgerContract
from tracegraph.contract.queries import QueryContract
from tracegraph.contract.reach import ReachContract
from tracegraph.contract.records import RecordContract
from tracegraph.contract.shapes import ShapeContract
from tracegraph.contract.signatures import SignatureContract, signature_differences
from tracegraph.contract.tampering import TamperingContract


class StoreContract(
    LedgerContract,
    EventContract,
    RecordContract,
    GraphContract,
    AmendContract,
    QueryContract,
    DescribingContract,
    ReachContract,
    ShapeContract,
    ConcurrencyContract,
    SignatureContract,
):
    """Everything that a store must pass, with no skip and no expected failure."""


__all__ = ["StoreContract", "StoreHarness", "TamperingContract", "signature_differences"]
