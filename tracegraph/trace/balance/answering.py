"""The quantity account as an answer: where all goods of some units are, in one measure, to the last digit.

Only what the records show moves goods here: where a receipt may be of several shipments, or an amount is not known, the
goods are `undetermined`. See docs/adr/011-balance.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.model.custody import Joint, PlaceKind
from tracegraph.model.measures import convert, dimension, measure
from tracegraph.stores.port import Reading
from tracegraph.trace.answer import listed
from tracegraph.trace.answering import answering
from tracegraph.trace.balance.counting import with_counts
from tracegraph.trace.balance.flows import flows, ratios, yields
from tracegraph.trace.balance.following import Followed
from tracegraph.trace.balance.holds import with_held
from tracegraph.trace.balance.recorded import Goods, goods_of
from tracegraph.trace.balance.rounding import rounded
from tracegraph.trace.balance.rows import AFFECTED, BUCKETS, Row
from tracegraph.trace.balance.said import saying
from tracegraph.trace.envelope import Json, decimal_text, envelope, place_json
from tracegraph.trace.question import Question, StartKind, Window
from tracegraph.trace.reach import Reached, Starts
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import resolve
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.starts import begin
from tracegraph.trace.states import named_by_place
from tracegraph.trace.tracing import Answered

#: Decimal places of an account, unless the records have more: of kilograms, the gram.
PLACES = 3


def balance(
    store: Reading, question: Question, language: Language = "en", register: Register | None = None
) -> Answered:
    """Answer a question of kind `balance`: `result["balance"]` is the account of the asked units and their members at
    the time `question.window.on`, in the measure `question.measure` (that of the first unit where none is given)."""
    with answering(store):
        return _balance(question, language, register or Register(Snapshot.of(store, question.as_of)))


def _balance(question: Question, language: Language, register: Register) -> Answered:
    asked = resolve(question, register)
    found = account(asked, register)
    trail = found.goods.trail()
    told = listed(register.snapshot, trail, found.starts.units)
    sums, lists = _told(found)
    result = told.result() | {"balance": sums | lists()}
    return Answered(envelope(register.snapshot, asked, result, told.gaps, (), language), trail)


def account_alone(question: Question, register: Register, reached: Reached | None = None) -> Json:
    """The account without the answer around it and without its lists: sums, buckets and ratios. Of ten thousand units
    the rest takes as long. `reached`: as in `account`."""
    return _told(account(resolve(question, register), register, reached))[0]


@dataclass(slots=True)
class Account:
    """An account before it is rounded: `rows` say where all goods are, in the base unit of the dimension of `measure`,
    to the last fraction; `goods`, `followed`: how they came there."""

    starts: Starts
    goods: Goods
    followed: Followed
    measure: str
    rows: list[Row]

    @property
    def places(self) -> int:
        """How many decimal places the account has: as many as its records, and at least three."""
        known = [convert(one, self.measure).value for one in self.goods.stated(dimension(self.measure))]
        return max([PLACES, *map(places_of, known)])


def account(asked: Question, register: Register, reached: Reached | None = None) -> Account:
    """The account of a question that is resolved. `reached`: everything that some holdings reach forward; where those
    are the holdings of the question, nothing is followed twice. Raises UsageError where it is not about goods."""
    if any(start.kind not in (StartKind.UNIT, StartKind.PRODUCT) for start in asked.starts):
        raise UsageError("an account is of goods; name units, or a product with product:")
    snapshot, on = register.snapshot, asked.window.on
    starts = begin(replace(asked, window=Window(), contents=False), register)
    same = reached if reached is not None and reached.starts == starts.certain.keys() else None
    goods = goods_of(snapshot, starts, on, same)
    code = asked.measure if asked.measure is not None else _measure_of(goods)
    return _accounted(snapshot, starts, goods, goods.follow(dimension(code)), code, on)


def account_then(found: Account, asked: Question, register: Register, on: int) -> Account:
    """An account of everything that is known as it was at the instant `on`: the goods are followed anew only where
    some of it happened later."""
    if found.goods.later_than(on):
        return account(replace(asked, window=Window(on=on), measure=found.measure), register)
    return _accounted(register.snapshot, found.starts, found.goods, found.followed, found.measure, on)


def _accounted(
    snapshot: Snapshot, starts: Starts, goods: Goods, followed: Followed, code: str, on: int | None
) -> Account:
    rows = _rows(goods, followed, dimension(code))
    events = saying(snapshot, rows, on)
    rows = with_counts(snapshot, starts, rows, events, dimension(code))
    return Account(starts, goods, followed, code, with_held(rows, events, dimension(code)))


def _measure_of(goods: Goods) -> str:
    """The unit of measure in which most of the set's holdings are recorded; of equally many the first by name."""
    codes = [quantity.unit for quantity in goods.stated()]
    return min(set(codes), key=lambda code: (-codes.count(code), code), default="")


