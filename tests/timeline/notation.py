"""The tests' own notation: small tables of events that a person can read, turned into event facts.

One event per line: a label, a day and a time, what was done to what, and where::

    e1  d1 08:00  make     lot A 100 kg                  at P
    e2  d1 10:00  ship     lot A 60 kg                   P -> Q   doc desadv:77
    e3  d1 18:00  receive  lot A 60 kg                   P -> Q   doc desadv:77
    e4  d2 09:00  use      lot A 60 kg => lot B 55 kg    at Q
    e5  d2 date   pack     item i, lot B 5 kg  into tote T  at Q
    e6  retracts e3

The label is the content hash and the eventID of the event (`id X` gives it another eventID, `id none` none). `d1` is
the first day of the table; `date` in place of a time says that only the date is known. README.md beside the goldens
lists every word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tracegraph.model.facts import Alias, Document, EventFacts, Membership, NamedUnit, Role
from tracegraph.model.master_data import MasterData
from tracegraph.model.quantity import Quantity

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

#: What a unit word says: whether the unit stands in a quantity list (a lot) or in a list of instances.
UNIT_WORDS = {"lot": True, "item": False, "tote": False}
MEASURES = {"kg": "KGM", "t": "TNE", "litre": "LTR", "pieces": ""}

#: verb -> (event type, action, bizStep)
VERBS = {
    "make": ("ObjectEvent", "ADD", "commissioning"),
    "more": ("ObjectEvent", "ADD", "creating_class_instance"),
    "ship": ("ObjectEvent", "OBSERVE", "shipping"),
    "depart": ("ObjectEvent", "OBSERVE", "departing"),
    "consign": ("ObjectEvent", "OBSERVE", "consigning"),
    "stage": ("ObjectEvent", "OBSERVE", "staging_outbound"),
    "load": ("ObjectEvent", "OBSERVE", "loading"),
    "receive": ("ObjectEvent", "OBSERVE", "receiving"),
    "arrive": ("ObjectEvent", "OBSERVE", "arriving"),
    "accept": ("ObjectEvent", "OBSERVE", "accepting"),
    "void": ("ObjectEvent", "OBSERVE", "void_shipping"),
    "see": ("ObjectEvent", "OBSERVE", "inspecting"),
    "destroy": ("ObjectEvent", "DELETE", "destroying"),
    "decommission": ("ObjectEvent", "DELETE", "decommissioning"),
    "kill": ("ObjectEvent", "OBSERVE", "killing"),
    "sell": ("ObjectEvent", "OBSERVE", "retail_selling"),
    "dispense": ("ObjectEvent", "OBSERVE", "dispensing"),
    "sample": ("ObjectEvent", "OBSERVE", "sampling"),
    "use": ("TransformationEvent", "", "commissioning"),
    "pack": ("AggregationEvent", "ADD", "packing"),
    "unpack": ("AggregationEvent", "DELETE", "unpacking"),
    "attach": ("AssociationEvent", "ADD", "installing"),
    "trade": ("TransactionEvent", "ADD", ""),
}
#: How contents of a container are named: the action of the AggregationEvent (`to`: an association, as the verb says).
PARENT_WORDS = {"into": "ADD", "from": "DELETE", "in": "OBSERVE", "to": ""}
LEAVING = frozenset({"ship", "depart", "consign", "stage", "load"})
ARRIVING = frozenset({"receive", "arrive", "accept"})
ACTIONS = frozenset({"ADD", "OBSERVE", "DELETE"})
CLAUSES = frozenset(
    {"at", "seen", "doc", "party", "owner", "batch", "id", "as", "alias", "member", "all", "=>", "->"}
    | set(UNIT_WORDS)
    | set(PARENT_WORDS)
)


class NotationError(ValueError):
    """A line of a table that cannot be read; the message names the line."""


@dataclass
class Names:
    """Short names of a table and the keys they stand for, both ways; `name X = key` gives a name a key of its own."""

    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def key(self, kind: str, name: str) -> str:
        """The key of a short name of a kind of thing (lot, item, tote, site or party)."""
        made = self.given.get(name) or f"urn:x-{kind}:{name}"
        self.keys[kind, name] = made
        self.shown.setdefault(made, name)
        return made

    def give(self, name: str, key: str) -> None:
        """Let `name` stand for `key`, whatever kind of thing it is."""
        self.given[name] = key
        self.shown.setdefault(key, name)

    def name(self, key: str) -> str:
        """The short name of a key; the key itself where the table does not name it."""
        return self.shown.get(key, key)


@dataclass
class World:
    """A table, read: its events in the order of the lines, its master data, its names."""

    events: list[EventFacts] = field(default_factory=list)
    master: list[MasterData] = field(default_factory=list)
    names: Names = field(default_factory=Names)


@dataclass
class Draft:
    """What the clauses of one line have said so far."""

    verb: str
    units: list[tuple[str, bool, Quantity | None]] = field(default_factory=list)
    outputs: list[tuple[str, bool, Quantity | None]] = field(default_factory=list)
    producing: bool = False
    parent: str | None = None
    parent_word: str = ""
    place: str | None = None
    seen_at: str | None = None
    route: tuple[str | None, str | None] = (None, None)
    parties: tuple[str | None, str | None] = (None, None)
    owners: tuple[str | None, str | None] = (None, None)
    documents: list[Document] = field(default_factory=list)
    batch: str | None = None
    event_id: str | None = None
    forced: list[str] = field(default_factory=list)
    lot: str | None = None
    aliases: list[str] = field(default_factory=list)


class Words:
    """The words of a line, taken one after the other."""

    def __init__(self, words: list[str], line: str) -> None:
        self.words = words
        self.line = line
        self.index = 0

    def peek(self, ahead: int = 0) -> str | None:
        """The word that comes `ahead` of the next one, None at the end."""
        position = self.index + ahead
        return self.words[position] if position < len(self.words) else None

    def take(self) -> str:
        """The next word."""
        word = self.peek()
        if word is None:
            raise NotationError(f"the line ends too early: {self.line!r}")
        self.index += 1
        return word

    def expect(self, word: str) -> None:
        """Take the next word, which must be `word`."""
        if self.take() != word:
            raise NotationError(f"{word!r} expected before {self.words[self.index - 1]!r} in {self.line!r}")

    def name(self) -> str | None:
        """The next word if it is a name and not the beginning of another clause."""
        following = self.peek()
        return None if following is None or following in CLAUSES else self.take()


def read_world(table: str) -> World:
    """Read a table of events, names and master data, one per line; blank lines and comments (`#`) are left out."""
    world = World()
    lines = [
        line.split("#", 1)[0].strip() if line.strip().startswith("#") else line.strip() for line in table.splitlines()
    ]
    lines = [line for line in lines if line]
    for line in (line for line in lines if line.startswith("name ")):
        _name_line(world, line)
    _master_lines(world, [line for line in lines if line.startswith("site ")])
    events = [line for line in lines if not line.startswith(("name ", "site "))]
    _event_lines(world, events)
    return world


def _name_line(world: World, line: str) -> None:
    words = Words(line.split(), line)
    words.expect("name")
    name = words.take()
    words.expect("=")
    world.names.give(name, words.take())


def _master_lines(world: World, lines: Iterable[str]) -> None:
    """`site P contains D`, `site D lies in P`, `site P run by X`; lines about one site make one element."""
    sites: dict[str, MasterData] = {}
    for line in lines:
        words = Words(line.split(), line)
        words.expect("site")
        key = world.names.key("site", words.take())
        sites[key] = _with_statement(sites.get(key, MasterData(kind="site", id=key)), words, world.names)
    world.master.extend(sites.values())


def _with_statement(site: MasterData, words: Words, names: Names) -> MasterData:
    match words.take(), words.take():
        case "contains", child:
            return replace(site, children=(*site.children, names.key("site", child)))
        case "lies", "in":
            return replace(site, parent=names.key("site", words.take()))
        case "run", "by":
            return replace(site, party=names.key("party", words.take()))
    raise NotationError(f"a site contains, lies in or is run by something: {words.line!r}")


def _event_lines(world: World, lines: list[str]) -> None:
    """Events first, then the lines that refer to them, each kept at the place where it stands in the table."""
    made: dict[str, EventFacts] = {}
    for line in lines:
        if line.split()[1] not in {"retracts", "copies"}:
            facts = _event(line, world.names)
            made[facts.content_hash] = facts
    for line in lines:
        label, second, *rest = line.split()
        world.events.append(_reference(second, rest, made, line) if second in {"retracts", "copies"} else made[label])


def _reference(word: str, rest: list[str], made: dict[str, EventFacts], line: str) -> EventFacts:
    """`e7 retracts e3`, `e8 copies e3`, with `id X` or `id none` for another eventID, `content C` for other content."""
    words = Words(rest, line)
    original = words.take()
    if original not in made:
        raise NotationError(f"no event {original!r} in the table: {line!r}")
    facts = replace(made[original], retracts=word == "retracts")
    while (clause := words.peek()) is not None:
        words.take()
        if clause == "id":
            facts = replace(facts, event_id=_event_id(words.take()))
        elif clause == "content":
            facts = replace(facts, content_hash=words.take())
        else:
            raise NotationError(f"unknown word {clause!r} in {line!r}")
    return facts


def _event_id(word: str) -> str:
    return "" if word == "none" else word


def _event(line: str, names: Names) -> EventFacts:
    words = Words(line.replace(",", " ").split(), line)
    label = words.take()
    instant, day = _time(words)
    verb = words.take()
    if verb not in VERBS:
        raise NotationError(f"unknown verb {verb!r} in {line!r}")
    draft = Draft(verb)
    while words.peek() is not None:
        _clause(draft, words, names)
    return _facts(draft, label, instant, day, names)


def _time(words: Words) -> tuple[int, bool]:
    day, clock = words.take(), words.take()
    if not day.startswith("d") or not day[1:].isdigit():
        raise NotationError(f"a day such as d1 expected, not {day!r}, in {words.line!r}")
    moment = FIRST_DAY + timedelta(days=int(day[1:]) - 1)
    if clock != "date":
        hours, _, minutes = clock.partition(":")
        if not (hours.isdigit() and minutes.isdigit()):
            raise NotationError(f"a time such as 08:00 or `date` expected, not {clock!r}, in {words.line!r}")
        moment += timedelta(hours=int(hours), minutes=int(minutes))
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND, clock == "date"


def _clause(draft: Draft, words: Words, names: Names) -> None:
    word = words.take()
    if word in UNIT_WORDS:
        (draft.outputs if draft.producing else draft.units).append(_unit(word, words, names))
    elif word in PARENT_WORDS:
        draft.parent_word, draft.parent = word, _unit(words.take(), words, names)[0]
    elif word in _OTHER_CLAUSES:
        _OTHER_CLAUSES[word](draft, words, names)
    elif words.peek() == "->" or word == "->":
        draft.route = _both_sides(word, words, "site", names)
    else:
        raise NotationError(f"unknown word {word!r} in {words.line!r}")


def _unit(word: str, words: Words, names: Names) -> tuple[str, bool, Quantity | None]:
    if word not in UNIT_WORDS:
        raise NotationError(f"lot, item or tote expected, not {word!r}, in {words.line!r}")
    key = names.key(word, words.take())
    following = words.peek()
    if following is None or not following[0].isdigit():
        return key, UNIT_WORDS[word], None
    amount, measure = Decimal(words.take()), words.take()
    if measure not in MEASURES:
        raise NotationError(f"unknown measure {measure!r} in {words.line!r}")
    return key, UNIT_WORDS[word], Quantity(amount, MEASURES[measure])


def _both_sides(word: str, words: Words, kind: str, names: Names) -> tuple[str | None, str | None]:
    """`P -> Q`, `P ->` and `-> Q`: the keys of both sides, None where a side is not said."""
    source = None if word == "->" else names.key(kind, word)
    if source is not None:
        words.expect("->")
    target = words.name()
    return source, None if target is None else names.key(kind, target)


def _at(draft: Draft, words: Words, names: Names) -> None:
    draft.place = names.key("site", words.take())


def _seen(draft: Draft, words: Words, names: Names) -> None:
    words.expect("at")
    draft.seen_at = names.key("site", words.take())


def _document(draft: Draft, words: Words, names: Names) -> None:
    kind, colon, number = words.take().partition(":")
    if not colon:
        raise NotationError(f"a document is written type:number, in {words.line!r}")
    draft.documents.append(Document(kind, number))


def _party(draft: Draft, words: Words, names: Names) -> None:
    draft.parties = _both_sides(words.take(), words, "party", names)


def _owner(draft: Draft, words: Words, names: Names) -> None:
    draft.owners = _both_sides(words.take(), words, "party", names)


def _batch(draft: Draft, words: Words, names: Names) -> None:
    draft.batch = words.take()


def _given_id(draft: Draft, words: Words, names: Names) -> None:
    draft.event_id = _event_id(words.take())


def _as(draft: Draft, words: Words, names: Names) -> None:
    draft.forced.append(words.take())


def _alias(draft: Draft, words: Words, names: Names) -> None:
    draft.aliases.append(names.key("lot", words.take()))


def _member(draft: Draft, words: Words, names: Names) -> None:
    words.expect("of")
    words.expect("lot")
    draft.lot = names.key("lot", words.take())


def _all(draft: Draft, words: Words, names: Names) -> None:
    """`unpack all from tote T`: no children are named."""


def _producing(draft: Draft, words: Words, names: Names) -> None:
    draft.producing = True


_OTHER_CLAUSES = {
    "at": _at,
    "seen": _seen,
    "doc": _document,
    "party": _party,
    "owner": _owner,
    "batch": _batch,
    "id": _given_id,
    "as": _as,
    "alias": _alias,
    "member": _member,
    "all": _all,
    "=>": _producing,
}


def _facts(draft: Draft, label: str, instant: int, day: bool, names: Names) -> EventFacts:
    kind, action, step = _type_action_step(draft)
    read_point, biz_location = _places(draft)
    return EventFacts(
        content_hash=label,
        event_id=label if draft.event_id is None else draft.event_id,
        retracts=False,
        type=kind,
        instant=instant,
        offset="+00:00",
        day=day,
        action=action,
        step=step,
        read_point=read_point,
        biz_location=biz_location,
        source_place=draft.route[0],
        destination_place=draft.route[1],
        source_party=draft.parties[0],
        destination_party=draft.parties[1],
        source_owner=draft.owners[0],
        destination_owner=draft.owners[1],
        transformation=draft.batch,
        documents=tuple(draft.documents),
        named=_named(draft, kind),
        memberships=_memberships(draft),
        aliases=tuple(Alias(draft.units[0][0], alias) for alias in draft.aliases),
    )


def _type_action_step(draft: Draft) -> tuple[str, str, str]:
    kind, action, step = VERBS[draft.verb]
    if draft.parent_word in {"into", "from", "in"}:
        kind, action = "AggregationEvent", PARENT_WORDS[draft.parent_word]
    for word in draft.forced:
        if word in ACTIONS:
            action = word
        elif word.endswith("Event"):
            kind = word
        else:
            step = word
    return kind, action, step


def _places(draft: Draft) -> tuple[str | None, str | None]:
    """readPoint and bizLocation: what leaves has only the first, unless it was seen at another place than it stood."""
    if draft.seen_at is not None:
        return draft.seen_at, draft.place or (draft.route[1] if draft.verb in ARRIVING else None)
    if draft.verb in LEAVING:
        return draft.place or draft.route[0], None
    here = draft.place or (draft.route[1] if draft.verb in ARRIVING else draft.route[0])
    return here, here


def _named(draft: Draft, kind: str) -> tuple[NamedUnit, ...]:
    role = {"TransformationEvent": Role.INPUT, "AggregationEvent": Role.CHILD, "AssociationEvent": Role.CHILD}.get(
        kind, Role.OBJECT
    )
    parent = [NamedUnit(draft.parent, Role.PARENT)] if draft.parent is not None else []
    named = [NamedUnit(unit, role, as_class, quantity) for unit, as_class, quantity in draft.units]
    made = [NamedUnit(unit, Role.OUTPUT, as_class, quantity) for unit, as_class, quantity in draft.outputs]
    return tuple(parent + named + made)


def _memberships(draft: Draft) -> tuple[Membership, ...]:
    if draft.lot is None:
        return ()
    items = [unit for unit, as_class, _ in draft.outputs or draft.units if not as_class]
    return tuple(Membership(item, draft.lot) for item in items)
