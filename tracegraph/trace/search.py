"""Finding what the records know: units, sites, parties and products, all of them or by any text, a page at a time.

A text is looked for as an identifier in any form, another number of the unit, a supplier's own lot number, a part of an
identifier or name, and what is spelt alike. Hits come best first, equally good ones by id, so that a page can begin
where another ended, whatever was captured in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Literal, NamedTuple, get_args

from tracegraph import __version__
from tracegraph.errors import UsageError
from tracegraph.identifiers import canonical, location, party
from tracegraph.model.custody import UnitKind
from tracegraph.model.instants import optional_text
from tracegraph.model.master_data import MasterData
from tracegraph.stores.port import Reading
from tracegraph.trace.cursors import read_cursor, write_cursor
from tracegraph.trace.envelope import Json, as_of_json
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import last_part, likenesses, master_data, place_names
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail

Among = Literal["units", "sites", "parties", "products"]
AMONG: tuple[Among, ...] = get_args(Among)

#: The most entries of one page.
MOST = 1_000
#: How alike (0 to 100) two spellings must be.
LEAST_LIKENESS = 75.0
#: How good a hit is: what is spelt alike, but neither equal nor a part, stays below a part.
_EQUAL, _PART = 100, 90

How = Literal["identifier", "other_number", "lot_number", "part", "alike"]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `text` empty: everything, by id. `product`, `kind`: of units only. `after`: the `next` of the
    page before. `as_of`: known time as an instant (None: now)."""

    text: str = ""
    among: Among = "units"
    product: str | None = None
    kind: str | None = None
    limit: int = 100
    after: str | None = None
    as_of: int | None = None

    def __post_init__(self) -> None:
        if self.among not in AMONG:
            raise UsageError(f"among is {self.among!r}; choose one of {', '.join(AMONG)}")
        if not 1 <= self.limit <= MOST:
            raise UsageError(f"limit is {self.limit}; give 1 to {MOST}, and the next page with after")
        if self.kind is not None and self.kind not in set(UnitKind):
            raise UsageError(f"kind is {self.kind!r}; choose one of {', '.join(UnitKind)}")
        if self.among != "units" and (self.product or self.kind):
            raise UsageError(f"product and kind choose among units; leave them out for {self.among}")

    def to_dict(self) -> Json:
        """As it stands in the answer, keys in order."""
        asked = {name: value for name, value in asdict(self).items() if name != "as_of"}
        return {"kind": "search", "start": [], "search": asked, "as_of": optional_text(self.as_of)}


class Hit(NamedTuple):
    """A thing that was found: how good (0 to 100) and why; both say nothing where there was no text."""

    id: str
    likeness: int = 0
    how: How | None = None


class _Source(NamedTuple):
    """Where to look: the ids of everything there is, its names by id, what a text identifies, and how one is told."""

    ids: Iterable[str]
    names: Mapping[str, Sequence[str]]
    equal: Callable[[str], dict[str, How]]
    row: Callable[[str], Json]


def search(store: Reading, asked: Search, register: Register | None = None) -> Answered:
    """One page: `result` has the list that was asked for, and `next`, to be given as `after` for the page behind it
    (None: this is the last one, and the answer is complete)."""
    text = asked.text.strip()
    with store.one_state():
        register = register or Register(Snapshot.of(store, asked.as_of))
        source = _units(asked, register) if asked.among == "units" else _known(asked.among, register.snapshot)
        hits = ranked(text, source) if text else [Hit(name) for name in sorted(source.ids)]
        page, following = _page(hits, asked)
        found = [source.row(hit.id) | {"match": hit.how, "likeness": hit.likeness or None} for hit in page]
    return Answered(_envelope(register.snapshot, asked, found, following), Trail.empty())


def ranked(text: str, source: _Source) -> list[Hit]:
    """What a text finds, best first."""
    found = {name: Hit(name, _EQUAL, how) for name, how in source.equal(text).items()}
    spelt = [(name, name) for name in source.ids] + [
        (word, name) for name, words in source.names.items() for word in words
    ]
    for name, likeness in _alike(text, spelt).items():
        how: How = "part" if likeness >= _PART else "alike"
        found.setdefault(name, Hit(name, likeness, how))
    return sorted(found.values(), key=_order)


