"""A store with an index passes the contract, with every kernel, freshly made or brought forward."""

from __future__ import annotations

from tests.stores.index.stores import IndexedStore
from tracegraph.contract import StoreContract, StoreHarness
from tracegraph.contract.reach import ReachContract
from tracegraph.stores.port import Store
from tracegraph.stores.sqlite.index.choice import Kernel


class Indexed(StoreHarness):
    many = 45_000  # test_sqlite_contract.py has more, on the same tables
    kernel = Kernel.NUMPY
    every = 1

    def open_store(self, patience: float = 10.0) -> Store:
        return IndexedStore(self.folder / "store.db", self.kernel, self.every, patience)


class TestNumpy(Indexed, ReachContract):
    """Always the newest index."""


class TestNumpyBroughtForward(Indexed, StoreContract):
    """Everything else as well: describing, concurrency, amending."""

    every = 3


class TestNumba(Indexed, ReachContract):
    kernel = Kernel.NUMBA


class TestNumbaBroughtForward(Indexed, ReachContract):
    kernel = Kernel.NUMBA
    every = 3
