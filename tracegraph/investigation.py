"""What an investigator of an incident asks from Python: cases recorded, and what they have in common upstream.

A part of `Tracegraph`, which says how to open a store and what starts, times and errors are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tracegraph.answers import Answer
from tracegraph.clock import now
from tracegraph.model.instants import Moment, known_until
from tracegraph.opened import Opened

if TYPE_CHECKING:
    from tracegraph.intake.cases import AnyCase, CasesImported


class Investigating(Opened):
    """Incident cases and their sources; see Tracegraph."""

    def import_cases(self, path: str | Path, reason: str = "", strict: bool = False) -> CasesImported:
        """Record the incident cases of a CSV or XLSX file (docs/sources.md says which columns); `reason`: why, or from
        where. Rows that are no cases are told and the others recorded; under `strict` InputError, and nothing is."""
        from tracegraph.intake.cases import import_cases

        self._allow("investigate")
        return import_cases(self._whole_store("cases"), Path(path), now(), self._who(), reason, strict=strict)

    def record_cases(self, cases: Iterable[Mapping[str, str]], reason: str) -> CasesImported:
        """Record incident cases, each told by its fields (`{"case": "C1", "place": ...}`), all or, where one is no case
        (InvalidField), none."""
        from tracegraph.intake.cases import record_cases

        self._allow("investigate")
        return record_cases(self._whole_store("cases"), cases, now(), self._who(), reason)

    def sources(
        self,
        cases: Iterable[AnyCase] | None = None,
        file: str | Path | None = None,
        kinds: Iterable[str] | None = None,
        limit: int = 20,
        paths: int = 1,
        certainty: str = "possible",
        as_of: Moment | None = None,
        contents: bool = True,
    ) -> Answer:
        """What incident cases have in common upstream (`result["sources"]`): units, sites, parties and products under
        every method, the smallest sets that explain all, and why. Association, not proof.

        `cases`: numbers of recorded cases, or the fields of cases (`{"case": "C1", "place": ...}`); `file`: a CSV or
        XLSX file of cases; neither: all on record. `kinds`: of unit, site, party, product; `limit`: so many candidates
        of each kind; `paths`: from so many of each kind a path to every case that they explain.
        """
        from tracegraph.intake.cases import cases_of, chosen_cases
        from tracegraph.trace.sources import Wanted, asked_of_cases, sources

        self._allow("trace")
        given, numbers = chosen_cases(cases or ())
        given += [] if file is None else cases_of(Path(file))
        everything = cases is None and file is None
        question = asked_of_cases(certainty, as_of, contents, paths)
        wish = Wanted.of(kinds, limit, paths)
        return self._answer(
            sources(
                self.store,
                question,
                None if everything else given,
                numbers or None,
                wish,
                self.language,
                self._register(question.as_of),
            )
        )

    def cases(self, as_of: Moment | None = None) -> Answer:
        """The incident cases on record, by number (`result["cases"]`)."""
        from tracegraph.trace.sources import recorded_cases

        self._allow("investigate")
        known = known_until(as_of)
        return self._answer(recorded_cases(self.store, known, self.language))
