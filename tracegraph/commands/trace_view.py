"""The answer to a trace for people: a headline, where everything is, what is missing and whom to ask, what next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from tracegraph.commands.screen import Json, Screen, moment, ordered_gaps, quoted
from tracegraph.reports.share_text import share_text

if TYPE_CHECKING:
    from tracegraph.commands.session import Session
    from tracegraph.stores.port import Reading
    from tracegraph.trace.answer import Listed
    from tracegraph.trace.tracing import Answered

#: Gaps that a trace shows; `tracegraph gaps` shows all.
MOST_GAPS = 8
#: Places shown of one unit; `tracegraph where` shows all.
MOST_PLACES = 5
UNIT_COLUMNS = ("distance", "certainty", "unit", "place", "state", "quantity", "since_utc")


def show_trace(answered: Answered, session: Session, store: Reading) -> None:
    """Print it. Of a large answer only what is shown is made."""
    listed = answered.listed
    assert listed is not None, "an answer to a trace says what it lists"
    counts = _row_counts(listed)
    order = sorted(counts, key=_farthest_first(listed)) if _is_backward(answered) else list(counts)
    shown = _until(order, counts, session.rows)
    answer = answered.frame | {"result": listed.part(shown)}
    screen = Screen(session, store, answer)
    headline(screen, answer, listed)
    if counts:
        screen.console.print()
        _table(screen, answer, shown, sum(counts.values()))
    _paths(screen, answer, listed)
    screen.gaps(ordered_gaps(answer), MOST_GAPS)
    screen.next_steps(next_steps(screen, answer, listed))


def _table(screen: Screen, answer: Json, shown: Sequence[str], count: int) -> None:
    """Where everything is; with shares where they were asked for, and what they are shares of."""
    about = answer["result"].get("shares")
    columns = (*UNIT_COLUMNS, "share") if about else UNIT_COLUMNS
    screen.table(columns, unit_rows(screen, answer, shown), count)
    if about:
        screen.print(screen.word(f"share_of_{about['of']}"), "italic")


def _row_counts(listed: Listed) -> dict[str, int]:
    """How many rows of the table each unit has, nearest units first."""
    ended: Counter[str] = Counter()
    for unit, is_over, state in listed.holdings.states():
        if not is_over or state in _FINAL:
            ended[unit] += 1
    return {key: min(ended[key], MOST_PLACES) or 1 for key in listed.units.keys}


def _is_backward(answered: Answered) -> bool:
    return bool(answered.frame["question"]["direction"] == "backward")


def _farthest_first(listed: Listed) -> Callable[[str], int]:
    return lambda key: -listed.units.distance[key]


def _until(order: Sequence[str], counts: Mapping[str, int], rows: int) -> list[str]:
    """The first units that fill so many rows (0: all units)."""
    filled = accumulate((counts[key] for key in order), initial=0)
    return [key for key, before in zip(order, filled, strict=False) if not rows or before < rows]


def headline(screen: Screen, answer: Json, listed: Listed) -> None:
    """How much was reached, how sure that is, and whether it is all."""
    units, counted = listed.units, screen.session.counted
    kinds = Counter(units.kind(key, listed.rows) for key in units.keys)
    named = [counted(kind, kinds[kind]) for kind in ("lot", "item") if kind in kinds]
    screen.print(
        screen.word(
            "trace_headline",
            title=screen.word(f"trace_{answer['question']['direction']}"),
            start=screen.starts(answer),
            units=screen.word("and").join(named) or counted("lot", 0),
            places=_places(screen, answer["result"]),
            confirmed=len(units.confirmed),
            possible=len(units.keys) - len(units.confirmed),
        ),
        "bold",
    )
    screen.completeness(answer)
    assumption(screen, answer)
    _assumed(screen, answer)


def assumption(screen: Screen, answer: Json) -> None:
    """What was assumed where lot numbers are missing, and how much wider the scope is for it."""
    told = answer["result"].get("inference")
    if told is None:
        return
    counts = {kind: told[kind] for kind in ("units", "sites")}
    words = {kind: str(count["inferred"]) for kind, count in counts.items()}
    words |= {f"explicit_{kind}": str(count["explicit"]) for kind, count in counts.items()}
    screen.print(screen.word("inference", mode=told["mode"], **words), "italic")


def _assumed(screen: Screen, answer: Json) -> None:
    """What joined by other assumptions, and where they stopped the trace."""
    told = answer["result"].get("assumed")
    if told is None:
        return
    units = {row["unit"] for row in told["joined"]}
    screen.print(screen.word("assumed", units=len(units), stopped=len(told["stopped"])), "italic")


def _places(screen: Screen, result: Json) -> str:
    """At how many sites, and of how many organisations where the records name any."""
    sites = screen.session.counted("site", len(result["sites"]))
    if not result["parties"]:
        return sites
    return screen.word("sites_of", sites=sites, parties=screen.session.counted("party", len(result["parties"])))


def unit_rows(screen: Screen, answer: Json, order: Sequence[str]) -> Iterator[list[str]]:
    """A row for each unit and place where it ended up; the nearest first, in a backward trace the farthest."""
    holdings: dict[str, list[Json]] = defaultdict(list)
    for holding in answer["result"]["holdings"]:
        holdings[holding["unit"]].append(holding)
    units = {unit["id"]: unit for unit in answer["result"]["units"]}
    for key in order:
        yield from _rows_of_unit(screen, units[key], _ends(holdings[key]))


def _rows_of_unit(screen: Screen, unit: Json, ends: list[Json]) -> Iterator[list[str]]:
    """The first places with the unit's name beside the first one, then how many more there are."""
    first = [str(unit["distance"]), screen.certainty(unit), unit["id"]]
    if not ends:
        yield [*first, "", "", "", "", *_share(unit)]
    shown = ends if len(ends) <= MOST_PLACES else ends[: MOST_PLACES - 1]
    for number, holding in enumerate(shown):
        yield [
            first[0] if number == 0 else "",
            screen.certainty(holding),
            first[2] if number == 0 else "",
            screen.place(holding),
            screen.word(holding["state"]),
            screen.amount(_left(holding)),
            moment(holding["since"]),
            *_share(holding),
        ]
    if len(shown) < len(ends):
        more = screen.word("more_places", count=len(ends) - len(shown))
        yield ["", "", "", more, "", "", "", *("" for _ in _share(unit))]


