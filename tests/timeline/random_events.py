"""Random small worlds as tables in the tests' notation, so that a failing example reads like a page from a goods book.

Few units, containers, sites, documents and instants, so that events meet: the same lot, the same tote, the same date.
Nothing is physically sensible on purpose: records are wrong in every way that a clerk can be wrong. Choices are made
through a function, so that hypothesis can shrink them and a plain random generator can search fast.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.timeline.notation import World, read_world

Pick = Callable[[Sequence[str]], str]

SITES = ("P", "P", "Q", "Q", "R", "D")
AMOUNTS = ("", "", "10 kg", "20 kg", "30 kg", "5 pieces")
MASTER = (
    "site P contains D",
    "site D lies in Q",
    "site Q lies in R",
    "site R lies in S",
    "site P run by X",
    "site R run by X",
    "site S run by Y",
)
IDS = ("", "", "", "", "id x", "id none")


@dataclass(frozen=True)
class Table:
    """The lines of a table: events in order, each with its label, and master data lines."""

    events: tuple[str, ...]
    master: tuple[str, ...] = ()

    def world(self) -> World:
        """The table, read."""
        return read_world(str(self))

    def __str__(self) -> str:
        return "\n".join((*self.master, *self.events))

    def __repr__(self) -> str:
        return f"\n{self}\n"


def make_table(pick: Pick, largest: int = 7, references: bool = True, master: bool = True) -> Table:
    """A table of at most `largest` events, with retractions, copies and master data."""
    count = int(pick([str(number) for number in range(1, largest + 1)]))
    events = [f"e{number} {_line(pick)} {pick(IDS)}".strip() for number in range(1, count + 1)]
    if references:
        events += [_reference(pick, number, count) for number in range(int(pick(("0", "0", "1", "2"))))]
    chosen = {pick(MASTER) for _ in range(int(pick("0012")))} if master else set()
    return Table(tuple(events), tuple(sorted(chosen)))


def _line(pick: Pick) -> str:
    """One event without its label."""
    kinds = {"birth": _birth, "move": _move, "pack": _pack, "ship packed": _ship_packed, "use": _use, "other": _other}
    kind = pick(("birth", "move", "move", "move", "pack", "pack", "ship packed", "use", "other"))
    return f"d{pick('123')} {pick(('08:00', '10:00', 'date'))} {kinds[kind](pick)}"


def _goods(pick: Pick) -> str:
    """One or two units; a tote may be moved or used like any other unit."""
    units = [_unit(pick) for _ in range(int(pick("112")))]
    return ", ".join(units)


def _unit(pick: Pick) -> str:
    unit = pick(("lot A", "lot A", "lot B", "item i", "tote T", "tote U"))
    return f"{unit} {pick(AMOUNTS)}".strip() if unit.startswith("lot") else unit


def _here(pick: Pick) -> str:
    """Where: a site, rarely nowhere, rarely a dock door beside it."""
    return {"at": f"at {pick(SITES)}", "": "", "door": f"seen at D at {pick(SITES)}"}[
        pick(("at", "at", "at", "", "door"))
    ]


def _route(pick: Pick) -> str:
    site, other = pick(SITES), pick(SITES)
    return pick((f"{site} -> {other}", f"{site} -> {other}", f"{site} ->", f"-> {other}", f"party X -> Y at {site}"))


def _document(pick: Pick) -> str:
    return pick(("", "", "doc desadv:1", "doc desadv:2", "doc :1"))


def _birth(pick: Pick) -> str:
    return f"{pick(('make', 'more'))} {_goods(pick)} {_here(pick)}"


def _move(pick: Pick) -> str:
    verb = pick(("ship", "ship", "depart", "receive", "receive", "accept", "void"))
    return f"{verb} {_goods(pick)} {_route(pick)} {_document(pick)}"


def _pack(pick: Pick) -> str:
    tote = pick(("tote T", "tote T", "tote U"))
    said = pick(("pack {} into", "pack {} into", "unpack {} from", "unpack all from"))
    return f"{said.format(_goods(pick))} {tote} {_here(pick)}"


def _ship_packed(pick: Pick) -> str:
    """A shipment of a tote with what it holds: packed or unpacked with it, or left alone."""
    verb, word = pick(("ship", "receive")), pick(("into", "from", "in"))
    return f"{verb} {_goods(pick)} {word} {pick(('tote T', 'tote U'))} {_route(pick)} {_document(pick)}"


def _use(pick: Pick) -> str:
    batch = pick(("", "batch t"))
    said = pick(
        (f"use {_goods(pick)} => {_goods(pick)} {_here(pick)} {batch}", f"use {_goods(pick)} {_here(pick)} batch t")
    )
    return pick((said, said, f"use => {_goods(pick)} {_here(pick)} batch t"))


def _other(pick: Pick) -> str:
    ending = f"{pick(('destroy', 'sell', 'sample', 'see', 'trade', 'stage'))} {_goods(pick)} {_here(pick)}"
    alias = f"see {pick(('lot A', 'lot B', 'tote T'))} alias {pick(('A', 'B', 'C'))} {_here(pick)}"
    member = f"make item i member of lot {pick('AB')} {_here(pick)}"
    return pick((ending, ending, f"ship {_goods(pick)} {_route(pick)} as ADD", alias, member))


def _reference(pick: Pick, number: int, count: int) -> str:
    """A retraction or copy of an earlier line, with the same eventID, another or none."""
    clause = pick(("", "", "id none", "id y", "id x", "content c"))
    original = pick([f"e{one}" for one in range(1, count + 1)])
    return f"r{number} {pick(('retracts', 'copies'))} {original} {clause}".strip()


@st.composite
def tables(draw: st.DrawFn, largest: int = 7, references: bool = True, master: bool = True) -> Table:
    """Tables that hypothesis can shrink."""
    return make_table(lambda words: draw(st.sampled_from(words)), largest, references, master)


def random_table(seed: int, largest: int = 7, references: bool = True, master: bool = True) -> Table:
    """The table of a seed, made fast."""
    return make_table(random.Random(seed).choice, largest, references, master)


def without(table: Table, label: str) -> Table:
    """The table without one line and what refers to it."""
    kept = (line for line in table.events if label not in (line.split()[0], line.split()[2]))
    return Table(tuple(kept), table.master)
