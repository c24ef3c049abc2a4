"""The traceback report: from incident cases by their points of service and legs to where the legs meet.

Each case is the start of one leg (recall practice 1.4). Every link of a leg stands in a table with the references of
its papers and what its dates mean; what the records leave open stands in another. A candidate is an association, not
proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from tracegraph.messages import Language, words
from tracegraph.model.custody import Holding, PlaceKind
from tracegraph.reports.documents.paper import Cell, Grid, Paper, Part, Picture, on_paper
from tracegraph.reports.documents.recall.grids import (
    GAP_COLUMNS,
    complete_text,
    directory,
    fact,
    gap_row,
    grid,
    made,
    part_of,
)
from tracegraph.reports.documents.recall.known import Known
from tracegraph.reports.documents.recall.legs import Leg, Legs
from tracegraph.reports.documents.recall.shipments import (
    Shipment,
    Statements,
    link_cells,
    meanings,
    step_text,
)
from tracegraph.reports.documents.recall.stations import stations
from tracegraph.trace.envelope import Json
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.sources.answering import stored_cases
from tracegraph.trace.sources.cases import Case, unique

#: Cases that are named one by one in a cell; of more, the number.
MOST_NAMED = 6
LEG_COLUMNS = (
    *("leg", "case", "role", "service", "lot", "exposure", "onset"),
    *("links", "furthest", "ends", "meets", "open"),
)
LINK_COLUMNS = (
    *("link", "supplier", "recipient", "product", "lot", "quantity", "shipped", "received", "dates_mean"),
    *("papers", "certainty", "legs"),
)
CANDIDATE_COLUMNS = ("kind", "candidate", "rank", "explained", "coverage", "unexplained", "certainty")


def traceback(snapshot: Snapshot, language: Language, numbers: Iterable[str] | None = None) -> Paper:
    """The report on the cases of these numbers, or on all that are on record.

    Raises UnknownIdentifier for a number that is not on record, UsageError where there is no case.
    """
    cases = unique(stored_cases(snapshot, numbers))
    return _Report(Legs(Register(snapshot), cases, language), language).paper()


class _Report:
    """One report being made."""

    def __init__(self, legs: Legs, language: Language) -> None:
        self.legs = legs
        self.language: Language = language
        self.known = Known(legs.snapshot)
        self.told: Json = legs.told

    def paper(self) -> Paper:
        """All of it."""
        language, begun = self.language, self.legs.begun
        asked = "; ".join(one.case.id for one in begun)
        return Paper(
            words("doc_traceback", language),
            words("doc_of_cases", language).format(count=sum(not one.case.control for one in begun)),
            language,
            (self._head(), *self._parts()),
            tuple(f"{one.case.id}: {one.problem}" for one in begun if one.problem),
            (words("doc_legs_note", language),),
            made(self.legs.snapshot, [fact("cases", asked, language)]),
            wide=True,
        )

    def _head(self) -> Part:
        language, begun = self.language, self.legs.begun
        controls = sum(one.case.control for one in begun)
        entries = (
            fact("cases", Decimal(len(begun) - controls), language),
            fact("controls", Decimal(controls), language),
            fact("links", Decimal(len(self.legs.links)), language),
            fact("unresolved", Decimal(len(self.legs.open)), language),
            fact("completeness", complete_text(self.legs.answered.envelope["complete"], language), language),
        )
        return Part("", entries, texts=(self.told["association"],), name="summary")

    def _parts(self) -> Iterator[Part]:
        language = self.language
        yield part_of(grid("legs", LEG_COLUMNS, map(self._leg, self.legs.legs), language), language)
        yield part_of(self._convergence(), language, *self._covers())
        yield from self._flow()
        yield part_of(self._links(), language)
        yield part_of(grid("unresolved", (*GAP_COLUMNS, "legs"), self._unresolved(), language), language)
        yield part_of(
            grid("timeline", ("time", "what", "place", "lot", "papers"), self._timeline(), language), language
        )
        yield Part(words("doc_directory", language), grids=self._directory(), name="directory")

    def _directory(self) -> tuple[Grid, ...]:
        """The identifiers behind the short names."""
        links, gaps = self.legs.links, [gap for gap, _ in self.legs.open]
        sites = {one.case.place for one in self.legs.begun} | {gap.place for gap in gaps}
        sites |= {site for one in links for site in (one.supplier, one.recipient)}
        units = {one.unit for one in links} | {one.case.unit for one in self.legs.begun} | {gap.unit for gap in gaps}
        units |= {row["id"] for row in self.told["rows"] if row["kind"] == "unit"}
        return directory(filter(None, sites), filter(None, units), self.known, self.language)

    # cases and their legs

    def _leg(self, leg: Leg) -> tuple[Cell, ...]:
        case, language = leg.begun.case, self.language
        best = self._best
        meets = best is not None and case.id in best["explained"]
        return (
            Decimal(self._number[case.id]),
            case.id,
            words(f"role_{'control' if case.control else 'case'}", language),
            self.known.short(case.place),
            self.known.lot(case.unit) if case.unit else None,
            _span(case.exposed_from, case.exposed_to),
            _span(case.onset_from, case.onset_to),
            Decimal(len(leg.links)),
            Decimal(leg.furthest),
            Decimal(leg.ends),
            words("doc_yes" if meets else "doc_no", language),
            Decimal(len(leg.gaps)),
        )

    @cached_property
    def _number(self) -> dict[str, int]:
        """The numbers of the legs by their cases."""
        return {one.case.id: number for number, one in enumerate(self.legs.begun, 1)}

    def _named(self, cases: Iterable[str]) -> str:
        """Legs by their numbers, or how many they are."""
        numbers = [str(self._number[case]) for case in cases]
        few = len(numbers) <= MOST_NAMED
        return ", ".join(numbers) if few else words("doc_legs_counted", self.language).format(count=len(numbers))

    def _ids(self, bits: Iterable[int]) -> list[str]:
        return [self.legs.begun[bit].case.id for bit in bits]

    # where they meet

    @cached_property
    def _best(self) -> Json | None:
        """The candidate of the first kind and rank."""
        return next(iter(self.told["rows"]), None)

    def _convergence(self) -> Grid:
        return grid("convergence", CANDIDATE_COLUMNS, map(self._candidate, self.told["rows"]), self.language)

    def _candidate(self, row: Json) -> tuple[Cell, ...]:
        cases = len(row["explained"]) + len(row["unexplained"])
        return (
            words(f"doc_{row['kind']}", self.language),
            self._candidate_name(row["kind"], row["id"]),
            Decimal(row["rank"]),
            f"{len(row['explained'])} / {cases}",
            on_paper(Fraction(row["coverage"]["score"])),
            ", ".join(row["unexplained"]) or "—",
            words(row["certainty"], self.language),
        )

    def _candidate_name(self, kind: str, key: str) -> str:
        if kind != "unit":
            return self.known.named(key) or key
        return " · ".join(filter(None, (self.known.lot(key), self.known.product(key))))

    def _covers(self) -> Iterator[str]:
        """The smallest sets, where no single candidate explains every case."""
        for cover in self.told["covers"]:
            if cover["size"] > 1 and cover["sets"]:
                named = (" / ".join(self.known.short(one) or one for one in group) for group in cover["sets"][0])
                told = words("doc_cover", self.language)
                yield told.format(kind=words(f"doc_{cover['kind']}", self.language), names=" + ".join(named))

    def _flow(self) -> Iterator[Part]:
        """The picture of the ways from the best candidates to the cases."""
        on_paths = self.legs.answered.trail.nodes.keys()
        ways = [link for link in self.legs.links if link.node in on_paths]
        if ways:
            title = words("doc_flow", self.language)
            picture = Picture(title, stations(ways, sorted(self._services()), self.known, self.language))
            yield Part(title, texts=(words("doc_flow_note", self.language),), pictures=(picture,), name="flow")

    def _services(self) -> set[str]:
        """The sites where the traces began."""
        nodes = self.legs.above.part.nodes
        begun = {node for one in self.legs.begun for node in one.starts.certain}
        held = {nodes[node].place for node in begun if isinstance(nodes[node], Holding)}
        return {place.id for place in held if place.kind is PlaceKind.SITE}

    # links, gaps, timeline

    def _links(self) -> Grid:
        rows = (self._link(number, link) for number, link in enumerate(self.legs.links, 1))
        return grid("links", LINK_COLUMNS, rows, self.language)

    def _link(self, number: int, link: Shipment) -> tuple[Cell, ...]:
        return (
            *link_cells(number, link, self.known),
            meanings(link, self.language),
            ", ".join(link.documents) or None,
            words("confirmed" if link.confirmed else "possible", self.language),
            self._named(self._ids(self.legs.cases_of(link.node))),
        )

    def _unresolved(self) -> Iterator[tuple[Cell, ...]]:
        for gap, cases in self.legs.open:
            yield (*gap_row(gap, self.known, self.language), self._named(self._ids(cases)) or "—")

    def _timeline(self) -> list[tuple[Cell, ...]]:
        """What happened on the ways from the best candidates to the cases, and to the cases, by time."""
        trail = self.legs.answered.trail
        said = Statements(self.legs.snapshot, trail.legs.event)
        rows: set[tuple[str, str, str, str, str]] = set()
        for leg in trail.leg_order:
            event, target = trail.legs.event[leg], trail.nodes[trail.legs.target[leg]]
            unit = target.unit if isinstance(target, Holding) else ""
            if event and unit:
                time = said.dated(event, trail.legs.instant[leg], "date").text
                step, place = step_text(said.step(event), self.language), self.known.short(said.place(event)) or ""
                rows.add((time, step, place, self.known.lot(unit), ", ".join(said.documents(event))))
        rows |= {row for one in self.legs.begun for row in self._case_rows(one.case)}
        return [tuple(cell or None for cell in row) for row in sorted(rows)]

    def _case_rows(self, case: Case) -> Iterator[tuple[str, str, str, str, str]]:
        place, lot = self.known.short(case.place) or "", self.known.lot(case.unit) if case.unit else ""
        for name, since, until in (
            ("exposure", case.exposed_from, case.exposed_to),
            ("onset", case.onset_from, case.onset_to),
        ):
            if since or until:
                told = f"{words(f'doc_{name}', self.language)}: {case.id}"
                yield (since or until or "", told, place, lot, "")


def _span(since: str | None, until: str | None) -> str | None:
    """A span of time as it is known."""
    if since is None and until is None:
        return None
    return since if since == until and since else f"{since or '…'} – {until or '…'}"
