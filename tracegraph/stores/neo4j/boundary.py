"""The one place where errors of the driver become errors of tracegraph; nothing of neo4j leaves this package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from tracegraph.errors import (
    InputError,
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnreachable,
    TracegraphError,
    UsageError,
)
from tracegraph.stores import unreadable

_AGAIN = "nothing of this operation was stored; try again"

#: Beginnings of the server's codes, the more special ones first: the error and the rest of the sentence.
_MEANING: tuple[tuple[str, type[StoreError], str], ...] = (
    (
        "Neo.ClientError.Security.Forbidden",
        StoreReadOnly,
        "does not allow this user to do that; give the user the right to read and write the database",
    ),
    (
        "Neo.ClientError.Security.",
        StoreUnreachable,
        "refuses the user name and password; give them in the URL or in NEO4J_USERNAME and NEO4J_PASSWORD",
    ),
    ("Neo.ClientError.Database.", StoreUnreachable, "has no such database, or it is stopped; name one that runs"),
    ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", StoreReadOnly, "is read-only; allow writing to it"),
    ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", StoreReadOnly, "is read-only; allow writing to it"),
    ("Neo.ClientError.Cluster.NotALeader", StoreReadOnly, "is no leader; use a neo4j:// URL, which finds the leader"),
    ("Neo.ClientError.Transaction.", StoreLocked, f"ended the transaction, which took too long; {_AGAIN}"),
    (
        "Neo.TransientError.Transaction.",
        StoreLocked,
        f"was busy with other changes and did not finish in time; {_AGAIN}",
    ),
    (
        "Neo.TransientError.General.DatabaseUnavailable",
        StoreUnreachable,
        "is not available at present; see the log of its server",
    ),
    ("Neo.TransientError.General.", StoreFull, f"has not enough memory for this; {_AGAIN} with less, or give it more"),
    ("Neo.TransientError.", StoreUnreachable, f"cannot answer at present; {_AGAIN}"),
    (
        "Neo.ClientError.Schema.",
        StoreDamaged,
        "does not hold what its constraints say; see tracegraph doctor",
    ),
    (
        "Neo.ClientError.Statement.",
        StoreForeign,
        "does not understand a statement of this program; use Neo4j 5.26 or newer",
    ),
)

#: What the server says of a key or id of more than about 8,000 bytes.
_TOO_LONG = "too large to index"

_NO_SPACE = ("no space left", "not enough space", "disk full")


@contextmanager
def map_exceptions(shown: str) -> Iterator[None]:
    """Raise what the driver says about the store at the URL `shown` as the closest error of tracegraph.errors."""
    try:
        yield
    except (DriverError, Neo4jError) as error:
        raise mapped(shown, error) from None
    except UnicodeEncodeError as error:
        raise InputError(
            f"{error.object!r:.200} holds half of a surrogate pair and cannot be stored; correct the text in its source"
        ) from None
    except OverflowError:
        raise InputError("a time or number is above 64 bits and cannot be stored; correct it in its source") from None


@contextmanager
def map_unreadable(shown: str) -> Iterator[None]:
    """Raise what reading rows that are not ours does to a decoder as StoreDamaged; errors of the driver pass."""
    with unreadable.map_unreadable(shown, DriverError, Neo4jError):
        yield


def mapped(shown: str, error: Exception) -> TracegraphError:
    """The error of tracegraph that says the same about the store at the URL `shown`."""
    if isinstance(error, Neo4jError):
        return _said_by_server(shown, error)
    if isinstance(error, ServiceUnavailable | SessionExpired | AuthError):
        return StoreUnreachable(f"the store {shown} cannot be reached ({_reason(error)}); check that its server runs")
    if isinstance(error, ConfigurationError):
        return UsageError(f"the store {shown} cannot be opened like that ({_reason(error)}); correct the URL")
    return StoreUnreachable(f"the store {shown} cannot be used ({_reason(error)}); try again")


def is_passing(error: Exception) -> bool:
    """Whether the same may succeed when it is tried again."""
    return isinstance(error, DriverError | Neo4jError) and error.is_retryable()


def is_defined_twice(error: Exception) -> bool:
    """Whether somebody else made the same constraint or index at the same moment: asked for again, it is there."""
    return isinstance(error, Neo4jError) and (error.code or "") in (
        "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists",
        "Neo.ClientError.Schema.ConstraintAlreadyExists",
        "Neo.ClientError.Schema.IndexAlreadyExists",
    )


def is_ended(error: Exception) -> bool:
    """Whether the transaction was ended from outside: waiting for the lock took too long."""
    return isinstance(error, Neo4jError) and (error.code or "").startswith(
        ("Neo.ClientError.Transaction.", "Neo.TransientError.Transaction.")
    )


def _said_by_server(shown: str, error: Neo4jError) -> TracegraphError:
    code, message = error.code or "", error.message or ""
    if any(words in message.lower() for words in _NO_SPACE):
        return StoreFull(f"the store {shown} has no space left on its disk; {_AGAIN} when there is some")
    if _TOO_LONG in message:
        return InputError("an identifier has more than 8,000 bytes and cannot be stored; correct it in its source")
    for beginning, kind, rest in _MEANING:
        if code.startswith(beginning):
            return kind(f"the store {shown} {rest}")
    return StoreUnreachable(f"the store {shown} cannot do that ({code}: {_first(message)}); see the log of its server")


def _reason(error: Exception) -> str:
    return _first(str(error)) or type(error).__name__


def _first(message: str) -> str:
    """The first line of a message, shortened."""
    return message.strip().partition("\n")[0][:200]