def _share(element: Json) -> list[str]:
    """The only cell of a row's last column, where shares were asked for."""
    return [share_text(element["share"])] if "share" in element else []


def _ends(holdings: list[Json]) -> list[Json]:
    """Where the unit is or ended; where all of it went on, the last place on the trail."""
    ended = [holding for holding in holdings if holding["until"] is None or holding["state"] in _FINAL]
    last = ended or sorted(holdings, key=lambda holding: (holding["since"], holding["id"]))[-1:]
    return sorted(last, key=lambda holding: (holding["certainty"], holding["since"], holding["id"]))


_FINAL = ("sold", "consumed", "destroyed", "unaccounted")


def _left(holding: Json) -> Json | None:
    """What is there: what remains where that is known, else what came in."""
    remaining: Json | None = holding["remaining"]
    known = remaining is not None and remaining["value"] not in (None, "0")
    return remaining if known and holding["until"] is None else holding["quantity"]


def _paths(screen: Screen, answer: Json, listed: Listed) -> None:
    """The recorded events on the way, where they were asked for."""
    if not answer["result"]["paths"]:
        return
    paths = screen.capped(answer["result"]["paths"])
    passed = {hop["to"] for path in paths for hop in path["hops"]}
    holdings = {holding["id"]: holding for holding in listed.holdings.values(lambda id, _: id in passed)}
    screen.title(screen.word("paths"))
    for path in paths:
        screen.bullet(f"{path['unit']} ({screen.certainty(path)})")
        for hop in path["hops"]:
            target = holdings.get(hop["to"])
            place = screen.place(target) if target else screen.word("transformation")
            unit = f"{target['unit']}: " if target else ""
            screen.print(f"    {moment(hop['instant'])}  {unit}{place}  [{hop['rule']}, {hop['event']}]")


def next_steps(screen: Screen, answer: Json, listed: Listed) -> Iterator[tuple[str, str]]:
    """What an investigator would ask now."""
    question, units = answer["question"], listed.units
    start = " ".join(quoted(_written(start)) for start in question["start"][:3])
    direction = question["direction"]
    if answer["frontier"]:
        yield f"tracegraph trace {direction} {start} ... --format json > part.json", screen.word("tip_save")
        yield f"tracegraph trace {direction} --resume part.json", screen.word("tip_resume")
    if question["certainty"] == "possible" and len(units.confirmed) < len(units.keys):
        yield f"tracegraph trace {direction} {start} --certainty confirmed", screen.word("tip_confirmed")
    if direction == "forward" and "unit" in question["start"][0]:
        yield f"tracegraph where {quoted(question['start'][0]['unit'])}", screen.word("tip_where")
    elif direction == "backward" and units.keys:
        yield f"tracegraph trace forward {quoted(units.keys[-1])}", screen.word("tip_forward")
    if answer["gaps"]:
        yield "tracegraph gaps", screen.word("tip_gaps")
    yield f"tracegraph trace {direction} {start} --format html > trace.html", screen.word("tip_html")


def _written(start: Json) -> str:
    """A start as it is typed."""
    kind, key = next(iter(start.items()))
    return str(start.get("asked") or key) if kind == "unit" else f"{kind}:{key}"
