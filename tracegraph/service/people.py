"""Persons: added, corrected, found, erased, and erased by themselves when their time is over.

A reference is HMAC-SHA256 of a random number under a salt of this deployment. Nothing of the person goes into it, so no
guessed name can be tried against it, not even with the salt; and without the salt, references of one deployment say
nothing to another that has a copy of the numbers.

Erasing takes the row, what was queued for the person, and then every trace of both: SQLite overwrites deleted rows, but
copies that it made while it moved rows between pages stay in unused space, so the file is written anew (VACUUM) and its
log cut. The reference stays in the ledger, whose chain does not change.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracegraph.clock import now
from tracegraph.errors import InvalidField, UnknownIdentifier, UsageError
from tracegraph.model.instants import DATE_ONLY, instant_text, parse_instant
from tracegraph.model.person import REFERENCE, REQUIRED, TEXTS, Person, PersonState
from tracegraph.service.file import ServiceFile
from tracegraph.service.outbox import drop_for

_SALT = "salt of person references"
#: Set together with what is deleted, taken away when no trace is left: what a killed process began is ended later.
_UNCLEAN = "deleted but not overwritten"


class Why(StrEnum):
    """Why data are gone."""

    ASKED = "asked"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Erased:
    """That data were erased: when (an instant), and why."""

    reference: str
    erased_at: int
    why: Why


class People(Mapping[str, Person]):
    """The persons in a service file, by reference; one that was erased is there too, without texts. `clock`: now, as an
    instant."""

    def __init__(self, file: ServiceFile, clock: Callable[[], int] = now) -> None:
        self._file = file
        self._clock = clock
        with file.changing() as change:
            change.execute("INSERT INTO about VALUES (?, ?) ON CONFLICT DO NOTHING", (_SALT, secrets.token_hex(32)))
            self._salt = bytes.fromhex(_about(change, _SALT) or "")
        self._clean()

    # entering

    def add(self, **texts: str) -> Person:
        """A new person of these texts (`tracegraph.model.person.TEXTS`). InvalidField where one is missing or unknown,
        or `keep_until` is no day or is over."""
        checked = self._checked(texts)
        number = secrets.token_bytes(32)
        reference = f"person:{hmac.digest(self._salt, number, 'sha256').hex()[:32]}"
        with self._file.changing() as change:
            change.execute(
                f"INSERT INTO person (reference, id, changed_at, {', '.join(TEXTS)})"
                f" VALUES (?, ?, ?{', ?' * len(TEXTS)})",
                (reference, number, self._clock(), *(checked[name] for name in TEXTS)),
            )
        return Person.of(reference, checked)

    def correct(self, reference: str, **texts: str) -> Person:
        """Other texts for a person; what is not given stays. Errors as those of `add` and `known`."""
        before = self.known(reference)
        checked = self._checked({name: getattr(before, name) for name in TEXTS} | texts)
        with self._file.changing() as change:
            change.execute(
                f"UPDATE person SET changed_at = ?, {', '.join(f'{name} = ?' for name in TEXTS)} WHERE reference = ?",
                (self._clock(), *(checked[name] for name in TEXTS), reference),
            )
        return Person.of(reference, checked)

    def _checked(self, texts: Mapping[str, str]) -> dict[str, str]:
        for name in texts:
            if name not in TEXTS:
                raise InvalidField(f"person: {name} is no field; use {', '.join(TEXTS)}", name)
        checked = {name: texts.get(name, "").strip() for name in TEXTS}
        for name in REQUIRED:
            if not checked[name]:
                raise InvalidField(f"person: {name} is missing; give one", name)
        last = checked["keep_until"]
        if not DATE_ONLY.fullmatch(last) or parse_instant(last, "keep_until", "end") < self._clock():
            raise InvalidField(f"person: keep_until is {last!r}; give a day to come, as 2027-01-31", "keep_until")
        return checked

    # looking

    def __getitem__(self, reference: str) -> Person:
        """The person, or that it was erased; KeyError where nothing was ever known of it."""
        found = self.look(reference)
        if found.state is PersonState.UNKNOWN:
            raise KeyError(reference)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter([person.reference for person in self.all()])

    def __len__(self) -> int:
        return len(self.all())

    def look(self, reference: str) -> Person:
        """The person, whatever its state."""
        with self._file.reading() as connection:
            row = connection.execute("SELECT * FROM person WHERE reference = ?", (reference,)).fetchone()
        if row is not None:
            return _person(row)
        return Person(reference, state=PersonState.UNKNOWN if self.erased(reference) is None else PersonState.ERASED)

    def known(self, reference: str) -> Person:
        """The person with its texts. UsageError where it is no reference, UnknownIdentifier where it was erased or
        never known."""
        if not REFERENCE.fullmatch(reference):
            raise UsageError(f"{reference!r} refers to no person; give person: and 32 digits, as add returned it")
        found = self.look(reference)
        if found.state is PersonState.ERASED:
            raise UnknownIdentifier(f"the data of {reference} were erased; add the person anew", reference)
        if found.state is PersonState.UNKNOWN:
            raise UnknownIdentifier(f"there is no person {reference}; find one by a part of the name", reference)
        return found

    def erased(self, reference: str) -> Erased | None:
        """When and why the data were erased; None: they were not."""
        with self._file.reading() as connection:
            row = connection.execute("SELECT * FROM person_erased WHERE reference = ?", (reference,)).fetchone()
        return None if row is None else Erased(row["reference"], row["erased_at"], Why(row["why"]))

    def all(self) -> list[Person]:
        """Everybody who is known, by name."""
        with self._file.reading() as connection:
            return [_person(row) for row in connection.execute("SELECT * FROM person ORDER BY name, reference")]

    def find(self, text: str) -> list[Person]:
        """Those with the text in any of their texts, upper and lower case alike, by name; or the one of this
        reference."""
        wanted = text.strip().casefold()
        return [one for one in self.all() if any(wanted in told for told in _searched(one))]

    # erasing

    def erase(self, reference: str) -> Erased:
        """Erase all that is known of a person, and what was queued for it; again: the same answer. UnknownIdentifier
        where nothing was ever known, StoreLocked where the traces wait for another process (they are then taken away
        the next time that anybody opens the persons)."""
        if self.erased(reference) is None:
            self.known(reference)
            self._take([reference], Why.ASKED)
        self._clean()
        found = self.erased(reference)
        assert found is not None
        return found

    def expired(self) -> list[Person]:
        """Those whose last day is over, by that day: whom `retain` erases."""
        today = instant_text(self._clock())[:10]
        return sorted(
            (one for one in self.all() if one.keep_until < today), key=lambda one: (one.keep_until, one.reference)
        )

    def retain(self, dry_run: bool = False) -> list[str]:
        """Erase everybody whose last day is over; returns their references. `dry_run`: only tell."""
        over = [one.reference for one in self.expired()]
        if over and not dry_run:
            self._take(over, Why.RETENTION)
            self._clean()
        return over

    def _take(self, references: Iterable[str], why: Why) -> None:
        now = self._clock()
        with self._file.changing() as change:
            change.execute("INSERT INTO about VALUES (?, '1') ON CONFLICT DO NOTHING", (_UNCLEAN,))
            for reference in references:
                change.execute("DELETE FROM person WHERE reference = ?", (reference,))
                drop_for(change, reference)
                change.execute(
                    "INSERT INTO person_erased VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (reference, now, why)
                )

    def _clean(self) -> None:
        """Overwrite what was deleted, where anything was."""
        with self._file.reading() as connection:
            if _about(connection, _UNCLEAN) is None:
                return
        self._file.overwrite_deleted()
        with self._file.changing() as change:
            change.execute("DELETE FROM about WHERE name = ?", (_UNCLEAN,))


def _about(connection: sqlite3.Connection, name: str) -> str | None:
    row = connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row["value"])


def _person(row: sqlite3.Row) -> Person:
    return Person.of(row["reference"], {name: row[name] for name in TEXTS})


def _searched(person: Person) -> list[str]:
    return [person.reference, *(getattr(person, name).casefold() for name in TEXTS)]
