"""What would tell who or what is meant: every form in which a thing may stand in a text.

Of master data everything but the country; of goods their identifiers, other numbers and short numbers; of records and
events the numbers of papers; of a case who acted, whom it names, and what people wrote in their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracegraph.identifiers import parse, split_supplier_lot
from tracegraph.identifiers.keys import decoded
from tracegraph.model.custody import PlaceKind, UnitKind
from tracegraph.model.person import REFERENCE, TEXTS, Person
from tracegraph.model.record_kinds import record_kinds
from tracegraph.recall.case import CaseFile
from tracegraph.recall.case.actions import action_kind
from tracegraph.reports.short import short_name
from tracegraph.stores.port import HoldingQuery
from tracegraph.trace.profiles.records import described_things
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import master_data
from tracegraph.trace.snapshot import Snapshot

#: Things by the words for them; what a person wrote is `text`.
UNIT_KINDS = {UnitKind.ITEM.value: "item", UnitKind.LOT.value: "lot"}
#: Attributes of master data that tell nothing of whose they are.
OPEN_ATTRIBUTES = frozenset({"country", "countrycode", "row"})
#: Fields of moves that say what is the matter, not with whom.
OPEN_FIELDS = frozenset({"hazard", "regime", "market", "channel", "version", "method", "percentage"})
#: Fields of moves by their type: what a person wrote may name anybody; what was chosen, counted or dated does not.
KIND_OF_TYPE = {"text": "text", "party": "party", "site": "site", "unit": "lot", "product": "product"}
#: What stands between the identifiers of a list.
_BETWEEN = re.compile(r"[\s,;|()]+")
#: Text that has fewer letters says nothing of its own.
LEAST = 2


@dataclass(slots=True)
class Secrets:
    """Forms in lower case, each with the kind and the identifier of the thing that it stands for. Of a form that
    stands for several things the first one counts."""

    forms: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, key: str, *forms: object) -> None:
        """A thing, and how it may be written."""
        for form in (key, *forms):
            text = str(form).strip() if form is not None else ""
            if len(text) >= LEAST and not text.isspace():
                self.forms.setdefault(text.lower(), (kind, key))

    def call(self, key: str, name: str | None) -> None:
        """What people call a thing; for the key alone."""
        if name:
            self.names.setdefault(key, name)


def secrets_of(
    snapshot: Snapshot,
    units: Iterable[str] = (),
    cases: Iterable[CaseFile] = (),
    people: Mapping[str, Person] | None = None,
) -> Secrets:
    """The secrets of a snapshot: all master data and persons, and goods as far as they are named (`units`, among which
    other texts do no harm) or in the scope of one of the cases."""
    found, files = Secrets(), list(cases)
    in_scope = {unit for case in files for version in case.versions for unit in version.units()}
    _add_goods(found, snapshot, {*units, *in_scope})
    _add_master_data(found, snapshot)
    _add_records(found, snapshot)
    for case in files:
        _add_case(found, case)
    for reference, person in (people or {}).items():
        found.add("person", reference, *(getattr(person, name) for name in TEXTS if name not in ("role", "purpose")))
        found.call(reference, person.name)
    return found


def texts_in(told: Any) -> set[str]:
    """Every text in JSON values, and every word of it: among these are the goods that it names."""
    if isinstance(told, str):
        return {told, *_BETWEEN.split(told)}
    if isinstance(told, Mapping):
        return {text for key, one in told.items() for text in (key, *texts_in(one))}
    return {text for one in told for text in texts_in(one)} if isinstance(told, list | tuple) else set()


def _add_goods(found: Secrets, snapshot: Snapshot, units: set[str]) -> None:
    register, named = Register(snapshot), sorted(filter(None, units))
    wanted = {row.key for row in snapshot.units(keys=named)} | {unit for unit, _ in snapshot.aliases(named)}
    for row in snapshot.units(keys=sorted(wanted)):
        numbers = [row.key, *register.aliases(row.key)]
        kind = UNIT_KINDS.get(row.kind, "lot")
        found.add(kind, row.key, *numbers, *(form for number in numbers for form in _written(number)))
        if row.product:
            found.add("product", row.product, *_written(row.product))
    _add_places(found, snapshot, sorted(wanted))
    for stored in snapshot.events(units=sorted(wanted)) if wanted else ():
        found.add("event", stored.facts.content_hash, stored.facts.event_id)
        for document in stored.facts.documents:
            number = decoded(re.split(r"[:/#]", document.id)[-1]) or ""
            found.add("document", document.id, short_name(document.id), number)


def _add_places(found: Secrets, snapshot: Snapshot, units: list[str]) -> None:
    """Where the goods were, and who had them: of these there may be no master data."""
    for row in snapshot.holdings(HoldingQuery(units=units)) if units else ():
        holding = row.holding
        if holding.place.kind is PlaceKind.SITE:
            found.add("site", holding.place.id, *_written(holding.place.id))
        for one in filter(None, (holding.party, holding.owner)):
            found.add("party", one, *_written(one))


def _written(key: str) -> Iterator[str]:
    """Other ways to write an identifier: its telling end, the parts of a GS1 key, the number of a supplier's lot."""
    yield short_name(key)
    supplied = split_supplier_lot(key)
    if supplied:
        yield from supplied
    known = parse(key)
    if known.scheme != "opaque" and "/" in key:
        yield from ((decoded(part) or part) for part in key.split("/")[4:] if len(part) > LEAST)
        yield from (digits.lstrip("0") for digits in re.findall(r"[0-9]{12,14}", key))
    elif "/" not in key:
        yield re.split(r"[:#]", key)[-1]


def _add_master_data(found: Secrets, snapshot: Snapshot) -> None:
    elements = master_data(snapshot)
    described = described_things(elements)
    for data in elements:
        kind = data.kind if data.kind in ("site", "party", "product") else "identifier"
        found.call(data.id, data.name)
        found.add(kind, data.id, data.name, *_written(data.id))
    for data in elements:
        said = {name: text for name, text in described[data.id].items() if name not in OPEN_ATTRIBUTES}
        point = ", ".join(str(said[name]) for name in ("latitude", "longitude") if said.get(name))
        texts = [text for text in said.values() if isinstance(text, str) and not _is_identifier(text)]
        for text in (point, *texts):
            found.add("address", text)


def _is_identifier(text: str) -> bool:
    return text.startswith(("http://", "https://", "urn:"))


def _add_records(found: Secrets, snapshot: Snapshot) -> None:
    """Numbers of cases, and of the papers that records name."""
    for name, kind in record_kinds().items():
        fields = [one for one in kind.fields if one.name in ("document", "evidence")]
        pseudonyms = any(one.type == "pseudonym" for one in kind.fields)
        for stored in snapshot.records(name) if fields or pseudonyms else ():
            if pseudonyms:
                found.add("case", stored.record.id)
            for one in fields:
                if stored.record.data.get(one.name):
                    found.add("document", str(stored.record.data[one.name]))
    for stored in snapshot.records():
        if stored.actor:
            found.add("person", stored.actor)


def _add_case(found: Secrets, case: CaseFile) -> None:
    """Who acted, persons, and the words of people."""
    for move in case.moves:
        if move.actor:
            found.add("person", move.actor)
        if move.reason:
            found.add("text", move.reason)
        for one in action_kind(move.action).fields:
            said = move.text(one.name)
            if said and one.type in KIND_OF_TYPE and one.name not in OPEN_FIELDS:
                found.add("person" if REFERENCE.fullmatch(said) else KIND_OF_TYPE[one.type], said)
        for reference in REFERENCE.findall(str(move.parts)):
            found.add("person", reference)
