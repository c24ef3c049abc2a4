"""A share as people read it."""

from __future__ import annotations

from typing import Any


def share_text(share: dict[str, Any]) -> str:
    """`40 % [10, 60]`: the attributed part (`?`: not known), and the bounds wherever losses fall, in percent."""
    attributed = "?" if share["attributed"] is None else f"{_percent(share['attributed'])} %"
    return f"{attributed} [{_percent(share['min'])}, {_percent(share['max'])}]"


def _percent(share: str) -> str:
    """Four digits; what is neither nothing nor all is never shown as such."""
    percent = 100 * float(share)
    shown = f"{percent:.4g}"
    return f"{percent:.12g}" if 0 < percent < 100 and shown in ("0", "100") else shown
