"""A proof of an event: what it holds, that any change of it is noticed, and what vouches for its end."""

from __future__ import annotations

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands.conftest import document, story
from tracegraph import Tracegraph
from tracegraph.care.proving import check_proof, prove
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.stores.checkpoint import Checkpoint, create_key, make_checkpoint, rotate_key

KEY = create_key()

Made = tuple[dict[str, Any], Checkpoint, Checkpoint]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A proof of the second of five events, a checkpoint of the end of the ledger, and one of its first entry."""
    folder = tmp_path_factory.mktemp("proving")
    early = capture(folder, 1)
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph:
        assert early.count == 1
        capture(folder, 5)
        events = [stored.facts.content_hash for stored in graph.store.events()]
        return graph.prove(events[1]), graph.checkpoint(KEY, 7), early


def capture(folder: Path, events: int) -> Checkpoint:
    path = folder / f"{events}.json"
    path.write_bytes(document(*story()[:events]))
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph:
        graph.capture(path)
        return graph.checkpoint(KEY, 3)


def test_it_holds(made: Made) -> None:
    proof, checkpoint, _ = made
    assert list(check_proof(proof)) == []
    assert list(check_proof(proof, checkpoint, KEY.name)) == []
    assert list(check_proof(json.loads(json.dumps(proof)), checkpoint)) == []
    assert [link["position"] for link in (proof["entry"], *proof["chain"])] == [2, 3, 4, 5]
    assert all(link["payload"].startswith("sha256:") for link in proof["chain"])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all values that are no objects or lists."""
    if isinstance(value, dict):
        return [found for name, part in value.items() for found in places(part, (*path, name))]
    if isinstance(value, list):
        return [found for number, part in enumerate(value) for found in places(part, (*path, number))]
    return [path]


@given(st.data())
def test_every_change_is_noticed(made: Made, data: st.DataObject) -> None:
    proof, checkpoint, _ = made
    place = data.draw(st.sampled_from([place for place in places(proof) if place != ("tracegraph",)]))
    changed = copy.deepcopy(proof)
    target = changed
    for name in place[:-1]:
        target = target[name]
    old = target[place[-1]]
    new = data.draw(st.integers() if isinstance(old, int) else st.text() | st.just(str(old)[:-1] + "0"))
    target[place[-1]] = new
    if new == old:
        return
    with contextlib.suppress(UsageError):
        assert list(check_proof(changed, checkpoint, KEY.name))


def test_a_missing_entry_is_noticed(made: Made) -> None:
    proof, _, _ = made
    for number in range(3):
        cut = copy.deepcopy(proof)
        del cut["chain"][number]
        assert list(check_proof(cut))


def test_what_vouches_for_the_end(made: Made) -> None:
    proof, checkpoint, early = made
    assert "does not reach" in " ".join(check_proof(proof, early, KEY.name))
    assert "did not introduce" in " ".join(check_proof(proof, checkpoint, create_key().name))
    forged = Checkpoint(**{**{name: getattr(checkpoint, name) for name in checkpoint.__slots__}, "head": early.head})
    assert list(check_proof(proof, forged, KEY.name))


def test_another_store_or_another_key(tmp_path: Path, made: Made) -> None:
    proof, _, _ = made
    with Tracegraph.open(f"sqlite:///{tmp_path}/other.db") as other:
        path = tmp_path / "all.json"
        path.write_bytes(document(*story()))
        other.capture(path)
        assert "another store" in " ".join(check_proof(proof, make_checkpoint(other.store, KEY, 9), KEY.name))
        younger = rotate_key(KEY, 8)
        own = prove(other.store, other.store.events()[0].facts.content_hash)
        assert list(check_proof(own, other.checkpoint(younger, 9), KEY.name)) == []


def test_where_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    path.write_bytes(document(*story()))
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        graph.capture(path)
        event = graph.store.events()[2].facts.content_hash
        assert graph.prove(event, upto=3)["chain"] == []
        assert graph.prove(event, upto=4)["head"]["count"] == 4
        for upto in (2, 6):
            with pytest.raises(UsageError, match="from 3"):
                graph.prove(event, upto=upto)
        with pytest.raises(UsageError, match="2 entries follow"):
            graph.prove(event, most=1)
        with pytest.raises(UnknownIdentifier):
            graph.prove("ni:///sha-256;00?ver=CBV2.0")


@pytest.mark.parametrize("nothing", [{}, {"entry": 1}, {"entry": {"payload": "x"}}, {"entry": {"payload": "{}"}}])
def test_what_is_no_proof(nothing: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        list(check_proof(nothing))
