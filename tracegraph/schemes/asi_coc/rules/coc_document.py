"""ASI-COC-DOC: each delivery of certified material has a chain-of-custody document with all of its fields, under a
certificate that was valid, for the quantity that was booked.

Source: a list of fields that nobody verified in public text.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.accounts.factors import unit_ratio
from tracegraph.claims.certificates import standing
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.material import CERTIFIED, Book, Flow
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import deliveries, kept, shown, uncounted

#: The type of the document.
TYPE = "coc"


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each delivery of certified material; about its claim where that is on record, else about its account."""
    yield from uncounted(world, parameters)
    for book in kept(world, parameters):
        for account, flow in deliveries(book, *CERTIFIED):
            claim = world.row("claim", flow.posting.text("claim"))
            yield _documented(world, book, claim or account, flow, parameters.words("document_fields"))


def _documented(world: World, book: Book, about: Row, flow: Flow, fields: tuple[str, ...]) -> Found:
    number = flow.posting.text("document")
    words: dict[str, str | Decimal] = {"posting": flow.posting.id, "document": number}
    if not number:
        return failed(about, case="undocumented", words=words, evidence=(flow.posting,))
    document = world.row("document", f"{TYPE} | {number.replace('|', '||')}")
    if document is None:
        return missing(about, words=words, evidence=(flow.posting,))
    evidence = (flow.posting, document)
    lacking = ", ".join(name for name in fields if not document.given(name))
    if lacking:
        words["lacking"] = lacking
        return failed(about, case="incomplete", words=words, limit=", ".join(fields), evidence=evidence)
    return _right(world, book, about, flow, document, words)


def _right(world: World, book: Book, about: Row, flow: Flow, document: Row, words: dict[str, str | Decimal]) -> Found:
    evidence = (flow.posting, document)
    ratio = unit_ratio(document.text("unit"), book.unit)
    stated = None if ratio is None else Fraction(document.number("quantity") or 0) * ratio
    if stated != flow.amount:
        words |= {"stated": f"{document.text('quantity')} {document.text('unit')}", "booked": shown(flow.amount)}
        words["unit"] = book.unit
        observed = words["stated"]
        return failed(about, case="quantity", words=words, observed=observed, limit=words["booked"], evidence=evidence)
    certificate = world.row("certificate", document.text("certificate"))
    words["certificate"] = document.text("certificate")
    if certificate is None:
        return missing(about, case="no_certificate", words=words, evidence=evidence)
    stands = standing(world, certificate, document.first("date") or 0)
    words["state"] = stands.state
    say, case = (passed, "") if stands.valid else (failed, "invalid")
    all_ = (*evidence, *stands.evidence)
    return say(about, case=case, words=words, observed=stands.state, limit="valid", evidence=all_)
