"""Who may capture what: an organisation records what happens at its own places, and describes what is its own.

This is not only good manners. Where goods are taken from, whose event is retracted and who runs a site decide what an
organisation may know (tracegraph.access.sight); so nobody may record these things of others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tracegraph.access.caller import Caller
from tracegraph.access.ground import Ground
from tracegraph.access.rights import Rights, Sees, load_rights
from tracegraph.formats.epcis import Accepted, AcceptedEvent, AcceptedRecord
from tracegraph.intake.portions import Permit
from tracegraph.model.facts import EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.stores.port import Reading
from tracegraph.timeline.steps import Effect, Steps

#: What a caller must be allowed to do to enter records of a kind; of all others it is to administer.
_NEEDED = {"case": "investigate"}
_OWN_ONLY = "record what happens at your own places only"


def permit_of(store: Reading, caller: Caller, rights: Rights | None = None) -> Permit | None:
    """What decides about each piece that the caller captures into the store; None: the caller may capture anything."""
    chosen = load_rights() if rights is None else rights
    if not chosen.allows(caller, "capture"):
        return lambda piece: f"{caller.role.value} may not capture; ask for a role that may"
    if chosen.seen_by(caller) is not Sees.EVERYTHING:
        return _Permit(store, caller)
    missing = {needed for needed in ("administer", *_NEEDED.values()) if not chosen.allows(caller, needed)}
    return (lambda piece: _record_refused(piece, missing)) if missing else None


def _record_refused(piece: Accepted, missing: Collection[str]) -> str | None:
    """Why not this record: it is entered by whoever may enter one by hand."""
    if isinstance(piece, AcceptedRecord) and _NEEDED.get(piece.record.kind, "administer") in missing:
        return f"records of the kind {piece.record.kind} are for other roles to enter; ask an administrator to do so"
    return None


@dataclass
class _Permit:
    """Decides for one caller of organisations, by what the store knows when it is first asked and by the master data
    that were allowed since, which stand before the events in a document. `_ground`: None where it is not found yet."""

    store: Reading
    caller: Caller
    allowed: list[MasterData] = field(default_factory=list)
    _ground: Ground | None = None

    def __call__(self, piece: Accepted) -> str | None:
        """See tracegraph.intake.portions.Permit."""
        if isinstance(piece, AcceptedEvent):
            return self.of_event(piece.facts)
        if isinstance(piece, AcceptedRecord):
            return f"records of the kind {piece.record.kind} are entered by roles that see everything; ask one of them"
        refusal = self.of_master_data(piece.master_data)
        if refusal is None:
            self.allowed.append(piece.master_data)
            self._ground = None
        return refusal

    @property
    def ground(self) -> Ground:
        """What is the caller's."""
        if self._ground is None:
            self._ground = Ground.of(self.store, self.caller.organisations, None, self.allowed)
        return self._ground

    def of_event(self, facts: EventFacts) -> str | None:
        """Why not this event: where it happened, where goods leave, whose event it retracts, what it renames."""
        return self._elsewhere(facts) or self._retracts(facts) or self._renames(facts)

    def _elsewhere(self, facts: EventFacts) -> str | None:
        """By custody-graph section 4 goods leave the declared source, the read point or the business location; where
        none is given, the place that holds them, whosever it is."""
        ground, effect = self.ground, Steps().effect(facts.step)
        for place in (facts.read_point, facts.biz_location):
            if place is not None and not ground.is_own(place, facts.biz_location):
                return f"the event happened at {place}, which is not run by an organisation of yours; {_OWN_ONLY}"
        sources = [end for end in (facts.source_place, facts.source_party) if end is not None]
        if effect is not Effect.RECEIVE:
            for source in sources:
                if not ground.is_own(source):
                    return f"the event takes goods from {source}, which is not an organisation of yours; {_OWN_ONLY}"
        if facts.read_point or facts.biz_location:
            return None
        ends = (facts.destination_place, facts.destination_party) if effect is Effect.RECEIVE else sources
        if effect in (Effect.RECEIVE, Effect.SHIP) and ground.any_own(ends):
            return None
        return "the event says of no place of yours that it happened there; give its read point or business location"

    def _retracts(self, facts: EventFacts) -> str | None:
        """An error declaration may name an event by its eventID alone."""
        if not facts.retracts:
            return None
        ids = [facts.event_id] if facts.event_id else []
        meant = self.store.events(hashes=[facts.content_hash], event_ids=ids)
        if all(self._elsewhere(stored.facts) is None for stored in meant):
            return None
        return f"the error declaration {facts.event_id!r} is about somebody else's event; ask them to retract it"

    def _renames(self, facts: EventFacts) -> str | None:
        """Another number makes two units one: both have to be the caller's, unless one is new."""
        for alias in facts.aliases:
            for number in (alias.unit, alias.alias):
                events = self.store.events(units=[number])
                if any(not self.ground.takes_part(stored.facts) for stored in events):
                    return f"{number} is known to others, so no number can be given to it here; record a transformation"
        return None

    def of_master_data(self, master: MasterData) -> str | None:
        """Why not this description: it is about somebody else's, or says that something of others is the caller's."""
        ground = self.ground
        run_by = [key for key in (master.party,) if key is not None and not ground.is_own(key)]
        if run_by:
            return f"{master.id} is said to be run by {run_by[0]}, which is no organisation of yours; leave that out"
        for key in (master.id, master.parent, *master.children):
            if key is not None and not self._is_free(key):
                return f"{key} is known and not described by you before; describe what is your own only"
        return None

    def _is_free(self, key: str) -> bool:
        """Whether something is the caller's, described by the caller before, or unknown."""
        if self.ground.is_own(key):
            return True
        one_gln = {key, key.replace("/414/", "/417/")}  # a location may carry the number of its organisation
        return all(self._is_unclaimed(name) for name in one_gln)

    def _is_unclaimed(self, key: str) -> bool:
        described = self.store.records(ids=[key])
        if described:
            return all(stored.actor == self.caller.name for stored in described)
        places, units = self.store.units_at([key]), self.store.units([key], [key])
        return not places and not units
