"""A question about claims: which packs and rules, about what, what was true until when and known when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracegraph.model.instants import Moment, instant_text, known_until, optional_text, parse_instant


@dataclass(frozen=True, slots=True)
class ClaimsQuestion:
    """`packs` and `rules`: ids (none: all). `about`: numbers of claims, units, accounts, certificates, sites or parties
    (none: everything on record). `valid`: what is true later does not count; `as_of`: what was learnt later does not
    count; both as instants (None: no bound)."""

    packs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    valid: int | None = None
    as_of: int | None = None

    @property
    def direction(self) -> str:
        """Claims are looked at, not followed."""
        return "backward"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the answer."""
        return {
            "kind": "claims",
            "packs": list(self.packs),
            "rules": list(self.rules),
            "about": list(self.about),
            "valid": optional_text(self.valid),
            "as_of": None if self.as_of is None else instant_text(self.as_of),
        }


def asked_of_claims(
    packs: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    about: tuple[str, ...] = (),
    valid: Moment | None = None,
    as_of: Moment | None = None,
) -> ClaimsQuestion:
    """The question that somebody wrote; a date is the whole day. Raises UsageError for what is no time."""
    until = None if valid is None else parse_instant(valid, "valid", "end")
    return ClaimsQuestion(packs, tuple(sorted(set(rules))), about, until, known_until(as_of))
