"""An answer as one page for people: nothing is loaded from elsewhere, no script, readable in print and in the dark."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from tracegraph.messages import Language, gap_message, words
from tracegraph.model.custody import INCOMPLETE_GAPS, Gap
from tracegraph.reports.drawing import drawing
from tracegraph.reports.share_text import share_text
from tracegraph.reports.short import short_name
from tracegraph.reports.svg import amount, place_name, svg
from tracegraph.trace.envelope import Json
from tracegraph.trace.tracing import Answered

MOST_ROWS = 500


def page(answered: Answered, language: Language = "en") -> str:
    """The HTML document. The first 500 units and holdings are listed; the graph groups places where it is large."""
    told = answered.envelope
    title = _title(told["question"], language)
    body = [
        f"<h1>{escape(title)}</h1>",
        _meta(told, language),
        _banner(told, language),
        _numbers(told, language),
        *_graph(answered, language),
        *_gaps(told["gaps"], language),
        *_units(told["result"]["units"], language),
        *_holdings(told["result"]["holdings"], language),
        f"<details><summary>{escape(words('question', language))}</summary>",
        f"<pre>{escape(json.dumps(told['question'], ensure_ascii=False, indent=1))}</pre></details>",
    ]
    return document(title, body, language)


def document(title: str, body: Iterable[str], language: Language, style: str = "") -> str:
    """A whole document around the parts of its body; `style`: more of it than all pages have."""
    tag = "zh-Hans" if language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_style()}{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return files("tracegraph.reports").joinpath("page.css").read_text(encoding="utf-8")


def _title(question: Json, language: Language) -> str:
    kind: str = question["kind"]
    heading: str = f"trace_{question['direction']}" if kind == "trace" else kind
    name = words("gaps_title" if kind == "gaps" else heading, language)
    starts = [short_name(next(iter(start.values()))) for start in question["start"][:3]]
    return f"{name}: {', '.join(starts)}{' …' if len(question['start']) > 3 else ''}" if starts else name


def _meta(told: Json, language: Language) -> str:
    known, count = told["as_of"]["known"] or "—", told["as_of"]["ledger"]["count"]
    entries = "—" if count is None else count
    starts = ", ".join(next(iter(start.values())) for start in told["question"]["start"][:10])
    parts = [
        f"{escape(words('as_known', language))} <b>{escape(known)}</b>",
        f"{escape(words('ledger', language))} <b>{entries}</b> {escape(words('entries', language))}",
        f"{escape(words('certainty', language))} <b>{escape(words(told['question']['certainty'], language))}</b>",
        escape(starts),
    ]
    return f'<p class="meta">{" · ".join(part for part in parts if part)}</p>'


def _banner(told: Json, language: Language) -> str:
    if told["complete"]:
        return f'<p class="banner good" role="status">{escape(words("complete", language))}</p>'
    reasons = [words("incomplete_limit", language)] if told["frontier"] else []
    reasons += [told["result"]["paths_left_out"]["message"]] if "paths_left_out" in told["result"] else []
    if any(gap["kind"] in INCOMPLETE_GAPS for gap in told["gaps"]):
        reasons.append(words("incomplete_gaps", language))
    why = "; ".join(reasons)
    return (
        f'<p class="banner bad" role="status">{escape(words("incomplete", language))}: <span>{escape(why)}</span></p>'
    )


def _numbers(told: Json, language: Language) -> str:
    result = told["result"]
    counts = [
        (words(name, language), len(result[name])) for name in ("units", "holdings", "sites", "parties", "events")
    ]
    items = "".join(f"<li><b>{count}</b>{escape(name)}</li>" for name, count in counts)
    return f'<ul class="numbers">{items}</ul>'


def _graph(answered: Answered, language: Language) -> Iterable[str]:
    if not answered.trail.nodes:
        yield f'<p class="note">{escape(words("nothing", language))}</p>'
        return
    picture = drawing(answered.trail)
    holdings = {holding["id"]: holding for holding in answered.envelope["result"]["holdings"]}
    yield f'<div class="graph" tabindex="0" aria-label="{escape(words("graph", language))}">'
    yield svg(picture, holdings, language)
    yield "</div>"
    yield _legend(language)
    if picture.grouped:
        yield f'<p class="note">{escape(words("grouped", language))}</p>'


def _legend(language: Language) -> str:
    """What lines and colours mean."""
    solid = '<path class="leg" d="M0 7H30"/>'
    dashed = '<path class="leg possible" d="M0 7H30"/>'
    entries = [(solid, "confirmed"), (dashed, "possible")]
    for kind, name in (("site", "on_hand"), ("transit", "in_transit"), ("container", "packed"), ("sink", "sink")):
        entries.append((f'<rect class="{kind}" x="13" y="0" width="4" height="14" rx="2"/>', name))
    entries.append(('<g class="box"><circle cx="15" cy="7" r="6"/></g>', "transformation"))
    items = "".join(
        f'<li><svg width="30" height="14" aria-hidden="true">{mark}</svg>{escape(words(name, language))}</li>'
        for mark, name in entries
    )
    return f'<ul class="legend" aria-label="{escape(words("legend", language))}">{items}</ul>'


def _gaps(gaps: list[Json], language: Language) -> Iterable[str]:
    yield f"<h2>{escape(words('gaps_title', language))}</h2>"
    if not gaps:
        yield f'<p class="note">{escape(words("no_gaps", language))}</p>'
        return
    yield '<ul class="gaps">'
    for gap in gaps[:MOST_ROWS]:
        ask = f"{escape(words('ask', language))}: {escape(', '.join(gap['ask']))} · " if gap["ask"] else ""
        hides = ' class="hides"' if gap["kind"] in INCOMPLETE_GAPS else ""
        small = f"<small>{ask}{escape(gap['kind'])} · {escape(gap['event'])}</small>"
        yield f"<li{hides}>{escape(_message(gap, language))}{small}</li>"
    yield "</ul>"
    yield from _shown(len(gaps), language)


def _message(gap: Json, language: Language) -> str:
    """The gap's sentence in the language of the page, whatever the answer's was."""
    return gap_message(Gap(gap["kind"], gap["unit"], gap["place"], gap["event"], detail=gap["detail"]), language)


def _units(units: list[Json], language: Language) -> Iterable[str]:
    columns: dict[str, Callable[[Json], str]] = {
        "unit": lambda row: _cell(row["id"]),
        "product": lambda row: _cell(row["product"] or ""),
        "distance": lambda row: f'<td class="number">{row["distance"]}</td>',
        "certainty": lambda row: _certainty(row, language),
        **_share_column(units),
    }
    return _table("units", units, columns, language)


def _holdings(holdings: list[Json], language: Language) -> Iterable[str]:
    columns: dict[str, Callable[[Json], str]] = {
        "unit": lambda row: _cell(row["unit"]),
        "place": lambda row: _cell(place_name(row["place"]["kind"], row["place"]["id"], language)),
        "party": lambda row: _cell(row["party"] or ""),
        "since": lambda row: f'<td class="time">{escape(row["since"])}</td>',
        "until": lambda row: f'<td class="time">{escape(row["until"] or "")}</td>',
        "quantity": lambda row: f'<td class="number">{escape(amount(row["quantity"]))}</td>',
        "remaining": lambda row: f'<td class="number">{escape(amount(row["remaining"]))}</td>',
        "state": lambda row: _cell(words(row["state"], language)),
        "certainty": lambda row: _certainty(row, language),
        **_share_column(holdings),
    }
    return _table("holdings", holdings, columns, language)


def _share_column(rows: list[Json]) -> dict[str, Callable[[Json], str]]:
    """Shares, where they were asked for."""
    if not any("share" in row for row in rows):
        return {}
    return {"share": lambda row: f'<td class="number">{escape(share_text(row["share"]))}</td>'}


def _table(name: str, rows: list[Json], columns: dict[str, Callable[[Json], str]], language: Language) -> Iterable[str]:
    if not rows:
        return
    yield f"<h2>{escape(words(name, language))}</h2>"
    heads = "".join(_head(column, language) for column in columns)
    yield f'<div class="table"><table><thead><tr>{heads}</tr></thead><tbody>'
    for row in rows[:MOST_ROWS]:
        yield f"<tr>{''.join(cell(row) for cell in columns.values())}</tr>"
    yield "</tbody></table></div>"
    yield from _shown(len(rows), language)


def _head(column: str, language: Language) -> str:
    kind = ' class="number"' if column in ("distance", "quantity", "remaining", "share") else ""
    return f'<th scope="col"{kind}>{escape(words(column, language))}</th>'


def _shown(count: int, language: Language) -> Iterable[str]:
    if count > MOST_ROWS:
        text = words("rows_shown", language).format(shown=MOST_ROWS, count=count)
        yield f'<p class="note">{escape(text)}</p>'


def _cell(value: Any) -> str:
    return f"<td>{escape(str(value))}</td>"


def _certainty(row: Json, language: Language) -> str:
    name = escape(words(row["certainty"], language))
    return f'<td><em class="possible">{name}</em></td>' if row["certainty"] == "possible" else f"<td>{name}</td>"
