"""What came in, went out and remains at each holding of the set, what transformations made of it, and the ratios that
people ask for, each with the amounts that it is of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction

from tracegraph.model.custody import Holding, Joint
from tracegraph.model.instants import instant_text
from tracegraph.trace.balance.following import Followed, Own
from tracegraph.trace.balance.recorded import Goods
from tracegraph.trace.balance.rows import RECOVERABLE, Row
from tracegraph.trace.envelope import Json, decimal_text, place_json

#: Amounts as decimals of the account that add up to their sum.
Rounded = Callable[[Sequence[Fraction]], list[Decimal]]

_RATIO = Context(prec=12)


def flows(goods: Goods, followed: Followed, rows: Sequence[Row], of: str, rounded: Rounded) -> list[Json]:
    """The holdings of the set's units that are measured in that dimension: `in` = `out` + `remaining` + `unaccounted`.
    What a shipment has remaining was received short, or is still on its way. `in` null: nobody knows how much came in,
    and so how much remains."""
    missing = _unaccounted(rows)
    found = []
    for number in goods.mine:
        node = goods.nodes[number]
        if isinstance(node, Holding) and _is_measured(goods, number, followed, of):
            found.append((node, _flow(node, followed.own[number], missing.get(node.id, Fraction(0)), rounded)))
    return [row for _, row in sorted(found, key=lambda pair: (pair[0].unit, pair[0].since, pair[0].id))]


def _is_measured(goods: Goods, number: int, followed: Followed, of: str) -> bool:
    """What is only supposed to have come has no amounts."""
    return number not in goods.supposed and number in followed.own and of in goods.dimensions(number)


def _unaccounted(rows: Sequence[Row]) -> Mapping[str, Fraction]:
    found: dict[str, Fraction] = {}
    for row in rows:
        if row.bucket == "unaccounted":
            found[row.node] = found.get(row.node, Fraction(0)) + row.amount
    return found


def _flow(holding: Holding, own: Own, missing: Fraction, rounded: Rounded) -> Json:
    if own.came is None or own.left is None:
        out, (came, left, lacking) = rounded([own.gone])[0], (None, None, None)
    else:
        over = own.came - own.gone - own.left  # below zero: more went out than there was
        out, left, lacking = rounded([own.gone, own.left - missing, over + missing])
        came = out + left + lacking
    return {
        "unit": holding.unit,
        "place": place_json(holding.place),
        "since": instant_text(holding.since),
        "in": _text(came),
        "out": _text(out),
        "remaining": _text(left),
        "unaccounted": _text(lacking),
        "node": holding.id,
    }


def yields(goods: Goods, of: str, rounded: Rounded) -> list[Json]:
    """What transformations made of the set's goods and of others: `yield` is `out` in parts of `in`."""
    found = []
    for number, node in goods.nodes.items():
        mixture = goods.mixtures[number]
        if not isinstance(node, Joint) or set(goods.dimensions(number)) != {of} or not mixture.total:
            continue
        made = None if mixture.made is None else rounded([mixture.made])[0]
        ratio = None if mixture.made is None else mixture.made / mixture.total
        found.append(
            {
                "transformation": node.transformation,
                "place": place_json(node.place),
                "in": _text(rounded([mixture.total])[0]),
                "out": _text(made),
                "yield": None if ratio is None else ratio_text(Decimal(ratio.numerator), Decimal(ratio.denominator)),
                "node": node.id,
            }
        )
    return sorted(found, key=lambda row: (str(row["transformation"]), str(row["node"])))


def ratios(buckets: Mapping[str, Decimal], start: Decimal) -> list[Json]:
    """`accounted`: what is neither missing, nor found beyond the records, nor undetermined; `recoverable`: what is on
    hand, held, packed or in transit, wherever that is. Both are parts of all of the set's goods."""
    zero = Decimal(0)
    doubtful = abs(buckets.get("unaccounted", zero)) + buckets.get("undetermined", zero)
    there = sum((buckets.get(name, zero) for name in RECOVERABLE), zero)
    return [
        {"ratio": name, "part": decimal_text(part), "of": decimal_text(start), "value": ratio_text(part, start)}
        for name, part in (("accounted", start - doubtful), ("recoverable", there))
    ]


def ratio_text(part: Decimal, of: Decimal) -> str | None:
    """A part of something as a decimal of at most 12 digits; None: of nothing."""
    return decimal_text(_RATIO.divide(part, of)) if of else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)
