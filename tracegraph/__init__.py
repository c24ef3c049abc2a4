"""tracegraph: from recorded events to a custody graph, and from there to right and honest traces.

`Tracegraph` is the way in from Python: open a store, capture events, ask. It is imported on first use only, so that
`import tracegraph` and the command line start in a blink.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracegraph.graph import Tracegraph

__version__ = "0.1.0"
__all__ = ["Tracegraph", "__version__"]


def __getattr__(name: str) -> object:
    """Load `Tracegraph` when it is first asked for (PEP 562)."""
    if name != "Tracegraph":
        raise AttributeError(f"module 'tracegraph' has no attribute {name!r}; it offers {', '.join(__all__)}")
    from tracegraph.graph import Tracegraph

    return Tracegraph
