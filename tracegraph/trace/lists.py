"""The two long lists of an answer, units and holdings: as JSON values, and as JSON text without that detour.

Both forms say the same to the byte (the tests compare them); the text is what large answers are printed from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring

from tracegraph.identifiers import unit_kind
from tracegraph.model.custody import Certainty, Holding, Place, UnitKind
from tracegraph.model.instants import instant_text, optional_text
from tracegraph.model.quantity import Quantity, amount_text
from tracegraph.stores.port import Direction, Onwards, UnitRow
from tracegraph.trace.envelope import ENCODER, Json, place_json, quantity_json
from tracegraph.trace.states import left_over, named_by_place, state
from tracegraph.trace.trail import Trail

CERTAINTY = {True: Certainty.CONFIRMED.value, False: Certainty.POSSIBLE.value}
#: The share of what was asked for and has no holding: all of it is the start.
OF_START = {"attributed": "1", "min": "1", "max": "1", "min_even_loss": "1", "max_even_loss": "1"}
#: Whether a holding is wanted, by its id and its unit.
Wanted = Callable[[str, str], bool]
EITHER: frozenset[Direction] = frozenset(("forward", "backward"))


def side(directions: frozenset[Direction]) -> str:
    """The direction in which something lies, where both were asked for."""
    return "both" if len(directions) > 1 else next(iter(directions))


@dataclass(frozen=True, slots=True)
class HoldingList:
    """The holdings of a trail, nearest first. `both`: say of each in which direction it lies; `shares`: the share of
    each node, where shares were asked for."""

    trail: Trail
    following: Onwards
    both: bool = False
    shares: Mapping[int, Json] | None = None

    def values(self, wanted: Wanted | None = None) -> list[Json]:
        """As JSON values: all of them, or those that are wanted."""
        return [
            holding_json(self.trail, node, holding, self.following, self.both) | self._share(node)
            for node, holding in self._rows
            if wanted is None or wanted(holding.id, holding.unit)
        ]

    def states(self) -> Iterator[tuple[str, bool, str]]:
        """Of each the unit, whether the stay has ended, and what became of the goods."""
        moved, consumed = self.following.moved, self.following.consumed
        for node, holding in self._rows:
            yield holding.unit, holding.until is not None, state(holding, node in moved, node in consumed)

    def texts(self, words: Words) -> Iterator[str]:
        """As JSON texts, one for each holding."""
        distance, confirmed, sides = self.trail.distance, self.trail.confirmed, self.trail.sides
        moved, consumed = self.following.moved, self.following.consumed
        moments, places, amounts = Moments(), Places(words), _Amounts()
        known, amount = amounts.known.get, amounts.text
        for node, holding in self._rows:
            where = f',"direction":{words[side(sides[node])]}}}' if self.both else self._share_text(node)
            name, unit, place, since, until, event, _, party, owner, quantity, remaining, at, to = holding
            place_text, word, always = places[place]
            if not always and until is not None and node not in moved:
                word = left_over(node in consumed)
            yield (
                f'{{"id":{encode_basestring(name)},"unit":{words[unit]},"place":{place_text},'
                f'"party":{words[party]},"owner":{words[owner]},"since":{moments[since]},"until":{moments[until]},'
                f'"quantity":{known(id(quantity)) or amount(quantity)},'
                f'"remaining":{known(id(remaining)) or amount(remaining)},'
                f'"state":"{word}",'
                f'"certainty":"{CERTAINTY[node in confirmed]}","distance":{distance[node]},'
                f'"event":{words[event]},"sublocation":{words[at]},"destination":{words[to]}{where}'
            )

    def _share(self, node: int) -> Json:
        return {} if self.shares is None else {"share": dict(self.shares[node])}

    def _share_text(self, node: int) -> str:
        """The share, and the end of the object."""
        return "}" if self.shares is None else f',"share":{ENCODER.encode(self.shares[node])}}}'

    @property
    def _rows(self) -> list[tuple[int, Holding]]:
        return self.trail.holdings


def holding_json(
    trail: Trail, number: int, holding: Holding, following: Onwards, both: bool = False, on: int | None = None
) -> Json:
    """One holding. `on`: as it was at that instant."""
    ended = None if on is None else holding.until is not None and holding.until <= on
    told: Json = {
        "id": holding.id,
        "unit": holding.unit,
        "place": place_json(holding.place),
        "party": holding.party,
        "owner": holding.owner,
        "since": instant_text(holding.since),
        "until": optional_text(holding.until) if ended is not False else None,
        "quantity": quantity_json(holding.quantity),
        "remaining": quantity_json(holding.remaining),
        "state": state(holding, number in following.moved, number in following.consumed, ended),
        "certainty": trail.certainty(number).value,
        "distance": trail.distance[number],
        "event": holding.event,
        "sublocation": holding.sublocation,
        "destination": holding.destination,
    }
    return told | {"direction": side(trail.sides[number])} if both else told


class UnitList:
    """The units of a trail and those that were asked for, nearest first. A unit's certainty is the best of its
    holdings'; an asked one is at distance 0 even where no holding of it is known. `shares`: the share of each unit,
    where shares were asked for."""

    def __init__(
        self,
        holdings: Iterable[tuple[str, int, bool]],
        asked: Collection[str],
        sides: Mapping[str, frozenset[Direction]] | None = None,
        shares: Mapping[str, Json] | None = None,
        unsure: Collection[str] = (),
    ) -> None:
        """`holdings`: unit, distance and whether it is confirmed, nearest first; `sides`: in which directions units
        lie, where both were asked for; `unsure`: units that may have been asked for."""
        self.sides = sides
        self.shares = shares
        self.distance: dict[str, int] = dict.fromkeys([*asked, *unsure], 0)
        self.confirmed = set(asked)
        for unit, distance, confirmed in holdings:
            if unit not in self.distance:
                self.distance[unit] = distance
            if confirmed:
                self.confirmed.add(unit)
        self.keys = sorted(self.distance)
        self.keys.sort(key=self.distance.__getitem__)

    @classmethod
    def of(
        cls,
        trail: Trail,
        asked: Collection[str],
        both: bool = False,
        shares: Mapping[str, Json] | None = None,
        unsure: Collection[str] = (),
    ) -> UnitList:
        """Those of a trail; `both`: say of each in which direction it lies."""
        distance, confirmed = trail.distance, trail.confirmed
        rows = ((holding.unit, distance[number], number in confirmed) for number, holding in trail.holdings)
        return cls(rows, asked, _sides(trail) if both else None, shares, unsure)

    def values(self, rows: Mapping[str, UnitRow], wanted: Collection[str] | None = None) -> list[Json]:
        """As JSON values: all of them, or those among `wanted`; `rows` are the known units by key."""
        sides = self._sides()
        keys = self.keys if wanted is None else [key for key in self.keys if key in wanted]
        return [self._value(key, rows.get(key)) | sides.get(key, {}) for key in keys]

    def kind(self, key: str, rows: Mapping[str, UnitRow]) -> str:
        """The kind of a listed unit."""
        row = rows.get(key)
        return row.kind if row else (unit_kind(key) or UnitKind.LOT).value

    def texts(self, rows: Mapping[str, UnitRow], words: Words) -> Iterator[str]:
        """As JSON texts, one for each unit."""
        sides, distance, confirmed = self._sides(), self.distance, self.confirmed
        for key in self.keys:
            row = rows.get(key)
            if row is None or sides or self.shares is not None:
                yield ENCODER.encode(self._value(key, row) | sides.get(key, {}))
            else:
                yield (
                    f'{{"id":{words[key]},"kind":{words[row.kind]},"product":{words[row.product]},'
                    f'"distance":{distance[key]},"certainty":"{CERTAINTY[key in confirmed]}"}}'
                )

    def _value(self, key: str, row: UnitRow | None) -> Json:
        share = {} if self.shares is None else {"share": dict(self.shares.get(key, OF_START))}
        return {
            "id": key,
            "kind": row.kind if row else (unit_kind(key) or UnitKind.LOT).value,
            "product": row.product if row else None,
            "distance": self.distance[key],
            "certainty": CERTAINTY[key in self.confirmed],
            **share,
        }

    def _sides(self) -> dict[str, Json]:
        """In which direction each unit lies, where both were asked for."""
        sides = self.sides
        return {} if sides is None else {key: {"direction": side(sides.get(key, EITHER))} for key in self.keys}


def _sides(trail: Trail) -> dict[str, frozenset[Direction]]:
    """In which directions the units of a trail lie."""
    found: dict[str, frozenset[Direction]] = {}
    for number, holding in trail.holdings:
        found[holding.unit] = found.get(holding.unit, frozenset()) | trail.sides.get(number, frozenset())
    return found


class Words(dict[str | None, str]):
    """JSON texts of strings that repeat, each made once."""

    def __missing__(self, word: str | None) -> str:
        found = self[word] = "null" if word is None else encode_basestring(word)
        return found


class Places(dict[Place, tuple[str, str, bool]]):
    """JSON texts of places, with what goods there are named (`states.named_by_place`), each made once."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, place: Place) -> tuple[str, str, bool]:
        text = f'{{"kind":"{place.kind}","id":{self._words[place.id]}}}'
        found = self[place] = (text, *named_by_place(place))
        return found


class _Amounts:
    """JSON texts of quantities. They are known again as objects, for stores give equal ones as one object; all of them
    live as long as the trail that they are listed from."""

    def __init__(self) -> None:
        self.known: dict[int, str] = {}
        """By the id of the quantity."""

    def text(self, amount: Quantity | None) -> str:
        """The text of a quantity that is not known yet; it is from now on."""
        found = self.known[id(amount)] = amount_text(amount)
        return found


class Moments(dict[int | None, str]):
    """JSON texts of instants, each made once: an end is often another holding's beginning."""

    def __missing__(self, instant: int | None) -> str:
        found = self[instant] = "null" if instant is None else f'"{instant_text(instant)}"'
        return found
