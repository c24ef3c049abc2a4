"""The story as files: one EPCIS 2.0 document per partner, its master data in the header, the same bytes every time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tracegraph.examples.food_outbreak import actors, seed_trade
from tracegraph.examples.food_outbreak.case_sites import tell_cases
from tracegraph.examples.food_outbreak.distribution import tell_distribution
from tracegraph.examples.food_outbreak.facts import DemoFacts, facts_of
from tracegraph.examples.food_outbreak.france import tell_france
from tracegraph.examples.food_outbreak.names import Site
from tracegraph.examples.food_outbreak.seed_trade import tell_seed_trade
from tracegraph.examples.food_outbreak.sprouts import tell_sprouts
from tracegraph.examples.food_outbreak.story import Event, Story

#: What the prefix `tracegraph` of the extensions stands for.
NAMESPACE = "https://tracegraph.dev/ns#"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"tracegraph": NAMESPACE}]
CREATED = "2011-07-25T12:00:00Z"
#: When, and in which of its documents, the importer gave the lot its new number (invented).
RELABELLED = {"document": "https://importer.example/relabelling/2009-12", "date": "2009-12-14"}
#: Lists the starts of all 42 case sites, one a line, for `tracegraph trace backward -`.
CASES_LIST = "cases.txt"
#: The folder, below the one asked for, that holds the partners' files and nothing else.
PARTNERS = "partners"
MASTER_DATA = "urn:epcglobal:cbv:mda#"


def write(folder: Path) -> DemoFacts:
    """Write `partners/*.json` and `cases.txt` below `folder` (made where missing); returns what is true in them."""
    story, case_sites = tell()
    facts = facts_of(story, case_sites, tuple(sorted(story.books)))
    partners = folder / PARTNERS
    partners.mkdir(parents=True, exist_ok=True)
    for name, events in story.books.items():
        (partners / name).write_bytes(document(name, events, story).encode())
    (folder / CASES_LIST).write_bytes("".join(f"{case.start}\n" for case in facts.cases).encode())
    return facts


def tell() -> tuple[Story, list[Site]]:
    """Tell the whole story; returns it with the 42 case sites, the French one last."""
    story = Story()
    tell_seed_trade(story)
    tell_distribution(story)
    market = tell_sprouts(story)
    cases = tell_cases(story, market)
    tell_france(story)
    return story, [*(case.site for case in cases), actors.BEGLES_SITE]


def document(name: str, events: list[Event], story: Story) -> str:
    """One partner's file, an event a line."""
    head: dict[str, Any] = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": CREATED,
        "epcisHeader": {"epcisMasterData": {"vocabularyList": vocabularies(name, story)}},
    }
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(event, ensure_ascii=False) for event in events)
    return f'{opening}, "epcisBody": {{"eventList": [\n{lines}\n]}}}}\n'


def vocabularies(name: str, story: Story) -> list[dict[str, Any]]:
    """The master data that this partner sends: its sites and companies, and the importer's new number."""
    sites = [site for _, site in sorted(story.sites.items()) if site.partner.file == name]
    parties = {site.party.name.key: site for site in sites}
    lists = [
        vocabulary("Location", [location(site) for site in sites]),
        vocabulary("Party", [company(site) for _, site in sorted(parties.items())]),
    ]
    if name == actors.IMPORTER_FILE.file:
        lists.append(vocabulary("EPCClass", [relabelled()]))
    return lists


def vocabulary(kind: str, elements: list[dict[str, Any]]) -> dict[str, Any]:
    """A vocabulary of one type."""
    return {"type": f"urn:epcglobal:epcis:vtype:{kind}", "vocabularyElementList": elements}


def element(key: str, attributes: dict[str, Any]) -> dict[str, Any]:
    """A vocabulary element; attributes without a value are left out."""
    listed = [{"id": name, "attribute": value} for name, value in attributes.items() if value not in ("", None)]
    return {"id": key, "attributes": listed}


def location(site: Site) -> dict[str, Any]:
    """A site's master data: what it is, who runs it, where it lies."""
    town = site.town
    return element(
        site.partner.spell(site.name),
        {
            f"{MASTER_DATA}name": site.title,
            "urn:epcglobal:cbv:owning_party": site.partner.spell(site.party.name),
            f"{MASTER_DATA}city": town.title,
            f"{MASTER_DATA}countryCode": town.country,
            f"{MASTER_DATA}latitude": town.latitude,
            f"{MASTER_DATA}longitude": town.longitude,
            "tracegraph:source": site.source,
            "tracegraph:synthetic": True,
        },
    )


def company(site: Site) -> dict[str, Any]:
    """The master data of whoever runs a site: a role, never a name."""
    return element(
        site.partner.spell(site.party.name),
        {
            f"{MASTER_DATA}name": site.party.title,
            f"{MASTER_DATA}countryCode": site.town.country,
            "tracegraph:synthetic": True,
        },
    )


def relabelled() -> dict[str, Any]:
    """The importer's statement that the exporter's 48088, all of it, is its own 6832, with a GTIN and without."""
    numbers = ({"alias": seed_trade.LOT_6832.key}, {"alias": seed_trade.IMPORTERS_CODE})
    return element(
        seed_trade.LOT_48088.key,
        {
            f"{MASTER_DATA}descriptionShort": "fenugreek seed, organic",
            "tracegraph:alias": [number | RELABELLED for number in numbers],
            "tracegraph:source": "efoodalert (importer renumbered lot 48088 as 6832)",
        },
    )
