"""Cases of recall for people: all of them, one with what was done, a version of the scope, what changed, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tracegraph.commands.scope_view import show_entries, show_row_of_difference
from tracegraph.commands.screen import Json, Screen, Sheet
from tracegraph.commands.session import Session
from tracegraph.recall.case.actions import action_kind

if TYPE_CHECKING:
    from tracegraph.stores.port import Reading

CASES = ("case", "type", "title", "state", "scope", "approved", "opened", "last")
DONE = ("number", "at", "action", "actor", "reason", "said")
VERSIONS = ("version", "at", "author", "units", "decided", "reason")
TASKS = ("case", "task", "due")
HOLDS = ("unit", "blocked", "since", "case", "type", "why")
#: So many tasks of each kind are shown with a case.
FEW = 3
KINDS_OF_CHANGE = ("added", "removed", "changed")


def show_cases(session: Session, answer: Json, store: Reading) -> None:
    """A line for each case."""
    sheet, rows = Sheet(session), answer["result"]["recalls"]
    _table(sheet, CASES, ([_case_cell(sheet, name, row) for name in CASES] for row in rows), len(rows))


def show_case(session: Session, answer: Json, store: Reading) -> None:
    """What is known of a case, its scope versions, what is to be done, what was done, and what may be done now."""
    sheet, told = Sheet(session), answer["result"]["recall"]
    sheet.print(f"{told['case']}: {told['title']}", "bold")
    sheet.print(sheet.word("recall_stands", type=_type(sheet, told), state=_state(sheet, told["state"])))
    for name, value in told["facts"].items():
        if name not in ("title", "type"):
            sheet.bullet(f"{_label(session, 'open', name)}: {_plain(sheet, value)}")
    _versions(sheet, told["versions"])
    if told["tasks"]:
        sheet.title(sheet.word("recall_tasks"))
        _show_few_tasks(sheet, told["tasks"])
    sheet.title(sheet.word("recall_steps"))
    _table(sheet, DONE, (list(_done(sheet, row)) for row in told["done"]), len(told["done"]))
    sheet.print()
    sheet.print(sheet.word("recall_possible", actions=", ".join(told["allowed"])))


def _show_few_tasks(sheet: Sheet, tasks: list[Json]) -> None:
    """The first ones of each kind, and how many more there are."""
    counted = Counter(task["kind"] for task in tasks)
    for kind, count in counted.items():
        for task in [one for one in tasks if one["kind"] == kind][:FEW]:
            sheet.bullet(_task(sheet, task))
        if count > FEW:
            sheet.print(sheet.word("recall_more_tasks", count=count - FEW), "italic")


def show_tasks(session: Session, tasks: list[Json]) -> None:
    """A line for each thing to do, with its case."""
    sheet = Sheet(session)
    if not tasks:
        sheet.print(sheet.word("recall_no_tasks"))
    for task in tasks:
        sheet.bullet(f"{task['case']}: {_task(sheet, task)}")


def _task(sheet: Sheet, task: Json) -> str:
    due = sheet.word("recall_due", due=_minute(task["due"])) if task["due"] else ""
    return f"{sheet.word('recall_task_' + task['kind'], about=task['about'], detail=task['detail'])}{due}"


def show_version(session: Session, version: Json, store: Reading) -> None:
    """A version of the scope: counts by class, then each unit with why."""
    screen = Screen(session, store, {"as_of": {"ledger": version["ledger"]}})
    title = screen.word("recall_version", number=version["version"], author=version["author"] or "?")
    screen.print(f"{title} ({_minute(version['at'])}): {version['reason']}".removesuffix(": "), "bold")
    show_entries(screen, version["classes"], version["entries"])
    if not version["complete"]:
        screen.print(screen.word("recall_incomplete", count=version["gaps"]), "yellow")


def show_changes(session: Session, changes: Json, store: Reading) -> None:
    """What came, went and changed from one version to another, each with the reasons."""
    sheet = Sheet(session)
    counts = {name: len(changes[name]) for name in KINDS_OF_CHANGE}
    ends = {"before": changes["from"]["version"], "after": changes["to"]["version"]}
    sheet.print(sheet.word("recall_compared", **ends, **counts), "bold")
    for name in KINDS_OF_CHANGE:
        if changes[name]:
            sheet.title(sheet.word(f"scope_{name}"))
        for row in sheet.capped(changes[name]):
            show_row_of_difference(sheet, _in_classes(row))


def show_holds(session: Session, answer: Json) -> None:
    """A line for each hold on each unit, and for each unit that is free or not known."""
    sheet, rows = Sheet(session), [line for row in answer["result"]["holds"] for line in _held(row)]
    _table(sheet, HOLDS, ([_hold_cell(sheet, name, row) for name in HOLDS] for row in rows), len(rows))


def _held(row: Json) -> list[Json]:
    """A line for each hold: of a unit that was asked for, or of one that is on hold."""
    if "holds" not in row:
        return [row | {"blocked": "blocked", "why": row["reason"]}]
    free = {"blocked": "free" if row["known"] else "unknown", "since": None, "case": None, "type": None, "why": ""}
    state = "part" if row["part"] else "blocked"
    held = [one | {"blocked": "part" if one["part"] else state, "why": one["reason"] or ""} for one in row["holds"]]
    return [{**one, "unit": row["unit"]} for one in held or [free]]


def _hold_cell(sheet: Sheet, name: str, row: Json) -> str:
    match name:
        case "blocked":
            return sheet.word(f"recall_hold_{row[name]}")
        case "since":
            return _minute(row[name]) if row[name] else ""
        case "type":
            return _type(sheet, row) if row[name] else ""
    return _plain(sheet, row[name])


def _in_classes(row: Json) -> Json:
    """The row with the class of the unit before and after, as scopes that are compared have it."""
    return row | {end: None if row[end] is None else row[end]["class"] for end in ("before", "after")}


def _versions(sheet: Sheet, versions: list[Json]) -> None:
    if versions:
        sheet.title(sheet.word("recall_versions"))
        _table(
            sheet, VERSIONS, ([_version_cell(sheet, name, row) for name in VERSIONS] for row in versions), len(versions)
        )


def _case_cell(sheet: Sheet, name: str, row: Json) -> str:
    match name:
        case "state":
            return _state(sheet, row[name])
        case "type":
            return _type(sheet, row)
        case "opened" | "last":
            return _minute(row[name])
    return _plain(sheet, row[name])


def _version_cell(sheet: Sheet, name: str, row: Json) -> str:
    if name == "decided":
        told = row[name]
        return "" if told is None else f"{_label(sheet.session, told['action'])} ({told['actor']})"
    return _minute(row[name]) if name == "at" else _plain(sheet, row[name])


def _done(sheet: Sheet, row: Json) -> Iterator[str]:
    yield str(row["number"])
    yield _minute(row["at"])
    yield _label(sheet.session, row["action"])
    yield row["actor"]
    yield row["reason"]
    yield "; ".join(
        f"{_label(sheet.session, row['action'], name)}: {_plain(sheet, value)}" for name, value in _said(row)
    )


def _said(row: Json) -> Iterator[tuple[str, Any]]:
    """What a move says in words; what a program added to it is for programs."""
    known = {one.name for one in action_kind(row["action"]).fields}
    return ((name, value) for name, value in row["parts"].items() if name in known)


def _minute(text: str) -> str:
    """When something was done, to the minute."""
    return text[:16].replace("T", " ")


def _state(sheet: Sheet, state: str) -> str:
    return sheet.word(f"recall_state_{state}")


def _type(sheet: Sheet, row: Json) -> str:
    return sheet.word(f"recall_type_{row['type']}")


def _label(session: Session, action: str, field: str = "") -> str:
    kind = action_kind(action)
    if not field:
        return kind.label[session.language]
    return next((one.label[session.language] for one in kind.fields if one.name == field), field)


def _plain(sheet: Sheet, value: Any) -> str:
    if isinstance(value, bool):
        return sheet.word("yes" if value else "no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _table(sheet: Sheet, names: tuple[str, ...], rows: Iterator[list[str]], count: int) -> None:
    sheet.table([f"recall_column_{name}" for name in names], rows, count)
