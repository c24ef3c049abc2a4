"""The people of the story, by role: sites, parties, towns, and the files that they send.

Countries and cities follow the published accounts where these name them; all other towns, and which town is whose, are
invented. Customers, middlemen and case sites get running numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracegraph.examples.food_outbreak.names import (
    Partner,
    Party,
    Site,
    Spelling,
    Town,
    opaque,
    party_name,
    site_name,
)

EXPORTER_PREFIX = "9520101"
IMPORTER_PREFIX = "9520102"
DISTRIBUTOR_PREFIX = "9520103"
REPACKER_PREFIX = "9520104"
GARDEN_PREFIX = "9520105"
GROWER_PREFIX = "9520106"
GREENGROCER_PREFIX = "9520107"

EXPORTER_FILE = Partner("exporter.json", Spelling.URN)
CARRIERS_FILE = Partner("carriers.json", Spelling.URN, event_ids=False)
IMPORTER_FILE = Partner("importer.json", Spelling.LINK)
DISTRIBUTOR_FILE = Partner("distributor.json", Spelling.URN)
CUSTOMERS_FILE = Partner("distributor_customers.json", Spelling.LINK, event_ids=False)
DIRECT_FILE = Partner("importer_customers.json", Spelling.LINK)
AUSTRIA_FILE = Partner("austria.json", Spelling.URN)
REPACKER_FILE = Partner("uk_repacker.json", Spelling.URN)
GARDEN_FILE = Partner("garden_chain.json", Spelling.LINK, domain="https://garden-chain.example")
BEGLES_FILE = Partner("begles_organiser.json", Spelling.LINK, event_ids=False)
GROWER_FILE = Partner("grower.json", Spelling.URN)
SUPPLIERS_FILE = Partner("other_suppliers.json", Spelling.URN)
MIDDLEMEN_FILE = Partner("middlemen.json", Spelling.LINK)
CASES_FILE = Partner("case_sites.json", Spelling.LINK, event_ids=False)

UNKNOWN_EGYPT = Town("Beni Suef", "EG", "29.0744", "31.0979", 2)
DAMIETTA = Town("Damietta", "EG", "31.4165", "31.8133", 2)
ANTWERP = Town("Antwerp", "BE", "51.2194", "4.4025")
ROTTERDAM = Town("Rotterdam", "NL", "51.9244", "4.4777")
DUSSELDORF = Town("Düsseldorf", "DE", "51.2277", "6.7735")
MUNSTER = Town("Münster", "DE", "51.9607", "7.6261")
NORWICH = Town("Norwich", "GB", "52.6309", "1.2974", 0)
PARIS = Town("Paris", "FR", "48.8566", "2.3522")
BEGLES = Town("Bègles", "FR", "44.8080", "-0.5480")
LYON = Town("Lyon", "FR", "45.7640", "4.8357")
LILLE = Town("Lille", "FR", "50.6292", "3.0573")
VALENCIA = Town("Valencia", "ES", "39.4699", "-0.3763")
VIENNA = Town("Vienna", "AT", "48.2082", "16.3738")
LINZ = Town("Linz", "AT", "48.3069", "14.2858")
UELZEN = Town("Uelzen", "DE", "52.9656", "10.5610")
HAMBURG = Town("Hamburg", "DE", "53.5511", "9.9937")
KIEL = Town("Kiel", "DE", "54.3233", "10.1228")
LUBECK = Town("Lübeck", "DE", "53.8655", "10.6866")
ROSTOCK = Town("Rostock", "DE", "54.0924", "12.0991")
SCHWERIN = Town("Schwerin", "DE", "53.6355", "11.4012")
HANOVER = Town("Hanover", "DE", "52.3759", "9.7320")
LUNEBURG = Town("Lüneburg", "DE", "53.2464", "10.4115")
FRANKFURT = Town("Frankfurt am Main", "DE", "50.1109", "8.6821")
KASSEL = Town("Kassel", "DE", "51.3127", "9.4797")
GERMAN_TOWNS = (HAMBURG, KIEL, LUBECK, ROSTOCK, SCHWERIN, HANOVER, LUNEBURG, FRANKFURT, KASSEL, MUNSTER, DUSSELDORF)
#: The 16 foreign customers sat in 11 countries (published); which countries, and how many each, is invented.
FOREIGN_TOWNS = (
    VIENNA,
    LINZ,
    Town("Ghent", "BE", "51.0543", "3.7174"),
    Town("Brno", "CZ", "49.1951", "16.6068"),
    Town("Prague", "CZ", "50.0755", "14.4378"),
    Town("Odense", "DK", "55.4038", "10.4024"),
    Town("Aarhus", "DK", "56.1629", "10.2039"),
    Town("Turku", "FI", "60.4518", "22.2666", 2),
    Town("Bologna", "IT", "44.4949", "11.3426"),
    Town("Luxembourg", "LU", "49.6116", "6.1319"),
    Town("Utrecht", "NL", "52.0907", "5.1214"),
    Town("Groningen", "NL", "53.2194", "6.5665"),
    Town("Poznań", "PL", "52.4064", "16.9252"),
    Town("Malmö", "SE", "55.6050", "13.0038"),
    Town("Bern", "CH", "46.9480", "7.4474"),
    Town("Basel", "CH", "47.5596", "7.5886"),
)


def gs1_site(
    prefix: str,
    reference: str,
    title: str,
    town: Town,
    partner: Partner,
    *,
    source: str = "",
    party: Party | None = None,
) -> Site:
    """A site with a GLN, run by `party` (a party of its own with the same number where none is given)."""
    runner = party or Party(party_name(prefix, reference), title)
    return Site(site_name(prefix, reference), title, runner, town, partner, source=source)


def plain_site(uri: str, title: str, town: Town, partner: Partner, *, by_day: bool = False, source: str = "") -> Site:
    """A site that has no GLN: opaque identifiers for it and for whoever runs it."""
    return Site(opaque(uri), title, Party(opaque(uri + "/company"), title), town, partner, by_day, source)


def numbered(
    uri: str, title: str, towns: Sequence[Town], count: int, partner: Partner, first: int = 1, source: str = ""
) -> list[Site]:
    """`count` sites without GLN, numbered from `first`, spread over the towns in turn."""
    return [
        plain_site(f"{uri}{number:02}", f"{title} {number}", towns[place % len(towns)], partner, source=source)
        for place, number in enumerate(range(first, first + count))
    ]


FARM = plain_site("https://farm.example/fields", "seed farm", UNKNOWN_EGYPT, EXPORTER_FILE)
EXPORTER = gs1_site(
    EXPORTER_PREFIX, "00001", "seed exporter", UNKNOWN_EGYPT, EXPORTER_FILE, source="ecoli-uk, AFP/Arab Today (country)"
)
DAMIETTA_PORT = plain_site(
    "https://ports.example/damietta", "port of Damietta", DAMIETTA, CARRIERS_FILE, source="efoodalert"
)
ANTWERP_PORT = plain_site(
    "https://ports.example/antwerp", "port of Antwerp", ANTWERP, CARRIERS_FILE, source="efoodalert"
)
ROTTERDAM_PORT = plain_site(
    "https://ports.example/rotterdam", "port and customs of Rotterdam", ROTTERDAM, CARRIERS_FILE, source="efoodalert"
)
IMPORTER = gs1_site(IMPORTER_PREFIX, "00001", "seed importer", DUSSELDORF, IMPORTER_FILE, source="efoodalert (country)")
OTHER_IMPORTER = plain_site("https://other-importer.example", "another importer", ROTTERDAM, SUPPLIERS_FILE)
DISTRIBUTOR = gs1_site(
    DISTRIBUTOR_PREFIX, "00001", "seed distributor", MUNSTER, DISTRIBUTOR_FILE, source="ecoli-uk (country)"
)
NINE = numbered(
    "https://direct.example/", "importer's customer", GERMAN_TOWNS, 9, DIRECT_FILE, source="ecoli-uk (number, country)"
)
SPAIN = plain_site("https://spain.example", "Spanish company", VALENCIA, DIRECT_FILE, source="ecoli-uk (country)")
AUSTRIA_DISTRIBUTOR = plain_site(
    "https://austria.example/distributor", "Austrian distributor", VIENNA, AUSTRIA_FILE, source="ecoli-uk (country)"
)
AUSTRIA_COMPANY = plain_site(
    "https://austria.example/company", "Austrian company", LINZ, AUSTRIA_FILE, source="ecoli-uk (country)"
)
REPACKER = gs1_site(
    REPACKER_PREFIX, "00001", "English repacker", NORWICH, REPACKER_FILE, source="ecoli-uk, NYT (country)"
)
ENGLISH_SHOPS = numbered("https://english-garden.example/", "English garden centre", (NORWICH,), 2, REPACKER_FILE)
GARDEN_CHAIN = Party(party_name(GARDEN_PREFIX, "00001"), "French garden chain")
GARDEN_DEPOT = gs1_site(
    GARDEN_PREFIX, "00001", "French garden chain, depot", PARIS, GARDEN_FILE, source="NYT (country)", party=GARDEN_CHAIN
)
GARDEN_SHOPS = tuple(
    gs1_site(
        GARDEN_PREFIX, f"000{number}1", f"French garden chain, shop {number}", town, GARDEN_FILE, party=GARDEN_CHAIN
    )
    for number, town in enumerate((BEGLES, LYON, LILLE), start=1)
)
BEGLES_SITE = plain_site(
    "https://cases.example/fr-begles",
    "Case site FR, children's centre event, Bègles",
    BEGLES,
    BEGLES_FILE,
    by_day=True,
    source="EFSA 176e summary",
)
GROWER = gs1_site(GROWER_PREFIX, "00001", "sprout grower", UELZEN, GROWER_FILE, source="NYT (Lower Saxony)")
SEED_MERCHANT = plain_site("https://seed-merchant.example", "merchant of other seeds", HANOVER, SUPPLIERS_FILE)
HERB_GROWER = plain_site("https://herb-grower.example", "herb grower", HAMBURG, SUPPLIERS_FILE)
GREENGROCER = gs1_site(GREENGROCER_PREFIX, "00001", "wholesaler of salad vegetables", HAMBURG, SUPPLIERS_FILE)
GERMAN_CUSTOMERS = numbered(
    "https://customers.example/de-",
    "distributor's customer DE",
    GERMAN_TOWNS,
    53,
    CUSTOMERS_FILE,
    source="NYT (number)",
)
FOREIGN_CUSTOMERS = numbered(
    "https://customers.example/eu-",
    "distributor's customer EU",
    FOREIGN_TOWNS,
    16,
    CUSTOMERS_FILE,
    source="NYT (number)",
)
CANCELLED_CUSTOMER = plain_site(
    "https://customers.example/cancelled", "customer whose order was cancelled", KASSEL, CUSTOMERS_FILE
)
#: Middlemen of the grower: the fifth and the market trader keep books by date only.
MIDDLEMEN = (
    plain_site("https://middlemen.example/1", "wholesaler 1", HAMBURG, MIDDLEMEN_FILE),
    plain_site("https://middlemen.example/2", "wholesaler 2", KIEL, MIDDLEMEN_FILE),
    plain_site("https://middlemen.example/3", "wholesaler 3", ROSTOCK, MIDDLEMEN_FILE),
    plain_site("https://middlemen.example/4", "wholesaler 4", FRANKFURT, MIDDLEMEN_FILE),
    plain_site("https://middlemen.example/5", "health-food wholesaler", HANOVER, MIDDLEMEN_FILE, by_day=True),
    plain_site("https://middlemen.example/6", "market trader", LUNEBURG, MIDDLEMEN_FILE, by_day=True),
)
SHOPS = numbered("https://shops.example/", "health-food shop", GERMAN_TOWNS, 12, MIDDLEMEN_FILE)
#: Places that look involved and are not.
RETRACTED_RESTAURANT = plain_site(
    "https://innocent.example/retracted", "restaurant named by mistake", ROSTOCK, CASES_FILE
)
BASIL_RESTAURANT = plain_site("https://innocent.example/basil", "restaurant that bought basil", HAMBURG, CASES_FILE)
RADISH_SHOP = plain_site("https://innocent.example/radish", "shop that bought radish sprouts", LUNEBURG, CASES_FILE)
MARCH_SHOP = plain_site("https://innocent.example/march", "shop supplied in March only", UELZEN, CASES_FILE)
INNOCENT = (CANCELLED_CUSTOMER, RETRACTED_RESTAURANT, BASIL_RESTAURANT, RADISH_SHOP, MARCH_SHOP)
