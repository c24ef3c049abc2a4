"""What a caller may do with a store: the operations of the role, and what the caller may capture."""

from __future__ import annotations

from dataclasses import dataclass

from tracegraph.access.caller import Caller
from tracegraph.access.capturing import permit_of
from tracegraph.access.rights import Rights
from tracegraph.errors import Refused
from tracegraph.intake.portions import Permit
from tracegraph.stores.port import Store


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands between a caller and a store; `store` is the whole of it."""

    caller: Caller
    rights: Rights
    store: Store

    def allow(self, operation: str) -> None:
        """Raise Refused where the caller may not do this."""
        if not self.rights.allows(self.caller, operation):
            who, role = self.caller.name or "the public", self.caller.role.value
            raise Refused(f"{who} has the role {role}, which lacks the operation {operation}; ask for one that has it")

    def permit(self) -> Permit | None:
        """What decides about each piece that the caller captures."""
        return permit_of(self.store, self.caller, self.rights)
