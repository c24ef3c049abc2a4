"""The trace request: a questionnaire to one operator, with the deliveries that are known already and what is not.

What comes back is captured again: the workbook has the plain tables of deliveries and transformations to fill in, with
a row begun for each movement that the records miss. What is known stands on the sheet that no capture reads, so that
an answer never counts a delivery twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from io import BytesIO

from tracegraph.errors import UnknownIdentifier
from tracegraph.formats.tables.kinds import ABOUT, table_kinds
from tracegraph.formats.tables.writing import Row, sheet_name, write_xlsx
from tracegraph.messages import Language, words
from tracegraph.model.custody import INCOMPLETE_GAPS
from tracegraph.reports.documents.paper import BLANK, Cell, Entry, Grid, Paper, Part
from tracegraph.reports.documents.recall.grids import directory, fact, grid, made, part_of
from tracegraph.reports.documents.recall.known import Known
from tracegraph.reports.documents.recall.shipments import Shipment, link_cells, shipments
from tracegraph.reports.documents.sheets import all_rows
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered

KNOWN_COLUMNS = (
    *("link", "supplier", "recipient", "product", "lot", "quantity", "shipped", "received", "papers"),
    *("correct", "correction"),
)
QUESTION_COLUMNS = ("number", "question", "lot", "place", "answer")
#: Gaps after which a movement is missing: their goods came to a place, and nothing says from where.
CAME = ("unmatched_receipt", "unknown_origin", "implied_move", "overdrawn_holding")
#: Columns that the workbook has, and paper no room for.
NOT_ON_PAPER = frozenset({"lot_source", "input_lot_source", "input_identifier", "input_product", "product"})
#: Rows left open in tables on paper.
OPEN_ROWS = 4


@dataclass(frozen=True, slots=True)
class TraceRequest:
    """The questionnaire as a document, and the rows that are begun in the tables to fill in, by the table's name."""

    paper: Paper
    begun: dict[str, list[dict[str, str]]]

    def workbook(self) -> bytes:
        """The questionnaire, and each table to fill in, as one workbook that can be captured when it is filled in."""
        language, kinds = self.paper.language, table_kinds()
        sheets: dict[str, Iterable[Row]] = {}
        for name, rows in self.begun.items():
            columns = kinds[name].columns
            heads: Row = [column.labels[language] for column in columns.values()]
            filled: list[Row] = [[row.get(column, "") for column in columns] for row in rows]
            sheets[sheet_name(kinds[name].labels[language])] = [heads, *filled]
        file = BytesIO()
        write_xlsx(
            file, {ABOUT: all_rows(self.paper), **sheets}, {name: int(name != ABOUT) for name in (ABOUT, *sheets)}
        )
        return file.getvalue()


class Asking:
    """All that may be asked about what an answer reached. `parameters`: what stands at the end of each request."""

    def __init__(
        self, answered: Answered, snapshot: Snapshot, language: Language, parameters: Iterable[Entry] = ()
    ) -> None:
        self.answered = answered
        self.snapshot = snapshot
        self.language: Language = language
        self.parameters = tuple(parameters)
        self.known = Known(snapshot)

    @cached_property
    def links(self) -> list[Shipment]:
        """All shipments that the answer reached."""
        return shipments(self.snapshot, self.answered.trail)

    def operators(self) -> list[str]:
        """Who can tell something that the answer misses: organisations where they are known, else sites; sorted."""
        asked = {one for gap in self.answered.envelope["gaps"] for one in gap["ask"]}
        return sorted({self.known.operator(one) or one for one in asked})

    def to(self, operator: str) -> TraceRequest:
        """What to ask an operator (organisation or site). Raises UnknownIdentifier for one that has no part in it."""
        return _Request(self, operator).request()


