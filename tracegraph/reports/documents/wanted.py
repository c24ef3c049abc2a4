"""Which document somebody wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracegraph.model.person import Person


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which document: of an organisation and year (`asi-annual`), of a number (`asi-coc`), of a recall case and, where
    it is about one, a consignee (`recall-...`). `version`: the version of the case's scope (None: the one that holds);
    `people`: by reference, who is meant by it; a reference that is not there stands for itself."""

    kind: str
    party: str = ""
    year: int | None = None
    number: str = ""
    case: str = ""
    version: int | None = None
    consignee: str = ""
    people: Mapping[str, Person] = field(default_factory=dict)
