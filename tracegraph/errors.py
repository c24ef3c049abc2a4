"""The exceptions of tracegraph: one flat tree, one sentence each.

Every message names the input (file, row, JSON pointer, identifier), says what is wrong and what to do. Driver errors
(sqlite3, neo4j) are mapped onto this tree at the boundary of a store and never leak. `exit_status` is the exit status
of the command line for that error (docs: interfaces, "Exit status").
"""

from __future__ import annotations


class TracegraphError(Exception):
    """Anything that tracegraph refuses to do or cannot do."""

    exit_status = 2


class UsageError(TracegraphError, ValueError):
    """The caller asked in a wrong way: an unknown option value, a malformed start, a date that is no date."""

    exit_status = 2


class InvalidField(UsageError):
    """A field of a record is missing, or its value is none of its type; `field` is the field's name."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class InputError(TracegraphError, ValueError):
    """No input could be read at all: the file does not exist, or nothing in it is what it was said to be."""

    exit_status = 2


class RejectedInput(InputError):
    """Input was rejected under `strict`; nothing of the file was stored."""

    exit_status = 1


class NegativeAnswer(TracegraphError):
    """The answer is no: verify found damage, or a claim failed where the caller asked to fail on it."""

    exit_status = 1


class UnknownIdentifier(TracegraphError, LookupError):
    """No record names this identifier; `nearest` lists the closest known ones, best first."""

    exit_status = 3

    def __init__(self, message: str, identifier: str = "", nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.identifier = identifier
        self.nearest = nearest


class QueryParameterInvalid(UsageError):
    """A parameter of a query for events is unknown or ill-formed (EPCIS 2.0: QueryParameterException); `parameter` is
    its name as it was given."""

    def __init__(self, message: str, parameter: str = "") -> None:
        super().__init__(message)
        self.parameter = parameter


class QueryInvalid(UsageError):
    """The query as a whole is none: no object, or a page of another query (EPCIS 2.0: QueryValidationException)."""


class QueryTooLarge(TracegraphError):
    """More events answer the query than it allows (EPCIS 2.0: QueryTooLargeException)."""

    exit_status = 5


class QueryTooComplex(TracegraphError):
    """More events would have to be looked at than is allowed here (EPCIS 2.0: QueryTooComplexException)."""

    exit_status = 5


class NoSuchQuery(TracegraphError, LookupError):
    """No query is stored under this name (EPCIS 2.0: NoSuchNameException)."""

    exit_status = 3


class StoreError(TracegraphError):
    """The store is unusable: unreachable, locked, read-only, foreign, newer, older or full."""

    exit_status = 4


class StoreUnreachable(StoreError):
    """The store's file or server cannot be opened or reached."""


class StoreLocked(StoreError):
    """Another process is writing and did not finish within the waiting time."""


class StoreReadOnly(StoreError):
    """The store can be read but not written."""


class StoreForeign(StoreError):
    """The file or database is not a tracegraph store."""


class StoreNewer(StoreError):
    """The store was written by a newer version of tracegraph."""


class StoreOlder(StoreError):
    """The store was written by an older version of tracegraph and must be migrated first."""


class StoreFull(StoreError):
    """No space is left; nothing of the last operation was stored."""


class StoreDamaged(StoreError):
    """The store's file is damaged; restore a backup, or rebuild from the ledger."""


class Refused(TracegraphError):
    """Permission is missing, or this is not a legal move now."""

    exit_status = 6


class IllegalMove(Refused):
    """The state of a recall case, or the role of who asks, does not allow this action; `allowed`: what is possible."""

    def __init__(self, message: str, state: str = "", action: str = "", allowed: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.state = state
        self.action = action
        self.allowed = allowed


class CaseChanged(Refused):
    """Somebody else changed the recall case meanwhile; nothing was recorded."""