class _Request:
    """One request being made."""

    def __init__(self, asking: Asking, operator: str) -> None:
        self.asking = asking
        self.operator = operator
        self.language = asking.language
        self.known = asking.known
        self.links = [one for one in asking.links if self._is_theirs(one.supplier) or self._is_theirs(one.recipient)]
        gaps = asking.answered.envelope["gaps"]
        self.gaps: list[Json] = [gap for gap in gaps if gap["kind"] in INCOMPLETE_GAPS and self._is_asked(gap)]
        if not self.links and not self.gaps:
            others = ", ".join(asking.operators()) or "nobody: nothing is open"
            raise UnknownIdentifier(
                f"{operator!r} took no part in what was asked about; choose one of {others}", operator
            )

    def _is_theirs(self, site: str) -> bool:
        return self.operator in (site, self.known.operator(site))

    def _is_asked(self, gap: Json) -> bool:
        """Of goods that came from nowhere, first of all those are asked to whom they came."""
        asked = [one for one in gap["ask"] if self.known.operator(gap["place"]) in (one, self.known.operator(one))]
        others = not asked or gap["kind"] not in CAME
        return any(self._is_theirs(one) for one in (gap["place"], *asked, *(gap["ask"] if others else ())))

    def request(self) -> TraceRequest:
        """All of it."""
        language = self.language
        paper = Paper(
            words("doc_trace_request", language),
            self.known.short(self.operator) or self.operator,
            language,
            tuple(self._parts()),
            (),
            (words("doc_request_note", language),),
            made(self.asking.snapshot, (*self.asking.parameters, fact("to", self.operator, language))),
            wide=True,
        )
        return TraceRequest(paper, self.begun)

    def _parts(self) -> Iterator[Part]:
        language = self.language
        to = (
            fact("to", self.known.named(self.operator), language),
            fact("address", self.known.address(self.operator), language),
            fact("sites", ", ".join(self.known.short(site) or site for site in self._sites) or None, language),
        )
        yield Part("", to, texts=(words("doc_request_text", language),), name="request")
        yield part_of(grid("known_deliveries", KNOWN_COLUMNS, self._deliveries(), language), language)
        yield part_of(grid("questions", QUESTION_COLUMNS, self._questions(), language), language)
        yield Part(words("doc_fill_in", language), grids=tuple(self._open_tables()), name="fill_in")
        signed = tuple(fact(name, BLANK, language) for name in ("answered_by", "answered_on", "signature"))
        yield Part(words("doc_signed", language), signed, name="signed")
        sites = {site for one in self.links for site in (one.supplier, one.recipient)}
        grids = directory(sites, {one.unit for one in self.links}, self.known, language)
        yield Part(words("doc_directory", language), grids=grids, name="directory")

    @cached_property
    def _sites(self) -> list[str]:
        named = {site for one in self.links for site in (one.supplier, one.recipient)}
        named |= {gap["place"] for gap in self.gaps if gap["place"]}
        return sorted(filter(self._is_theirs, named))

    def _deliveries(self) -> Iterator[tuple[Cell, ...]]:
        for number, link in enumerate(self.links, 1):
            yield (
                *link_cells(number, link, self.known),
                ", ".join(link.documents) or None,
                BLANK,
                BLANK,
            )

    # what is asked

    def _questions(self) -> Iterator[tuple[Cell, ...]]:
        for number, (question, unit, place) in enumerate(self._asked(), 1):
            yield Decimal(number), question, unit, place, BLANK

    def _asked(self) -> Iterator[tuple[str, str | None, str | None]]:
        """Each question with its lot and place: what the records miss, then where known goods came from and went."""
        for gap in self.gaps:
            lot, place = self.known.lot(gap["unit"]), self.known.short(gap["place"])
            told = words(f"doc_ask_{gap['kind']}", self.language)
            yield told.format(unit=lot, place=place or words("somewhere", self.language)), lot, place
        for name, goods in (("came", self._sent), ("went", self._received)):
            for unit, site in goods:
                lot = self.known.lot(unit)
                yield words(f"doc_ask_{name}", self.language).format(unit=lot), lot, self.known.short(site)

    @property
    def _sent(self) -> list[tuple[str, str]]:
        """Goods that left the operator, and that nobody is known to have brought there."""
        return sorted(
            {(one.unit, one.supplier) for one in self.links if self._is_theirs(one.supplier)} - set(self._received)
        )

    @property
    def _received(self) -> list[tuple[str, str]]:
        """Goods that came to the operator."""
        return sorted({(one.unit, one.recipient) for one in self.links if self._is_theirs(one.recipient)})

    def _open_tables(self) -> Iterator[Grid]:
        """The tables to fill in, on paper: rows that are begun, and open ones."""
        for name, rows in self.begun.items():
            kind = table_kinds()[name]
            columns = tuple(column for column in kind.columns if column not in NOT_ON_PAPER)
            heads = tuple(kind.columns[column].labels[self.language] for column in columns)
            begun = [tuple(row.get(column, BLANK) for column in columns) for row in rows]
            blank = [tuple(BLANK for _ in heads)] * OPEN_ROWS
            yield Grid(kind.labels[self.language], heads, (*begun, *blank), "", columns)

    @cached_property
    def begun(self) -> dict[str, list[dict[str, str]]]:
        """Rows of the tables to fill in: the goods, and the place that they came to."""
        came = {(gap["unit"], gap["place"]) for gap in self.gaps if gap["kind"] in CAME and gap["place"]}
        found: dict[str, list[dict[str, str]]] = {"deliveries": [], "transformations": []}
        for unit, place in sorted(came):
            goods = {"lot": self.known.lot(unit), "identifier": unit}
            found["deliveries"].append({**goods, "to": place})
            if any(gap["kind"] == "unknown_origin" and gap["unit"] == unit for gap in self.gaps):
                found["transformations"].append({**goods, "site": place})
        return found
