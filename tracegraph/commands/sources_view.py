"""What people see of cases and of what they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tracegraph.commands.screen import Json, Screen, moment, ordered_gaps, quoted
from tracegraph.commands.trace_view import MOST_GAPS

if TYPE_CHECKING:
    from tracegraph.commands.session import Session
    from tracegraph.stores.port import Reading

#: Titles by the kind of candidates.
TITLES = {"unit": "units", "site": "sites", "party": "parties", "product": "products"}
#: Digits of numbers in a table for people.
SHOWN = 3


def show_cases(answer: Json, session: Session, store: Reading) -> None:
    """A row for each case."""
    screen, cases = Screen(session, store, answer), answer["result"]["cases"]
    if not cases:
        screen.print(screen.word("no_cases"))
        return
    screen.table(
        ("case", "role", "place", "unit", "exposed", "weight"),
        (
            [
                case["case"],
                screen.word(f"role_{case['role']}"),
                screen.named(case["place"]),
                case["unit"] or "",
                _span(case["exposed_from"], case["exposed_to"]),
                case["weight"],
            ]
            for case in cases
        ),
        len(cases),
    )


def _span(begin: str | None, end: str | None) -> str:
    return "" if begin is None and end is None else f"{moment(begin)} – {moment(end)}"


def show_sources(answer: Json, session: Session, store: Reading) -> None:
    """Candidates by kind under every method, the smallest sets, and what may be missing."""
    screen, told = Screen(session, store, answer), answer["result"]["sources"]
    controls = sum(case["role"] == "control" for case in told["cases"])
    counted = session.counted("case", len(told["cases"]) - controls), session.counted("control", controls)
    screen.print(screen.word("sources_headline", cases=counted[0], controls=counted[1]), "bold")
    screen.print(told["association"], "yellow")
    screen.completeness(answer)
    for case in screen.capped([case for case in told["cases"] if case["problem"]]):
        screen.bullet(f"{case['case']}: {case['problem']}")
    for kind, count in told["candidates"].items():
        rows = [row for row in told["rows"] if row["kind"] == kind]
        if rows:
            screen.title(screen.word("candidates_of", kind=screen.word(TITLES[kind]), shown=len(rows), count=count))
            _table(screen, rows, controls > 0)
            _covers(screen, next(cover for cover in told["covers"] if cover["kind"] == kind))
    screen.gaps(ordered_gaps(answer), MOST_GAPS)
    screen.next_steps(_next_steps(screen, told["rows"]))


def _table(screen: Screen, rows: list[Json], controlled: bool) -> None:
    columns = ["rank", "candidate", "coverage", "only_confirmed", "specificity", "by_walk", "forgiving", "by_distance"]
    columns += ["controls", "adjusted"] if controlled else []
    screen.table([*columns, "without_one"], (_cells(screen, row, controlled) for row in rows), len(rows))


def _cells(screen: Screen, row: Json, controlled: bool) -> list[str]:
    named = screen.named(row["id"])
    cells = [
        str(row["rank"]),
        named if named == row["id"] else f"{named} ({row['id']})",
        _short(row["coverage"]["score"]),
        _short(row["coverage"]["confirmed"]),
        _short(row["specificity"]),
        _ranked(row["likelihood"]["posterior"], row["likelihood"]["rank"]),
        _ranked(row["forgiving"]["posterior"], row["forgiving"]["rank"]),
        _ranked(row["effective_distance"]["mean"], row["effective_distance"]["rank"]),
    ]
    if controlled:
        cells += [str(len(row["controls"])), _short(row["enrichment"]["adjusted"])]
    found = row["leave_one_out"]
    return [*cells, f"{found['best']}–{found['worst']}" if found["best"] != found["worst"] else str(found["best"])]


def _ranked(value: str | None, rank: int) -> str:
    """A method's value, and the rank that it gives."""
    return "-" if value is None else f"{_short(value)} (#{rank})"


def _short(value: str) -> str:
    return f"{float(value):.{SHOWN}g}"


def _covers(screen: Screen, cover: Json) -> None:
    """The smallest sets, where no single candidate explains every case."""
    if cover["size"] > 1:
        screen.print(screen.word("covers_headline", size=cover["size"]))
        for found in screen.capped(cover["sets"]):
            screen.bullet(" + ".join(" / ".join(screen.named(one) for one in group) for group in found))
        if not cover["all"]:
            screen.print(screen.word("covers_more"), "italic")


def _next_steps(screen: Screen, rows: list[Json]) -> Iterator[tuple[str, str]]:
    for row in [row for row in rows if row["kind"] == "unit"][:1]:
        yield f"tracegraph trace forward {quoted(row['id'])}", screen.word("tip_forward")
    yield "tracegraph sources ... --format json", screen.word("tip_source_paths")
