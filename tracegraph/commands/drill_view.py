"""What people see of drills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracegraph.commands.screen import Json, Screen, moment, ordered_gaps
from tracegraph.commands.trace_view import MOST_GAPS

if TYPE_CHECKING:
    from tracegraph.commands.session import Session
    from tracegraph.stores.port import Reading


def show_drill(answer: Json, session: Session, store: Reading) -> None:
    """The cover page: what, when, how much was found; then where all of it is, and what passed."""
    screen, drill = Screen(session, store, answer), answer["result"]["drill"]
    verdict = {True: "drill_passed", False: "drill_failed", None: "drill_not_over"}[drill["passed"]]
    screen.print(
        screen.word("drill_headline", case=drill["case"], unit=drill["unit"], verdict=screen.word(verdict)), "bold"
    )
    screen.print(screen.word("drill_banner"), "yellow")
    screen.print()
    _cover(screen, drill)
    _directions(screen, drill)
    _buckets(screen, drill)
    _targets(screen, drill)
    for one in drill["corrective"]:
        screen.bullet(one.get("corrective") or one.get("cause") or "")
    screen.gaps(ordered_gaps(answer), MOST_GAPS)


def _cover(screen: Screen, drill: Json) -> None:
    picked = drill["picked"] or {"how": "chosen"}
    stratum = picked.get("stratum") or {}
    how = screen.word(f"drill_{picked['how']}", seed=picked.get("seed"), age=_age(screen, stratum.get("age")))
    lines = [("drill_lot", f"{drill['unit']} ({how})")]
    lines += [("product", screen.named_fully(one)) for one in drill["products"]]
    for name, at in drill["stamps"].items():
        seconds = drill["seconds"].get(name)
        lines.append((f"stamp_{name}", moment(at) if seconds is None else f"{moment(at)} ({seconds} s)"))
    amount = drill["amount"]
    if amount is not None:
        lines += [(f"drill_{name}", _in(screen, amount, amount[name])) for name in ("in_question", "found")]
        lines.append(("drill_percent", "?" if amount["percent"] is None else f"{amount['percent']} %"))
    for key, text in lines:
        screen.bullet(f"{screen.word(key)}: {text}")


def _age(screen: Screen, age: str | None) -> str:
    return screen.word(f"drill_{age}") if age else ""


def _directions(screen: Screen, drill: Json) -> None:
    """How far both directions go, and what is in scope."""
    if drill["directions"] is None:
        return
    for name, told in drill["directions"].items():
        units, gaps = screen.session.counted("unit", told["units"]), screen.session.counted("gap", told["gaps"])
        complete = screen.word("drill_whole" if told["complete"] else "drill_not_whole")
        screen.bullet(f"{screen.word(f'drill_{name}')}: {units}, {gaps}; {complete}")
    classes = [f"{screen.word('scope_' + one['class'])} {one['units']}" for one in drill["classes"] if one["units"]]
    screen.bullet(f"{screen.word('drill_scope')}: {', '.join(classes)}")


def _buckets(screen: Screen, drill: Json) -> None:
    """Where all of it is, with the sum."""
    account, amount = drill["account"], drill["amount"]
    if account is None:
        return
    screen.title(screen.word("balance"))
    for bucket in account["buckets"]:
        screen.bullet(f"{screen.word('bucket_' + bucket['bucket'])}: {_in(screen, account, bucket['value'])}")
    screen.bullet(
        screen.word("drill_sum", sum=_in(screen, amount, amount["sum"]), amount=_in(screen, amount, account["start"]))
    )


def _targets(screen: Screen, drill: Json) -> None:
    screen.title(screen.word("drill_targets"))
    columns = ("column_target", "column_outcome", "column_limit", "column_observed", "column_source")
    rows = (
        [
            one["name"],
            screen.word(f"drill_outcome_{one['outcome']}"),
            one["limit"],
            one["observed"] or "-",
            one["source"] + ("" if one["verified"] else f" ({screen.word('drill_unverified')})"),
        ]
        for one in drill["targets"]
    )
    screen.table(columns, rows, len(drill["targets"]))


def show_plans(answer: Json, session: Session, store: Reading) -> None:
    """A line for each plan."""
    screen, plans = Screen(session, store, answer), answer["result"]["plans"]
    if not plans:
        overdue_only = answer["question"]["overdue"]
        screen.print(screen.word("drill_none_overdue" if overdue_only else "drill_no_plans"))
        return
    rows = (
        [
            one["plan"],
            screen.named(one["site"]),
            screen.named(one["product"]),
            str(one["months"]),
            f"{one['last']} {moment(one['last_at'])}" if one["last"] else "-",
            moment(one["due"]),
            screen.word("drill_overdue" if one["overdue"] else "drill_in_time"),
        ]
        for one in plans
    )
    columns = (
        "column_plan",
        "column_site",
        "product",
        "column_months",
        "column_last_drill",
        "column_due",
        "column_standing",
    )
    screen.table(columns, rows, len(plans))


def _in(screen: Screen, told: Json, value: str) -> str:
    return screen.amount({"value": value, "unit": told["unit"]})
