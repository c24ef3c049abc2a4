"""Short names of identifiers, for boxes and tables; the full one always stands in a title beside it."""

from __future__ import annotations

from urllib.parse import unquote

GS1 = "https://id.gs1.org/"


def short_name(key: str) -> str:
    """The telling end of an identifier: the lot or serial number of a GS1 key, the last part of a URI (two
    where the last is very short), else all of it."""
    if key.startswith(GS1):
        return unquote(key.rsplit("/", 1)[-1])
    if key.startswith(("urn:", "http://", "https://")):
        parts = [part for part in key.replace("/", ":").replace("#", ":").split(":") if part]
        return unquote(":".join(parts[-2:] if len(parts) > 2 and len(parts[-1]) < 4 else parts[-1:])) if parts else key
    return key


def clipped(text: str, letters: int) -> str:
    """The text, or its beginning with an ellipsis; wide (East Asian) letters count twice."""
    room = letters
    for place, letter in enumerate(text):
        room -= 2 if ord(letter) >= 0x2E80 else 1
        if room < 0:
            return f"{text[: max(place - 1, 1)]}…"
    return text
