"""The outbreak's files: the same bytes every time, well formed, with the published numbers in them; and its truth,
found a second time from the files alone."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tracegraph.examples.food_outbreak import CASES_LIST, INTRODUCTION, NEXT, PARTNERS, QUESTIONS, coverage, write
from tracegraph.examples.food_outbreak.actors import DISTRIBUTOR, GROWER, IMPORTER, NINE, REPACKER
from tracegraph.examples.food_outbreak.seed_trade import (
    EXPORTERS_OWN_NUMBER,
    KEPT,
    LOT_6832,
    LOT_8266,
    LOT_48088,
    SHIPPED,
    SOLD,
    TO_AUSTRIA,
    TO_ENGLAND,
    TO_NINE,
    TO_SPAIN,
)
from tracegraph.examples.food_outbreak.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.examples.conftest import Written

#: Of all files, in order of their names: a change of the scenario changes it, a change of Python or machine must not.
DIGEST = "8ddb746fa0f4863e6db901b1117e3b80667db8ad4b81896dab274609204c415e"
COMMON_FIELDS = {"type", "eventID", "eventTime", "eventTimeZoneOffset", "action", "bizStep", "disposition", "ilmd"} | {
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "errorDeclaration",
}
FIELDS = {
    "ObjectEvent": {"epcList", "quantityList"},
    "AggregationEvent": {"parentID", "childQuantityList"},
    "TransformationEvent": {"inputQuantityList", "outputQuantityList"},
}
NAMES_OF_LOT = {LOT_48088.key, LOT_48088.name.urn, LOT_6832.key, LOT_6832.name.urn, EXPORTERS_OWN_NUMBER}


def documents(written: Written) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(written.partners.iterdir()):
        yield path.name, json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def events_of(written: Written, *names: str) -> list[dict[str, Any]]:
    return [
        event
        for name, document in documents(written)
        if not names or name in names
        for event in document["epcisBody"]["eventList"]
    ]


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_bytes_every_time(outbreak: Written, tmp_path: Path) -> None:
    again = write(tmp_path / "again")
    assert everything(tmp_path / "again") == everything(outbreak.folder)
    assert again == outbreak.facts


def test_the_same_bytes_on_every_machine(outbreak: Written) -> None:
    together = hashlib.sha256()
    for name, content in sorted(everything(outbreak.folder).items()):
        together.update(name.encode() + b"\0" + content + b"\0")
    assert together.hexdigest() == DIGEST


def test_files_are_those_that_the_facts_name(outbreak: Written) -> None:
    assert tuple(name for name, _ in documents(outbreak)) == outbreak.facts.files
    assert len(events_of(outbreak)) == outbreak.facts.events
    assert 800 <= outbreak.facts.events <= 2000


def test_cases_are_listed_for_the_command_line(outbreak: Written) -> None:
    lines = (outbreak.folder / CASES_LIST).read_text(encoding="utf-8").splitlines()
    assert lines == [case.start for case in outbreak.facts.cases]
    assert len(lines) == 42


def test_events_have_what_their_type_needs_and_nothing_unknown(outbreak: Written) -> None:
    for event in events_of(outbreak):
        known = {key for key in event if not key.startswith("tracegraph:")}
        assert known <= COMMON_FIELDS | FIELDS[event["type"]]
        assert ("action" in event) is (event["type"] != "TransformationEvent")
        assert "ilmd" not in event or event["type"] == "TransformationEvent" or event["action"] == "ADD"
        assert event["eventTime"].endswith(event["eventTimeZoneOffset"])


def test_every_statement_is_cited_or_marked_as_invented(outbreak: Written) -> None:
    for event in events_of(outbreak):
        assert event.get("tracegraph:source") or event.get("tracegraph:synthetic") is True
    for _, document in documents(outbreak):
        for element in master_data(document):
            assert {"tracegraph:source", "tracegraph:synthetic"} & {entry["id"] for entry in element["attributes"]}


def master_data(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for vocabulary in document["epcisHeader"]["epcisMasterData"]["vocabularyList"]:
        yield from vocabulary["vocabularyElementList"]


def test_identifiers_belong_to_nobody(outbreak: Written) -> None:
    """GS1 keys have a prefix kept for examples, web addresses a domain kept for examples."""
    text = "".join(content.decode() for content in everything(outbreak.folder).values())
    hosts = set(re.findall(r"https://([^/\"]+)", text)) - {"id.gs1.org", "ref.gs1.org", "tracegraph.dev"}
    assert {host for host in hosts if not host.endswith(".example")} == set()
    assert {key for key in re.findall(r"urn:epc:[a-z:]+:(\d+)\.", text) if not key.startswith("95201")} == set()


def test_dates_without_a_time_of_day_say_so(outbreak: Written) -> None:
    days = [event for event in events_of(outbreak) if "tracegraph:timePrecision" in event]
    assert {event["tracegraph:timePrecision"] for event in days} == {"day"}
    assert all("T00:00:00" in event["eventTime"] for event in days)
    assert len(days) > 50


def test_every_site_has_master_data_with_a_country_and_a_place_on_the_map(outbreak: Written) -> None:
    described = {}
    for _, document in documents(outbreak):
        for element in master_data(document):
            attributes = {entry["id"].rpartition("#")[2]: entry["attribute"] for entry in element["attributes"]}
            described[element["id"]] = attributes
    sites = {event["readPoint"]["id"] for event in events_of(outbreak)}
    for site in sites:
        assert {"name", "countryCode", "latitude", "longitude"} <= described[site].keys(), site


def lots(event: dict[str, Any], key: str) -> list[tuple[str, Decimal]]:
    return [(entry["epcClass"], Decimal(entry.get("quantity", 0))) for entry in event.get(key, [])]


def sales(written: Written, name: str, seller: str) -> dict[str, Decimal]:
    """Kilos of lot 48088, under any number, that one site's book says it sent, per destination."""
    sold: dict[str, Decimal] = defaultdict(Decimal)
    for event in events_of(written, name):
        if event["bizStep"] == "shipping" and event["readPoint"]["id"] == seller:
            for unit, amount in lots(event, "quantityList"):
                if unit in NAMES_OF_LOT:
                    sold[event["destinationList"][1]["destination"]] += amount
    return sold


