"""What an answer lists, made from columns that a store gathered in one piece: the same to the byte as what
`answer.listed` makes of single holdings, in a quarter of the time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tracegraph.model.custody import Place, PlaceKind
from tracegraph.stores.gathered import KINDS, NEVER, NO_END, Gathered
from tracegraph.trace.answer import Listed, Packed, by_id, sites_and_parties
from tracegraph.trace.containers import Stay, spots
from tracegraph.trace.envelope import Json
from tracegraph.trace.lists import CERTAINTY, Moments, UnitList, Wanted, Words
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.states import left_over, named_by_place

#: A place's kind, its id where it is a sink, whether the stay ended, whether legs lead on to holdings, and into
#: transformations: what the word for the goods depends on.
_Outcome = tuple[int, int, bool, bool, bool]

_SINK = KINDS.index(PlaceKind.SINK)
_CONTAINER = KINDS.index(PlaceKind.CONTAINER)


def listed_columns(snapshot: Snapshot, found: Gathered, asked: Collection[str]) -> Listed:
    """What is said of all that was gathered. `asked`: units that are listed even where no holding of them is known."""
    texts = found.texts
    units = UnitList(zip(map(texts.__getitem__, found.unit), found.distance, found.confirmed, strict=True), asked)
    missing = [key for key in units.keys if key not in found.units]
    rows = found.units | {row.key: row for row in snapshot.units(keys=missing)} if missing else found.units
    sites, parties = _places(snapshot, found)
    others: Json = {"events": _events(found), "sites": by_id(sites), "parties": by_id(parties), "paths": []}
    return Listed(units, rows, ColumnList(found), others, snapshot.gaps_at(found.node, asked))


def _events(found: Gathered) -> list[str]:
    """Events that opened a listed holding, made a listed transformation, or moved goods between listed nodes."""
    numbers = {*found.event, *found.events}
    names = {event for joint, _ in found.joints for event in joint.events}
    names.update(found.texts[number] for number in numbers)
    return sorted(names - {""})


def _places(snapshot: Snapshot, found: Gathered) -> tuple[dict[str, bool], dict[str, bool]]:
    """Sites and parties with whether they are confirmed, those of containers included."""
    texts = found.texts
    single = {
        (Place(_kind(kind), texts[place]), texts.get(party), sure)
        for kind, place, party, sure in set(zip(found.kind, found.place, found.party, found.confirmed, strict=True))
    }
    return sites_and_parties(single, _packed(snapshot, found), [(joint.place, sure) for joint, sure in found.joints])


def _packed(snapshot: Snapshot, found: Gathered) -> list[Packed]:
    """Where the containers of packed holdings were; contents packed together share one look-up."""
    rows = zip(found.kind, found.place, found.since, found.until, found.first, found.confirmed, strict=True)
    packed = dict.fromkeys(row[1:] for row in rows if row[0] == _CONTAINER)
    stays = {
        (place, since, until): Stay(found.texts[place], since, None if until == NO_END else until)
        for place, since, until, _, _ in packed
    }
    where = dict(zip(stays, spots(snapshot, list(stays.values())), strict=True)) if stays else {}
    return [
        (where[place, since, until], since, None if first == NEVER else first, sure)
        for place, since, until, first, sure in packed
    ]


def _kind(number: int) -> PlaceKind:
    return PlaceKind(KINDS[number])


@dataclass(frozen=True, slots=True)
class ColumnList:
    """The gathered holdings, nearest first (see lists.HoldingList)."""

    found: Gathered

    def values(self, wanted: Wanted | None = None) -> list[Json]:
        """As JSON values: all of them, or those that are wanted."""
        return [json.loads(text) for text in self._only(wanted).texts(Words())]

    def states(self) -> Iterator[tuple[str, bool, str]]:
        """Of each the unit, whether the stay has ended, and what became of the goods."""
        texts, words = self.found.texts, _States(self.found)
        for unit, key in zip(self.found.unit, self._outcomes(), strict=True):
            yield texts[unit], key[2], words[key]

    def _outcomes(self) -> Iterator[_Outcome]:
        found = self.found
        sinks = [place if kind == _SINK else 0 for kind, place in zip(found.kind, found.place, strict=True)]
        ended = [until != NO_END for until in found.until]
        return zip(found.kind, sinks, ended, found.moved, found.consumed, strict=True)

    def _only(self, wanted: Wanted | None) -> ColumnList:
        """Those that are wanted."""
        if wanted is None:
            return self
        found, texts = self.found, self.found.texts
        rows = enumerate(zip(found.id, found.unit, strict=True))
        return ColumnList(found.only([row for row, (id, unit) in rows if wanted(id, texts[unit])]))

    def texts(self, words: Words) -> Iterator[str]:
        """As JSON texts, one for each holding. Texts that repeat are made once: of a place with its owners, of an
        instant, of an amount, of an end."""
        found = self.found
        names = _Names(found.texts, words)
        moments = Moments({NO_END: "null"})
        rows = zip(
            found.id,
            map(names.__getitem__, found.unit),
            map(
                _Whereabouts(found.texts, words).__getitem__,
                zip(found.kind, found.place, found.party, found.owner, strict=True),
            ),
            map(moments.__getitem__, found.since),
            map(moments.__getitem__, found.until),
            map(found.amount_texts.__getitem__, found.amounts),
            map(_States(found).__getitem__, self._outcomes()),
            map(_SURE.__getitem__, found.confirmed),
            found.distance,
            map(names.__getitem__, found.event),
            map(_Ends(names).__getitem__, zip(found.sublocation, found.destination, strict=True)),
            strict=True,
        )
        for id, unit, place, since, until, amounts, state, sure, distance, event, end in rows:
            yield (
                f'{{"id":"{id}","unit":{unit}{place}{since},"until":{until},{amounts},"state":"{state}"{sure}{distance},'
                f'"event":{event}{end}'
            )


#: What is said before the distance.
_SURE = {sure: f',"certainty":"{word}","distance":' for sure, word in CERTAINTY.items()}


class _Names(dict[int, str]):
    """JSON texts of names by their numbers."""

    def __init__(self, texts: Mapping[int, str], words: Words) -> None:
        super().__init__({0: "null"})
        self._texts = texts
        self._words = words

    def __missing__(self, number: int) -> str:
        found = self[number] = self._words[self._texts[number]]
        return found


class _Whereabouts(dict[tuple[int, int, int, int], str]):
    """What is said between the unit and the begin of a stay: place, possessor and owner."""

    def __init__(self, texts: Mapping[int, str], words: Words) -> None:
        super().__init__()
        self._texts = texts
        self._words = words

    def __missing__(self, key: tuple[int, int, int, int]) -> str:
        kind, place, party, owner = key
        where = f'{{"kind":"{_kind(kind)}","id":{self._words[self._texts[place]]}}}'
        owners = (self._words[self._texts.get(number)] for number in (party, owner))
        found = self[key] = ',"place":{},"party":{},"owner":{},"since":'.format(where, *owners)
        return found


class _States(dict[_Outcome, str]):
    """What became of the goods."""

    def __init__(self, found: Gathered) -> None:
        super().__init__()
        self._texts = found.texts

    def __missing__(self, key: _Outcome) -> str:
        kind, sink, ended, moved, consumed = key
        word, always = named_by_place(Place(_kind(kind), self._texts.get(sink, "")))
        found = self[key] = word if always or not ended or moved else left_over(consumed)
        return found


class _Ends(dict[tuple[int, int], str]):
    """What is said behind the event."""

    def __init__(self, names: Mapping[int, str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, key: tuple[int, int]) -> str:
        at, to = key
        found = self[key] = f',"sublocation":{self._names[at]},"destination":{self._names[to]}}}'
        return found
