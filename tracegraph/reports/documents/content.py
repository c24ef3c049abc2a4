"""A document as data, its hash, and what stands over and at the end of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tracegraph.messages import words
from tracegraph.model.instants import optional_text
from tracegraph.model.quantity import decimal_text
from tracegraph.reports.documents.paper import Cell, Entry, Grid, Made, Paper, Part, Picture
from tracegraph.stores.ledger import digest
from tracegraph.trace.envelope import Json


def marks(paper: Paper) -> tuple[str, ...]:
    """What stands over each page and sheet: that it is a drill, in both languages, then its own marks."""
    return (*([words("paper_drill", paper.language)] if paper.drill else []), *paper.marks)


def content(paper: Paper) -> Json:
    """Everything that the document says, as JSON: numbers as decimal text, null for what nobody recorded."""
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "language": paper.language,
        "drill": paper.drill,
        "marks": list(marks(paper)),
        "lacking": list(paper.lacking),
        "parts": [_part(part) for part in paper.parts],
        "notes": list(paper.notes),
        "made": None if paper.made is None else _made(paper.made),
    }


def content_hash(paper: Paper) -> str:
    """SHA-256 of the content as canonical JSON (RFC 8785), written `sha256:` and 64 hex digits."""
    return digest(_canonical(content(paper)))


def ending(paper: Paper) -> tuple[Part, ...]:
    """What is needed to make the document again, and how to see that it is the same; none where it does not say."""
    made, language = paper.made, paper.language
    if made is None:
        return ()
    told = (
        Entry(
            words("paper_until", language), optional_text(made.known) or words("paper_everything", language), "known"
        ),
        Entry(words("paper_head", language), made.head, "head"),
        Entry(words("paper_hash", language), content_hash(paper), "hash"),
    )
    return (Part(words("paper_made", language), (*made.parameters, *told), name="made"),)


def _canonical(told: Json) -> bytes:
    import rfc8785

    return rfc8785.dumps(told)


def _part(part: Part) -> Json:
    return {
        "name": part.name,
        "title": part.title,
        "texts": list(part.texts),
        "entries": [_entry(one) for one in part.entries],
        "pictures": [_picture(picture) for picture in part.pictures],
        "grids": [_grid(grid) for grid in part.grids],
    }


def _picture(picture: Picture) -> Json:
    """Boxes by number with their words, and the lines between them."""
    boxes, lines = picture.drawing.boxes, picture.drawing.lines
    numbers = {box.key: number for number, box in enumerate(boxes)}
    return {
        "title": picture.title,
        "boxes": [list(box.told) for box in boxes],
        "lines": [[numbers[line.source], numbers[line.target]] for line in lines],
    }


def _entry(one: Entry) -> Json:
    return {"name": one.name, "label": one.label, "value": _cell(one.value)}


def _grid(grid: Grid) -> Json:
    return {
        "name": grid.name,
        "title": grid.title,
        "columns": list(grid.names),
        "heads": list(grid.heads),
        "rows": [[_cell(cell) for cell in row] for row in grid.rows],
    }


def _made(made: Made) -> Json:
    parameters = [_entry(one) for one in made.parameters]
    return {"parameters": parameters, "known": optional_text(made.known), "head": made.head}


def _cell(cell: Cell) -> Any:
    return decimal_text(cell) if isinstance(cell, Decimal) else cell
