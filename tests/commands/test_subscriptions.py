"""`subscriptions`: looked after on the machine of the service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.service.events import capture
from tests.service.following import Following
from tracegraph import Tracegraph
from tracegraph.clock import now
from tracegraph.service.delivering import Outcome


@pytest.fixture
def following(tmp_path: Path) -> Iterator[Following]:
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        made = Following(graph, tmp_path, file_name="tracegraph.db.service", now=now())
        yield made
        made.file.close()


@pytest.fixture
def stopped(following: Following, tmp_path: Path) -> str:
    """A subscription whose first delivery was given up."""
    made = following.subscribe()
    capture(following.graph, tmp_path, [1])
    following.answers = [Outcome(410, "gone")]
    following.serve(made)
    return made.id


def test_subscriptions_are_listed_without_their_tokens(run: Run, following: Following, stopped: str) -> None:
    (told,) = run("subscriptions", "list", "--format", "json").json
    assert (told["subscriptionID"], told["owner"], told["state"], told["deadLetters"]) == (
        stopped,
        "plant",
        "stopped",
        1,
    )
    listed = run("subscriptions", "list").text
    assert stopped in listed
    assert "a-token" not in listed + str(told)
    assert run("subscriptions", "list", "--user", "other", "--format", "json").json == []


def test_a_dead_letter_is_listed_and_delivered_again(run: Run, following: Following, stopped: str) -> None:
    (dead,) = run("subscriptions", "dead-letters", stopped, "--format", "json").json
    assert dead["deliveryID"] == following.sent[0].name
    assert "tried again" in run("subscriptions", "redeliver", stopped, dead["deliveryID"]).text
    assert [sent.numbers for sent in following.serve(following.subscriptions[stopped], after=60)] == [[1]]
    again = run("subscriptions", "redeliver", stopped, dead["deliveryID"])
    assert (again.status, "no dead letter" in again.sentence) == (3, True)


def test_it_is_resumed_paused_and_removed(run: Run, following: Following, stopped: str, tmp_path: Path) -> None:
    capture(following.graph, tmp_path, [2])
    assert run("subscriptions", "resume", stopped, "--skip").status == 0
    assert [sent.numbers for sent in following.serve(following.subscriptions[stopped], after=60)] == [[2]]
    assert run("subscriptions", "pause", stopped).status == 0
    assert following.subscriptions[stopped].state == "paused"
    assert run("subscriptions", "remove", stopped).status == 0
    gone = run("subscriptions", "pause", stopped)
    assert (gone.status, "no subscription" in gone.sentence) == (3, True)


def test_without_a_service_file_it_says_so(run: Run) -> None:
    assert run("subscriptions", "list").status == 4
