"""The tracing contract on the oracle store, which shows that its demands can be met, and on the real one."""

from __future__ import annotations

from tests.trace.memory import MemoryStore
from tracegraph.contract.tracing import TracingContract
from tracegraph.stores import open_store
from tracegraph.stores.port import Store


class TestTracingOnMemory(TracingContract):
    def open_store(self, patience: float = 10.0) -> Store:
        return MemoryStore(seed=7)


class TestTracingOnSqlite(TracingContract):
    def open_store(self, patience: float = 10.0) -> Store:
        return open_store(f"sqlite:///{self.folder / 'store.db'}")
