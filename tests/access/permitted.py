"""What the permit of a capture says of one event, or of one piece of master data."""

from __future__ import annotations

from tracegraph.access.caller import Caller
from tracegraph.access.capturing import permit_of
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, SourcePosition
from tracegraph.model.facts import EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.stores.port import Reading


def may_capture(caller: Caller, said: EventFacts | MasterData, store: Reading) -> str | None:
    """Why the caller may not capture it, else None."""
    permit, position = permit_of(store, caller), SourcePosition("one")
    if permit is None:
        return None
    if isinstance(said, EventFacts):
        return permit(AcceptedEvent(b"", said, position))
    return permit(AcceptedMasterData(b"", said, position))