def _rows(goods: Goods, followed: Followed, of: str) -> list[Row]:
    """What of that dimension is in which bucket."""
    rows = []
    for node, amount in followed.left.items():
        whole = followed.local[node] if of in goods.dimensions(node) else None
        rows.append(_row(_left_in(goods, node, node in followed.moved), node, amount, goods, whole))
    rows += [_row("lost", node, amount, goods) for node, amount in followed.lost.items()]
    rows += [_row("undetermined", node, amount, goods) for node, amount in followed.open.items()]
    rows += [_row("unaccounted", node, -amount, goods) for node, amount in goods.excess(of).items()]
    return rows


def _row(bucket: str, number: int, amount: Fraction, goods: Goods, whole: Fraction | None = None) -> Row:
    node = goods.nodes[number]
    if isinstance(node, Joint):
        return Row(bucket, "", node.place, "", node.id, amount)
    return Row(bucket, node.unit, node.place, node.party or "", node.id, amount, whole)


def _left_in(goods: Goods, number: int, moved: bool) -> str:
    """In which bucket the rest of a holding is: of a shipment of which something arrived, what was received short."""
    place = goods.nodes[number].place
    if place.kind is PlaceKind.SINK and place.id == "sampling":
        return "sampled"
    if place.kind is PlaceKind.TRANSIT and moved:
        return "short_received"
    return named_by_place(place)[0]


def _told(found: Account) -> tuple[Json, Callable[[], Json]]:
    """The account: sums, buckets and ratios; and what makes the lists that they are of. Rows are in order of bucket and
    name, rounded so that they add up."""
    code, goods, places = found.measure, found.goods, found.places
    known, of = measure(code), dimension(code)
    kept = sorted((row for row in found.rows if row.amount), key=lambda row: (BUCKETS.index(row.bucket), row[1:5]))

    def in_measure(amounts: Sequence[Fraction]) -> list[Decimal]:
        return rounded([amount / known.factor for amount in amounts], places)

    values = in_measure([row.amount for row in kept])
    wholes = in_measure([row.whole or Fraction(0) for row in kept])
    start = sum(values, Decimal(0))
    affected = [whole for row, whole in zip(kept, wholes, strict=True) if row.bucket in AFFECTED]
    buckets = _sums(kept, values)
    sums: Json = {
        "unit": code,
        "start": decimal_text(start),
        "gross": decimal_text(sum(affected, Decimal(0))),
        "buckets": [{"bucket": name, "value": decimal_text(value)} for name, value in buckets.items()],
        "ratios": ratios(buckets, start),
    }

    def lists() -> Json:
        return {
            "rows": [_row_json(*three) for three in zip(kept, values, wholes, strict=True)],
            "flows": flows(goods, found.followed, found.rows, of, in_measure),
            "yields": yields(goods, of, in_measure),
            "apart": goods.apart(of),
        }

    return sums, lists


def _sums(rows: Sequence[Row], values: Sequence[Decimal]) -> dict[str, Decimal]:
    """The value of each bucket that has rows, in their order."""
    found: dict[str, Decimal] = {}
    for row, value in zip(rows, values, strict=True):
        found[row.bucket] = found.get(row.bucket, Decimal(0)) + value
    return found


def places_of(value: Decimal | None) -> int:
    """Decimal places of a recorded value, at most 12."""
    exponent = 0 if value is None else value.normalize().as_tuple().exponent
    return min(12, -exponent) if isinstance(exponent, int) else 0


def _row_json(row: Row, value: Decimal, whole: Decimal) -> Json:
    return {
        "bucket": row.bucket,
        "unit": row.unit or None,
        "place": place_json(row.place),
        "party": row.party or None,
        "value": decimal_text(value),
        "of": decimal_text(whole) if row.bucket in AFFECTED and row.whole is not None else None,
        "node": row.node,
    }
