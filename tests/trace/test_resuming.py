"""What an answer says of its question is enough to take it up again, and what is no answer is refused."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.trace.test_show import told
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.contract.tracing import asked, certain, ids
from tracegraph.errors import UsageError
from tracegraph.trace.envelope import to_json
from tracegraph.trace.question import NO_LIMITS, Limits, ask
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import earlier_answer, trace


def chain() -> Scene:
    scene = (
        Scene().hold("tote@1", "site:plant", 0, 50, "maker").hold("a@tote", "container:tote", 10).alias("tote", "box")
    )
    scene.leg("a@tote", "b@1", 20).leg("b@1", "c@1", 30, possible=True).leg("b@1", "d@1", 40).leg("d@1", "e@1", 50)
    return scene.happen("opened b@1", "urn:b")


OPTIONS: list[dict[str, Any]] = [
    {},
    {"direction": "backward"},
    {"direction": "both"},
    {"certainty": "confirmed"},
    {"contents": False},
    {"at": "plant"},
    {"since": "1970-01-01T00:00:11Z"},
    {"until": "1970-01-01T00:00:12Z"},
    {"since": "1970-01-01T00:00:11Z", "until": "1970-01-01T00:00:12Z", "at": "plant"},
    {"on": "1970-01-01T00:00:11Z"},
    {"on": "1970-01-01T00:00:11Z", "at": "plant"},
    {"as_of": "1970-01-01T00:00:05.25Z"},
    {"starts": ["unit:box", "site:plant", "party:maker", "event:urn:b", "b"]},
    {"starts": ["product:e"]},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_question_is_read_back_as_it_was_asked(options: dict[str, Any]) -> None:
    options = dict(options)
    starts = options.pop("starts", ["tote"])
    store = told(chain(), chain().hold("f@1", since=60).leg("e@1", "f@1", 60))
    answer = asked(store, *starts, limits=Limits(max_nodes=1, max_hops=7), paths=2, **options)
    earlier = earlier_answer(json.loads(to_json(answer)))
    unlimited = answer["question"] | {"limits": NO_LIMITS.to_dict(), "paths": 0}
    assert earlier.question.to_dict() == unlimited
    assert {"count": earlier.position, "head": earlier.head} == answer["as_of"]["ledger"]
    assert earlier.holdings == set(ids(answer))
    whole = trace(store, ask(*starts, **options)).envelope
    assert trace(store, ask("anything"), earlier).envelope == whole


def test_windows_are_read_back_to_the_microsecond() -> None:
    answer = asked(told(chain()), "tote", on="1970-01-01T00:00:11Z")
    window = earlier_answer(answer).question.window
    assert (window.at, window.since, window.until, window.on) == (None, 11 * SECOND, 11 * SECOND + 1, 11 * SECOND)
    answer = asked(told(chain()), "tote", at="plant", since="1970-01-01T00:00:11Z", until="1970-01-01T00:00:12Z")
    window = earlier_answer(answer).question.window
    assert (window.at, window.since, window.until, window.on) == ("plant", 11 * SECOND, 12 * SECOND + 1, None)


def test_limits_and_paths_are_those_of_the_new_question() -> None:
    store = told(chain())
    answer = asked(store, "tote", limits=Limits(max_hops=0))
    more = trace(store, ask("x", limits=Limits(max_hops=1), paths=1), earlier_answer(answer)).envelope
    assert more["question"]["limits"]["max_hops"] == 1
    assert (more["question"]["start"], more["question"]["paths"]) == ([{"unit": "tote"}], 1)
    assert ids(more) == ["a@tote", "tote@1", "b@1"]
    assert [path["unit"] for path in more["result"]["paths"]] == ["b"]


def test_an_answer_on_an_empty_ledger_has_no_known_time() -> None:
    answer = asked(told(chain()), "tote")
    answer["as_of"]["known"] = None
    assert earlier_answer(answer).known is None


def broken(**changes: Any) -> dict[str, Any]:
    answer = copy.deepcopy(asked(told(chain()), "tote"))
    for path, value in changes.items():
        *outer, last = path.split("__")
        inner = answer
        for key in outer:
            inner = inner[key]
        inner[last] = value
    return answer


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"question__kind": "origin"}, "kind 'origin', direction 'forward'"),
        ({"question__direction": "sideways"}, "kind 'trace', direction 'sideways'"),
        ({"question__certainty": "sure"}, "'sure' is not a valid Certainty"),
        ({"question__start": [{"equipment": "7"}]}, "start {'equipment': '7'}"),
        ({"as_of": {"known": None}}, "'ledger'"),
        ({"result__holdings": [{}]}, "'id'"),
        ({"as_of__ledger__count": "many"}, "invalid literal"),
        ({"question": None}, "not subscriptable"),
    ],
)
def test_what_is_no_answer_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as error:
        earlier_answer(broken(**changes))
    said = str(error.value)
    assert said.startswith("the earlier answer is no answer to a trace (")
    assert said.endswith("); give the JSON of one")
    assert words in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"as_of__known": "soon"}, "as_of.known 'soon' is no date or time"),
        ({"question__as_of": "soon"}, "as_of 'soon' is no date or time"),
        ({"question__start": [{"unit": "tote", "from": "soon"}]}, "from 'soon' is no date or time"),
    ],
)
def test_times_that_are_none_are_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        earlier_answer(broken(**changes))


def test_another_ledger_is_named() -> None:
    answer = asked(told(chain()), "tote")
    longer = copy.deepcopy(answer)
    longer["as_of"]["ledger"]["count"] = 99
    other = copy.deepcopy(answer)
    other["as_of"]["ledger"]["head"] = "sha256:other"
    for changed in (longer, other):
        with pytest.raises(UsageError, match=r"is of another ledger: entry .* ask anew"):
            trace(told(chain()), ask("x"), earlier_answer(changed))


def test_a_register_of_another_snapshot_is_not_used() -> None:
    store = told(chain(), chain().alias("b", "bee").hold("f@1", since=60).leg("e@1", "f@1", 60))
    before = Register(Snapshot.of(store, 5 * SECOND))
    given = trace(store, ask("tote"), register=before).envelope
    assert given["as_of"]["ledger"]["count"] == 2
    assert "f@1" not in ids(given)
    now = asked(store, "bee", limits=Limits(max_hops=0))
    more = trace(store, ask("x"), earlier_answer(now), register=before).envelope
    assert "f@1" in ids(more)
    assert trace(store, ask("bee")).envelope == more


def test_the_language_is_that_of_the_gaps() -> None:
    store = told(chain().gap("never_received", "b@1"))
    english, chinese = (trace(store, ask("tote"), language=name).envelope for name in ("en", "zh"))
    assert english["gaps"][0]["message"] != chinese["gaps"][0]["message"]
    assert english["result"] == chinese["result"]
    assert certain(english) == {"tote@1", "a@tote", "b@1", "d@1", "e@1"}
