"""What the records know: units, events, sites, parties and products, to look for and to look at."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from tracegraph.api.problems import CONTRADICTION, NOT_FOUND, WRONG_REQUEST
from tracegraph.api.routes import Routes
from tracegraph.api.v1 import list_models, models
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.parameters import Asked, EventId, ListAsked, PartyId, ProductId, SiteId, UnitId, UnitListAsked
from tracegraph.api.v1.replying import Reply, Replying, told
from tracegraph.trace.search import Among

units = Routes("/api/v1/units", "units")
events = Routes("/api/v1/events", "events")
sites = Routes("/api/v1/sites", "sites")
parties = Routes("/api/v1/parties", "parties")
products = Routes("/api/v1/products", "products")


@units.get(
    "",
    "read",
    summary="Look for units",
    operation_id="list_units",
    problems=[WRONG_REQUEST, NOT_FOUND],
    responses=told(list_models.UnitList, "A page of units", example("units")),
)
def list_units(asked: Annotated[UnitListAsked, Query()], reply: Reply) -> Response:
    """All units that the caller may know, by id; or those that `q` finds, best first: by any identifier, another
    number, a supplier's lot number, a part of an identifier or name, or similar spelling. `Link` leads to the next
    page."""
    return _page(reply, "units", asked, product=asked.product, kind=asked.kind)


@units.get(
    "/{id:path}",
    "read",
    summary="Show a unit",
    operation_id="show_unit",
    problems=[NOT_FOUND, WRONG_REQUEST, CONTRADICTION],
    responses=told(models.UnitAnswer, "The unit with its timeline", example("unit")),
)
def show_unit(id: UnitId, asked: Annotated[Asked, Query()], reply: Reply) -> Response:
    """One unit by any identifier that it is known by: its other numbers, lots, members, contents, events, and all its
    stays in the order of time."""
    return _show(reply, f"unit:{id}", asked)


@events.get(
    "/{id:path}",
    "read",
    summary="Show an event",
    operation_id="show_event",
    problems=[NOT_FOUND, WRONG_REQUEST, CONTRADICTION],
    responses=told(models.EventAnswer, "The event and what it did", example("event")),
)
def show_event(id: EventId, asked: Annotated[Asked, Query()], reply: Reply) -> Response:
    """One event by its id here, content hash or eventID: what it says, what it opened, and where the goods came from.
    Its EPCIS form is at /epcis/events/{eventID}."""
    return _show(reply, f"event:{id}", asked)


@sites.get(
    "",
    "read",
    summary="Look for sites",
    operation_id="list_sites",
    problems=[WRONG_REQUEST, NOT_FOUND],
    responses=told(list_models.SiteList, "A page of sites", example("sites")),
)
def list_sites(asked: Annotated[ListAsked, Query()], reply: Reply) -> Response:
    """All sites with master data or goods, by id; or those that `q` finds by id or name, best first."""
    return _page(reply, "sites", asked)


@sites.get(
    "/{id:path}",
    "read",
    summary="Show a site",
    operation_id="show_site",
    problems=[NOT_FOUND, WRONG_REQUEST, CONTRADICTION],
    responses=told(models.RecordAnswer, "The site and what is or was there", example("site")),
)
def show_site(id: SiteId, asked: Annotated[Asked, Query()], reply: Reply) -> Response:
    """One site: its master data, and everything that is or was held there."""
    return _show(reply, f"site:{id}", asked)


@parties.get(
    "",
    "read",
    summary="Look for parties",
    operation_id="list_parties",
    problems=[WRONG_REQUEST, NOT_FOUND],
    responses=told(list_models.PartyList, "A page of parties", example("parties")),
)
def list_parties(asked: Annotated[ListAsked, Query()], reply: Reply) -> Response:
    """All parties with master data or goods, by id; or those that `q` finds by id or name, best first."""
    return _page(reply, "parties", asked)


@parties.get(
    "/{id:path}",
    "read",
    summary="Show a party",
    operation_id="show_party",
    problems=[NOT_FOUND, WRONG_REQUEST, CONTRADICTION],
    responses=told(models.RecordAnswer, "The party and what it holds or held", example("party")),
)
def show_party(id: PartyId, asked: Annotated[Asked, Query()], reply: Reply) -> Response:
    """One party: its master data, and everything that it holds or held."""
    return _show(reply, f"party:{id}", asked)


@products.get(
    "",
    "read",
    summary="Look for products",
    operation_id="list_products",
    problems=[WRONG_REQUEST, NOT_FOUND],
    responses=told(list_models.ProductList, "A page of products", example("products")),
)
def list_products(asked: Annotated[ListAsked, Query()], reply: Reply) -> Response:
    """All products with units or master data, by id; or those that `q` finds by id or name, best first."""
    return _page(reply, "products", asked)


@products.get(
    "/{id:path}",
    "read",
    summary="Show a product",
    operation_id="show_product",
    problems=[NOT_FOUND, WRONG_REQUEST, CONTRADICTION],
    responses=told(models.RecordAnswer, "The product and where its units are or were", example("product")),
)
def show_product(id: ProductId, asked: Annotated[Asked, Query()], reply: Reply) -> Response:
    """One product: its master data, and every stay of its units."""
    return _show(reply, f"product:{id}", asked)


def _page(reply: Replying, among: Among, asked: ListAsked, **chosen: Any) -> Response:
    graph = reply.graph_in(asked.lang)
    return reply.send_page(
        lambda: graph.search(asked.q, among, limit=asked.limit, after=asked.cursor, as_of=asked.as_of, **chosen),
        asked.lang,
    )


def _show(reply: Replying, start: str, asked: Asked) -> Response:
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.show(start, as_of=asked.as_of), asked.lang)
