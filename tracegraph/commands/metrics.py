"""`tracegraph metrics`: figures for analysts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.commands.options import AsOf, CertaintyOption, FormOption, Towards
from tracegraph.commands.output import FLAT_FORMS, Form, allowed, write_answer
from tracegraph.commands.session import Session, session_of
from tracegraph.model.custody import Certainty
from tracegraph.model.metrics import Metric, Period

if TYPE_CHECKING:
    from tracegraph.commands.screen import Json, Screen
    from tracegraph.stores.port import Store
    from tracegraph.trace.tracing import Answered


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("metrics")(metrics)


def metrics(
    context: typer.Context,
    metric: Annotated[Metric, typer.Argument()],
    starts: Annotated[list[str] | None, typer.Argument(metavar="[START...]")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="WHAT")] = None,
    direction: Annotated[Towards | None, typer.Option("--direction")] = None,
    certainty: CertaintyOption = Certainty.POSSIBLE,
    measure: Annotated[str | None, typer.Option("--measure", metavar="CODE")] = None,
    period: Annotated[Period, typer.Option("--period")] = Period.ALL,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N")] = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """A figure of everything, or of what the starts reach."""
    from tracegraph.trace.metrics import choose, question_of
    from tracegraph.trace.metrics import metrics as answer

    allowed(form, FLAT_FORMS, "metrics")
    choice = choose(metric.value, by, measure, period.value, limit)
    towards = None if direction is None else direction.value
    question = question_of(choice, *(starts or ()), direction=towards, certainty=certainty.value, as_of=as_of)
    session = session_of(context)
    with session.opened() as store:
        found = answer(store, question, choice, session.language)
        write_answer(found, form, session, lambda answered: _show(answered, session, store))


#: Figures of a metric that are told before its rows, where they are there.
FIGURES = (
    "volume", "ends", "events", "links", "worst", "average", "average_weighted", "backward", "forward",
    "without_volume", "deliveries_without_volume", "places", "inferred_links",
)  # fmt: skip
#: Columns that a table for people leaves to JSON and CSV.
NESTED = ("tiers", "kinds")
#: Columns of ratios, of which people read four digits.
RATIOS = frozenset(
    {"exposure", "share", "hhi", "effective", "mean", "days", "unknown", "precision", "expansion", "percentile"}
    | {"backward", "forward", "score", "lag_median_hours", "lag_95_hours", "average", "average_weighted"}
    | {"median_hours", "hours_95", "longest_hours", "mean_hours", "yield"}
    | {"least_yield", "median_yield", "most_yield", "low", "high"}
)
#: Columns with the name of a site or party where there is one.
NAMED = ("id", "partner", "place", "product", "one", "other")


def _show(answered: Answered, session: Session, store: Store) -> None:
    """Headline, figures, rows, and lists of the metric besides its rows."""
    from tracegraph.commands.screen import Screen

    answer = answered.envelope
    told = answer["result"]["metrics"]
    screen = Screen(session, store, answer)
    of = screen.starts(answer) or screen.word("everything")
    screen.print(screen.word("metrics_headline", metric=screen.word(f"metric_{told['metric']}"), start=of), "bold")
    screen.completeness(answer)
    for name in FIGURES:
        if told.get(name) is not None:
            screen.bullet(f"{screen.word(f'figure_{name}')}: {_figure(screen, told, name)}")
    for name in ("groups", "rows", "bridges", "finished", "frontier", "findings"):
        if told.get(name):
            screen.title(screen.word(f"metrics_{name}"))
            _table(screen, told, told[name])


def _figure(screen: Screen, told: Json, name: str) -> str:
    """Volumes with their unit of measure."""
    if name in ("volume", "worst", "average", "average_weighted"):
        return screen.amount({"value": _read(name, told[name]), "unit": told["unit"]})
    return _read(name, told[name])


def _read(name: str, value: object) -> str:
    """A number as people read it."""
    return f"{float(str(value)):.4g}" if name in RATIOS else str(value)


def _table(screen: Screen, told: Json, rows: list[Json]) -> None:
    columns = [name for name in rows[0] if name not in NESTED and any(row[name] not in (None, "") for row in rows)]
    headings = [f"column_{name}" for name in columns]
    screen.table(headings, ([_cell(screen, name, row[name]) for name in columns] for row in rows), len(rows))


def _cell(screen: Screen, name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value["id"])
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return screen.word("yes" if value else "no")
    return screen.named(str(value)) if name in NAMED else _read(name, value)