def test_published_sales_of_the_importer_do_not_balance(outbreak: Written) -> None:
    sold = sales(outbreak, "importer.json", IMPORTER.key)
    assert sold[DISTRIBUTOR.key] == 10_500
    assert sum(sold[site.key] for site in NINE) == sum(TO_NINE) == 3_550
    assert [TO_ENGLAND, TO_SPAIN, TO_AUSTRIA] == [400, 375, 250]
    assert sum(sold.values()) == SOLD == 15_075
    assert SHIPPED == 15_000
    assert SOLD + KEPT == 15_150
    kept = [event for event in events_of(outbreak, "importer.json") if event["bizStep"] == "stock_taking"]
    assert [lots(event, "quantityList") for event in kept] == [[(LOT_6832.key, KEPT)]]


def test_the_distributor_has_70_customers_in_12_countries(outbreak: Written) -> None:
    sold = sales(outbreak, "distributor.json", DISTRIBUTOR.name.urn)
    cancelled = "https://customers.example/cancelled"
    assert sold.pop(cancelled) == 100
    keys = {site if site != GROWER.name.urn else GROWER.key for site in sold}
    countries = Counter(outbreak.facts.countries[site] for site in keys)
    assert len(keys) == 70
    assert countries.pop("DE") == 54
    assert sum(countries.values()) == 16
    assert len(countries) == 11
    assert sold[GROWER.name.urn] == 75


def test_400_kilos_make_at_most_8000_packets(outbreak: Written) -> None:
    packing = [event for event in events_of(outbreak, "uk_repacker.json") if event["type"] == "TransformationEvent"]
    assert [lots(event, "inputQuantityList") for event in packing] == [[(LOT_6832.name.urn, Decimal(400))]]
    (packets,) = lots(packing[0], "outputQuantityList")
    assert packets[1] == 8000 == Decimal(400) / Decimal("0.05")
    assert "uom" not in packing[0]["outputQuantityList"][0]


