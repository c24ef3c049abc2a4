"""Who is told of what, in which order, how often, and when it ends. The network is in tests/api/test_webhooks.py."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from tests.service.events import capture
from tests.service.following import OWNER, WANTED, Following
from tests.service.receiver import TOKEN, Taken, is_signed
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.errors import Refused, UsageError
from tracegraph.service import notices, subscriptions
from tracegraph.service.deliveries import Pace
from tracegraph.service.delivering import Outcome
from tracegraph.service.subscriptions import SubscriptionState
from tracegraph.stores.port import EntryKind, LedgerEntry, Reading

OUT = Outcome(503, "the receiver answered 503; see its log")


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Tracegraph]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


@pytest.fixture
def following(graph: Tracegraph, tmp_path: Path) -> Iterator[Following]:
    made = Following(graph, tmp_path)
    yield made
    made.file.close()


def test_it_begins_with_what_is_captured_after_it(following: Following, tmp_path: Path) -> None:
    capture(following.graph, tmp_path, [1, 2])
    made = following.subscribe()
    assert following.serve(made) == []
    capture(following.graph, tmp_path, [3, 4])
    (sent,) = following.serve(made)
    assert sent.numbers == [3, 4]
    assert following.serve(made) == []


def test_a_delivery_says_what_it_is_and_is_signed(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    (sent,) = following.serve(made)
    document = json.loads(sent.body)
    assert (document["type"], document["schemaVersion"]) == ("EPCISQueryDocument", "2.0")
    results = document["epcisBody"]["queryResults"]
    assert (results["subscriptionID"], results["queryName"]) == (made.id, "all")
    assert results["resultsBody"]["eventList"][0]["recordTime"]
    taken = Taken("/", {name.lower(): value for name, value in sent.headers.items()}, sent.body, 204)
    assert is_signed(taken)
    assert not is_signed(taken, TOKEN + "x")
    assert not is_signed(replace(taken, body=sent.body + b" "))
    assert not is_signed(replace(taken, headers={**taken.headers, "tracegraph-delivery": "another"}))


def test_without_a_token_nothing_is_signed(following: Following, tmp_path: Path) -> None:
    made = following.subscribe(replace(WANTED, secret=None))
    capture(following.graph, tmp_path, [1])
    assert "GS1-Signature" not in following.serve(made)[0].headers


def test_only_what_answers_the_query_is_told(following: Following, tmp_path: Path) -> None:
    following.queries.add(OWNER.name, "shipments", {"EQ_bizStep": ["shipping"]})
    made = following.subscribe(query="shipments")
    capture(following.graph, tmp_path, [1, 2])
    capture(following.graph, tmp_path, [3], "shipping")
    assert [sent.numbers for sent in following.serve(made)] == [[3]]


def test_an_initial_record_time_brings_what_was_recorded_since(following: Following, tmp_path: Path) -> None:
    capture(following.graph, tmp_path, [1])
    capture(following.graph, tmp_path, [2, 3])
    since = list(following.graph.store.entries())[1].recorded_at
    made = following.subscribe(replace(WANTED, initial_record_time=since))
    assert [sent.numbers for sent in following.serve(made)] == [[2, 3]]
    ahead = following.subscribe(replace(WANTED, initial_record_time=since + 10**15))
    capture(following.graph, tmp_path, [4])
    assert following.serve(ahead) == []


def test_many_events_come_in_parts_and_in_order(
    following: Following, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "MOST_EVENTS", 7)
    monkeypatch.setattr(notices, "PORTION", 10)
    made = following.subscribe()
    for start in range(0, 60, 20):
        capture(following.graph, tmp_path, range(start, start + 20))
    sent = following.serve(made)
    assert [number for one in sent for number in one.numbers] == list(range(60))
    assert max(len(one.numbers) for one in sent) == 7
    assert len({one.name for one in sent}) == len(sent)


def test_a_portion_ends_with_a_whole_change_of_the_ledger(
    following: Following, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of a change the graph as of that position does not say yet what its events mean."""
    monkeypatch.setattr(notices, "PORTION", 10)
    made = following.subscribe()
    for start in range(0, 60, 20):
        capture(following.graph, tmp_path, range(start, start + 20))
    known = set()
    for _ in range(6):
        following.answers = [OUT]
        following.deliverer.serve(made.id)
        waiting = following.deliveries.waiting(made.id)
        if waiting is not None:
            known.add(waiting.known)
            following.now = waiting.next_try
            following.deliverer.serve(made.id)
    assert known <= {20, 40, 60}
    assert 20 in known


