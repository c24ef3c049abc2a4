"""How the contract gets at a store: one method to write, everything else is given."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tracegraph.errors import TracegraphError
from tracegraph.stores.port import Store


class StoreHarness:
    """Base of all contract classes. Each test has a fresh `folder`, which a store may use or leave alone."""

    #: How many very many are: units of an event, events of a unit, packs of a lot. More than a store writes, or asks
    #: its database for, at once. Fewer where a store is tested once more, by another way to it.
    many = 100_000

    folder: Path
    _temporary: TemporaryDirectory[str]
    _opened: list[Store]

    @abstractmethod
    def open_store(self, patience: float = 10.0) -> Store:
        """A new handle on the store of this test, as another process would get one. The first call in a test makes
        the store, empty. `patience`: seconds that a writer waits for another writer."""

    def setup_method(self) -> None:
        """Called by pytest before each test."""
        self._temporary = TemporaryDirectory(ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self._opened = []

    def teardown_method(self) -> None:
        """Called by pytest after each test: closes every handle that the test got from `store()`."""
        for store in self._opened:
            store.close()
        self._temporary.cleanup()

    def store(self, patience: float = 10.0) -> Store:
        """`open_store`, closed when the test ends."""
        store = self.open_store(patience)
        self._opened.append(store)
        return store


@contextmanager
def refused(error: type[TracegraphError]) -> Iterator[None]:
    """The block must raise this error, with a sentence that says something."""
    said = ""
    try:
        yield
    except error as raised:
        said = str(raised)
    else:
        raise AssertionError(f"{error.__name__} was expected and not raised")
    assert len(said) > 20, f"{error.__name__} says too little: {said!r}"