def test_the_grower_uses_no_more_seed_than_it_bought(outbreak: Written) -> None:
    used: dict[str, Decimal] = defaultdict(Decimal)
    for event in events_of(outbreak, "grower.json"):
        for unit, amount in lots(event, "inputQuantityList"):
            used[unit] += amount
    assert 0 < used[LOT_6832.name.urn] <= 75
    assert 0 < used[LOT_8266.name.urn] <= 50


def test_coverage_points_at_one_lot(outbreak: Written) -> None:
    cases_of = outbreak.facts.coverage
    everywhere = {unit for unit, cases in cases_of.items() if cases == 42}
    assert everywhere == {LOT_48088.key, "https://farm.example/harvest/2009-field-1"}
    assert cases_of[LOT_8266.key] == 41
    assert sorted(unit for unit, cases in cases_of.items() if cases == 41) == sorted(
        [LOT_8266.key, "https://farm.example/harvest/2010-field-2"]
    )


def test_the_french_case_is_the_one_that_the_second_lot_misses(outbreak: Written) -> None:
    french = outbreak.facts.cases[-1]
    assert LOT_8266.key not in outbreak.facts.upstream[french.site]
    assert french.site in outbreak.facts.packets.sites
    assert outbreak.facts.packets.countries == {"GB", "FR"}
    assert REPACKER.key in outbreak.facts.lot.sites


def test_the_lot_reaches_at_least_12_european_countries(outbreak: Written) -> None:
    assert len(outbreak.facts.lot.countries - {"EG"}) >= 12
    assert {case.site for case in outbreak.facts.cases} <= outbreak.facts.lot.sites


def test_innocent_sites_look_involved(outbreak: Written) -> None:
    """Each is named by an event, and none ever held anything of the lot."""
    text = "".join(content.decode() for content in everything(outbreak.partners).values())
    for site in outbreak.facts.innocent:
        assert f'"{site}"' in text
        assert site not in outbreak.facts.lot.sites


def test_something_of_every_kind_is_left_out(outbreak: Written) -> None:
    kinds = Counter(omission.kind for omission in outbreak.facts.omissions)
    assert kinds.keys() == {
        "receipt not recorded",
        "shipment not recorded",
        "no document",
        "use not recorded",
        "unpacking not recorded",
        "origin not recorded",
    }
    assert kinds["receipt not recorded"] > 20


def test_copies_and_retractions_are_there(outbreak: Written) -> None:
    events = events_of(outbreak)
    times_seen = Counter(json.dumps(event, sort_keys=True, default=str) for event in events)
    assert sum(times - 1 for times in times_seen.values()) == outbreak.facts.copies > 0
    retracted = [event for event in events if "errorDeclaration" in event]
    assert len(retracted) == 1
    original = {key: value for key, value in retracted[0].items() if key != "errorDeclaration"}
    assert original in events


def test_upstream_is_what_the_transformations_in_the_files_say(outbreak: Written) -> None:
    """The truth comes from the storyteller; this finds it again from the files: lots by place, made of lots."""
    made_of: dict[str, set[str]] = defaultdict(set)
    stood_at: dict[str, set[str]] = defaultdict(set)
    retracted = [event for event in events_of(outbreak) if "errorDeclaration" in event]
    for event in events_of(outbreak):
        if any(event.get("eventID") == other["eventID"] for other in retracted):
            continue
        outputs = [canonical(unit) for unit, _ in lots(event, "outputQuantityList")]
        for unit, _ in lots(event, "inputQuantityList"):
            for output in outputs:
                made_of[output].add(canonical(unit))
        for unit, _ in [*lots(event, "quantityList"), *lots(event, "outputQuantityList")]:
            for site in places(event):
                stood_at[site].add(canonical(unit))
    for case in outbreak.facts.cases:
        assert closure(stood_at[case.site], made_of) == outbreak.facts.upstream[case.site]


