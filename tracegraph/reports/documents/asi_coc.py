"""The chain-of-custody document of one delivery, from its record, its certificate and the claims on it.

What a field is for is said by its kind of record; which fields a complete one has is a parameter of the pack `asi_coc`.
"""

from __future__ import annotations

from tracegraph.claims.certificates import Standing, standing
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row, day
from tracegraph.claims.world import World
from tracegraph.errors import UnknownIdentifier
from tracegraph.messages import Language, words
from tracegraph.reports.documents.paper import Cell, Entry, Grid, Paper, Part, entry, label
from tracegraph.reports.documents.sources import Source, named

#: The type of the record.
TYPE = "coc"
#: The fields of a complete document, in their order.
FIELDS = (
    *("issuer", "recipient", "date", "certificate", "material", "product", "goods", "quantity", "unit", "model"),
    *("statement", "hash"),
)
#: Those without which it is complete all the same.
OPTIONAL = frozenset({"product", "goods", "hash"})
_OF_CERTIFICATE = ("scheme", "standard", "holder", "body", "stage", "issued", "expires")


def asi_coc(source: Source, number: str, language: Language) -> Paper:
    """The document of that number. Raises UnknownIdentifier where no record of type `coc` has it."""
    world = source.world
    row = next((row for row in world.by("document", "document", number) if row.text("type") == TYPE), None)
    if row is None:
        raise UnknownIdentifier(
            f"no document {number!r} of type {TYPE} is on record; record it with its fields first", number
        )
    return Paper(
        words("paper_coc", language),
        number,
        language,
        (_delivery(world, row, language), *_certified(world, row, language), *_claims(world, number, language)),
        tuple(label("document", name, language) for name in FIELDS if name not in OPTIONAL and not row.given(name)),
        source.notes(language),
    )


def _delivery(world: World, row: Row, language: Language) -> Part:
    said: dict[str, Cell] = {
        "issuer": named(world, row.text("issuer")),
        "recipient": named(world, row.text("recipient")),
        "product": named(world, row.text("product"), "product"),
        "model": _model(row.text("model"), language),
    }
    number = Entry(label("document", "document", language), row.text("document"))
    return Part("", (number, *(entry(row, name, language, said.get(name)) for name in FIELDS)))


def _model(text: str, language: Language) -> Cell:
    """The model in words, where it is one of the five; else as it was stated."""
    known = text.lower() in set(Model)
    return f"{words(f'model_{text.lower()}', language)} ({text.upper()})" if known else text or None


def _certified(world: World, row: Row, language: Language) -> tuple[Part, ...]:
    certificate = world.row("certificate", row.text("certificate"))
    if certificate is None:
        return ()
    stands = standing(world, certificate, row.first("date") or 0)
    said: dict[str, Cell] = {name: named(world, certificate.text(name)) for name in ("holder", "body")}
    entries = tuple(entry(certificate, name, language, said.get(name)) for name in _OF_CERTIFICATE)
    return (Part(words("paper_certificate", language), (*entries, _state(stands, language))),)


def _state(stands: Standing, language: Language) -> Entry:
    return Entry(words("paper_state", language).format(day=day(stands.at)), words(f"standing_{stands.state}", language))


def _claims(world: World, number: str, language: Language) -> tuple[Part, ...]:
    names = ("claim", "line", "quantity", "unit", "percent", "text")
    rows = world.by("claim", "document", number)
    if not rows:
        return ()
    cells = tuple(tuple(entry(row, name, language).value for name in names) for row in rows)
    heads = tuple(label("claim", name, language) for name in names)
    return (Part("", (), (Grid(words("paper_claims", language), heads, cells),)),)
