"""Stores: the port (port.py), what all stores share (ledger, codecs, checkpoint), and one package per engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tracegraph.errors import UsageError
from tracegraph.stores.port import Store

_SQLITE = "sqlite:///"
#: +s encrypts, +ssc accepts certificates that nobody vouches for.
NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


def open_store(url: str, create: bool = True) -> Store:
    """Open the store at a URL: `sqlite:///relative.db`, `sqlite:////absolute.db`,
    `neo4j://user:password@host:port/database` (routing) or `bolt://` (one server), with `+s` or `+ssc` encrypted.

    `create` makes a store that does not exist yet; without it nothing is ever created. Raises UsageError for a URL
    that names no known kind of store, or where the driver is missing, and the errors of the store itself
    (tracegraph.errors, StoreError).
    """
    if is_neo4j(url):
        return _open_neo4j(url, create)
    from tracegraph.stores.sqlite import open_sqlite

    return open_sqlite(file_of_url(url), create=create)


def file_of_url(url: str) -> Path:
    """The file of an embedded store. Raises UsageError for a URL of another kind of store, or of none."""
    if is_neo4j(url):
        raise of_a_server(shown_url(url))
    path = url.removeprefix(_SQLITE)
    if path == url or not path or path == "/" or ":memory:" in path:
        raise UsageError(
            f"the store {shown_url(url)!r} is not understood; "
            "write sqlite:///FILE for a file in this folder, sqlite:////FOLDER/FILE for any other, "
            "neo4j://USER:PASSWORD@HOST:PORT/DATABASE for a server"
        )
    return Path(path)


def of_a_server(shown: str) -> UsageError:
    """The error of what is only done to files, and what can be done instead."""
    return UsageError(
        f"the store {shown} is looked after with the tools of its own server, not from here: to have it as a file "
        f"while the server runs, tracegraph copy --from {shown} --to sqlite:///FILE; neo4j-admin database dump needs a "
        "Community server to be stopped first"
    )


def is_neo4j(url: str) -> bool:
    """Whether the URL is one of a Neo4j server."""
    scheme, separator, _ = url.partition("://")
    return bool(separator) and scheme in NEO4J_SCHEMES


def with_credentials(url: str, user: str | None, password: str | None) -> str:
    """The URL of a Neo4j server with user and password, where it has none and they are given; any other as it is."""
    scheme, _, rest = url.partition("://")
    if not is_neo4j(url) or "@" in rest or user is None:
        return url
    return f"{scheme}://{quote(user, safe='')}:{quote(password or '', safe='')}@{rest}"


def _open_neo4j(url: str, create: bool) -> Store:
    with needing_driver(f"the store {shown_url(url)}"):
        from tracegraph.stores.neo4j import open_neo4j
    return open_neo4j(url, create)


@contextmanager
def needing_driver(wanted: str) -> Iterator[None]:
    """Where the driver of Neo4j cannot be imported: UsageError that says what needs it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "neo4j":
            raise
        raise UsageError(
            f"{wanted} needs the driver of Neo4j, which is missing; pip install 'tracegraph[neo4j]'"
        ) from None


def shown_url(url: str) -> str:
    """The URL as it may be shown: what stands before an `@` is left out."""
    scheme, separator, rest = url.rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
