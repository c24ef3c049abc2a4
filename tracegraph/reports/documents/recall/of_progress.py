"""The documents of how a case goes, made from it: status report, log of checks, recall or drill report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.model.custody import Gap
from tracegraph.model.instants import instant_text
from tracegraph.recall.accounting.figures import AMOUNTS, COUNTS, FIGURES
from tracegraph.recall.accounting.findings import texts
from tracegraph.recall.case.actions import action_kind
from tracegraph.recall.case.move import Move
from tracegraph.recall.case.version import ScopeVersion, changes
from tracegraph.recall.effectiveness import Draw
from tracegraph.recall.notices.following import steps
from tracegraph.recall.scope import scope
from tracegraph.recall.scope.question import read_question
from tracegraph.reports.documents.paper import Cell, Paper
from tracegraph.reports.documents.recall.check_log import Check, Drawn, Sample, check_log
from tracegraph.reports.documents.recall.grids import gap_row
from tracegraph.reports.documents.recall.of_drill import bucket_label, drill_account, drill_cover
from tracegraph.reports.documents.recall.recall_report import (
    CAUSE,
    DISPOSAL,
    REMEDY,
    RecallReport,
    Step,
    Version,
    recall_report,
)
from tracegraph.reports.documents.recall.status_report import (
    Figure,
    Ratio,
    Silent,
    StatusContent,
    StatusLine,
    status_report,
)
from tracegraph.reports.documents.recall.subject import choice, person, seconds, share
from tracegraph.reports.documents.recall.telling import said
from tracegraph.reports.documents.recall.told_case import ToldCase
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot


def status_paper(told: ToldCase, number: str = "") -> Paper:
    """The status report as it would be made now, or the one of that number as it was. Raises UnknownIdentifier for a
    number that there is not, UsageError for one that is none."""
    reports = told.case.of("status")
    if not number:
        return _status(told, len(reports) + 1, None, reports[-1] if reports else None)
    if not number.isdecimal():
        raise UsageError(f"{number!r} is no number of a status report; give 1 or more, or none for a new one")
    if not 1 <= int(number) <= len(reports):
        raise UnknownIdentifier(f"case {told.case.id} has no status report {number}; it has {len(reports)}", number)
    last = reports[int(number) - 1]
    before = reports[int(number) - 2] if int(number) > 1 else None
    return _status(_at(told, last), int(number), last, before)


def _at(told: ToldCase, move: Move) -> ToldCase:
    """The case as it was known with a move."""
    return told.before(Snapshot.of(told.snapshot.store, move.at))


def _status(told: ToldCase, number: int, move: Move | None, before: Move | None) -> Paper:
    now: Json = move.parts[FIGURES] if move and FIGURES in move.parts else told.figures
    then: Json = before.parts.get(FIGURES, {}) if before else {}
    earlier = _at(told, before) if before else None
    content = StatusContent(
        number,
        now["at"],
        instant_text(before.at) if before else None,
        now["estimated_completion"],
        (move.text("text") if move else "") or None,
        tuple(_compared(told, now, then)),
        tuple(_ratios_of(told, told.account, earlier.account if earlier else None)),
        tuple(_lines(told, now)),
        tuple(_silent(told, now)),
        tuple(_results(told, now, then)),
        tuple(_findings(told)),
        told.lots(row["unit"] for row in now["by_consignee"]),
    )
    return status_report(told.subject, content, told.language)


def _compared(told: ToldCase, now: Json, then: Json) -> Iterator[Figure]:
    """Figures, and what they were before; amounts with their unit of measure, in another they cannot be compared."""
    for name in (*COUNTS, *AMOUNTS):
        measured = name in AMOUNTS
        known = name in then and (not measured or then["unit"] == now["unit"])
        before = Decimal(str(then[name])) if known else None
        measure = (now["unit"] or "–") if measured else ""
        yield Figure(said(f"figure_{name}", told.language), Decimal(str(now[name])), before, measure)


def _results(told: ToldCase, now: Json, then: Json) -> Iterator[Figure]:
    """How many checks ended how."""
    for name in _RESULTS:
        before = Decimal(then["results"].get(name, 0)) if "results" in then else None
        yield Figure(said(f"figure_{name}", told.language), Decimal(now["results"].get(name, 0)), before)


#: What 7.53 asks of each consignee.
_OF_CONSIGNEE = ("shipped", "on_hand_at_receipt", "returned", "destroyed", "accounted")
_RESULTS = ("effective", "not_effective", "not_reached")
#: What differs from one version of a scope to the next.
_CHANGES = ("added", "removed", "changed")


def _ratios_of(told: ToldCase, account: Json, before: Json | None = None) -> Iterator[Ratio]:
    """The percentages of an account that there are, and what they were in an account before."""
    earlier = {one["ratio"]: one["value"] for one in before["ratios"]} if before else {}
    for one in account["ratios"]:
        if one["part"] is not None and one["of"] is not None:
            then = earlier.get(one["ratio"])
            before_it = None if then is None else share(Decimal(then), Decimal(1))
            label = texts("ratios")[one["ratio"]][told.language]
            yield Ratio(label, Decimal(one["part"]), Decimal(one["of"]), before_it)


def _lines(told: ToldCase, now: Json) -> Iterator[StatusLine]:
    """A line for each lot that a consignee replied about."""
    sent, replied = _sent(now), _replied(told)
    for row in now["by_consignee"]:
        when, how = sent.get(row["consignee"], (None, None))
        amounts = [
            Decimal(row[name]) for name in ("shipped", "on_hand_at_receipt", "returned", "destroyed", "accounted")
        ]
        yield StatusLine(
            told.consignee_address(row["consignee"]),
            told.lot(row["unit"]),
            when,
            how,
            replied.get(row["consignee"]),
            now["unit"],
            *amounts,
        )


def _sent(now: Json) -> dict[str, tuple[str | None, str | None]]:
    """When and how each consignee was told first."""
    found: dict[str, tuple[str | None, str | None]] = {}
    for one in now["notices"]:
        found.setdefault(one["consignee"], (one["sent"][:10] or None, one["method"] or None))
    return found


def _replied(told: ToldCase) -> dict[str, str]:
    """The day on which the last reply of each consignee was entered."""
    return {told.consignee_id(move.text("consignee")): instant_text(move.at)[:10] for move in told.case.of("reply")}


def _silent(told: ToldCase, now: Json) -> Iterator[Silent]:
    """Who was told and has not answered."""
    labels = {step["step"]: step["label"][told.language] for step in steps()}
    sent = _sent(now)
    for consignee in now["silent"]:
        stands = told.standings.get(consignee)
        reminders = stands.known.reminders if stands else []
        last = reminders[-1][0] if reminders else ""
        when, _ = sent.get(consignee, (None, None))
        yield Silent(told.consignee_address(consignee), when, len(reminders), labels.get(last, last) or None)


def _findings(told: ToldCase) -> Iterator[tuple[str, str, str]]:
    for row in told.account["consignees"]:
        for finding in row["findings"]:
            yield (told.named(row["consignee"]), told.lot(row["unit"]), finding["text"])


def checks_paper(told: ToldCase) -> Paper:
    """The log of effectiveness checks."""
    draws = {name: draw for draw in told.checks.draws for name in draw.consignees}
    checks = tuple(
        Check(
            told.consignee_address(check.consignee),
            str(draws[check.consignee].told["level"]) if check.consignee in draws else None,
            str(draws[check.consignee].told["seed"]) if check.consignee in draws else None,
            _move(told, check.move).parts,
        )
        for check in told.checks.checks
    )
    return check_log(told.subject, tuple(_sample(told, draw) for draw in told.checks.draws), checks, told.language)


def _move(told: ToldCase, number: int) -> Move:
    return told.case.moves[number - 1]


def _sample(told: ToldCase, draw: Draw) -> Sample:
    kept: Mapping[str, Json] = {one["consignee"]: one for one in _listed(draw.told["drawn"])}
    return Sample(
        str(draw.told["level"]),
        int(str(draw.told["population"])),
        str(draw.told["seed"]),
        draw.actor,
        instant_text(draw.recorded_at),
        f"{draw.told['share']} %",
        tuple(Drawn(told.consignee_address(name), _stratum(told, kept[name])) for name in draw.consignees),
    )


def _listed(told: object) -> list[Json]:
    return told if isinstance(told, list) else []


def _stratum(told: ToldCase, one: Json) -> str:
    """Tier and band of amounts."""
    band = said(f"band_{one['band']}", told.language)
    return f"{said('tier', told.language)} {one['tier']}, {band}"


def report_paper(told: ToldCase) -> Paper:
    """The report on the recall or drill."""
    account = drill_account(told) or told.account
    content = RecallReport(
        tuple(_step(told, move) for move in told.case.moves),
        tuple(_versions(told)),
        account["unit"] or "–",
        Decimal(account["start"]),
        tuple((bucket_label(told, one["bucket"]), Decimal(one["value"])) for one in account["buckets"]),
        tuple(_ratios_of(told, account)),
        tuple(_gaps(told)),
        tuple(_parts(told, "cause", CAUSE)),
        tuple(_parts(told, "remedy", REMEDY)),
        tuple(_parts(told, "dispose", DISPOSAL)),
        drill_cover(told) if told.case.is_drill else None,
        told.lots(told.version.units() if told.version else ()),
    )
    return recall_report(told.subject, content, told.language)


def _step(told: ToldCase, move: Move) -> Step:
    label = action_kind(move.action).label[told.language]
    about = told.named(move.text("consignee")) if move.text("consignee") else move.text("version") or move.text("name")
    about = told.lot(move.text("unit")) if move.text("unit") and not about else about
    shown = f"{label}: {about}" if about else label
    state = said(f"state_{move.state}", told.language)
    return Step(move.number, seconds(move.at), shown, move.actor or "–", move.role, move.reason or None, state)


def _versions(told: ToldCase) -> Iterator[Version]:
    approved = {move.text("version"): move.actor for move in told.case.of("approve")}
    before: ScopeVersion | None = None
    for one in told.case.versions:
        differs = changes(before, one) if before else None
        added, removed, changed = (len(differs[name]) if differs else None for name in _CHANGES)
        classes = tuple((str(row["class"]), int(row["units"])) for row in one.classes if row["units"])
        yield Version(
            one.number,
            seconds(one.at),
            one.author or "–",
            one.reason,
            approved.get(str(one.number)),
            classes,
            added,
            removed,
            changed,
            None if one.known is None else seconds(one.known),
            one.complete,
        )
        before = one


#: The parts of the question of a version by which it is asked again.
_ASKED = ("scope", "assumptions", "follow", "minimum_grade")


def _gaps(told: ToldCase) -> Iterator[tuple[Cell, ...]]:
    """What the answer to the question of the scope does not know."""
    version = told.version
    if version is None or not version.gaps:
        return
    asked = {name: version.question[name] for name in _ASKED if name in version.question}
    question = replace(read_question(asked), as_of=version.known)
    for one in scope(told.snapshot.store, question, told.language).envelope["gaps"]:
        gap = Gap(one["kind"], one["unit"], one["place"], one["event"], detail=one["detail"], ask=tuple(one["ask"]))
        yield tuple(cell or "–" for cell in gap_row(gap, told.known, told.language))


def _parts(told: ToldCase, action: str, names: Iterable[str]) -> Iterator[tuple[Cell, ...]]:
    for move in told.case.of(action):
        yield tuple(_part(told, move, name) for name in names)


def _part(told: ToldCase, move: Move, name: str) -> Cell:
    text = move.text(name)
    if not text:
        return None
    if name == "quantity":
        return Decimal(text)
    if name in ("place", "consignee"):
        return told.named(text)
    if name == "unit":
        return told.lot(text)
    return choice(name, text, told.language) if name == "method" else person(told.people, text)
