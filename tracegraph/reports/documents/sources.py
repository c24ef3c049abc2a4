"""What documents are made from: a world of records with its place in the ledger, and names of organisations."""

from __future__ import annotations

from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.messages import Language, words
from tracegraph.model.instants import optional_text
from tracegraph.model.values import value


@value
class Source:
    """`known`: until when the records were known, `head`: the hash of the last ledger entry among them."""

    world: World
    known: int | None
    head: str

    def notes(self, language: Language) -> tuple[str, ...]:
        """What every document says of itself."""
        known = optional_text(self.known) or "—"
        return (
            words("paper_known", language).format(known=known, head=self.head),
            words("paper_honest", language),
        )


def named(world: World, key: str, kind: str = "party") -> str | None:
    """An organisation, site or product as people know it: its name, with the identifier behind; None for nothing."""
    if not key:
        return None
    found: Row | None = world.row(kind, key)
    name = found.text("name") if found is not None else ""
    return f"{name} ({key})" if name else key
