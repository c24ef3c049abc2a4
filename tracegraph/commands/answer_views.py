"""The answers to origin, where, balance, show and gaps for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tracegraph.commands.screen import Json, Screen, moment, ordered_gaps, quoted
from tracegraph.commands.trace_view import MOST_GAPS, assumption
from tracegraph.reports.share_text import percent

if TYPE_CHECKING:
    from tracegraph.commands.session import Session
    from tracegraph.stores.port import Reading


def show_origin(answer: Json, session: Session, store: Reading) -> None:
    """The ultimate sources, then every hop."""
    screen, result = Screen(session, store, answer), answer["result"]
    sources = result["sources"]
    unbroken = all(not source["gaps"] for source in sources)
    screen.print(
        screen.word("origin_headline", start=screen.starts(answer), sources=session.counted("source", len(sources)))
        + " "
        + screen.word("chain_unbroken" if unbroken and answer["complete"] else "chain_open"),
        "bold",
    )
    screen.completeness(answer)
    assumption(screen, answer)
    screen.title(screen.word("sources"))
    screen.table(
        ("distance", "certainty", "unit", "place", "party", "since_utc", "gaps"),
        (
            [
                str(source["distance"]),
                screen.certainty(source),
                source["unit"] or screen.word("transformation"),
                screen.place(source),
                screen.named(source["party"]),
                moment(source["since"]),
                ", ".join(source["gaps"]),
            ]
            for source in sources
        ),
        len(sources),
    )
    if result["hops"]:
        screen.title(screen.word("hops"))
        columns = ("since_utc", "unit", "from_place", "to_place", "certainty", "rule")
        screen.table(columns, _hops(screen, answer), len(result["hops"]))
    screen.gaps(ordered_gaps(answer), MOST_GAPS)
    screen.next_steps(_after_origin(screen, answer))


def _hops(screen: Screen, answer: Json) -> Iterator[list[str]]:
    holdings = {holding["id"]: holding for holding in answer["result"]["holdings"]}
    for hop in answer["result"]["hops"]:
        source, target = holdings.get(hop["from"]), holdings.get(hop["to"])
        yield [
            moment(hop["instant"]),
            (target or source or {"unit": ""})["unit"],
            screen.place(source) if source else screen.word("transformation"),
            screen.place(target) if target else screen.word("transformation"),
            screen.certainty(hop),
            hop["rule"],
        ]


def _after_origin(screen: Screen, answer: Json) -> Iterator[tuple[str, str]]:
    for source in answer["result"]["sources"][-1:]:
        if source["unit"]:
            yield f"tracegraph trace forward {quoted(source['unit'])}", screen.word("tip_forward")
    if answer["gaps"]:
        yield "tracegraph gaps", screen.word("tip_gaps")
    yield "tracegraph origin ... --format html > origin.html", screen.word("tip_html")


def show_where(answer: Json, session: Session, store: Reading) -> None:
    """A row for each place where something is or ended."""
    screen, result = Screen(session, store, answer), answer["result"]
    holdings = sorted(result["holdings"], key=lambda holding: (holding["unit"], holding["since"], holding["id"]))
    there = sum(holding["state"] in ("on_hand", "in_transit", "packed") for holding in holdings)
    on = answer["question"]["start"][0].get("on") if answer["question"]["start"] else None
    screen.print(
        screen.word(
            "where_headline",
            start=screen.starts(answer),
            on=screen.word("on_moment", moment=moment(on)) if on else screen.word("now"),
            there=session.counted("stay", there),
            ended=len(holdings) - there,
        ),
        "bold",
    )
    screen.completeness(answer)
    if holdings:
        screen.console.print()
        screen.table(
            ("unit", "place", "party", "state", "remaining", "quantity", "since_utc", "certainty"),
            (
                [
                    holding["unit"],
                    _place_with_containers(screen, holding),
                    screen.named(holding["party"]),
                    screen.word(holding["state"]),
                    screen.amount(holding["remaining"]) or ("?" if holding["quantity"] else ""),
                    screen.amount(holding["quantity"]),
                    moment(holding["since"]),
                    screen.certainty(holding),
                ]
                for holding in holdings
            ),
            len(holdings),
        )
    screen.gaps(ordered_gaps(answer), MOST_GAPS)


def _place_with_containers(screen: Screen, holding: Json) -> str:
    """The place; of packed goods also where their containers are."""
    outside = [screen.place(spot) for spot in holding["inside"]]
    return " < ".join([screen.place(holding), *dict.fromkeys(outside)])


def show_balance(answer: Json, session: Session, store: Reading) -> None:
    """Buckets and what is in them, with their sum."""
    screen, told = Screen(session, store, answer), answer["result"]["balance"]
    on = answer["question"]["start"][0].get("on")
    screen.print(
        screen.word(
            "balance_headline",
            start=screen.starts(answer),
            on=screen.word("on_moment", moment=moment(on)) if on else screen.word("now"),
            amount=_in(screen, told, told["start"]),
            gross=_in(screen, told, told["gross"]),
        ),
        "bold",
    )
    screen.completeness(answer)
    screen.print()
    for bucket in told["buckets"]:
        screen.bullet(f"{screen.word('bucket_' + bucket['bucket'])}: {_in(screen, told, bucket['value'])}")
    for one in told["ratios"]:
        if one["value"] is not None:
            amounts = {name: _in(screen, told, one[name]) for name in ("part", "of")}
            word = screen.word(f"balance_ratio_{one['ratio']}", value=f"{percent(one['value'])} %", **amounts)
            screen.bullet(word)
    screen.title(screen.word("holdings"))
    screen.table(
        ("bucket", "unit", "place", "party", "quantity", "of_all_there"), _lines(screen, told), len(told["rows"])
    )
    _flows(screen, told)
    if told["apart"]:
        screen.title(screen.word("apart"))
        for row in screen.capped(told["apart"]):
            screen.bullet(f"{row['unit']} {screen.amount(row['quantity']) or '?'}")
    screen.gaps(ordered_gaps(answer), MOST_GAPS)


def _flows(screen: Screen, told: Json) -> None:
    """What came in, went out and remains at each stay, and what transformations made."""
    if told["flows"]:
        screen.title(screen.word("balance_flows"))
        screen.table(
            ("since_utc", "unit", "place", "came_in", "went_out", "remaining", "bucket_unaccounted"),
            (
                [moment(row["since"]), row["unit"], screen.place(row)]
                + [_in(screen, told, row[name]) or "?" for name in ("in", "out", "remaining", "unaccounted")]
                for row in told["flows"]
            ),
            len(told["flows"]),
        )
    if told["yields"]:
        screen.title(screen.word("balance_yields"))
        screen.table(
            ("transformation", "place", "came_in", "went_out", "yield"),
            (
                [row["transformation"], screen.place(row)]
                + [_in(screen, told, row[name]) or "?" for name in ("in", "out")]
                + ["?" if row["yield"] is None else f"{percent(row['yield'])} %"]
                for row in told["yields"]
            ),
            len(told["yields"]),
        )


def _lines(screen: Screen, told: Json) -> Iterator[list[str]]:
    for row in told["rows"]:
        yield [
            screen.word(f"bucket_{row['bucket']}"),
            row["unit"] or screen.word("transformation"),
            screen.place(row),
            screen.named(row["party"]),
            _in(screen, told, row["value"]),
            _in(screen, told, row["of"]),
        ]


def _in(screen: Screen, told: Json, value: str | None) -> str:
    return "" if value is None else screen.amount({"value": value, "unit": told["unit"]})


def show_one(answer: Json, session: Session, store: Reading) -> None:
    """The timeline of a unit, the facts of an event, or what a site, party or product is and holds."""
    screen, shown = Screen(session, store, answer), answer["result"]["shown"]
    screen.print(f"{screen.word('show')}: {screen.starts(answer)}", "bold")
    for record in shown.get("records", []):
        details = [f"{name}: {value}" for name, value in record.items() if isinstance(value, str) and name != "id"]
        screen.bullet("; ".join(details))
    for name in ("aliases", "lots", "members", "contents"):
        if shown.get(name):
            screen.print(f"{screen.word(name)}: {', '.join(screen.capped(shown[name]))}")
    _timeline(screen, answer["result"]["holdings"])
    _events(screen, shown.get("events", []))
    screen.gaps(ordered_gaps(answer), MOST_GAPS)


def _timeline(screen: Screen, holdings: list[Json]) -> None:
    if not holdings:
        return
    screen.title(screen.word("holdings"))
    screen.table(
        ("since_utc", "until", "unit", "place", "party", "state", "quantity", "certainty"),
        (
            [
                moment(holding["since"]),
                moment(holding["until"]) or screen.word("open"),
                holding["unit"],
                screen.place(holding),
                screen.named(holding["party"]),
                screen.word(holding["state"]),
                screen.amount(holding["quantity"]),
                screen.certainty(holding),
            ]
            for holding in holdings
        ),
        len(holdings),
    )


def _events(screen: Screen, events: list[Json]) -> None:
    if not events:
        return
    screen.title(screen.word("events"))
    screen.table(
        ("time_utc", "event_type", "action", "step", "place", "units", "event"),
        (
            [
                moment(event["time"]),
                event["type"].removesuffix("Event") + (f" ({screen.word('retracts')})" if event["retracts"] else ""),
                event["action"],
                event["step"],
                screen.named(event["biz_location"] or event["read_point"]),
                _named_units(screen, event["units"]),
                event["event_id"] or event["id"],
            ]
            for event in events
        ),
        len(events),
    )


def _named_units(screen: Screen, units: list[Json]) -> str:
    """The first units of an event with their roles, and how many more."""
    told = [f"{unit['id']} {screen.amount(unit['quantity'])}".strip() for unit in units[:3]]
    more = [screen.word("other", count=len(units) - 3)] if len(units) > 3 else []
    return ", ".join(told + more)


def show_gaps(answer: Json, session: Session, store: Reading) -> None:
    """All gaps, by whom to ask."""
    screen = Screen(session, store, answer)
    gaps = ordered_gaps(answer)
    if not gaps:
        screen.print(screen.word("no_gaps"), "green")
        return
    by_partner: dict[str, list[Json]] = defaultdict(list)
    for gap in gaps:
        for partner in gap["ask"] or [""]:
            by_partner[partner].append(gap)
    partners = sorted(by_partner, key=lambda key: (not key, -len(by_partner[key]), key))
    asked = session.counted("partner", len(partners) - ("" in by_partner))
    screen.print(screen.word("gaps_headline", gaps=session.counted("gap", len(gaps)), partners=asked), "bold")
    left = session.rows or len(gaps) + len(partners)
    for partner in partners:
        if left <= 0:
            screen.print(screen.word("more_in_json"), "italic")
            return
        screen.title(f"{screen.word('ask')} {screen.named_fully(partner)}" if partner else screen.word("ask_anybody"))
        for gap in by_partner[partner][:left]:
            screen.bullet(screen.with_names(gap["message"], gap))
        left -= len(by_partner[partner])


VIEWS: dict[str, Callable[[Json, Session, Reading], None]] = {}
VIEWS.update({"origin": show_origin, "where": show_where, "balance": show_balance, "show": show_one, "gaps": show_gaps})
