"""Runs of serial numbers that have the same story, and what an entry of the registry does to one of them.

A run may hold millions of credits: nothing here is as long as their number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from tracegraph.claims.row import Row
from tracegraph.model.values import value


class State(StrEnum):
    """What became of credits. Only issued ones may be transferred or redeemed."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    VOID = "void"


@value
class Block:
    """Serials `first` to `last` of a registry. `owner`: the first who came by them, whoever else says so; `issue`,
    `transfer` (the last), `redemption` and `cancellation`: the entries that did so."""

    first: int
    last: int
    owner: str
    state: State
    issue: Row
    transfer: Row | None = None
    redemption: Row | None = None
    cancellation: Row | None = None
    ending: Row | None = None

    @property
    def count(self) -> int:
        """How many credits."""
        return self.last - self.first + 1

    @property
    def latest(self) -> Row:
        """The entry by which they came to be what they are."""
        return self.ending or self.cancellation or self.redemption or self.transfer or self.issue


@value
class Conflict:
    """An entry that cannot be true beside an earlier one. `case`: issued_twice, sold_twice, redeemed_twice, not_owner
    or dead (cancelled, expired or void); `earlier`: None where no issue of the serials is on record (not_issued)."""

    case: str
    first: int
    last: int
    entry: Row
    earlier: Row | None

    @property
    def count(self) -> int:
        """How many credits."""
        return self.last - self.first + 1


Effect = tuple[Block, str]


def issued(entry: Row, first: int, last: int) -> Block:
    """Credits that are new."""
    return Block(first, last, entry.text("owner"), State.ISSUED, entry)


def effect(block: Block, entry: Row) -> Effect:
    """The block after an entry about all of it, and the case of the conflict (empty: none)."""
    return _EFFECTS[entry.text("action")](block, entry)


def _issue(block: Block, entry: Row) -> Effect:
    return block, "issued_twice"


def _transfer(block: Block, entry: Row) -> Effect:
    if _unusable(block, entry):
        return block, "dead"
    if entry.text("owner") not in ("", block.owner):
        before = block.transfer is not None and block.transfer.text("owner") in ("", entry.text("owner"))
        return block, "sold_twice" if before else "not_owner"
    return replace(block, owner=entry.text("to") or block.owner, transfer=entry), ""


def _redeem(block: Block, entry: Row) -> Effect:
    if block.redemption is not None:
        return block, "redeemed_twice"
    if _unusable(block, entry):
        return block, "dead"
    if entry.text("owner") not in ("", block.owner):
        return block, "not_owner"
    return replace(block, state=State.REDEEMED, redemption=entry), ""


def _unusable(block: Block, entry: Row) -> bool:
    end, time = block.issue.first("expires"), entry.valid_from or 0
    return block.state is not State.ISSUED or (end is not None and end <= time)


def _cancel(block: Block, entry: Row) -> Effect:
    if block.cancellation is not None:
        return block, ""
    state = State.VOID if block.state is State.VOID else State.CANCELLED
    return replace(block, state=state, cancellation=entry), ""


def _expire(block: Block, entry: Row) -> Effect:
    expired = replace(block, state=State.EXPIRED, ending=entry)
    return (expired if block.state is State.ISSUED else block), ""


def _void(block: Block, entry: Row) -> Effect:
    return replace(block, state=State.VOID, ending=entry), ""


_EFFECTS: dict[str, Callable[[Block, Row], Effect]] = {
    "issue": _issue,
    "transfer": _transfer,
    "redeem": _redeem,
    "cancel": _cancel,
    "expire": _expire,
    "void": _void,
}
