"""Answers of /api/v1 to who looks for something: lists, page by page."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tracegraph.api.v1.model_parts import AsOf, FrontierEntry, Gap, Identifier, Instant, Told


class SearchAsked(Told):
    """What was looked for."""

    text: str
    among: Literal["units", "sites", "parties", "products"]
    product: str | None
    kind: Literal["lot", "item"] | None
    limit: int
    after: str | None


class SearchQuestion(Told):
    """A search as it was understood."""

    kind: Literal["search"]
    start: list[str] = Field(max_length=0)
    search: SearchAsked
    as_of: Instant | None


class Found(Told):
    """Something that was found: how, and how good (1 to 100); null where no text was looked for."""

    id: Identifier
    name: str | None
    match: Literal["identifier", "other_number", "lot_number", "part", "alike"] | None
    likeness: int | None = Field(ge=1, le=100)


class FoundUnit(Found):
    """A unit."""

    kind: Literal["lot", "item"]
    product: Identifier | None


class FoundParty(Found):
    """A party."""

    country: str | None


class FoundSite(FoundParty):
    """A site; `parent`: the site that it is a part of; `party`: who runs it."""

    parent: Identifier | None
    party: Identifier | None


class Page(Told):
    """`next`: hand it back as `cursor` for the next page."""

    next: str | None


class UnitPage(Page):
    """Units."""

    units: list[FoundUnit]


class SitePage(Page):
    """Sites."""

    sites: list[FoundSite]


class PartyPage(Page):
    """Parties."""

    parties: list[FoundParty]


class ProductPage(Page):
    """Products."""

    products: list[Found]


class ListAnswer(Told):
    """A page of a list; complete: no page follows."""

    tracegraph: str
    question: SearchQuestion
    as_of: AsOf
    complete: bool
    frontier: list[FrontierEntry] = Field(max_length=0)
    gaps: list[Gap] = Field(max_length=0)


class UnitList(ListAnswer):
    """Units."""

    result: UnitPage


class SiteList(ListAnswer):
    """Sites."""

    result: SitePage


class PartyList(ListAnswer):
    """Parties."""

    result: PartyPage


class ProductList(ListAnswer):
    """Products."""

    result: ProductPage
