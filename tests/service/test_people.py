"""Persons outside of the ledger: references that tell nothing, and erasure that leaves no byte."""

from __future__ import annotations

import hashlib
import hmac
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tracegraph import Tracegraph
from tracegraph.errors import InvalidField, StoreLocked, UnknownIdentifier, UsageError
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.instants import DAY, parse_instant
from tracegraph.model.person import REFERENCE, PersonState
from tracegraph.recall.case import case_file
from tracegraph.service.file import ServiceFile, beside
from tracegraph.service.people import People, Why

NAME = "Wilhelmina Quastenflosser"
SHORT = {"name": NAME, "purpose": "contact of the case", "keep_until": "2027-01-31"}
FULL = SHORT | {
    "role": "quality",
    "organisation": "Dairy 7",
    "phone": "+49 30 5550 17",
    "email": "w.quastenflosser@dairy.example",
    "address": "Molkereigasse 7",
    "after_hours": "pager 5550 18",
    "notes": "speaks no English",
}


class Clock:
    now = parse_instant("2026-11-23T12:00:00Z", "now")

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ServiceFile]:
    with closing(ServiceFile(tmp_path / "store.db.service")) as opened:
        yield opened


@pytest.fixture
def people(file: ServiceFile, clock: Clock) -> People:
    return People(file, clock)


def test_a_person_is_found_by_any_text_and_by_its_reference(people: People) -> None:
    one, other = people.add(**FULL), people.add(**SHORT | {"name": "Bartholomew"})
    assert REFERENCE.fullmatch(one.reference)
    assert people.known(one.reference) == people[one.reference] == one
    assert people.find("MOLKEREI") == people.find(one.reference) == [one]
    assert people.find("contact of") == [other, one]
    assert list(people) == [other.reference, one.reference]
    assert len(people) == 2


def test_a_log_shows_no_more_than_the_reference(people: People) -> None:
    one = people.add(**FULL)
    assert one.reference in repr(one)
    assert not any(text in repr(one) for text in FULL.values())


def test_a_reference_cannot_be_had_from_the_name(people: People, file: ServiceFile) -> None:
    """Not even by who has the salt: the same person twice has two references."""
    references = {people.add(**FULL).reference for _ in range(3)}
    assert len(references) == 3
    with file.reading() as connection:
        salt = connection.execute("SELECT value FROM about WHERE name LIKE 'salt%'").fetchone()["value"]
    for guess in (NAME, FULL["email"], FULL["phone"]):
        for key in (salt.encode(), bytes.fromhex(salt), b""):
            assert f"person:{hmac.digest(key, guess.encode(), 'sha256').hex()[:32]}" not in references
        assert f"person:{hashlib.sha256(guess.encode()).hexdigest()[:32]}" not in references


def test_the_salt_stays(file: ServiceFile, tmp_path: Path) -> None:
    def salt_of(opened: ServiceFile) -> str:
        People(opened)
        with opened.reading() as connection:
            return str(connection.execute("SELECT value FROM about WHERE name LIKE 'salt%'").fetchone()["value"])

    assert salt_of(file) == salt_of(file)
    with closing(ServiceFile(tmp_path / "other.service")) as other:
        assert salt_of(other) != salt_of(file)


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        (SHORT | {"name": " "}, "name"),
        (SHORT | {"purpose": ""}, "purpose"),
        (SHORT | {"keep_until": ""}, "keep_until"),
        (SHORT | {"keep_until": "soon"}, "keep_until"),
        (SHORT | {"keep_until": "2027-02-31"}, "keep_until"),
        (SHORT | {"keep_until": "2026-11-22"}, "keep_until"),
        (SHORT | {"birthday": "1970-01-01"}, "birthday"),
    ],
)
def test_what_is_wrong_is_named(people: People, texts: dict[str, str], field: str) -> None:
    with pytest.raises(UsageError, match=field):
        people.add(**texts)
    assert people.all() == []


def test_a_correction_changes_only_what_it_names(people: People) -> None:
    one = people.add(**FULL)
    changed = people.correct(one.reference, phone="+49 30 5550 19", notes="")
    assert (changed.phone, changed.notes, changed.email) == ("+49 30 5550 19", "", FULL["email"])
    assert people.known(one.reference) == changed
    with pytest.raises(InvalidField):
        people.correct(one.reference, name="")
    assert people.known(one.reference) == changed


