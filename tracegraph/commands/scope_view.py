"""A scope for people: how many units of each class, every unit with why, windows, what is missing; and what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tracegraph.commands.screen import Json, Screen, Sheet, moment, ordered_gaps
from tracegraph.commands.trace_view import MOST_GAPS

if TYPE_CHECKING:
    from tracegraph.commands.session import Session
    from tracegraph.stores.port import Reading

COLUMNS = ("scope_class", "distance", "unit", "scope_grade", "scope_why")


def show_scope(answer: Json, session: Session, store: Reading) -> None:
    """Counts and amounts by class, then a row for each unit, then windows and what stopped, then the gaps."""
    screen, told = Screen(session, store, answer), answer["result"]["scope"]
    screen.print(f"{screen.word('scope')}: {screen.starts(answer)}", "bold")
    show_entries(screen, told["classes"], told["entries"], lambda: screen.completeness(answer))
    _windows(screen, told)
    screen.gaps(ordered_gaps(answer), MOST_GAPS)


def show_entries(
    screen: Screen, classes: list[Json], entries: list[Json], between: Callable[[], None] | None = None
) -> None:
    """Counts and amounts by class, what is said `between`, and a row for each unit."""
    for one in classes:
        if one["units"]:
            screen.bullet(_count(screen, one))
    if between is not None:
        between()
    if entries:
        screen.console.print()
        screen.table(COLUMNS, _rows(screen, entries), len(entries))


def _count(screen: Screen, one: Json) -> str:
    """How many units of a class, and how much of them came into scope."""
    amounts = [screen.amount(quantity) for quantity in one["quantities"]]
    amounts += [screen.word("scope_unknown", count=one["unknown"])] if one["unknown"] else []
    named = f"{screen.word('scope_' + one['class'])}: {one['units']}"
    return f"{named} ({', '.join(amounts)})" if amounts else named


def _rows(screen: Screen, entries: list[Json]) -> Iterator[list[str]]:
    for one in entries:
        yield [
            screen.word(f"scope_{one['class']}"),
            str(one["distance"]),
            one["unit"],
            screen.word(f"scope_{one['grade']}"),
            _why(screen, one),
        ]


def _why(screen: Screen, one: Json) -> str:
    """The rules that hit a unit, or that it was reached; who cleared it."""
    said = [
        f"{screen.word('scope_rule_' + rule['rule'])}{': ' + ', '.join(rule['because']) if rule['because'] else ''}"
        for rule in one["rules"]
    ]
    override = one.get("override")
    if override is not None:
        key = "scope_override" if override["lapsed_by"] is None else "scope_lapsed"
        said.insert(0, screen.word(key, actor=override["actor"] or "?", reason=override["reason"]))
    return "; ".join(said) or screen.word("scope_reached")


def _windows(screen: Screen, told: Json) -> None:
    """The windows of clean breaks, and where an assumption stopped the trail."""
    lines = [
        screen.word(
            "scope_window",
            line=one["line"] or "*",
            site=screen.named(one["site"]),
            since=moment(one["from"]) or "…",
            until=moment(one["to"]) or "…",
        )
        for one in told["windows"]
    ]
    lines += [
        screen.word("scope_stopped", event=one["transformation"], when=moment(one["instant"]))
        for one in told["stopped"]
    ]
    for text in lines:
        screen.bullet(text)


def show_difference(changed: Json, after: Json, session: Session, store: Reading) -> None:
    """What came, went and changed, each with the reasons."""
    screen = Screen(session, store, after)
    counts = {name: len(changed[name]) for name in ("added", "removed", "changed")}
    screen.print(screen.word("scope_compared", **counts), "bold")
    for name, rows in ((name, changed[name]) for name in counts):
        if rows:
            screen.title(screen.word(f"scope_{name}"))
        for row in screen.capped(rows):
            show_row_of_difference(screen, row)


def show_row_of_difference(screen: Sheet, row: Json) -> None:
    """One unit with its class before and after, and because of what."""
    screen.bullet(_change(screen, row), "; ".join(_reason(screen, one) for one in row["why"]))


def _change(screen: Sheet, row: Json) -> str:
    ends = [_state(screen, row[end]) for end in ("before", "after") if row[end] is not None]
    return f"{row['unit']}: {' → '.join(ends)}"


def _state(screen: Sheet, name: str) -> str:
    """A class, or the certainty of a trace."""
    return screen.word(name if name == "confirmed" else f"scope_{name}")


def _reason(screen: Sheet, one: Json) -> str:
    match one["kind"]:
        case "record":
            return screen.word("scope_why_record", name=one["id"], actor=one["actor"] or "?", reason=one["reason"])
        case "event":
            return screen.word("scope_why_event", event=one["id"])
    return screen.word("scope_why_question", part=one["id"])
