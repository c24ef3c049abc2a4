"""What is handed on to others from Python: exports, and what partners' records lack.

A part of `Tracegraph`, which says how to open a store and what starts, times and errors are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracegraph.answers import Answer, Resumable, read_answer
from tracegraph.errors import UsageError
from tracegraph.model.instants import Moment, known_until, parse_instant
from tracegraph.model.person import Person
from tracegraph.opened import Opened
from tracegraph.trace.snapshot import Snapshot

if TYPE_CHECKING:
    from tracegraph.reports.anonymising import Hidden
    from tracegraph.reports.documents.bundle import BundleChoice


class Handing(Opened):
    """Exports and profiles; see Tracegraph."""

    def check_profile(
        self,
        profile: str | Path = "gdst",
        partner: str | None = None,
        as_of: Moment | None = None,
        profiles: str | Path | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Answer:
        """What the events lack of a profile's key data elements: `result["findings"]`, and how complete each partner's
        records are (`result["completeness"]`). `profile`: a name (`gdst`, `fsma204`, or one of the folder `profiles`),
        or a file; `partner`: the records of this party or site only; pages as in `all_gaps`."""
        from tracegraph.formats.profiles import load_profile
        from tracegraph.trace.profiles import Choice, check_store

        self._allow("read")
        wanted, choice = load_profile(profile, profiles), Choice(partner, limit, after)
        return self._answer(check_store(self.store, wanted, choice, known_until(as_of), self.language))

    def export(
        self,
        form: str,
        path: str | Path,
        as_of: Moment | None = None,
        for_party: str | None = None,
        level: str | None = None,
        answer: Resumable | None = None,
        *,
        lots: Sequence[str] = (),
        product: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        partner: str | None = None,
        workbook: bool | None = None,
        of: Sequence[str] = (),
        direction: str = "forward",
        holds: bool = False,
    ) -> None:
        """Write everything in the store: `epcis` for all events and master data as they were captured; `graphml`,
        `csv`, `geojson`, `parquet` (tables in a zip archive) for the whole custody graph, `foodchainlab` for deliveries
        as FoodChain-Lab JSON, each of these, with starts in `of`, for a trace of them; `neo4j-import` for a folder of
        files that a Neo4j server imports. `fsma204` is the sortable spreadsheet of critical tracking events
        and `eu931` the eight items of dispatches: of `lots`, this `product` (a GTIN, or words of its description), from
        `since` to `until`, with this `partner`; a `workbook` (None: where the path ends in .xlsx), else CSV.

        `for_party`: what that party may know instead of everything, at most at `level` (`basic` or `extended`). The
        file says its level and whom it is for. `answer`: only what this answer reached (`foodchainlab` alone).
        `holds`: with what recall cases hold, as further events that say that they are generated (`epcis` alone).
        """
        from tracegraph.access.sharing import shared
        from tracegraph.reports.exports import chosen_by, question_of, whole_file, write
        from tracegraph.reports.sheet_forms import sheet_choice

        if form == "neo4j-import":
            self._export_import_files(Path(path), for_party)
            return
        self._allow("export")
        choice = sheet_choice(form, tuple(lots), product, since, until, partner)
        if holds:
            self._allow("recall")
            if choice is not None:
                raise UsageError(f"export {form} does not say what is on hold; choose epcis")
        question = question_of(form, of, direction, as_of)
        caller, rights = (self._guard.caller, self._guard.rights) if self._guard else (None, None)
        chosen = None if answer is None else chosen_by(form, read_answer(answer))
        store, sharing = shared(self.store, for_party, level, caller, rights)
        snapshot = Snapshot.of(store, known_until(as_of))
        with whole_file(Path(path)) as file:
            if choice is None:
                write(form, snapshot, self.language, file, sharing, chosen, question, holds)
            else:
                from tracegraph.reports.sortable import write_sheet

                as_workbook = Path(path).suffix.lower() == ".xlsx" if workbook is None else workbook
                write_sheet(form, snapshot, choice, file, sharing, self.language, as_workbook)

    def document(
        self,
        kind: str,
        path: str | Path,
        *,
        party: str = "",
        year: int | None = None,
        number: str = "",
        case: str = "",
        version: int | None = None,
        consignee: str = "",
        people: Mapping[str, Person] | None = None,
        form: str | None = None,
        valid: Moment | None = None,
        as_of: Moment | None = None,
        anonymous: bool = False,
    ) -> list[Hidden]:
        """Write a document that a chain of custody hands on, made from records: `asi-annual` of a party and calendar
        year, `asi-coc` of the number of a document of type `coc`; or one of an investigation (docs/documents.md):
        `recall-origin` of a lot (`number`), `recall-enforcement` of a recall `case`, and others; or one of a recall
        `case`: `recall-notice` to a `consignee`, `recall-status`, and others. `version`: of its scope (None: the
        approved one, else the newest); `people`: whom references mean (None: references stand for themselves). `form`:
        html, pdf, xlsx, csv or json (None: as the path ends); `valid`: what became true later does not count. PDF needs
        the extra `documents`. An `anonymous` one names nobody; its key is given back and stands nowhere else."""
        from tracegraph.reports.documents.wanted import Wanted
        from tracegraph.reports.documents.writing import form_of, hand_out
        from tracegraph.reports.exports import whole_file

        self._allow("export")
        until = None if valid is None else parse_instant(valid, "valid", "end")
        store = self._cases() if case else self.store
        wanted = Wanted(kind, party, year, number, case, version, consignee, people or {})
        snapshot = Snapshot.of(store, known_until(as_of))
        with whole_file(Path(path)) as file:
            return hand_out(snapshot, wanted, form or form_of(Path(path)), self.language, file, until, anonymous)

    def bundle(
        self, case: str, path: str | Path, choice: BundleChoice | None = None, as_of: Moment | None = None
    ) -> list[Hidden]:
        """Write all documents of a recall case as one ZIP archive with a manifest of hashes; what goes in is `choice`
        (tracegraph.reports.documents.bundle). Gives back the key of an anonymous one."""
        from tracegraph.reports.documents.bundle import BundleChoice, write_bundle
        from tracegraph.reports.exports import whole_file

        self._allow("export")
        snapshot = Snapshot.of(self._cases(), known_until(as_of))
        with whole_file(Path(path)) as file:
            return write_bundle(snapshot, case, file, choice or BundleChoice((self.language,)))

    def anonymous(self, answer: Resumable) -> tuple[dict[str, Any], list[Hidden]]:
        """An answer in which nobody is named, and its key."""
        from tracegraph.reports.anonymising import hiding_answer

        self._allow("export")
        told = read_answer(answer)
        hiding = hiding_answer(Snapshot.of(self.store), told, self.language)
        return hiding.json(told), hiding.key()

    def _export_import_files(self, folder: Path, for_party: str | None) -> None:
        from tracegraph.care.first_load import write_first_load

        self._allow("administer")
        if for_party is not None:
            raise UsageError("export neo4j-import is the whole store and for no party; choose another form")
        write_first_load(self.store, folder)
