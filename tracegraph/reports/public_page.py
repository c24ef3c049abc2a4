"""What anybody may know of a unit, as a small page for a telephone: nothing is loaded from elsewhere, no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tracegraph.messages import Language, gap_message, words
from tracegraph.model.custody import Gap
from tracegraph.reports.page import document
from tracegraph.trace.envelope import Json


def public_page(told: Json, language: Language = "en") -> str:
    """The HTML document of tracegraph.access.resolving.public_facts."""
    title = words("public_title", language)
    rows = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in _rows(told, language)
    )
    gap = gap_message(Gap("withheld", told["unit"]["id"], "", ""), language)
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<div class="table"><table><tbody>{rows}</tbody></table></div>',
        f'<p class="banner bad" role="status">{escape(words("incomplete", language))}: <span>{escape(gap)}</span></p>',
    ]
    return document(title, body, language)


def _rows(told: Json, language: Language) -> Iterator[tuple[str, str]]:
    unit, birth = told["unit"], told["birth"] or {}
    unknown = words("public_unknown", language)
    yield words("product", language), unit["name"] or unit["product"] or unknown
    yield words("public_identifier", language), unit["id"]
    yield words("public_birth", language), birth.get("date") or unknown
    yield words("country", language), birth.get("country") or unknown
