"""What holds while an answer is made: the store gives one state, and the collector of cyclic garbage pauses.

An answer makes many objects that live and none that form a circle, so each round of the collector would look at all of
them and find nothing: of an answer with 40,000 elements that was a quarter of the time. The first round afterwards
would look at all of them at once; so they are handed over as old, which only a full round looks at.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from tracegraph.stores.port import Reading


@contextmanager
def answering(store: Reading) -> Iterator[None]:
    """For as long as the context lasts (in several threads the collector pauses until the first of them is done)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with store.one_state():
            yield
    finally:
        if was_enabled:
            _make_old()
            gc.enable()


def _make_old() -> None:
    """Take everything that lives for old. What the program froze itself stays frozen, then the rest stays young."""
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()
