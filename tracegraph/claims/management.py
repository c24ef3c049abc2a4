"""What the records say of an organisation's management: its documents, its persons, and what it does at intervals.

No record of a document is missing evidence; a record that has ended without another is a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tracegraph.claims.calendar import months_later
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.outcome import Outcome
from tracegraph.claims.row import Row, day
from tracegraph.claims.world import World

#: The kinds whose newest record tells how far the records go.
DATED = ("declaration", "account", "claim", "posting", "transaction", "document", "audit", "approval", "procedure")


def horizon(world: World) -> int:
    """The instant at which the records are judged: the world's own, else the newest time on record."""
    if world.valid is not None:
        return world.valid
    return world.once("horizon", lambda: max(_begun(world), default=0))


def _begun(world: World) -> Iterator[int]:
    return (row.valid_from for kind in DATED for row in world.rows(kind) if row.valid_from is not None)


def organisations(world: World, schemes: tuple[str, ...] = ()) -> dict[str, tuple[Row, ...]]:
    """The declarations and accounts (under these schemes; none: all) of each organisation that is named in them."""
    found: dict[str, list[Row]] = {}
    for kind in ("declaration", "account"):
        for row in world.rows(kind):
            if row.given("party") and (not schemes or row.text("scheme") in schemes):
                found.setdefault(row.text("party"), []).append(row)
    return {party: tuple(found[party]) for party in sorted(found)}


def of_party(rows: Iterable[Row], party: str) -> list[Row]:
    """The rows that name the organisation, or none."""
    return [row for row in rows if row.text("party") in ("", party)]


# documents


def papers(world: World, topic: str, party: str) -> list[Row]:
    """The documents of an organisation on a topic, the newest last."""
    rows = of_party(world.by("procedure", "topic", topic), party)
    return sorted(rows, key=lambda row: (row.valid_from or 0, row.id))


def documented(world: World, topic: str, party: str, at: int) -> Found:
    """Whether a document of the organisation on the topic is valid then. Words: party, topic, document, day."""
    rows = papers(world, topic, party)
    current = [row for row in rows if row.holds_at(at)]
    words = {"party": party, "topic": topic, "day": day(at), "document": (current or rows)[-1].id if rows else ""}
    if not rows:
        return missing(("party", party), words=words)
    if not current:
        ended = rows[-1].valid_to
        return failed(
            ("party", party),
            words=words,
            observed="" if ended is None else day(ended),
            limit=day(at),
            evidence=(*rows,),
        )
    return passed(("party", party), words=words, evidence=(*current,))


def covered(world: World, topic: str, party: str, aspects: tuple[str, ...], at: int) -> Found:
    """Whether the documents of the organisation on the topic say that they cover all of these aspects. Words: those
    of `documented`, and lacking. Case of a failure for want of aspects: `lacking`."""
    found = documented(world, topic, party, at)
    said = {one for row in found.evidence if isinstance(row, Row) for one in row.several("covers")}
    lacking = ", ".join(one for one in aspects if one not in said)
    if found.outcome is not Outcome.PASS or not lacking:
        return found
    words = {**found.words, "lacking": lacking}
    return failed(
        ("party", party),
        case="lacking",
        words=words,
        observed=", ".join(sorted(said)),
        limit=", ".join(aspects),
        evidence=found.evidence,
    )


def published(world: World, topic: str, party: str, at: int) -> Found:
    """Whether a valid document of the organisation on the topic is public. Cases: `hidden`, `unsaid`."""
    found = documented(world, topic, party, at)
    rows = [row for row in found.evidence if isinstance(row, Row)]
    if found.outcome is not Outcome.PASS or any(row.flag("public") for row in rows):
        return found
    hidden = all(row.flag("public") is False for row in rows)
    say = failed if hidden else missing
    return say(("party", party), case="hidden" if hidden else "unsaid", words=found.words, evidence=found.evidence)


def instructed(world: World, topic: str, party: str, at: int) -> Iterator[Found]:
    """Whether each person of the organisation who affects chain of custody has a valid record on the topic
    (competence, training). Words: party, topic, person, document, day. Cases: `nobody`, `unsaid`."""
    persons = [row for row in papers(world, "persons", party) if row.given("person") and row.holds_at(at)]
    if not persons:
        yield missing(("party", party), case="nobody", words={"party": party, "day": day(at)})
    for name in sorted({row.text("person") for row in persons}):
        rows = [row for row in persons if row.text("person") == name]
        yield from _instructed(world, topic, party, name, rows, at)


