"""The log of effectiveness checks: how the consignees to check were drawn, and what each check found.

Content: 21 CFR 7.42(b)(3): levels A to E, method. The seed stands there, so that the sample can be drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tracegraph.messages import Language
from tracegraph.model.values import value
from tracegraph.reports.documents.paper import Cell, Grid, Paper
from tracegraph.reports.documents.recall.grids import part_of
from tracegraph.reports.documents.recall.subject import (
    Address,
    Subject,
    case_part,
    choice,
    document,
    field_label,
    person,
    yes_no,
)
from tracegraph.reports.documents.recall.telling import grid, said

#: The fields of a check (recall/case/actions/check.json) as columns, behind the consignee and how it was drawn.
FIELDS = (
    *("method", "date", "checker", "notice_received", "understood", "followed", "found", "quantity", "measure"),
    *("onward_done", "result", "escalation"),
)
SAMPLE_COLUMNS = ("drawn_on", "level", "level_percent", "drawn_of", "drawn_count", "drawn_by", "seed")
OPEN_COLUMNS = ("consignee_name", "consignee", "stratum", "seed")
_ANSWERS = frozenset({"notice_received", "understood", "followed", "found", "onward_done"})


@value
class Drawn:
    """A consignee of a sample, and the stratum that it was drawn for."""

    who: Address
    stratum: str | None = None


@value
class Sample:
    """One drawing: `level` a to e, of how many consignees, how many, by which seed, by whom, when, at what percentage
    (text; None: as the level says)."""

    level: str
    population: int
    seed: str
    drawn_by: str
    on: str
    percentage: str | None
    drawn: tuple[Drawn, ...]


@value
class Check:
    """One check: of whom, in which sample (None: in none), and the fields of the move."""

    who: Address
    level: str | None
    seed: str | None
    fields: Mapping[str, Any]


def check_log(subject: Subject, samples: tuple[Sample, ...], checks: tuple[Check, ...], language: Language) -> Paper:
    """The log."""
    checked = {one.who.id for one in checks}
    rows = [_sample(one, language) for one in samples]
    open_rows = [
        (one.who.name, one.who.id, one.stratum or "–", sample.seed)
        for sample in samples[-1:]
        for one in sample.drawn
        if one.who.id not in checked
    ]
    return document(
        "check_log",
        subject,
        language,
        (
            case_part(subject, language, ("title", "level", *(["percentage"] if subject.text("level") == "b" else []))),
            part_of(grid("samples", SAMPLE_COLUMNS, rows, language), language),
            part_of(_checks(subject, checks, language), language),
            part_of(
                grid("unchecked", ("consignee_name", "consignee", "stratum", "seed"), open_rows, language), language
            ),
        ),
        optional=("percentage",),
        wide=True,
    )


def _sample(one: Sample, language: Language) -> tuple[Cell, ...]:
    share = one.percentage or said(f"level_share_{one.level}", language)
    drawn = (str(one.population), str(len(one.drawn)), one.drawn_by, one.seed)
    return (one.on, choice("level", one.level, language), share, *drawn)


def _checks(subject: Subject, checks: tuple[Check, ...], language: Language) -> Grid:
    first = grid("checks", ("consignee_name", "consignee", "level", "seed"), (), language)
    heads = (*first.heads, *(field_label("check", name, language) for name in FIELDS))
    rows = tuple(_check(subject, one, language) for one in checks)
    return Grid(first.title, heads, rows, first.name, (*first.names, *FIELDS))


def _check(subject: Subject, one: Check, language: Language) -> tuple[Cell, ...]:
    level = None if one.level is None else choice("level", one.level, language)
    told = (_field(subject, one, name, language) for name in FIELDS)
    return (one.who.name, one.who.id, level or "–", one.seed or "–", *told)


def _field(subject: Subject, one: Check, name: str, language: Language) -> Cell:
    said = one.fields.get(name)
    if name in _ANSWERS:
        return yes_no(said, language)
    if said is None or said == "":
        return "–" if name in ("quantity", "measure", "escalation") else None
    if name == "quantity":
        return Decimal(str(said))
    return choice(name, str(said), language) if name in ("method", "result") else person(subject.people, str(said))
