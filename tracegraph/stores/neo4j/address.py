"""From a URL to a server, a database and credentials."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from tracegraph.errors import UsageError
from tracegraph.stores import NEO4J_SCHEMES, shown_url
from tracegraph.stores.neo4j.settings import Address

_PORT = 7687


def read_address(url: str) -> Address:
    """Where the store at `url` is. Raises UsageError, without the password, where it is not understood."""
    shown = shown_url(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _not_understood(shown) from None
    database = unquote(parts.path.strip("/"))
    if parts.scheme not in NEO4J_SCHEMES or not parts.hostname or "/" in database or parts.query or parts.fragment:
        raise _not_understood(shown)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = f"{parts.scheme}://{host}:{port or _PORT}"
    return Address(
        place,
        f"{place}/{quote(database)}" if database else place,
        database or None,
        None if parts.username is None else unquote(parts.username),
        None if parts.password is None else unquote(parts.password),
    )


def _not_understood(shown: str) -> UsageError:
    return UsageError(
        f"the store {shown!r} is not understood; write neo4j://USER:PASSWORD@HOST:7687/DATABASE, "
        "special characters in it as %XX"
    )