def _instructed(world: World, topic: str, party: str, name: str, persons: list[Row], at: int) -> Iterator[Found]:
    affects = {row.flag("affects_custody") for row in persons}
    words = {"party": party, "topic": topic, "person": name, "day": day(at), "document": persons[-1].id}
    if True not in affects and None in affects:
        yield missing(persons[-1], case="unsaid", words=words, evidence=(*persons,))
    if True not in affects:
        return
    rows = [row for row in papers(world, topic, party) if row.text("person") == name]
    current = [row for row in rows if row.holds_at(at)]
    if current:
        yield passed(persons[-1], words={**words, "document": current[-1].id}, evidence=(*persons, *current))
    elif rows:
        words["document"] = rows[-1].id
        yield failed(persons[-1], words=words, limit=day(at), evidence=(*persons, *rows))
    else:
        yield missing(persons[-1], words=words, evidence=(*persons,))


def kept(world: World, party: str, months: Decimal, at: int) -> Found:
    """Whether the organisation keeps its records that long (topic `retention`). Words: party, topic, document, day,
    months, limit. Cases: `long`, `short`, `unsaid`, `ended`, `no_paper`."""
    found = documented(world, "retention", party, at)
    rows = [row for row in found.evidence if isinstance(row, Row)]
    said = [number for row in rows if (number := row.number("retention_months")) is not None]
    if found.outcome is not Outcome.PASS:
        return replace(found, case="no_paper" if found.outcome is Outcome.NE else "ended")
    if not said:
        return missing(("party", party), case="unsaid", words=found.words, evidence=found.evidence)
    words = {**found.words, "months": max(said), "limit": months}
    case, say = ("long", passed) if max(said) >= months else ("short", failed)
    formula = f"{max(said)} >= {months} months"
    return say(
        ("party", party),
        case=case,
        words=words,
        observed=max(said),
        limit=months,
        formula=formula,
        evidence=found.evidence,
    )


# what is done at intervals


@dataclass(frozen=True, slots=True)
class Lapse:
    """After `before` the next was `due`, but came only at `next` (None: it had not come by `until`)."""

    before: Row
    due: int
    until: int
    next: Row | None


def first_lapse(rows: Iterable[Row], name: str, months: Decimal, at: int) -> Lapse | None:
    """The first time that more than so many months passed between two of these rows (by the time in a field), or from
    the last of them to an instant."""
    done = sorted(rows, key=lambda row: (row.first(name) or 0, row.id))
    for row, following in zip(done, [*done[1:], None], strict=True):
        due = months_later(row.last(name) or 0, months)
        until = at if following is None else following.first(name) or 0
        if until > due:
            return Lapse(row, due, until, following)
    return None


def at_intervals(
    about: tuple[str, str], rows: list[Row], name: str, months: Decimal, at: int, words: dict[str, str]
) -> Found:
    """Whether something was done at least every so many months. Words: those given, last, due, until. Cases of a
    failure: none where the next came late, `overdue` where none has come."""
    if not rows:
        return missing(about, words={**words, "day": day(at)})
    lapse = first_lapse(rows, name, months, at)
    newest = max(rows, key=lambda row: (row.first(name) or 0, row.id))
    if lapse is None:
        due = months_later(newest.last(name) or 0, months)
        said = {**words, "last": day(newest.first(name) or 0), "due": day(due), "until": day(at)}
        return passed(about, words=said, observed=day(at), limit=day(due), due=due, evidence=(*rows,))
    last = day(lapse.before.first(name) or 0)
    said = {**words, "last": last, "due": day(lapse.due), "until": day(lapse.until)}
    both = (lapse.before, *([lapse.next] if lapse.next else ()))
    return failed(
        about,
        case="" if lapse.next else "overdue",
        words=said,
        observed=day(lapse.until),
        limit=day(lapse.due),
        formula=f"{day(lapse.until)} > {last} + {months} months = {day(lapse.due)}",
        terms=(Term("interval", f"{months} months", records=both),),
        due=lapse.due,
        evidence=both,
    )
