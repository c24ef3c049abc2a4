"""The graph of an answer as one inline SVG picture: goods flow from left to right, what is possible is dashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from tracegraph.messages import Language, words
from tracegraph.model.custody import Holding, PlaceKind
from tracegraph.model.instants import instant_text
from tracegraph.reports.drawing import Box, Drawing, Line
from tracegraph.reports.layout import HEIGHT, Layout, Spot, layout
from tracegraph.reports.short import clipped, short_name

LETTERS = 22


def svg(drawing: Drawing, holdings: Mapping[str, dict[str, Any]], language: Language, style: str = "") -> str:
    """The picture. `holdings` are the answer's holdings by id, for states and quantities; `style`: rules that it brings
    with it, where the page around it has none."""
    placed = layout(drawing)
    label = escape(words("graph", language))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{placed.width:.0f}" height="{placed.height:.0f}" '
        f'viewBox="0 0 {placed.width:.0f} {placed.height:.0f}" role="group" aria-label="{label}">',
        *([f"<style>{style}</style>"] if style else []),
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0.5 8 4 0 7.5z"/></marker></defs>',
        *_heads(placed, language),
        *(_line(line, placed, language) for line in drawing.lines),
        *(_box(box, placed.spots[box.key], holdings, language) for box in drawing.boxes),
        "</svg>",
    ]
    return "\n".join(parts)


def _heads(placed: Layout, language: Language) -> Iterable[str]:
    for x, first, last in placed.heads:
        far = "" if first == last else f"–{abs(last)}"
        name = words("start", language) if first == last == 0 else f"{abs(first)}{far} {_side(first, language)}"
        yield f'<text class="head" x="{x:.0f}" y="28">{escape(name)}</text>'


def _side(distance: int, language: Language) -> str:
    return words("upstream" if distance < 0 else "downstream", language)


def _line(line: Line, placed: Layout, language: Language) -> str:
    certainty = "confirmed" if line.confirmed else "possible"
    told = f"{words(certainty, language)}: {', '.join(sorted(line.rules))}"
    path = _curve(placed.spots[line.source], placed.spots[line.target])
    return f'<path class="leg {certainty}" d="{path}" marker-end="url(#tip)"><title>{escape(told)}</title></path>'


def _curve(source: Spot, target: Spot) -> str:
    """From the right side of one box to the left side of the other; within a column, or back, around the boxes."""
    x1, y1, x2, y2 = source.x + source.width, source.middle, target.x - 2, target.middle
    if x2 > x1:
        bend = max(24.0, (x2 - x1) / 2)
        return f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    over = min(y1, y2) - HEIGHT
    return f"M{x1:.1f} {y1:.1f}C{x1 + 70:.1f} {over:.1f} {x2 - 70:.1f} {over:.1f} {x2:.1f} {y2:.1f}"


def _box(box: Box, spot: Spot, holdings: Mapping[str, dict[str, Any]], language: Language) -> str:
    title, lines = _words_of(box, holdings, language)
    kinds = ["box", "confirmed" if box.confirmed else "possible", *(["start"] if box.start else [])]
    body = _circle(spot) if box.node is not None and not isinstance(box.node, Holding) else _card(box, spot, lines)
    text = escape(title)
    return f'<g class="{" ".join(kinds)}" tabindex="0" role="img" aria-label="{text}"><title>{text}</title>{body}</g>'


def _circle(spot: Spot) -> str:
    radius = spot.width / 2
    return f'<circle cx="{spot.x + radius:.1f}" cy="{spot.middle:.1f}" r="{radius - 2:.1f}"/>'


def _card(box: Box, spot: Spot, lines: list[str]) -> str:
    kind = "unknown" if box.others else box.place.kind.value
    texts = [
        f'<text class="{style}" x="{spot.x + 16:.1f}" y="{spot.y + height:.1f}">{escape(line)}</text>'
        for style, height, line in zip(("id", "where", "quiet"), (21, 38, 54), lines, strict=False)
    ]
    more = f'<text class="more" x="{spot.x + spot.width - 16:.1f}" y="{spot.y + 20:.1f}">+</text>' if box.more else ""
    return (
        f'<rect class="body" x="{spot.x:.1f}" y="{spot.y:.1f}" width="{spot.width:.0f}" '
        f'height="{spot.height:.0f}" rx="8"/><rect class="{kind}" x="{spot.x + 5:.1f}" y="{spot.y + 8:.1f}" '
        f'width="4" height="{spot.height - 16:.0f}" rx="2"/>'
        f"{''.join(texts)}{more}"
    )


def _words_of(box: Box, holdings: Mapping[str, dict[str, Any]], language: Language) -> tuple[str, list[str]]:
    """The full text of a box for its title, and the short lines drawn in it."""
    certainty = words("confirmed" if box.confirmed else "possible", language)
    more = [words("more_behind", language)] if box.more else []
    if box.told:
        name, *others = box.told
        return "\n".join([*filter(None, box.told), certainty]), [
            clipped(name, LETTERS),
            *(clipped(one, 28) for one in others),
        ]
    if isinstance(box.node, Holding):
        told = holdings.get(box.node.id, {})
        state = words(told["state"], language) if told else ""
        place = place_name(box.node.place.kind, box.node.place.id, language)
        day = instant_text(box.node.since)[:10]
        facts = " · ".join(
            part for part in (state if state != place else "", amount(told.get("quantity")), day) if part
        )
        full = [box.node.unit, place, facts, instant_text(box.node.since), certainty, *more]
        short = place_name(box.node.place.kind, short_name(box.node.place.id), language)
        return "\n".join(full), [clipped(short_name(box.node.unit), LETTERS), clipped(short, 26), clipped(facts, 27)]
    if box.node is not None:
        return "\n".join([words("transformation", language), box.node.transformation, certainty, *more]), []
    counts = f"{box.number} {words('holdings', language)} · {len(box.units)} {words('units', language)}"
    if box.others:
        name = words("other", language).format(count=box.others)
        return "\n".join([name, counts, certainty, *more]), [name, counts, certainty]
    full_name = place_name(box.place.kind, box.place.id, language)
    short = place_name(box.place.kind, short_name(box.place.id), language)
    return "\n".join([full_name, counts, certainty, *more]), [clipped(short, LETTERS), clipped(counts, 28), certainty]


def place_name(kind: PlaceKind | str, name: str, language: Language) -> str:
    """A place in a few words: its id where it is a site or a party, else what it is."""
    match PlaceKind(kind):
        case PlaceKind.SITE | PlaceKind.PARTY:
            return name
        case PlaceKind.TRANSIT:
            return words("in_transit", language)
        case PlaceKind.CONTAINER:
            return f"{words('packed', language)}: {name}"
        case PlaceKind.SINK:
            return f"{words('sink', language)}: {name}"
        case PlaceKind.UNKNOWN:
            return words("unknown", language)


def amount(quantity: dict[str, Any] | None) -> str:
    """`100 KGM`, or nothing where the number is not known."""
    if not quantity or quantity["value"] is None:
        return ""
    return f"{quantity['value']} {quantity['unit']}".strip()