def _order(hit: Hit) -> tuple[int, str]:
    return (-hit.likeness, hit.id)


def _alike(text: str, spelt: Sequence[tuple[str, str]]) -> dict[str, int]:
    """How alike the best spelling of each thing is; spellings are (words, id)."""
    folded = text.casefold()
    words = [word.casefold() for word, _ in spelt]
    score: dict[str, int] = {}
    for number, word in enumerate(words):
        if folded in word:
            score[spelt[number][1]] = _PART
    for choices in (words, [last_part(word) for word in words]):
        for number, likeness in likenesses(folded, choices, LEAST_LIKENESS).items():
            name = spelt[number][1]
            score[name] = max(score.get(name, 0), min(round(likeness), _PART - 1))
    return score


def _page(hits: list[Hit], asked: Search) -> tuple[list[Hit], str | None]:
    """The hits of the asked page, and where the next one begins."""
    behind = None if asked.after is None else read_cursor(asked.after, (0, ""))
    rest = (hit for hit in hits if behind is None or _order(hit) > behind)
    page = list(islice(rest, asked.limit + 1))
    more = len(page) > asked.limit
    return page[: asked.limit], write_cursor(_order(page[asked.limit - 1])) if more else None


def _envelope(snapshot: Snapshot, asked: Search, found: list[Json], following: str | None) -> Json:
    return {
        "tracegraph": __version__,
        "question": asked.to_dict(),
        "as_of": as_of_json(snapshot),
        "complete": following is None,
        "frontier": [],
        "gaps": [],
        "result": {asked.among: found, "next": following},
    }


def _units(asked: Search, register: Register) -> _Source:
    """Units: their keys, other numbers, and the names of their products."""
    products = [canonical(asked.product)] if asked.product else None
    rows = {row.key: row for row in register.snapshot.units(products=products)}
    rows = {key: row for key, row in rows.items() if asked.kind in (None, row.kind)}
    names = _names(register.snapshot, "product")

    def row(key: str) -> Json:
        known = rows[key]
        name = names.get(key) or names.get(known.product or "")
        return {"id": key, "kind": known.kind, "product": known.product, "name": name}

    def equal(text: str) -> dict[str, How]:
        key = canonical(text)
        found: dict[str, How] = dict.fromkeys(register.by_code(text), "lot_number")
        unit = register.representative(key)
        found[unit] = "identifier" if unit == key else "other_number"
        return {unit: how for unit, how in found.items() if unit in rows}

    spelt = {key: list(numbers) for key, numbers in register.numbers.items() if key in rows}
    for key, known in rows.items():
        called = [names[name] for name in (key, known.product or "") if name in names]
        if called:
            spelt[key] = [*spelt.get(key, ()), *called]
    return _Source(rows, spelt, equal, row)


def _known(among: Among, snapshot: Snapshot) -> _Source:
    """Sites, parties or products: those with master data, and those that are only mentioned where goods are."""
    kind = {"sites": "site", "parties": "party", "products": "product"}[among]
    known = {data.id: data for data in master_data(snapshot) if data.kind == kind}
    if kind == "product":
        units = snapshot.units()
        for unit in units:
            known.pop(unit.key, None)  # a single lot may have master data of its own
        ids = {unit.product for unit in units if unit.product}
    else:
        ids = set(place_names(kind, snapshot))
    names = {key: [data.name] for key, data in known.items() if data.name}

    def equal(text: str) -> dict[str, How]:
        key = location(text) if kind == "site" else party(text) if kind == "party" else canonical(text)
        return {key: "identifier"} if key in ids or key in known else {}

    def row(key: str) -> Json:
        return _described(known.get(key) or MasterData(kind, key))

    return _Source(ids | known.keys(), names, equal, row)


def _described(data: MasterData) -> Json:
    """A site, party or product in a list; products are nowhere."""
    told: Json = {"id": data.id, "name": data.name}
    if data.kind == "product":
        return told
    told["country"] = data.country
    return told if data.kind == "party" else told | {"parent": data.parent, "party": data.party}


def _names(snapshot: Snapshot, kind: str) -> dict[str, str]:
    stored = snapshot.records(kind)
    return {entry.record.id: str(entry.record.data["name"]) for entry in stored if entry.record.data.get("name")}
