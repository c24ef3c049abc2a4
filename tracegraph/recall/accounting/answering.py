"""The account of a case as an answer: what is in question and where it is, what each consignee says, the percentages.

Source: 21 CFR 7.53 and 107.240 (what a status report says), reconciliation as in GMP; see docs/adr/011-balance.md for
how goods are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tracegraph.model.grading import ScopeClass
from tracegraph.model.measures import measure
from tracegraph.model.record_kinds import time_span
from tracegraph.model.values import value
from tracegraph.recall.accounting.account import CaseAccount, Stakes, settled
from tracegraph.recall.accounting.buckets import SHORT, UNACCOUNTED, UNANSWERED
from tracegraph.recall.accounting.disposals import Disposal, disposals, renamed
from tracegraph.recall.accounting.findings import Finding
from tracegraph.recall.accounting.holders import Names, stakes
from tracegraph.recall.accounting.ledger import Delivered, LedgerRow, ledger, measure_of
from tracegraph.recall.accounting.ratios import Ratio, ratio
from tracegraph.recall.accounting.replies import Key, Standing, replies, standing
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.case.version import ScopeVersion
from tracegraph.stores.port import Reading
from tracegraph.trace.balance.answering import PLACES, Account, account, account_then, places_of
from tracegraph.trace.balance.rounding import rounded
from tracegraph.trace.balance.rows import RECOVERABLE
from tracegraph.trace.question import Question, Start, StartKind
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

#: Classes of a scope version whose goods are in question.
IN_QUESTION = (ScopeClass.IMPLICATED, ScopeClass.AFFECTED, ScopeClass.POSSIBLE)


@value
class Parties:
    """Who got what, as the list of consignees has it: `deliveries`, `names` by which the records call consignees, and
    the consignees that were notified; `others`: consignees to whom nothing was delivered, such as makers of goods in
    scope."""

    deliveries: Sequence[Delivered]
    names: Names
    notified: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    @property
    def consignees(self) -> list[str]:
        """All of them, sorted."""
        return sorted({one.consignee for one in self.deliveries} | self.others)


@dataclass(frozen=True, slots=True)
class Accounting:
    """The account of a case, exact. `code`: its unit of measure; `places`: to how many decimal places it is told;
    `outside`: replies about units that are not in question; `begun`, `recoverable`: what was in question when the case
    began, and what of it was on hand, held, packed or in transit; amounts in the base unit of the dimension."""

    code: str
    places: int
    case: CaseAccount
    rows: Sequence[LedgerRow]
    standing: Mapping[Key, Standing]
    outside: Mapping[Key, Standing]
    disposals: Sequence[Disposal]
    parties: Parties
    begun: Fraction
    recoverable: Fraction

    def amounts(self, exact: Sequence[Fraction]) -> list[Decimal]:
        """Amounts in the unit of measure that add up to their sum."""
        return rounded([one / measure(self.code).factor for one in exact], self.places)

    def amount(self, exact: Fraction) -> Decimal:
        """One amount in the unit of measure."""
        return self.amounts([exact])[0]

    @property
    def responded(self) -> list[str]:
        """The consignees of whom a reply is known, sorted."""
        return sorted({who for who, _ in (*self.standing, *self.outside)})

    @property
    def contradicting(self) -> list[str]:
        """The consignees with a reply in which something does not agree, sorted."""
        return sorted({row.consignee for row in self.rows if any(one.contradicts for one in self.findings(row))})

    def findings(self, row: LedgerRow) -> list[Finding]:
        """What does not agree in the reply about a consignee and unit, with itself or with what is recorded."""
        return [*row.findings, *self.case.findings.get((row.consignee, row.unit), ())]

    def shipped(self) -> Fraction:
        """What left the hands of the case owner."""
        return sum((row.direct for row in self.rows), Fraction(0))

    def ratios(self) -> list[Ratio]:
        """The percentages, in the order of recall practice."""
        known = self.parties.consignees
        notified = self.parties.notified.intersection(known)
        answered = notified.intersection(self.responded)
        whole, shipped = self.amount(self.case.in_question), self.amount(self.shipped())
        sent = self.amount(sum((row.shipped for row in self.rows), Fraction(0)))
        said = self.amount(sum((_said(row) for row in self.rows), Fraction(0)))
        out = self.case.in_question - self.case.of(UNACCOUNTED, "undetermined")
        recovered, there = self.amount(self.case.recovered), self.amount(self.recoverable)
        return [
            ratio("notified", len(notified), len(known)),
            ratio("responded", len(answered), len(notified)),
            ratio("accounted", self.amount(self.case.in_question - self.case.doubtful), whole),
            ratio("answered", said, sent),
            ratio("recovered", recovered, shipped),
            ratio("recoverable", there, self.amount(self.begun)),
            ratio("recovered_of_recoverable", recovered, there),
            ratio("mass_balance", self.amount(out), whole),
        ]


def _said(row: LedgerRow) -> Fraction:
    """What is accounted for of what was shipped to a consignee: an excess of one makes up for no lack of another."""
    return row.shipped - row.of(SHORT, UNANSWERED) - abs(row.of(UNACCOUNTED))


def accounting(case: CaseFile, register: Register, parties: Parties, code: str | None = None) -> Accounting:
    """The account of the newest scope version of a case. `register`: of the state of the ledger that is asked about,
    for the quantity in question that of the version (`snapshot_of`). `code`: the unit of measure, that of most of the
    goods where none is given."""
    question = _question(case, register, code)
    found = account(question, register) if question else None
    measured = code or _measure(found, parties)
    names = _named(parties.names, question, register)
    as_delivered = measure_of(parties.deliveries)
    every = standing(replies(case.moves), names.party, names.unit, as_delivered)
    concerned = {one.unit for one in parties.deliveries}.union(_units(case), names.units.values())
    said = {key: one for key, one in every.items() if key[1] in concerned}
    gone = renamed(disposals(case.moves), names.party, names.unit, as_delivered)
    first = account_then(found, question, register, _began(case)) if question and found else None
    return Accounting(
        measured,
        _places(found, measured, said, gone),
        settled(stakes(register.snapshot, found, names) if found else Stakes(), said, gone, measured),
        ledger(parties.deliveries, said, gone, measured),
        said,
        {key: one for key, one in every.items() if key not in said},
        gone,
        parties,
        _sum(first, None),
        _sum(first, RECOVERABLE),
    )


def snapshot_of(store: Reading, version: ScopeVersion) -> Snapshot:
    """The state of the ledger of which a scope version was made."""
    return Snapshot.again(store, version.position, version.head, version.known)


def _question(case: CaseFile, register: Register, code: str | None) -> Question | None:
    """The quantity account of what is in question; None where nothing is that the graph knows."""
    units = _units(case)
    known = {row.key for row in register.snapshot.units(keys=units)} if units else set[str]()
    known.update(register.all_members(units).values())  # a lot of which only items are recorded
    starts = tuple(Start(StartKind.UNIT, unit) for unit in sorted(known))
    return Question("balance", starts, measure=code) if starts else None


def _units(case: CaseFile) -> tuple[str, ...]:
    """What is in question."""
    return case.scope.units(*(kind.value for kind in IN_QUESTION)) if case.scope else ()


def _named(names: Names, question: Question | None, register: Register) -> Names:
    """The names, with the items of lots in scope as their lots, and other numbers of units as those units."""
    listed = {start.id: start.id for start in question.starts} if question else {}
    pairs = register.snapshot.aliases(sorted(listed)) if listed else []
    others = {number: unit for unit, number in pairs if unit in listed}
    units = {**register.all_members(listed), **others, **listed, **names.units}
    return replace(names, units=units)


def _began(case: CaseFile) -> int:
    """When the hazard was found; where nobody says it, when the case was opened."""
    found = case.facts.get("discovered")
    return time_span(found)[1] if found else case.opened.at


def _measure(found: Account | None, parties: Parties) -> str:
    """The unit of measure of most of the goods, else of most of the deliveries; of equally many the first by name."""
    if found is not None and found.goods.stated():
        return found.measure
    codes = Counter(one.quantity.unit for one in parties.deliveries if one.quantity is not None)
    return min(codes, key=lambda code: (-codes[code], code), default="")


def _places(found: Account | None, code: str, said: Mapping[Key, Standing], gone: Iterable[Disposal]) -> int:
    """As many decimal places as the records and the replies have, at least three."""
    written = [text for answer in said.values() for text in answer.reply.said.values()]
    numbers = [*map(Decimal, written), *(one.quantity for one in gone)]
    return max([PLACES, found.places if found else 0, *map(places_of, numbers)])


def _sum(found: Account | None, buckets: Sequence[str] | None) -> Fraction:
    rows = found.rows if found else ()
    return sum((row.amount for row in rows if buckets is None or row.bucket in buckets), Fraction(0))
