"""What an account says of itself on any date: its statement, the register of all, the row that closes a period.

Source: ISO 22095:2020, 5.4.2.2.2 and 6.9. Amounts are Decimals in the unit of the account.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tracegraph.claims.accounts.ledger import Ledger, carrying_periods, ledger
from tracegraph.claims.accounts.lots import Lot
from tracegraph.claims.accounts.periods import Period, closed_period, periods
from tracegraph.claims.accounts.replay import Series, Step, replay
from tracegraph.claims.row import Row
from tracegraph.claims.texts import shared_texts
from tracegraph.claims.world import World
from tracegraph.errors import InputError, UsageError
from tracegraph.model.instants import instant_text, optional_text
from tracegraph.model.quantity import decimal_text
from tracegraph.model.values import value

#: In which line of a statement a posting of each direction is added up.
SUMS = {
    "opening": "entered",
    "in": "entered",
    "out": "withdrawn",
    "expiry": "lapsed",
    "correction_in": "corrected",
    "correction_out": "corrected",
}


@value
class Statement:
    """From `since` to `until`: `opening` + `entered` - `withdrawn` - `lapsed` + `corrected` = `closing`. `steps`: the
    movements; `series`: what they are part of, with the lots at the end; `period`: in which `until` lies."""

    series: Series
    since: int
    until: int
    opening: Decimal
    entered: Decimal
    withdrawn: Decimal
    lapsed: Decimal
    corrected: Decimal
    closing: Decimal
    steps: tuple[Step, ...]
    period: Period | None

    @property
    def account(self) -> Row:
        """Whose statement it is."""
        return self.series.account

    @property
    def signed(self) -> bool:
        """Whether somebody signed the closing of exactly this period."""
        closed = None if self.period is None else self.period.closed
        return closed is not None and closed.given("signed") and self.until == closed.last("to")

    def to_dict(self) -> dict[str, Any]:
        """As people and programs read it."""
        amounts = ("opening", "entered", "withdrawn", "lapsed", "corrected", "closing")
        return {
            "account": self.account.id,
            "product": self.account.text("product"),
            "input": self.account.text("input"),
            "unit": self.account.text("unit"),
            "from": instant_text(self.since),
            "to": instant_text(self.until),
            **{name: decimal_text(getattr(self, name)) for name in amounts},
            "signed": self.signed,
            "period": _period(self.period),
            "lines": [_line(self.series, step) for step in self.steps],
            "lots": [_lot(self.series, lot) for lot in self.series.lots],
        }


def _period(period: Period | None) -> dict[str, Any] | None:
    if period is None:
        return None
    told = {"from": instant_text(period.first), "to": instant_text(period.last), "closed": period.closed is not None}
    stated = period.closed.data if period.closed is not None else {}
    return told | {name: stated.get(name) for name in ("closing", "carried", "signed", "signed_on")}


def _line(series: Series, step: Step) -> dict[str, Any]:
    posting = step.posting
    return {
        "time": instant_text(step.time),
        "posting": None if posting is None else posting.id,
        "direction": "expiry" if posting is None else posting.text("direction"),
        "quantity": None if posting is None else posting.text("quantity"),
        "unit": None if posting is None else posting.text("unit"),
        "factor": None if step.factor is None else decimal_text(step.factor),
        "change": decimal_text(series.amount(step.change)),
        "balance": decimal_text(series.amount(step.after)),
    }


def _lot(series: Series, lot: Lot) -> dict[str, Any]:
    return {
        "posting": lot.posting.id,
        "entered": instant_text(lot.entered),
        "expires": optional_text(lot.expires),
        "amount": decimal_text(series.amount(lot.amount)),
        "remains": decimal_text(series.amount(lot.remains)),
    }


def statement(world: World, id: str, until: int | None = None, since: int | None = None) -> Statement:
    """The statement of an account until an instant (None: until now, that is the world's time or the last posting).

    `since`: from when on (None: from the begin of the period in which it ends, else of the account). Raises UsageError
    where there is no such account, InputError where it cannot be counted: which posting is why.
    """
    known = countable(world, id)
    if until is None:
        last = known.changes[-1].time if known.changes else known.account.valid_from or 0
        until = last if world.valid is None else world.valid
    period = next((one for one in periods(world, known.account, until) if one.first <= until <= one.last), None)
    if since is None:
        since = known.account.valid_from or 0 if period is None else period.first
    changes = [change for change in known.changes if change.time <= until]
    return _statement(replay(known.account, changes, carrying_periods(world, known), until), since, until, period)


def countable(world: World, id: str) -> Ledger:
    """The ledger of an account of which every posting can be counted; errors as `statement`."""
    account = world.row("account", id)
    if account is None:
        raise UsageError(f"there is no account {id!r}; `accounts` lists those that are on record")
    known = ledger(world, account)
    if known.problems:
        raise InputError(_problem(known))
    return known


def _problem(known: Ledger) -> str:
    """Why the account cannot be counted, in English."""
    first = known.problems[0]
    return shared_texts()[first.case]["en"].format_map({**first.words, "account": known.account.id})


def _statement(series: Series, since: int, until: int, period: Period | None) -> Statement:
    before = series.at(since - 1)
    inside = tuple(step for step in series.steps if since <= step.time)
    sums = {name: series.amount(_sum(inside, name)) for name in ("entered", "withdrawn", "lapsed", "corrected")}
    return Statement(
        series,
        since,
        until,
        series.amount(0 if before is None else before.after),
        sums["entered"],
        -sums["withdrawn"],
        -sums["lapsed"],
        sums["corrected"],
        series.amount(series.closing),
        inside,
        period,
    )


def _sum(steps: Iterable[Step], name: str) -> int:
    """What moved the balance under one line: a booked expiry only as far as nothing had lapsed by itself."""
    return sum(step.moved for step in steps if SUMS[step.direction] == name)


def accounts(world: World) -> tuple[dict[str, Any], ...]:
    """All accounts as a register: what each holds now, what expires next, and why one cannot be counted."""
    return tuple(_entry(world, account) for account in world.rows("account"))


def _entry(world: World, account: Row) -> dict[str, Any]:
    names = ("product", "input", "unit", "formula", "scheme", "charset")
    told: dict[str, Any] = {"account": account.id, **{name: account.data.get(name) for name in names}}
    told["boundary"] = list(account.several("boundary"))
    known = ledger(world, account)
    told["postings"] = len(known.postings)
    if known.problems:
        return told | {"balance": None, "lowest": None, "expires": None, "problem": _problem(known)}
    series = statement(world, account.id).series
    lowest = series.lowest()
    ends = [lot.expires for lot in series.lots if lot.expires is not None]
    return told | {
        "balance": decimal_text(series.amount(series.closing)),
        "lowest": None if lowest is None else decimal_text(series.amount(lowest.after)),
        "expires": optional_text(min(ends, default=None)),
        "problem": None,
    }


def closing_row(world: World, id: str, instant: int) -> dict[str, str]:
    """The fields of the record that closes the period in which an instant lies; no posting may change it any more.

    Raises UsageError where that period is closed already or the account does not say how long its periods are.
    """
    account = countable(world, id).account
    if closed := closed_period(world, account, instant):
        end = instant_text(closed.last)
        raise UsageError(f"account {id}: the period until {end} is closed already; close a later one")
    period = next((one for one in periods(world, account, instant) if one.first <= instant <= one.last), None)
    if period is None:
        raise UsageError(f"account {id} has no period at {instant_text(instant)}; state period_months of the account")
    closing = statement(world, id, period.last, period.first).closing
    carried = Decimal(0) if account.text("carry") == "none" else max(Decimal(0), closing)
    told = {"account": id, "from": instant_text(period.first), "to": instant_text(period.last)}
    return told | {"closing": decimal_text(closing), "carried": decimal_text(carried)}


def stock_on(world: World, site: str, instant: int, product: str = "") -> Row | None:
    """The last stock statement of a site (and product) that ended until an instant; None: none is on record."""
    rows = [row for row in world.by("stock", "site", site) if not product or row.text("product") == product]
    ended = [row for row in rows if (row.last("to") or 0) <= instant]
    return max(ended, key=lambda row: (row.last("to") or 0, row.id), default=None)


def refusal(world: World, posting: Row) -> str:
    """Why a posting must not be recorded, in one sentence; empty: it may."""
    account = world.row("account", posting.text("account"))
    if account is None:
        return (
            f"posting {posting.id} is to account {posting.text('account')}, which is not on record; record that first"
        )
    closed = closed_period(world, account, posting.valid_from or 0)
    if closed is None:
        return ""
    span = f"the period {instant_text(closed.first)} to {instant_text(closed.last)} of account {account.id}"
    return f"posting {posting.id} lies in {span}, which is closed; post a correction after it"
