"""Answers made from columns are those made holding by holding, to the byte: over random graphs that change after the
index was made, at every position, and where the columns are damaged."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.stores.index.stores import COMPILED, DIRECTIONS, IndexedStore
from tests.trace.test_lists import stories
from tracegraph.contract.scenes import Scene
from tracegraph.contract.tracing import random_scene
from tracegraph.model.custody import CARRIED, Holding, Place, PlaceKind
from tracegraph.model.instants import EPOCH
from tracegraph.stores.port import Store
from tracegraph.stores.sqlite import open_sqlite
from tracegraph.stores.sqlite.index import gathering, held
from tracegraph.stores.sqlite.index.choice import Kernel
from tracegraph.stores.sqlite.index.held import Amounts
from tracegraph.stores.sqlite.index.manifest import index_folder, read_manifest
from tracegraph.trace.columns import ColumnList
from tracegraph.trace.envelope import to_json
from tracegraph.trace.question import Limits, ask
from tracegraph.trace.tracing import Answered, trace

STARTS = ("u0", "u5")


def numbered(scene: Scene) -> Scene:
    """The same with ids as the compiler makes them."""

    def id_of(name: str) -> str:
        return blake2b(name.encode(), digest_size=16).hexdigest()

    return Scene(
        {id_of(name): storable(holding._replace(id=id_of(name))) for name, holding in scene.holdings.items()},
        {id_of(name): replace(joint, id=id_of(name)) for name, joint in scene.joints.items()},
        [replace(leg, source=id_of(leg.source), target=id_of(leg.target)) for leg in scene.legs],
        [replace(gap, holding=id_of(gap.holding) if gap.holding else None) for gap in scene.gaps],
    )


def storable(holding: Holding) -> Holding:
    """The same without halves of surrogate pairs, which no store takes."""
    texts = {
        name: text.replace("\ud800", "half")
        for name in ("party", "owner", "sublocation", "destination")
        if (text := getattr(holding, name)) is not None
    }
    place = holding.place._replace(id=holding.place.id.replace("\ud800", "half"))
    return holding._replace(place=place, **texts)


def later(scene: Scene, random: Random) -> Scene:
    """The same with some of it otherwise, some gone and some new."""
    found = Scene(dict(scene.holdings), dict(scene.joints), list(scene.legs), list(scene.gaps))
    for name, holding in scene.holdings.items():
        if random.random() < 0.3:
            place = Place(random.choice(list(PlaceKind)), random.choice(["u1", "u2", "s1", "destroying", ""]))
            found.holdings[name] = holding._replace(until=random.choice([None, holding.since + 9]), place=place)
        elif random.random() < 0.15:
            del found.holdings[name]
            found.legs = [leg for leg in found.legs if name not in (leg.source, leg.target)]
            found.gaps = [gap for gap in found.gaps if gap.holding != name]
    new = blake2b(random.randbytes(4), digest_size=16).hexdigest()
    found.hold(new, "container:u1", 3)
    found.holdings[new] = found.holdings[new]._replace(unit="u3")
    found.leg(random.choice(list(found.holdings)), new, 4, rule=random.choice([CARRIED, "document"]))
    return found


def answers(store: Store, moments: int = 0) -> list[bytes]:
    """What is said of two units, now and as of every moment before."""
    return [b"".join(answer.json_pieces()) for answer in asked(store, moments)]


def asked(store: Store, moments: int = 0) -> list[Answered]:
    at: list[Any] = [None, *(EPOCH + timedelta(seconds=moment) for moment in range(1, moments + 1))]
    return [
        trace(store, ask(*STARTS, direction=direction, certainty=certainty, as_of=as_of))
        for direction in DIRECTIONS
        for certainty in ("possible", "confirmed")
        for as_of in at
    ]


def were_columns(found: list[Answered]) -> list[bool]:
    return [one.listed is not None and isinstance(one.listed.holdings, ColumnList) for one in found]


@given(stories(), some.integers(0, 10_000), some.sampled_from(COMPILED))
@settings(max_examples=12)
def test_answers_of_columns_while_the_graph_changes(scene: Scene, seed: int, kernel: Kernel) -> None:
    """The index is made after the second of four states, and brought forward."""
    random = Random(seed)
    scene.gap("unknown_origin", next(iter(scene.holdings))).gap("no_lot_number", unit="u5")
    states = [numbered(scene)]
    for _ in range(3):
        states.append(later(states[-1], random))
    with TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        with (
            closing(IndexedStore(path, kernel, 10**6)) as store,
            closing(open_sqlite(path, kernel=Kernel.SQL)) as plain,
        ):
            before = set[str]()
            for number, state in enumerate(states, 1):
                owners = state.timelines().keys()
                state.put_into(store, number, removed=before - owners)
                before = set(owners)
                if number == 2:
                    assert store.build_index()
                moments = number if number > 2 else 0
                assert answers(store, moments) == answers(plain, moments)
            assert were_columns(asked(store)) == [True] * 4


def test_values_and_text_of_columns_are_equal(tmp_path: Path) -> None:
    with closing(IndexedStore(tmp_path / "store.db", Kernel.NUMPY)) as store:
        numbered(random_scene(3)).put_into(store)
        texts, found = answers(store), asked(store)
        assert all(were_columns(found))
        parts = [one.listed.part(["u0", "u3"]) for one in found if one.listed]
        assert [to_json(one.envelope) for one in found] == texts
    for one, part in zip(found, parts, strict=True):
        whole = one.envelope["result"]
        assert part["units"] == [unit for unit in whole["units"] if unit["id"] in ("u0", "u3")]
        assert part["holdings"] == [holding for holding in whole["holdings"] if holding["unit"] in ("u0", "u3")]
        assert list(one.listed.holdings.states()) == [  # type: ignore[union-attr]
            (holding["unit"], holding["until"] is not None, holding["state"]) for holding in whole["holdings"]
        ]


def test_the_graph_is_there_when_it_is_asked_for(tmp_path: Path) -> None:
    with closing(IndexedStore(tmp_path / "store.db", Kernel.NUMPY)) as store:
        numbered(random_scene(3)).put_into(store)
        for one in asked(store):
            assert one.listed is not None
            ids = [holding["id"] for holding in one.listed.holdings.values()]
            assert [holding.id for _, holding in one.trail.holdings] == ids


@pytest.mark.parametrize(
    "options",
    [
        {"limits": Limits(max_nodes=3)},
        {"limits": Limits(max_hops=1)},
        {"paths": 1},
        {"shares": True},
        {"direction": "both"},
        {"infer": "fifo"},
    ],
)
def test_what_needs_the_graph_is_made_of_it(tmp_path: Path, options: dict[str, Any]) -> None:
    with (
        closing(IndexedStore(tmp_path / "store.db", Kernel.NUMPY)) as store,
        closing(open_sqlite(tmp_path / "store.db", kernel=Kernel.SQL)) as plain,
    ):
        numbered(random_scene(3)).put_into(store)
        question = ask("u0", **options)
        answered = trace(store, question)
        assert not any(were_columns([answered]))
        assert b"".join(answered.json_pieces()) == b"".join(trace(plain, question).json_pieces())


def test_ids_that_are_no_numbers_are_left_to_the_store(tmp_path: Path) -> None:
    with (
        closing(IndexedStore(tmp_path / "store.db", Kernel.NUMPY)) as store,
        closing(open_sqlite(tmp_path / "store.db", kernel=Kernel.SQL)) as plain,
    ):
        random_scene(3).put_into(store)
        assert answers(store) == answers(plain)
        assert not any(were_columns(asked(store)))


def test_where_much_has_changed_the_plain_way_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_MANY", 2)
    with closing(IndexedStore(tmp_path / "store.db", Kernel.NUMPY, 10**6)) as store:
        scene = numbered(random_scene(3))
        scene.put_into(store)
        store.build_index()
        assert all(were_columns(asked(store)))
        for name, holding in scene.holdings.items():
            scene.holdings[name] = holding._replace(until=10**9)
        scene.put_into(store, 2)
        assert not all(were_columns(asked(store)))


def test_amounts_that_come_again_after_many_others(monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = Amounts(remembered=2)
    rows = [("1.50", "KGM", None, None), ("2", "", "0", ""), (None, "KGM", "1", "KGM"), ("1.50", "KGM", None, None)]
    assert amounts.numbers([*rows, rows[3]]) == [0, 1, 2, 3, 3]
    texts = [amounts.text[begin:end].decode() for begin, end in zip([0, *amounts.ends], amounts.ends, strict=False)]
    assert texts == [
        '"quantity":{"value":"1.5","unit":"KGM"},"remaining":null',
        '"quantity":{"value":"2","unit":""},"remaining":{"value":"0","unit":""}',
        '"quantity":{"value":null,"unit":"KGM"},"remaining":{"value":"1","unit":"KGM"}',
        '"quantity":{"value":"1.5","unit":"KGM"},"remaining":null',
    ]


def test_an_index_of_an_empty_store(tmp_path: Path) -> None:
    with closing(IndexedStore(tmp_path / "store.db", Kernel.NUMPY, 10**6)) as store:
        store.build_index()
        numbered(random_scene(3)).put_into(store)
        with closing(open_sqlite(tmp_path / "store.db", kernel=Kernel.SQL)) as plain:
            assert answers(store) == answers(plain)
        assert all(were_columns(asked(store)))


@pytest.mark.parametrize("section", ["held", "amount_ends", "amount_text"])
def test_damaged_columns_are_not_used(tmp_path: Path, section: str) -> None:
    """A bit is flipped in the first and the last word that is used: no answer changes, but for the time it takes."""
    path = tmp_path / "store.db"
    with closing(IndexedStore(path, Kernel.NUMPY)) as store:
        numbered(random_scene(3)).put_into(store)
        expected = answers(store)
    manifest = read_manifest(index_folder(path))
    assert manifest
    where = next(one for one in manifest.sections if one.name == section)
    width = {"held": 4, "amount_ends": 8, "amount_text": 1}[section]
    arrays = index_folder(path) / manifest.file
    whole = arrays.read_bytes()
    for place in (held.WORDS * width if section == "held" else 0, where.count * width - 1):
        damaged = bytearray(whole)
        damaged[where.offset + place] ^= 4
        arrays.write_bytes(damaged)
        with closing(IndexedStore(path, Kernel.NUMPY)) as store:
            assert answers(store) == expected
            assert not any(were_columns(asked(store)))


@pytest.mark.parametrize("seed", range(6))
def test_a_limit_that_is_not_hit_needs_no_graph(tmp_path: Path, seed: int) -> None:
    with (
        closing(IndexedStore(tmp_path / "store.db", Kernel.NUMPY)) as store,
        closing(open_sqlite(tmp_path / "store.db", kernel=Kernel.SQL)) as plain,
    ):
        numbered(random_scene(seed)).put_into(store)
        for direction in DIRECTIONS:
            listed = len(trace(plain, ask(*STARTS, direction=direction)).envelope["result"]["holdings"])
            for most, seconds in [(listed, None), (listed + 1, None), (listed, 30.0), (max(1, listed - 1), 30.0)]:
                question = ask(*STARTS, direction=direction, limits=Limits(max_nodes=most, max_seconds=seconds))
                answered = trace(store, question)
                assert were_columns([answered]) == [listed <= most]
                assert b"".join(answered.json_pieces()) == b"".join(trace(plain, question).json_pieces())


def test_a_limit_of_time_alone_is_watched_while_following(tmp_path: Path) -> None:
    with closing(IndexedStore(tmp_path / "store.db", Kernel.NUMPY)) as store:
        numbered(random_scene(3)).put_into(store)
        assert not any(were_columns([trace(store, ask("u0", limits=Limits(max_seconds=30.0)))]))
