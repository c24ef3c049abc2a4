"""Profiles of one's own: loaded from a folder or file, and every fault in one named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.profiles.events import checked, object_event, told
from tracegraph.errors import InputError, UsageError
from tracegraph.formats.profiles import SHIPPED, load_profile, profile_names
from tracegraph.formats.profiles.profile import VALUE_KINDS

OWN: dict[str, Any] = {
    "profile": "dairy",
    "title": {"en": "Dairy"},
    "prefixes": {"d": "https://dairy.example/ns#"},
    "elements": {
        "tank": {"label": {"en": "tank"}, "at": "d:tank"},
        "fat": {"label": {"en": "fat"}, "at": "ilmd/d:fat", "is": "number"},
        "tests": {"label": {"en": "tests"}, "at": "ilmd/d:tests", "is": "list"},
        "test_time": {"label": {"en": "time"}, "at": "ilmd/d:tests/*/d:time", "is": "time", "within": "tests"},
        "organic": {"label": {"en": "organic"}, "at": "ilmd/d:organic", "is": "flag"},
    },
    "events": {
        "milking": {
            "label": {"en": "milking"},
            "when": {"step": "collecting", "has": "d:tank"},
            "required": ["tank", "test_time"],
            "optional": ["fat", "organic"],
        }
    },
}


def written(folder: Path, **changes: Any) -> Path:
    path = folder / "dairy.json"
    path.write_text(json.dumps(OWN | changes), encoding="utf-8")
    return path


def milk(**ilmd: Any) -> dict[str, Any]:
    return object_event("collecting", **{"d:tank": "T1", "@context": OWN["prefixes"], "ilmd": ilmd})


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    written(tmp_path)
    assert profile_names(tmp_path) == ["dairy", "fsma204", "gdst"]
    profile = load_profile("dairy", tmp_path)
    assert told(checked(profile, milk())) == set()
    assert told(checked(profile, milk(**{"d:fat": "much"}))) == {("fat", "not_a_number")}
    assert told(checked(profile, milk(**{"d:fat": "3.9", "d:organic": "yes"}))) == {("organic", "not_a_flag")}
    assert told(checked(profile, milk(**{"d:tests": [{"d:time": "2026-05-01"}]}))) == set()
    assert told(checked(profile, milk(**{"d:tests": [{"d:time": "in May"}, {}]}))) == {
        ("test_time", "not_a_time"),
        ("test_time", "missing"),
    }
    assert checked(profile, object_event("collecting")).kind is None


def test_its_name_wins_over_a_shipped_one(tmp_path: Path) -> None:
    written(tmp_path).rename(tmp_path / "gdst.json")
    assert load_profile("gdst", tmp_path).name == "dairy"
    assert load_profile(tmp_path / "gdst.json").name == "dairy"
    assert load_profile("gdst").name == "gdst"


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_profiles_are_whole(name: str) -> None:
    profile = load_profile(name)
    used = {element for kind in profile.kinds for element in (*kind.required, *kind.optional)}
    around = {element.within for element in profile.elements.values() if element.within}
    assert used | around == set(profile.elements)
    labels = [*(kind.label for kind in profile.kinds), *(element.label for element in profile.elements.values())]
    for text in [profile.title, *labels]:
        assert set(text) == {"en", "zh"}
        assert all(text.values())
    assert profile.source


def test_a_name_that_there_is_not() -> None:
    with pytest.raises(UsageError, match=r"there is no profile 'dairy'; choose one of fsma204, gdst"):
        load_profile("dairy")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.json cannot be opened"):
        load_profile(tmp_path / "missing.json")
    (tmp_path / "text.json").write_text("no JSON", encoding="utf-8")
    with pytest.raises(InputError, match=r"text\.json is no JSON"):
        load_profile(tmp_path / "text.json")


FAULTS: list[tuple[tuple[str, ...], Any, str]] = [
    (("title",), "Dairy", r"/title: a label is wanted"),
    (("elements",), [], r"/elements: an object is wanted"),
    (("elements", "tank", "at"), "x:tank", r"/elements/tank/at: the prefix 'x'"),
    (("elements", "tank", "at"), "d:tank//x", r"/elements/tank/at: 'd:tank//x' has an empty step"),
    (("elements", "tank", "at"), [], r"/elements/tank: it names no place"),
    (("elements", "tank", "at"), [1], r"/elements/tank/at: a text or a list"),
    (("elements", "tank", "is"), "colour", r"/elements/tank/is: 'colour' is none of"),
    (("elements", "tank", "matches"), "(", r"/elements/tank/matches: '\(' is no regular expression"),
    (("elements", "tank", "within"), "barn", r"/elements/tank/within: there is no element 'barn'"),
    (("elements", "tank", "colour"), "red", r"/elements/tank: the member 'colour' means nothing here"),
    (("events", "milking", "required"), ["cow"], r"/events/milking: there is no element 'cow'"),
    (("events", "milking", "when"), {"moon": "full"}, r"/events/milking/when/0: the member 'moon'"),
    (("events", "milking"), {"label": {"en": "x"}, "when": []}, r"/events/milking: it has no member 'required'"),
]


@pytest.mark.parametrize(("where", "value", "said"), FAULTS)
def test_faults_are_named(tmp_path: Path, where: tuple[str, ...], value: Any, said: str) -> None:
    own = copy.deepcopy(OWN)
    inner = own
    for name in where[:-1]:
        inner = inner[name]
    inner[where[-1]] = value
    path = tmp_path / "own.json"
    path.write_text(json.dumps(own), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_profile(path)


def test_every_kind_of_value_is_known_to_the_page() -> None:
    page = (Path(__file__).parents[3] / "docs" / "fsma204.md").read_text(encoding="utf-8")
    for kind in VALUE_KINDS:
        assert f"`{kind}`" in page
