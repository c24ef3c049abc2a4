"""A case as a row of a public register of recalls, with the fields of openFDA's enforcement reports.

The row is one of the plain table `public_recall`, so that rows of such registers, and exported ones, are captured as
records and can be looked up. Nothing is invented: what the case does not say stays open.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracegraph.formats.tables.kinds import kind_named
from tracegraph.formats.tables.writing import csv_bytes
from tracegraph.messages import Language, words
from tracegraph.model.custody import PlaceKind
from tracegraph.model.grading import ScopeClass
from tracegraph.model.instants import instant_text
from tracegraph.model.record_kinds import record_kind
from tracegraph.recall.case import CaseFile, Move, ScopeVersion
from tracegraph.reports.documents.paper import Entry, Grid, Paper, Part, label
from tracegraph.reports.documents.recall.grids import fact, made
from tracegraph.reports.documents.recall.known import Known
from tracegraph.stores.port import HoldingQuery
from tracegraph.trace.snapshot import Snapshot

#: The kind of record, and of table.
KIND = "public_recall"
#: What is said of the states of a case.
STATUS = {"completed": "completed", "terminated": "terminated", "cancelled": "cancelled"}
RECALLED = (ScopeClass.IMPLICATED, ScopeClass.AFFECTED, ScopeClass.POSSIBLE)


def enforcement_row(case: CaseFile, snapshot: Snapshot, language: Language) -> dict[str, str]:
    """The fields that the case can fill, as text by name."""
    known, facts, scope = Known(snapshot), case.facts, case.approved or case.scope
    owner = str(facts.get("owner") or "")
    first = next(iter(case.of("sent", "approve")), None)
    classed = next((move for move in case.of("open", "assess") if move.text("class")), None)
    told = {
        "recall_number": case.id,
        "event_id": case.id,
        "classification": _class(str(facts.get("class") or ""), language),
        "status": words(f"doc_status_{STATUS.get(case.state, 'ongoing')}", language),
        "product_type": str(facts.get("regime") or ""),
        "product_description": str(facts.get("product") or facts.get("title") or ""),
        "reason_for_recall": str(facts.get("hazard") or ""),
        "code_info": _codes(scope, known),
        "product_quantity": _quantity(scope, language),
        "distribution_pattern": _pattern(str(facts.get("market") or ""), scope, known, snapshot),
        "recalling_firm": known.name(owner) or owner,
        "firm_address": known.address(owner) or "",
        "recall_initiation_date": _day(first),
        "center_classification_date": _day(classed),
        "report_date": instant_text(snapshot.known)[:10] if snapshot.known is not None else "",
        "termination_date": _day(next(iter(case.of("terminate")), None)),
        "voluntary_mandated": _voluntary(facts.get("voluntary"), language),
        "initial_firm_notification": ", ".join(dict.fromkeys(move.text("channel") for move in case.of("sent"))),
    }
    return {name: text for name, text in told.items() if text}


def enforcement(case: CaseFile, snapshot: Snapshot, language: Language) -> Paper:
    """The row as a document; what the case leaves open is named at its top."""
    row = enforcement_row(case, snapshot, language)
    names = record_kind(KIND).names
    heads = tuple(label(KIND, name, language) for name in names)
    return Paper(
        words("doc_enforcement", language),
        f"{case.id} · {case.facts.get('title', '')}",
        language,
        (
            Part("", tuple(Entry(label(KIND, name, language), row.get(name), name) for name in names), name="facts"),
            Part("", grids=(_table(row, heads, language),), name="row"),
        ),
        tuple(label(KIND, name, language) for name in names if name not in row and name != "termination_date"),
        (words("doc_enforcement_note", language),),
        made(snapshot, [fact("recall_case", case.id, language)]),
        drill=case.is_drill,
        wide=True,
    )


def enforcement_table(row: Mapping[str, str], language: Language) -> bytes:
    """The row as CSV of the plain table, which can be captured."""
    columns = kind_named(KIND).columns
    return csv_bytes([[one.labels[language] for one in columns.values()], [row.get(name) for name in columns]])


def _table(row: Mapping[str, str], heads: tuple[str, ...], language: Language) -> Grid:
    """For a sheet of its own under the name by which it is captured."""
    names = record_kind(KIND).names
    return Grid(record_kind(KIND).label[language], heads, (tuple(row.get(name, "") for name in names),), KIND, names)


def _class(number: str, language: Language) -> str:
    return words("doc_class_numbered", language).format(number=number) if number else ""


def _codes(scope: ScopeVersion | None, known: Known) -> str:
    return "; ".join(map(known.lot, _units(scope)))


def _units(scope: ScopeVersion | None) -> tuple[str, ...]:
    return scope.units(*(one.value for one in RECALLED)) if scope else ()


def _quantity(scope: ScopeVersion | None, language: Language) -> str:
    """How much came into scope, by class, as the version says."""
    recalled = [one for one in (scope.classes if scope else ()) if one["class"] in set(RECALLED)]
    told = (
        f"{amount['value']} {amount['unit']}".strip() + f" ({words('scope_' + one['class'], language)})"
        for one in recalled
        for amount in one["quantities"]
    )
    return "; ".join(told)


def _pattern(market: str, scope: ScopeVersion | None, known: Known, snapshot: Snapshot) -> str:
    """The market as it was stated, and the countries where the units were held."""
    units = _units(scope)
    rows = snapshot.holdings(HoldingQuery(units=units)) if units else []
    sites = {row.holding.place.id for row in rows if row.holding.place.kind is PlaceKind.SITE}
    countries = ", ".join(sorted({country for site in sites if (country := known.country(site))}))
    return "; ".join(filter(None, (market, countries)))


def _day(move: Move | None) -> str:
    return instant_text(move.at)[:10] if move else ""


def _voluntary(said: object, language: Language) -> str:
    return "" if said is None else words("doc_voluntary" if said else "doc_mandated", language)
