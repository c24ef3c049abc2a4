"""Stores: the port (port.py), what all stores share (ledger, codecs, checkpoint), and one package per engine."""

from __future__ import annotations

from pathlib import Path

from tracegraph.errors import UsageError
from tracegraph.stores.port import Store

_SQLITE = "sqlite:///"
_LATER = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


def open_store(url: str, create: bool = True) -> Store:
    """Open the store at a URL: `sqlite:///relative.db`, `sqlite:////absolute.db`.

    `create` makes a store that does not exist yet; without it nothing is ever created. Raises UsageError for a URL
    that names no known kind of store, and the errors of the store itself (tracegraph.errors, StoreError).
    """
    from tracegraph.stores.sqlite import open_sqlite

    return open_sqlite(file_of_url(url), create=create)


def file_of_url(url: str) -> Path:
    """The file of an embedded store. Raises UsageError for a URL of another kind of store, or of none."""
    scheme, separator, _ = url.partition("://")
    if separator and scheme in _LATER:
        raise UsageError(
            f"a store at {scheme}:// comes with a later version of tracegraph; use sqlite:///FILE until then"
        )
    path = url.removeprefix(_SQLITE)
    if path == url or not path or path == "/" or ":memory:" in path:
        raise UsageError(
            f"the store {shown_url(url)!r} is not understood; "
            "write sqlite:///FILE for a file in this folder, sqlite:////FOLDER/FILE for any other"
        )
    return Path(path)


def shown_url(url: str) -> str:
    """The URL as it may be shown: what stands before an `@` is left out."""
    scheme, separator, rest = url.rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
