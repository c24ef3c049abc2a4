"""What the ledger, proofs and jobs look like, for OpenAPI."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tracegraph.api.v1.model_parts import Count, Gap, Hash, Identifier, Instant, Ledger, Told


class Head(Told):
    """How long the ledger is and how it ends. `recorded_at`: when the last entry came (null: there is none)."""

    store: str
    count: Count
    head: Hash
    recorded_at: Instant | None


class Introduction(Told):
    """The statement of one key that another takes its place."""

    key: str
    by: str
    made_at: int
    signature: str


class Checkpoint(Told):
    """A signed statement of how long the ledger was and how it ended; `made_at` in microseconds since 1970."""

    store: str
    count: Count
    head: Hash
    made_at: int
    key: str
    signature: str
    introductions: list[Introduction]


class Verified(Told):
    """Whether the store is as it was recorded; a sentence for each fault."""

    intact: bool
    ledger: Ledger
    faults: list[str]


class Link(Told):
    """What the hash of an entry is made of; `payload` is the digest of its content."""

    position: Count
    kind: Literal["event", "record"]
    recorded_at: int
    actor: str
    hash: Hash
    payload: Hash


class ProvedEntry(Told):
    """The entry of the event; `payload` is its content."""

    position: Count
    kind: Literal["event"]
    recorded_at: int
    actor: str
    hash: Hash
    previous: Hash
    payload: str


class ProofHead(Told):
    """How long the ledger is where the chain ends, and the hash there."""

    count: Count
    hash: Hash


class Proof(Told):
    """Proof that an event was recorded; see `tracegraph prove --check`."""

    tracegraph: str
    store: str
    event: str
    entry: ProvedEntry
    chain: list[Link]
    head: ProofHead


class JobTold(Told):
    """One job of the caller. `result`: where its result is, once it is done."""

    id: str
    kind: Literal["trace", "export", "verify", "capture"]
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    done: Count
    total: Count | None
    error: str | None
    result: str | None


class JobList(Told):
    """The newest first; `next`: hand it back as `cursor` for the next page."""

    jobs: list[JobTold]
    next: str | None


class PublicUnit(Told):
    """A unit, as anybody may know it."""

    id: Identifier
    kind: Literal["lot", "item"]
    product: Identifier | None
    name: str | None


class Birth(Told):
    """When and in which country it was made or harvested."""

    date: str = Field(pattern="^[0-9-]+$")
    country: str | None


class PublicFacts(Told):
    """What anybody may know of a unit; the rest is withheld."""

    tracegraph: str
    unit: PublicUnit
    birth: Birth | None
    complete: Literal[False]
    gaps: list[Gap]
