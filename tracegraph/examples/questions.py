"""What a demo asks: a question in two languages, and the command that answers it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in both languages."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """The text in `en` or `zh` (English for any other)."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the demo: `arguments` are what follows `tracegraph` on the command line."""

    name: str
    title: Wording
    explanation: Wording
    arguments: tuple[str, ...]