def canonical(name: str) -> str:
    """Digital Link of id.gs1.org for any spelling; 48088 for each of its numbers."""
    if name in NAMES_OF_LOT:
        return LOT_48088.key
    if name.startswith("urn:epc:class:lgtin:"):
        prefix, item, lot = name.removeprefix("urn:epc:class:lgtin:").split(".", 2)
        digits = item[0] + prefix + item[1:]
        weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
        return f"https://id.gs1.org/01/{digits}{-weighted % 10}/10/{lot}"
    return name.replace("https://garden-chain.example/", "https://id.gs1.org/")


def places(event: dict[str, Any]) -> set[str]:
    where = {event["readPoint"]["id"], *(end["destination"] for end in event.get("destinationList", []))}
    return {canonical(place) for place in where}


def closure(start: set[str], made_of: dict[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        waiting.extend(new := made_of[waiting.pop()] - found)
        found |= new
    return found


def test_truth_never_runs_against_time() -> None:
    """Goods that left before the lot came are not reached; goods that came first are not upstream."""
    from tracegraph.examples.food_outbreak.story import local

    truth = Truth()
    truth.made(local("2011-01-01 08:00"), "mill", (), ["wheat", "rye"])
    truth.moved(local("2011-01-02 08:00"), "wheat", "mill", "early bakery")
    truth.made(local("2011-01-03 08:00"), "mill", ["wheat", "rye"], ["flour"])
    truth.moved(local("2011-01-04 08:00"), "flour", "mill", "bakery")
    assert truth.forward("rye") == {("rye", "mill"), ("flour", "mill"), ("flour", "bakery")}
    assert truth.forward("flour") == {("flour", "mill"), ("flour", "bakery")}
    assert truth.backward_from("early bakery") == {("wheat", "early bakery"), ("wheat", "mill")}


def test_questions_have_words_in_both_languages_and_name_what_is_in_the_files(outbreak: Written) -> None:
    text = "".join(content.decode() for content in everything(outbreak.partners).values())
    for question in (*QUESTIONS, *NEXT):
        for wording in (question.title, question.explanation):
            assert wording.of("en") == wording.en
            assert re.search(r"[\u4e00-\u9fff]", wording.of("zh"))
        for argument in question.arguments:
            identifier = argument.removeprefix("site:")
            assert argument.isidentifier() or argument.startswith(("--", "20")) or f'"{identifier}"' in text
    assert INTRODUCTION.of("zh") != INTRODUCTION.of("en") == INTRODUCTION.of("fr")


def test_coverage_counts_answers_and_sorts() -> None:
    answers = [
        {"result": {"units": [{"id": "b", "certainty": "confirmed"}, {"id": "a", "certainty": "possible"}]}},
        {"result": {"units": [{"id": "b", "certainty": "possible"}, {"id": "c", "certainty": "confirmed"}]}},
    ]
    assert coverage(answers) == [("b", 2), ("a", 1), ("c", 1)]
    assert coverage(answers, "confirmed") == [("b", 1), ("c", 1)]
    assert coverage([]) == []


def test_names_of_questions_differ() -> None:
    names = [question.name for question in (*QUESTIONS, *NEXT)]
    assert len(set(names)) == len(names)


def test_program_writes_the_files(tmp_path: Path, outbreak: Written) -> None:
    program = [sys.executable, "-m", "tracegraph.examples.food_outbreak"]
    subprocess.run([*program, str(tmp_path / "demo")], check=True)
    assert everything(tmp_path / "demo") == everything(outbreak.folder)
    assert (tmp_path / "demo" / PARTNERS).is_dir()


@pytest.mark.parametrize("arguments", [[], ["one", "two"]])
def test_program_says_what_it_needs(arguments: list[str], tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tracegraph.examples.food_outbreak", *arguments]
    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode != 0
    assert "Name one folder" in done.stderr
    assert list(tmp_path.iterdir()) == []
