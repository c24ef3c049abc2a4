"""A share as people read it."""

from __future__ import annotations

from typing import Any


def share_text(share: dict[str, Any]) -> str:
    """`40 % [10, 60]`: the attributed part (`?`: not known), and the bounds wherever losses fall, in percent."""
    attributed = "?" if share["attributed"] is None else f"{percent(share['attributed'])} %"
    return f"{attributed} [{percent(share['min'])}, {percent(share['max'])}]"


def percent(share: str) -> str:
    """Four digits; what is neither nothing nor all is never shown as such."""
    value = 100 * float(share)
    shown = f"{value:.4g}"
    return f"{value:.12g}" if 0 < value < 100 and shown in ("0", "100") else shown
