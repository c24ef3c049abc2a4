"""Section 4, fully recorded: sub-locations, master data, parties, ancestors, packing without a place."""

from __future__ import annotations

from tests.simulator.chapters.register import recorded
from tests.simulator.clerk import Event, without
from tests.simulator.identifiers import Site
from tests.simulator.story import Story


def _chain(story: Story, a: Site, b: Site) -> tuple[list[Event], list[Event]]:
    """A lot is made at one site, partly moved and used at both; returns the events at each site."""
    before = len(story.clerk.book)
    lot = story.made(a, 20)
    load = story.ship([(lot, 12)], a, b)
    at_a = [page.event for page in story.clerk.book[before:]]
    arrival = story.receive(load)
    story.used(lot, b)
    at_b = [arrival, story.clerk.book[-1].event]
    story.used(lot, a)
    return [*at_a, story.clerk.book[-1].event], at_b


@recorded
def docks_by_extension(story: Story) -> None:
    """readPoints are docks whose SGLN extension belongs to the site's GLN; some events have no bizLocation."""
    a, b = story.site("sgln"), story.site("digital_link")
    at_a, at_b = _chain(story, a, b)
    for site, events in ((a, at_a), (b, at_b)):
        for event in events:
            event["readPoint"] = {"id": site.dock}
            if story.chance.random() < 0.5:
                without(event, "bizLocation")
    story.met("4 extended_sgln")


@recorded
def points_on_a_map(story: Story) -> None:
    """readPoints are coordinates; the site is said by bizLocation, or by the source of a shipment."""
    a, b = story.sites(2)
    at_a, at_b = _chain(story, a, b)
    for event in (*at_a, *at_b):
        event["readPoint"] = {"id": f"geo:{story.chance.randrange(-80, 80)}.25,{story.chance.randrange(-170, 170)}.5"}
    story.met("4 geo")


@recorded
def docks_by_master_data(story: Story) -> None:
    """Docks with names of their own, children of their site in the header; no bizLocation at the first site."""
    a, b = story.sites(2)
    doors = [story.names.opaque("dock") for _ in range(2)]
    story.clerk.describe("Location", a.written, {"urn:epcglobal:cbv:mda#name": "Mill"}, doors)
    at_a, _ = _chain(story, a, b)
    for event in at_a:
        without(event, "bizLocation")["readPoint"] = {"id": story.chance.choice(doors)}
    story.met("4 dock_by_master_data")


@recorded
def docks_by_business_location(story: Story) -> None:
    """Docks with names of their own that nothing explains but the bizLocation of the same event."""
    a, b = story.sites(2)
    at_a, at_b = _chain(story, a, b)
    for event in (*at_a, *at_b):
        if "bizLocation" in event:
            event["readPoint"] = {"id": story.names.opaque("dock")}
    story.met("4 dock_by_biz_location")


@recorded
def source_is_elsewhere(story: Story) -> None:
    """The source is the head office, which holds nothing: the goods leave the readPoint."""
    office, a, b = story.sites(3)
    lot = story.made(a, 20)
    load = story.ship([(lot, 12)], a, b)
    load.event["sourceList"][0]["source"] = office.written
    without(story.receive(load), "sourceList")
    story.used(lot, b)
    story.used(lot, a)
    story.met("4 leaves_read_point")


@recorded
def scanned_elsewhere(story: Story) -> None:
    """The source of a shipment holds the goods, the readPoint (the office's printer) does not."""
    office, a, b = story.sites(3)
    lot = story.made(a, 20)
    load = story.ship([(lot, 12)], a, b)
    load.event["readPoint"] = {"id": office.written}
    story.receive(load)
    story.used(lot, b)
    story.used(lot, a)
    story.met("4 leaves_source")


@recorded
def used_at_business_location(story: Story) -> None:
    """A use is read at one site and placed, by bizLocation, at the site that holds the goods."""
    office, a = story.sites(2)
    lot = story.made(a, 20)
    story.used(lot, a, 6)
    story.clerk.book[-1].event["readPoint"] = {"id": office.written}
    story.used(lot, a)
    story.met("4 leaves_biz_location")


@recorded
def owners(story: Story) -> None:
    """Owners and possessors are named beside the locations; ownership moves no goods."""
    a, b = story.sites(2)
    parties = [story.names.party() for _ in range(4)]
    lot = story.made(a, 20)
    load = story.ship([(lot, 12)], a, b)
    arrival = story.receive(load)
    for event in (load.event, arrival):
        for side, owner, possessor in (("source", *parties[:2]), ("destination", *parties[2:])):
            event[f"{side}List"] = [
                {"type": "owning_party", side: owner},
                {"type": "possessing_party", side: possessor},
                *event[f"{side}List"],
            ]
    story.used(lot, b)
    story.used(lot, a)
    story.met("4 owner_and_possessor")


@recorded
def customer_without_site(story: Story) -> None:
    """The destination is a party; the receipt names the party and the site."""
    a, b = story.sites(2)
    customer = story.names.party()
    lot = story.made(a, 20)
    load = story.ship([(lot, 12)], a, b)
    load.event["destinationList"] = [{"type": "possessing_party", "destination": customer}]
    arrival = story.receive(load)
    arrival["destinationList"].append({"type": "possessing_party", "destination": customer})
    story.used(lot, b)
    story.used(lot, a)
    story.met("4 destination_party")


@recorded
def party_holds(story: Story) -> None:
    """Goods are made, kept and shipped where only the organisation is known."""
    a, b = story.sites(2)
    maker = story.names.party()
    lot = story.made(a, 20)
    load = story.ship([(lot, 20)], a, b)
    load.event["destinationList"] = [{"type": "possessing_party", "destination": maker}]
    arrival = without(story.receive(load), "readPoint", "bizLocation")
    arrival["destinationList"] = [{"type": "possessing_party", "destination": maker}]
    story.met("4 party")


@recorded
def hall_of_a_campus(story: Story) -> None:
    """Sent to a campus, received in one of its halls."""
    a, campus, hall = story.sites(3)
    story.clerk.describe("Location", campus.written, {"urn:epcglobal:cbv:mda#name": "Campus"}, [hall.written])
    lot = story.made(a, 20)
    load = story.ship([(lot, 12)], a, campus)
    story.receive(load, hall)["destinationList"][0]["destination"] = campus.written
    story.used(lot, hall)
    story.used(lot, a)
    story.met("4 destination_ancestor")


@recorded
def packed_without_place(story: Story) -> None:
    """Packing and unpacking name no place: they happen where the parent is."""
    a, b = story.sites(2)
    tote, lot, item = story.tote(a), story.made(a, 20), story.made(a, 1, story.item())
    story.see([tote], a)
    without(story.pack(tote, [(lot, 8), item], a), "readPoint", "bizLocation")
    story.move([tote], a, b)
    without(story.unpack(tote, b), "readPoint", "bizLocation")
    story.used(lot, b)
    story.used(item, b)
    story.used(lot, a)
    story.met("4 pack_no_place", "4 unpack_no_place")
