"""Rows that are not ours: what reading them does to a decoder, as one error, the same for every store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tracegraph.errors import StoreDamaged, TracegraphError

#: What a stored text or number that is not ours can do to a decoder.
UNREADABLE = (LookupError, TypeError, ValueError, ArithmeticError)

#: What passes: our own sentences, and input that cannot be stored.
_PASSING: tuple[type[Exception], ...] = (TracegraphError, UnicodeEncodeError, OverflowError)


@contextmanager
def map_unreadable(shown: str, *drivers: type[Exception]) -> Iterator[None]:
    """Raise what reading rows that are not ours does to a decoder as StoreDamaged; the cause stays with it. `drivers`:
    errors of the driver, which are mapped elsewhere."""
    try:
        yield
    except _PASSING + drivers:
        raise
    except UNREADABLE as error:
        raise StoreDamaged(
            f"the store {shown} has a row that cannot be read ({type(error).__name__}: {error}); see tracegraph doctor"
        ) from error
