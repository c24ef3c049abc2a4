"""How much of what was reached derives from the start: proportional mixing, and bounds that hold whatever the mixing.

What a share is, and why it is computed as it is: docs/adr/010-shares.md.
"""

from __future__ import annotations

from tracegraph.trace.shares.answering import Shares, shares

__all__ = ["Shares", "shares"]
