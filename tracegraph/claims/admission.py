"""Which records of the claim layer are refused when somebody enters them, because others on record contradict them.

What is refused here nobody can mean: a posting into a period that was closed, a claim above its own input, a factor
that makes more than there was. What is merely wrong is recorded, and rules find it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import chain

from tracegraph.claims.accounts.factors import unit_ratio
from tracegraph.claims.accounts.periods import closed_period
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row, day, row_of
from tracegraph.claims.world import StoredRecords, World
from tracegraph.errors import InvalidField
from tracegraph.model.record import Record
from tracegraph.trace.snapshot import Snapshot


class Admission:
    """Looks at records that are about to be stored together, beside what is on record."""

    def __init__(self, snapshot: Snapshot, entering: Iterable[Record] = ()) -> None:
        stored, new = StoredRecords(snapshot), list(entering)
        self._snapshot = snapshot
        self._stored = World(stored)
        self._after = World(_Entering(stored, new))
        self._postings = [record.id for record in new if record.kind == "posting"]
        self._before: dict[str, Row] | None = None

    def check(self, record: Record) -> None:
        """Raise InvalidField where a record is refused: what is wrong, and what to do."""
        look = _LOOKS.get(record.kind)
        if look is not None:
            look(self, _row(record))

    def posting(self, posting: Row) -> None:
        """Nothing may change a closed period: no posting enters it, and none that lies in it is corrected."""
        if not self._stored.rows("period"):
            return
        before = self._known_postings().get(posting.id)
        if before is not None and before.data == posting.data:
            return
        for one in filter(None, (posting, before)):
            account = self._stored.row("account", one.text("account"))
            closed = account and closed_period(self._stored, account, one.first("time") or 0)
            if closed:
                during = f"account {one.text('account')} ({day(closed.first)} to {day(closed.last)})"
                raise InvalidField(
                    f"posting {posting.id}: time {one.text('time')} is in a closed period of {during};"
                    " post a correction into an open period",
                    "time",
                )

    def _known_postings(self) -> Mapping[str, Row]:
        """Those on record that are entered anew."""
        if self._before is None:
            self._before = {row.id: row for row in map(row_of, self._snapshot.records("posting", self._postings))}
        return self._before

    def claim(self, claim: Row) -> None:
        """A claim does not rank above a claim that it rests on, unless it is recorded as somebody found it."""
        if claim.given("model") and not claim.flag("as_found"):
            for behind in self._after.claims_behind(claim):
                if behind.given("model"):
                    _check_order(claim, behind)

    def support(self, support: Row) -> None:
        """The same of what is named as the support of a claim."""
        claim = self._after.row("claim", support.text("claim"))
        if claim is not None:
            self.claim(claim)

    def factor(self, factor: Row) -> None:
        """No more comes out than goes in, unless somebody says why."""
        source, output, value = factor.text("input_unit"), factor.text("output_unit"), factor.number("value")
        ratio = unit_ratio(output, source) if source and output else Fraction(1)
        if ratio is not None and value is not None and Fraction(value) * ratio > 1 and not factor.given("gain"):
            raise InvalidField(
                f"factor {factor.id}: value {factor.text('value')} gives more than goes in; give at most 1, or say in"
                " gain why more comes out",
                "value",
            )


_LOOKS: Mapping[str, Callable[[Admission, Row], None]] = {
    "posting": Admission.posting,
    "claim": Admission.claim,
    "support": Admission.support,
    "factor": Admission.factor,
}


def _check_order(claim: Row, behind: Row) -> None:
    stated, supported = Model(claim.text("model")), Model(behind.text("model"))
    if stated.rank > supported.rank:
        raise InvalidField(
            f"claim {claim.id}: model {stated.short} is above {supported.short} of claim {behind.id}, on which it"
            f" rests; claim at most {supported.short}, or record it with as_found=yes as somebody else's claim",
            "model",
        )


def _row(record: Record) -> Row:
    return Row(record.kind, record.id, record.data, 0, 0, record.valid_from, record.valid_to)


class _Entering:
    """What is on record, and in its place what is about to be."""

    def __init__(self, stored: StoredRecords, entering: Iterable[Record]) -> None:
        self._stored = stored
        self._new = {(record.kind, record.id): record for record in entering}

    def rows(self, kind: str) -> Iterable[Row]:
        """All rows of a kind."""
        kept = (row for row in self._stored.rows(kind) if (kind, row.id) not in self._new)
        return chain(kept, (_row(one) for (of, _), one in self._new.items() if of == kind and not one.withdrawn))
