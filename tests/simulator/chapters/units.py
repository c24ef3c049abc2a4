"""Section 3, fully recorded: kinds of identifiers, members, aliases, samples, relabelling."""

from __future__ import annotations

from tests.simulator.chapters.register import recorded
from tests.simulator.identifiers import RESOLVER, Unit
from tests.simulator.story import Story, at


@recorded
def every_scheme(story: Story) -> None:
    """A unit of each scheme is made, moved and used; no product knows of another's material."""
    a, b = story.sites(2)
    scheme = story.chance.choice(("opaque", "sgtin", "digital_link", "sscc"))
    for unit in (story.item(scheme), story.lot("opaque"), story.lot("lgtin"), story.lot("digital_link")):
        story.made(a, 12, unit)
        story.move([unit], a, b)
        story.used(unit, b)


@recorded
def returnable_asset(story: Story) -> None:
    """A returnable asset (GRAI) is an item like any other where it is itself repaired and used up."""
    a, b = story.sites(2)
    crate = story.tote(a, "grai")
    story.carriers.discard(crate.key)
    story.met("3 item_grai")
    story.move([crate], a, b)
    story.used(crate, b)


def _serialised(story: Story, how: str) -> tuple[Unit, list[Unit], str]:
    gtin, reference = story.names.gtin()
    code = f"B{story.names.number()}"
    lot = story.know(story.names.lot_of(gtin, reference, code))
    story.asked_as[lot.key] = [lot.key, *lot.written]
    items = [story.know(story.names.item_of(gtin, reference, f"S{n}", code if how == "ai" else None)) for n in range(3)]
    story.members[lot.key] = [item.key for item in items]
    story.met(f"3 member_{how}", "3 start_lot_members")
    return lot, items, code


def _members_live(story: Story, items: list[Unit], code: str | None) -> None:
    a, b = story.sites(2)
    for item in items:
        raw = story.lot()
        story.born(raw, a, 5)
        event = story.turn([raw], [item], a)
        if code:
            event["ilmd"] = {"cbvmda:lotNumber": code}
    story.move(items[:2], a, b)
    story.used(items[0], b)
    story.used(items[2], a)


@recorded
def members_by_ilmd(story: Story) -> None:
    """Serialised items whose ilmd names their lot; a start at the lot is a start at each."""
    _, items, code = _serialised(story, "ilmd")
    _members_live(story, items, code)


@recorded
def members_by_label(story: Story) -> None:
    """Serialised items whose labels carry the lot beside the serial number."""
    _, items, _ = _serialised(story, "ai")
    _members_live(story, items, None)


@recorded
def members_by_master_data(story: Story) -> None:
    """Serialised items whose lot is told by the header."""
    _, items, code = _serialised(story, "master_data")
    for item in items:
        story.clerk.describe("EPCInstance", item.written[0], {"urn:epcglobal:cbv:mda#lotNumber": code})
    _members_live(story, items, None)


@recorded
def members_beside_stock(story: Story) -> None:
    """A lot that exists as kilos at one site and as items at another."""
    lot, items, code = _serialised(story, "ilmd")
    a = story.site()
    story.made(a, 30, lot)
    story.used(lot, a, 10)
    _members_live(story, items, code)


@recorded
def whole_product(story: Story) -> None:
    """A start at a product is a start at its lots and items."""
    gtin, reference = story.names.gtin()
    a = story.site()
    lots = [story.know(story.names.lot_of(gtin, reference, f"P{n}")) for n in range(2)]
    item = story.know(story.names.item_of(gtin, reference, "S7"))
    for unit in (*lots, item):
        story.used(story.made(a, 9, unit), a)
    product = story.know(Unit(f"{RESOLVER}/01/{gtin}", (), True))
    story.members[product.key] = [unit.key for unit in (*lots, item)]
    story.asked_as[product.key] = [f"product:{product.key}"]
    story.met("3 start_product")


def _two_numbers(story: Story) -> tuple[Unit, str]:
    lot = story.lot()
    other = story.names.opaque("supplier-lot")
    both = story.know(Unit(lot.key, (*lot.written, other), True, lot.asked))
    story.aliases[other] = lot.key
    return both, other


@recorded
def alias_by_ilmd(story: Story) -> None:
    """A lot with the supplier's number beside ours; events and questions use either."""
    both, other = _two_numbers(story)
    a, b = story.sites(2)
    ours = story.know(Unit(both.key, both.written[:1], True, both.asked))
    event = story.born(ours, a, 40)
    event["ilmd"] = {"tracegraph:alias": other}
    story.know(both)
    story.move([(both, 25)], a, b)
    story.used(both, b)
    story.used(both, a, 5)
    story.met("3 alias_ilmd")


@recorded
def alias_by_master_data(story: Story) -> None:
    """As above; the header tells the other number, perhaps later than the events."""
    both, other = _two_numbers(story)
    a, b = story.sites(2)
    story.clerk.describe("EPCClass", both.written[0], {"tracegraph:alias": other})
    story.made(a, 40, both)
    story.move([(both, 25)], a, b)
    story.used(both, b)
    story.used(both, a, 5)
    story.met("3 alias_master_data")


@recorded
def relabelled_part(story: Story) -> None:
    """A part of a lot goes on under a new number, the rest keeps the old one."""
    a, b = story.sites(2)
    lot, label = story.made(a, 20), story.lot()
    event = story.turn([(lot, 8)], [(label, 8)], a)
    event["bizStep"] = "repackaging"
    story.move([label], a, b)
    story.used(label, b)
    story.used(lot, a)
    story.met("3 relabel")


@recorded
def sampled_item(story: Story) -> None:
    """A sample of an item takes nothing away: the item goes on."""
    a, b = story.sites(2)
    item = story.made(a, 1, story.item())
    story.see([item], a, "sampling")
    story.move([item], a, b)
    story.used(item, b)
    story.met("3 sampling_item")


@recorded
def lot_made_again(story: Story) -> None:
    """A lot is used up; the same number is made again of something else: two generations that never met."""
    a = story.site()
    lot = story.made(a, 10)
    story.used(lot, a)
    story.made(a, 10, lot)
    story.used(lot, a, 4)
    story.used(lot, a)


@recorded
def born_twice(story: Story) -> None:
    """The same lot made in two runs at one site: one pool."""
    a = story.site()
    lot = story.made(a, 10)
    story.used(lot, a, 4)
    story.made(a, 10, lot)
    story.used(lot, a, 16)
    story.born(story.lot(), a, 3)
    assert not story.goods.amount(lot.key, at(a))