def test_an_unknown_person_is_told_from_an_erased_one(people: People) -> None:
    one = people.add(**FULL)
    erased = people.erase(one.reference)
    assert people.erase(one.reference) == erased
    assert erased.why is Why.ASKED
    assert people.look(one.reference).state is people[one.reference].state is PersonState.ERASED
    nobody = f"person:{'0' * 32}"
    assert people.look(nobody).state is PersonState.UNKNOWN
    assert nobody not in people
    for reference, message in ((one.reference, "were erased"), (nobody, "no person")):
        with pytest.raises(UnknownIdentifier, match=message):
            people.known(reference)
    with pytest.raises(UnknownIdentifier):
        people.erase(nobody)
    with pytest.raises(UsageError, match="refers to no person"):
        people.known(NAME)


def test_retention_erases_those_whose_last_day_is_over(people: People, clock: Clock) -> None:
    one, other = people.add(**FULL), people.add(**SHORT | {"keep_until": "2027-02-01"})
    clock.now = parse_instant("2027-01-31T23:59:59Z", "now")
    assert people.retain() == []
    clock.now += DAY
    assert people.retain(dry_run=True) == [one.reference]
    assert people.known(one.reference) == one
    assert people.retain() == [one.reference]
    assert people.retain() == []
    assert people.all() == [other]
    erased = people.erased(one.reference)
    assert erased is not None
    assert (erased.why, erased.erased_at) == (Why.RETENTION, clock.now)


def test_no_byte_of_an_erased_person_stays(tmp_path: Path, clock: Clock) -> None:
    """The store verifies as before, and neither it nor the service file, nor their logs, hold anything of the person;
    the reference stays in the ledger."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with Tracegraph.open(url) as graph, closing(ServiceFile(beside(url))) as file:
        people = People(file, clock)
        one = people.add(**FULL)
        assert found_in(tmp_path, NAME)
        act(graph.store, "C1", "open", {"title": "Sprouts", "contact": one.reference}, clock(), Actor("office"))
        people.correct(one.reference, notes="was never here")
        people.erase(one.reference)
        assert list(graph.verify(deep=True)) == []
        assert case_file(graph.store, "C1").facts["contact"] == one.reference
        assert people.look(one.reference).state is PersonState.ERASED
        assert found_in(tmp_path, one.reference)
        for text in (*FULL.values(), "was never here"):
            if text not in SHORT.values() or text == NAME:
                assert not found_in(tmp_path, text), text


def found_in(folder: Path, text: str) -> bool:
    """Whether any file holds the text, in one of the ways in which a program may write it."""
    forms = {text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")} | {text.casefold().encode()}
    forms.add(text.encode("unicode_escape"))
    return any(form in path.read_bytes() for path in folder.rglob("*") if path.is_file() for form in forms)


@pytest.mark.parametrize("seed", range(3))
def test_no_byte_stays_where_rows_were_moved_between_pages(tmp_path: Path, clock: Clock, seed: int) -> None:
    """Of several hundred persons, added, corrected and erased in any order: PRAGMA secure_delete alone leaves some."""
    chance = random.Random(seed)
    path = tmp_path / "moved.service"
    gone: set[str] = set()
    live: dict[str, str] = {}
    with closing(ServiceFile(path)) as file:
        people = People(file, clock)
        with file.reading() as connection:
            connection.execute("PRAGMA synchronous = OFF")
        for number in range(500):
            mark = f"<person {number}>"  # too long to stand among random bytes
            texts = SHORT | {"name": mark, "notes": mark + "x" * chance.randint(0, 1500)}
            if live and chance.random() < 0.4:
                reference = chance.choice(list(live))
                gone.add(live[reference])
                people.correct(reference, **texts)
            else:
                reference = people.add(**texts).reference
            live[reference] = mark
        over = chance.sample(list(live), len(live) // 2)
        gone |= {live.pop(reference) for reference in over}
        people._take(over, Why.RETENTION)
        people._clean()
        written = b"".join(one.read_bytes() for one in tmp_path.iterdir())
        assert [mark for mark in sorted(gone) if mark.encode() in written] == []
        assert all(mark.encode() in written for mark in live.values())


def test_whoever_reads_meanwhile_keeps_the_traces_until_the_next_time(tmp_path: Path, clock: Clock) -> None:
    """The person is gone at once; what is left in the log is taken away by whoever opens the persons next."""
    path = tmp_path / "store.service"
    with closing(ServiceFile(path)) as file:
        people = People(file, clock)
        one = people.add(**FULL)
        with file.reading() as connection:
            connection.execute("PRAGMA busy_timeout = 0")
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM person").fetchone() == (1,)
            with pytest.raises(StoreLocked, match="being read"):
                people.erase(one.reference)
            assert people.look(one.reference).state is PersonState.ERASED
        assert found_in(tmp_path, NAME)
        People(file, clock)
        assert not found_in(tmp_path, NAME)
