"""What of a store goes to whom: the view that an export is made of, and what it says of itself.

Every export states the level of the information in it and for whom it is. Who may see less than that level gets a
sentence instead.
"""

from __future__ import annotations

from tracegraph.access.caller import Caller, Role
from tracegraph.access.rights import Level, Rights, Sees, load_rights
from tracegraph.access.view import view_of
from tracegraph.errors import Refused, UsageError
from tracegraph.reports.exports import Sharing
from tracegraph.stores.port import Reading
from tracegraph.trace.resolve import known_party
from tracegraph.trace.snapshot import Snapshot


def recipient(party: str) -> Caller:
    """An organisation to which something is given, as one who asks."""
    return Caller(party, Role.OPERATOR, frozenset({party}))


def refusal(
    level: Level, caller: Caller | None, for_party: str | None = None, rights: Rights | None = None
) -> str | None:
    """One sentence that says who is below the level: the caller (None: whoever has the store itself, who is not), or
    the party (a canonical key) that the export is for; None where nobody is."""
    chosen = load_rights() if rights is None else rights
    order = list(Level).index
    for who in (caller, recipient(for_party) if for_party else None):
        highest = Level.EXTENDED if who is None else chosen.highest(who)
        if who is not None and (highest is None or order(highest) < order(level)):
            seen = "nothing" if highest is None else f"{highest.value} information only"
            return f"the export is of level {level.value}, and {who.name or 'the public'} may see {seen}; ask for less"
    return None


def shared(
    store: Reading,
    for_party: str | None = None,
    level: str | None = None,
    caller: Caller | None = None,
    rights: Rights | None = None,
) -> tuple[Reading, Sharing]:
    """What an export is made of, and what it says of itself.

    `store` is already what the caller may know (no caller: all of it). `for_party`: any identifier of the party whose
    view is wanted; `level`: the highest that is wanted (None: the highest that there is for the party). Raises Refused,
    UnknownIdentifier, or UsageError for a level that there is not.
    """
    chosen = load_rights() if rights is None else rights
    party = None if for_party is None else known_party(for_party, Snapshot.of(store))
    wanted = _level(level, party or caller, chosen)
    if told := refusal(wanted, caller, party, chosen):
        raise Refused(told)
    if party is not None:
        return view_of(store, recipient(party), chosen.at_most(wanted)), Sharing(wanted.value, (party,))
    if level is not None and wanted is Level.BASIC:
        raise UsageError("a basic export is made for a party; name it")
    restricted = caller is not None and chosen.seen_by(caller) is not Sees.EVERYTHING
    return store, Sharing(wanted.value, tuple(sorted(caller.organisations)) if caller and restricted else ())


def _level(level: str | None, who: Caller | str | None, rights: Rights) -> Level:
    """The wanted level, else the highest of the one that the export is for."""
    if level is not None:
        if level not in set(Level):
            raise UsageError(f"level is {level!r}; choose one of {', '.join(Level)}")
        return Level(level)
    receiving = recipient(who) if isinstance(who, str) else who
    return Level.EXTENDED if receiving is None else rights.highest(receiving) or Level.BASIC
