"""From a URL to a server, a database and credentials; a password is never shown."""

from __future__ import annotations

import pytest

from tracegraph.errors import UsageError
from tracegraph.stores.neo4j.address import read_address


def test_all_parts() -> None:
    address = read_address("neo4j+s://me%40work:p%2F%40ss@graph.example:7777/plant")
    assert (address.url, address.database) == ("neo4j+s://graph.example:7777", "plant")
    assert (address.user, address.password) == ("me@work", "p/@ss")
    assert address.shown == "neo4j+s://graph.example:7777/plant"
    assert "p/@ss" not in repr(address)


@pytest.mark.parametrize(
    ("url", "driver", "database"),
    [
        ("bolt://host", "bolt://host:7687", None),
        ("bolt+ssc://host/", "bolt+ssc://host:7687", None),
        ("neo4j://[::1]:9/db", "neo4j://[::1]:9", "db"),
    ],
)
def test_what_may_be_missing(url: str, driver: str, database: str | None) -> None:
    address = read_address(url)
    assert (address.url, address.database, address.user, address.password) == (driver, database, None, None)


@pytest.mark.parametrize(
    "url",
    [
        "neo4j://",
        "neo4j:///db",
        "neo4j://me:secret@host:port/db",
        "neo4j://me:secret@host/a/b",
        "bolt://me:secret@host?policy=x",
        "http://me:secret@host",
        "bolt://me:secret#1@host:99999999",
    ],
)
def test_what_is_not_understood(url: str) -> None:
    with pytest.raises(UsageError, match="write neo4j://USER:PASSWORD@HOST") as raised:
        read_address(url)
    assert "secret" not in str(raised.value)
