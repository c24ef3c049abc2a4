"""The account of a case as JSON: amounts as decimal text that add up, names in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from tracegraph.messages import Language
from tracegraph.recall.accounting.account import CASE_BUCKETS
from tracegraph.recall.accounting.answering import Accounting
from tracegraph.recall.accounting.buckets import UNACCOUNTED
from tracegraph.recall.accounting.disposals import told
from tracegraph.recall.accounting.findings import texts
from tracegraph.recall.accounting.ledger import AT_RECEIPT, CONSIGNEE_BUCKETS, NOT_SAID, LedgerRow, apart
from tracegraph.recall.accounting.tolerances import Tolerance, tolerance
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.trace.envelope import Json, decimal_text, quantity_json


def accounting_json(
    case: CaseFile, found: Accounting, allowed: Tolerance | None = None, language: Language = "en"
) -> Json:
    """All of it. `start` is the sum of `buckets`, and of `rows`, to the last digit; each consignee's `shipped` is the
    sum of its buckets. `allowed`: how far the mass balance may be off."""
    rows = _case_rows(found)
    consignees = _consignees(found, language)
    ratios = [one.to_dict(language) for one in found.ratios()]
    return {
        "case": case.id,
        "version": case.scope.number if case.scope else None,
        "unit": found.code,
        "start": decimal_text(sum((value for *_, value in rows), Decimal(0))),
        "buckets": _sums([(bucket, value) for _, _, bucket, value in rows], CASE_BUCKETS, language),
        "rows": [
            {"consignee": who or None, "unit": unit or None, "bucket": bucket, "value": decimal_text(value)}
            for who, unit, bucket, value in rows
        ],
        "consignees": consignees,
        "totals": _totals(found, language),
        "ratios": ratios,
        "mass_balance": _mass_balance(found, allowed or tolerance(measure=found.code), language),
        "apart": [
            {"consignee": one.consignee, "unit": one.unit, "quantity": quantity_json(one.quantity)}
            for one in apart(found.parties.deliveries, found.code)
        ],
        "cause": told(case.moves, "cause"),
        "remedy": told(case.moves, "remedy"),
        "disposals": told(case.moves, "dispose"),
    }


def _case_rows(found: Accounting) -> list[tuple[str, str, str, Decimal]]:
    """Consignee, unit, bucket and amount, in the order of buckets."""
    exact = [
        (who, unit, bucket, amount)
        for (who, unit), buckets in found.case.rows.items()
        for bucket, amount in buckets.items()
    ]
    exact.sort(key=lambda row: (CASE_BUCKETS.index(row[2]), *row[:2]))
    values = found.amounts([amount for *_, amount in exact])
    return [(who, unit, bucket, value) for (who, unit, bucket, _), value in zip(exact, values, strict=True)]


def _sums(pairs: Sequence[tuple[str, Decimal]], order: Sequence[str], language: Language) -> list[Json]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for name, amount in pairs:
        found[name] += amount
    words = texts("buckets")
    return [
        {"bucket": name, "label": words[name][language], "value": decimal_text(found[name])}
        for name in order
        if name in found
    ]


def _bucket_values(found: Accounting, row: LedgerRow) -> list[tuple[str, Decimal]]:
    """The buckets of a consignee, rounded so that they add up."""
    names = [name for name in CONSIGNEE_BUCKETS if name in row.buckets]
    return list(zip(names, found.amounts([row.buckets[name] for name in names]), strict=True))


def _consignees(found: Accounting, language: Language) -> list[Json]:
    return [_consignee(found, row, language) for row in found.rows]


def _consignee(found: Accounting, row: LedgerRow, language: Language) -> Json:
    values = dict(_bucket_values(found, row))
    shipped = sum(values.values(), Decimal(0))
    key = (row.consignee, row.unit)
    more = found.findings(row)
    earlier = found.standing[key].earlier if key in found.standing else ()
    return {
        "consignee": row.consignee,
        "unit": row.unit,
        "shipped": decimal_text(shipped),
        "unknown_deliveries": row.unknown,
        "received": None if row.received is None else decimal_text(found.amount(row.received)),
        "on_hand_at_receipt": _at_receipt(row, values),
        "buckets": [{"bucket": name, "value": decimal_text(value)} for name, value in values.items()],
        "accounted": decimal_text(shipped - _of(values, *NOT_SAID)),
        "unaccounted": decimal_text(_of(values, UNACCOUNTED)),
        "reply": row.reply.number if row.reply else None,
        "earlier": [one.number for one in earlier],
        "contradicts": any(one.contradicts for one in more),
        "findings": [one.to_dict(found.code, language) for one in more],
    }


def _at_receipt(row: LedgerRow, values: dict[str, Decimal]) -> str | None:
    """What was there when the notice came; None: nobody said it."""
    return decimal_text(_of(values, *AT_RECEIPT)) if row.reply else None


def _of(values: dict[str, Decimal], *names: str) -> Decimal:
    return sum((values.get(name, Decimal(0)) for name in names), Decimal(0))


def _totals(found: Accounting, language: Language) -> Json:
    """All consignees together. What one sent on to another was shipped to both: `direct` is what left the owner."""
    pairs = [pair for row in found.rows for pair in _bucket_values(found, row)]
    values: dict[str, Decimal] = defaultdict(Decimal)
    for name, amount in pairs:
        values[name] += amount
    shipped = sum(values.values(), Decimal(0))
    return {
        "shipped": decimal_text(shipped),
        "direct": decimal_text(found.amount(found.shipped())),
        "on_hand_at_receipt": decimal_text(_of(values, *AT_RECEIPT)),
        "accounted": decimal_text(shipped - _of(values, *NOT_SAID)),
        "unaccounted": decimal_text(_of(values, UNACCOUNTED)),
        "buckets": _sums(pairs, CONSIGNEE_BUCKETS, language),
        "recovered": decimal_text(found.amount(found.case.recovered)),
    }


def _mass_balance(found: Accounting, allowed: Tolerance, language: Language) -> Json:
    """What went out of what came in, and whether that is near enough."""
    into = found.amount(found.case.in_question)
    out = found.amount(found.case.in_question - found.case.of(UNACCOUNTED, "undetermined"))
    return {
        "in": decimal_text(into),
        "out": decimal_text(out),
        "difference": decimal_text(into - out),
        "within": allowed.meets(out, into),
        **allowed.to_dict(language),
    }
