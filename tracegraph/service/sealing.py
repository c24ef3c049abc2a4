"""Texts that clients carry and must not read: page tokens hold ledger positions, which tell how much lies in between.

Sealed with AES and a message code (Fernet, of the package cryptography) under a key that the service file keeps; nobody
else can open or make one. A sealed text is good for thirty days.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken

from tracegraph.service.file import ServiceFile

#: Seconds for which a sealed text is good.
LIFE = 30 * 24 * 3_600
_NAME = "key of sealed texts"


class Seal:
    """Seals and opens texts. `purpose` keeps those of one use from another."""

    def __init__(self, file: ServiceFile) -> None:
        with file.changing() as change:
            made = Fernet.generate_key().decode()
            change.execute("INSERT INTO about (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", (_NAME, made))
            kept = change.execute("SELECT value FROM about WHERE name = ?", (_NAME,)).fetchone()["value"]
        self._fernet = Fernet(kept)

    def close(self, purpose: str, text: str) -> str:
        """A text that only `open` reads; letters, digits, hyphens and underlines."""
        return self._fernet.encrypt(f"{purpose}\0{text}".encode()).decode().rstrip("=")

    def open(self, purpose: str, sealed: str) -> str | None:
        """What was sealed for the purpose; None: nothing was, or it is too old."""
        try:
            told = self._fernet.decrypt(sealed.encode() + b"=" * (-len(sealed) % 4), ttl=LIFE).decode()
        except (InvalidToken, ValueError):
            return None
        prefix = f"{purpose}\0"
        return told.removeprefix(prefix) if told.startswith(prefix) else None