def test_a_large_event_does_not_make_a_large_delivery(
    following: Following, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "MOST_CHARACTERS", 1)
    made = following.subscribe()
    capture(following.graph, tmp_path, [1, 2, 3])
    assert [sent.numbers for sent in following.serve(made)] == [[1], [2], [3]]


def test_what_failed_is_sent_again_under_its_name_before_anything_else(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    following.answers = [OUT, OUT]
    (first,) = following.serve(made)
    capture(following.graph, tmp_path, [2])
    assert following.serve(made) == []
    (second,) = following.serve(made, after=2)
    third, fourth = following.serve(made, after=10)
    assert first.name == second.name == third.name != fourth.name
    assert first.body == second.body == third.body
    assert fourth.numbers == [2]
    assert first.headers["GS1-Signature"] != third.headers["GS1-Signature"]


def test_a_service_that_ends_at_any_moment_sends_it_again_under_its_name(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])

    def die(destination: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        raise KeyboardInterrupt

    following.deliverer.send = die
    with pytest.raises(KeyboardInterrupt):
        following.deliverer.serve(made.id)
    waiting = following.deliveries.waiting(made.id)
    following.reopen()
    (sent,) = following.serve(made)
    assert waiting is not None
    assert (sent.name, sent.numbers) == (waiting.id, [1])


def test_pauses_grow_and_vary(following: Following) -> None:
    pace = Pace(first=1, longest=60, patience=600)
    middle = [pace.pause(attempts, 0.5) for attempts in range(1, 9)]
    assert middle == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (pace.pause(3, 0), pace.pause(3, 1)) == (2, 6)
    assert pace.pause(5_000, 1) == 90


def test_a_receiver_can_ask_for_a_pause(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    following.answers = [Outcome(429, "the receiver answered 429; see its log", 50)]
    following.serve(made)
    assert following.serve(made, after=49) == []
    assert len(following.serve(made, after=2)) == 1


def test_after_long_enough_it_is_given_up_and_the_subscription_stops(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    following.answers = [OUT] * 100
    for _ in range(30):
        following.serve(made, after=60)
    stopped = following.subscriptions[made.id]
    assert (stopped.state, stopped.reason) == (SubscriptionState.STOPPED, OUT.error)
    (dead,) = following.deliveries.dead(made.id)
    assert dead.error == OUT.error
    following.answers = []
    capture(following.graph, tmp_path, [2])
    assert following.serve(made, after=10_000) == []

    following.deliveries.resume(made.id)
    again, following_one = following.serve(made)
    assert (again.name, again.numbers, following_one.numbers) == (dead.id, [1], [2])
    assert following.deliveries.dead(made.id) == []


def given_up(following: Following, tmp_path: Path):
    """A subscription that stopped with its first event."""
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    following.answers = [Outcome(410, "gone")]
    following.serve(made)
    assert following.subscriptions[made.id].state is SubscriptionState.STOPPED
    (dead,) = following.deliveries.dead(made.id)
    return made, dead


def test_a_dead_letter_can_be_left_behind_and_delivered_later(following: Following, tmp_path: Path) -> None:
    made, dead = given_up(following, tmp_path)
    capture(following.graph, tmp_path, [2])
    following.deliveries.resume(made.id, skip=True)
    assert [sent.numbers for sent in following.serve(made)] == [[2]]
    assert following.deliveries.dead_count(made.id) == 1
    assert following.deliveries.redeliver(dead.id, made.id)
    assert [(sent.name, sent.numbers) for sent in following.serve(made)] == [(dead.id, [1])]
    assert not following.deliveries.redeliver(dead.id, made.id)


def test_redelivery_goes_on_with_a_stopped_subscription(following: Following, tmp_path: Path) -> None:
    made, dead = given_up(following, tmp_path)
    other = following.subscribe()
    assert not following.deliveries.redeliver(dead.id, other.id)
    assert following.deliveries.redeliver(dead.id, made.id)
    assert [sent.numbers for sent in following.serve(made)] == [[1]]


def test_a_receiver_that_cannot_take_so_much_gets_less(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    capture(following.graph, tmp_path, range(8))
    too_much = Outcome(413, "the receiver answered 413; see its log")
    following.answers = [too_much, too_much, too_much]
    sent = following.serve(made)
    assert [one.numbers for one in sent] == [
        list(range(8)),
        [0, 1, 2, 3],
        [0, 1],
        [0],
        [1],
        [2, 3],
        [4, 5, 6, 7],
    ]
    assert len({one.name for one in sent}) == 7
    capture(following.graph, tmp_path, [8, 9])
    assert [one.numbers for one in following.serve(made)] == [[8], [9]]


def test_one_event_that_is_too_much_is_a_failure(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    following.answers = [Outcome(413, "the receiver answered 413; see its log")]
    following.serve(made)
    waiting = following.deliveries.waiting(made.id)
    assert waiting is not None
    assert waiting.attempts == 1


def test_pausing_loses_nothing(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    following.subscriptions.pause(made.id)
    capture(following.graph, tmp_path, [1])
    assert following.serve(made) == []
    following.deliveries.resume(made.id)
    assert [sent.numbers for sent in following.serve(made)] == [[1]]


def test_who_may_not_subscribe_any_more_is_told_nothing(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    following.answers = [OUT]
    following.serve(made)
    following.forbidden = {OWNER.name}
    assert following.serve(made, after=100) == []
    stopped = following.subscriptions[made.id]
    assert stopped.state is SubscriptionState.STOPPED
    assert "may not subscribe" in stopped.reason
    following.forbidden = set()
    following.deliveries.resume(made.id)
    assert [sent.numbers for sent in following.serve(made)] == [[1]]


def test_what_may_not_be_known_any_more_is_not_sent_again(following: Following, tmp_path: Path) -> None:
    """The events of a waiting delivery are looked up anew for each attempt."""
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    following.answers = [OUT]
    following.serve(made)
    with Tracegraph.open(f"sqlite:///{tmp_path}/empty.db") as empty:
        following.graph, kept = empty, following.graph
        assert following.serve(made, after=100) == []
        following.graph = kept
    assert following.deliveries.waiting(made.id) is None


class Without:
    """A store of which its reader may not know some entries."""

    def __init__(self, store: Reading, hidden: set[int]) -> None:
        self._store = store
        self._hidden = hidden

    def __getattr__(self, name: str):
        return getattr(self._store, name)

    def entries(self, after: int = 0, upto: int | None = None) -> Iterator[LedgerEntry]:
        return (entry for entry in self._store.entries(after, upto) if entry.position not in self._hidden)


def test_what_is_sent_again_holds_no_more_than_the_first_time(following: Following, tmp_path: Path) -> None:
    """Who took it leaves it out when it comes again: what has become known since would be lost on the way."""
    made = following.subscribe()
    capture(following.graph, tmp_path, [1, 2, 3])
    hidden = {2}
    following.restrict = lambda store: Without(store, hidden)
    following.answers = [OUT, OUT]
    (first,) = following.serve(made)
    hidden.clear()
    (second,) = following.serve(made, after=100)
    assert first.body == second.body
    hidden.add(3)
    (third,) = following.serve(made, after=100)
    assert [one.numbers for one in (first, second, third)] == [[1, 3], [1, 3], [1]]


def test_a_query_that_is_gone_stops_its_subscriptions(following: Following, tmp_path: Path) -> None:
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    following.queries.remove(OWNER.name, "all")
    assert following.serve(made) == []
    assert "no query all" in following.subscriptions[made.id].reason


def test_a_schedule_tells_all_at_its_time(following: Following, tmp_path: Path) -> None:
    made = following.subscribe(replace(WANTED, stream=False, schedule={"minute": "0/10"}))
    capture(following.graph, tmp_path, [1, 2])
    assert following.serve(made) == []
    assert [sent.numbers for sent in following.serve(made, after=600)] == [[1, 2]]
    capture(following.graph, tmp_path, [3])
    assert following.serve(made) == []
    assert [sent.numbers for sent in following.serve(made, after=3_600)] == [[3]]
    assert following.serve(made, after=600) == []


def test_a_schedule_reports_that_there_was_nothing(following: Following, tmp_path: Path) -> None:
    wanted = replace(WANTED, stream=False, schedule={"minute": "0/10"}, report_if_empty=True)
    made = following.subscribe(wanted)
    following.answers = [OUT]
    (first,) = following.serve(made, after=600)
    (again,) = following.serve(made, after=10)
    (second,) = following.serve(made, after=600)
    assert first.numbers == again.numbers == second.numbers == []
    assert first.name == again.name != second.name
    capture(following.graph, tmp_path, [1])
    assert [sent.numbers for sent in following.serve(made, after=600)] == [[1]]


def test_what_is_refused(following: Following) -> None:
    for wanted, said in (
        (replace(WANTED, schedule={"minute": "5"}), "exactly one"),
        (replace(WANTED, stream=False), "exactly one"),
        (replace(WANTED, stream=False, schedule={"minute": "60"}), "outside"),
        (replace(WANTED, destination="https://user@client.example.com/"), "credentials"),
    ):
        with pytest.raises(UsageError, match=said):
            following.subscribe(wanted)
    with pytest.raises(Refused, match="not found"):
        following.subscribe(replace(WANTED, destination="https://elsewhere.example.com/"))
    following.queries.add(OWNER.name, "first", {"orderBy": "eventTime", "eventCountLimit": 1})
    with pytest.raises(UsageError, match="no subscription can follow"):
        following.subscribe(query="first")


def test_nobody_has_endlessly_many(following: Following, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "MOST_SUBSCRIPTIONS", 1)
    following.subscribe()
    with pytest.raises(Refused, match="delete one first"):
        following.subscribe()


def test_ending_takes_deliveries_with_it(following: Following, tmp_path: Path) -> None:
    other = Caller("other", Role.INVESTIGATOR)
    following.queries.add("other", "all", {})
    made, theirs = following.subscribe(), following.subscribe(owner=other)
    capture(following.graph, tmp_path, [1])
    following.answers = [OUT]
    following.serve(made)
    assert following.subscriptions.end_all(OWNER.name, "all") == 1
    assert following.deliveries.waiting(made.id) is None
    assert [one.id for one in following.subscriptions.of(None)] == [theirs.id]
    assert following.serve(made) == []
    assert not following.subscriptions.end(made.id)
    assert following.subscriptions.end(theirs.id)


def follow_while_others_write(url: str, folder: Path, writers: int = 3, events: int = 12, pause: float = 0) -> None:
    """Positions never appear behind one that was seen: a follower by position has every event, once and in order.
    `pause`: seconds between two looks, so that a server has time for the writers too."""
    seen: list[int] = []

    def write(writer: int) -> None:
        with Tracegraph.open(url) as own:
            for number in range(events):
                capture(own, folder, [writer * 1_000 + number])

    threads = [Thread(target=write, args=(writer,)) for writer in range(writers)]
    with Tracegraph.open(url) as graph:
        for thread in threads:
            thread.start()
        is_over = False
        while not is_over:
            is_over = not any(thread.is_alive() for thread in threads)
            head, last = graph.store.head().count, seen[-1] if seen else 0
            seen += [entry.position for entry in graph.store.entries(last, head)]
            time.sleep(pause)
        assert seen == [entry.position for entry in graph.store.entries()]
        kinds = [entry.kind for entry in graph.store.entries()]
    assert kinds.count(EntryKind.EVENT) == writers * events


def test_a_follower_misses_nothing_while_others_write(tmp_path: Path) -> None:
    follow_while_others_write(f"sqlite:///{tmp_path}/store.db", tmp_path)


def test_a_follower_misses_nothing_in_neo4j(neo4j_database, tmp_path: Path) -> None:
    follow_while_others_write(neo4j_database.url, tmp_path, writers=2, events=4, pause=0.05)


def test_deliveries_from_neo4j(neo4j_database, tmp_path: Path) -> None:
    with Tracegraph.open(neo4j_database.url) as graph:
        following = Following(graph, tmp_path)
        made = following.subscribe()
        capture(graph, tmp_path, range(5))
        following.answers = [OUT]
        following.serve(made)
        capture(graph, tmp_path, [5, 6])
        assert [sent.numbers for sent in following.serve(made, after=5)] == [list(range(5)), [5, 6]]
        following.file.close()
