"""The answer to what records lack: findings, and how complete each partner's records are, element by element.

`result["findings"]` are sorted by file, event and place; `result["completeness"]` counts, for each partner, kind of
event and required element, how many events ask for it and how many have it; `result["checked"]` counts events: those of
a kind that the profile knows, others, and those that show in part only and are not judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracegraph import __version__
from tracegraph.errors import UsageError
from tracegraph.formats.profiles import Checked, KeyDataFinding, Profile
from tracegraph.formats.recognise import EPCIS
from tracegraph.identifiers import location, party
from tracegraph.messages import Language, words
from tracegraph.model.instants import optional_text
from tracegraph.stores.port import Reading
from tracegraph.trace.cursors import Key, read_cursor, write_cursor
from tracegraph.trace.envelope import Json, as_of_json, no_lists
from tracegraph.trace.profiles.records import Judged, judged_in_files, judged_in_store
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail

_NO_KEY: Key = ("",) * 5
_NOTHING_KNOWN: Json = {"known": None, "ledger": {"count": None, "head": None}}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which findings: of one partner (a party or site; None: of all), a page of at most `limit`, `after` the `next` of
    the page before."""

    partner: str | None = None
    limit: int | None = None
    after: str | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"limit is {self.limit}; give at least 1, or leave it out for all")

    def takes(self, judged: Judged) -> bool:
        """Whether the partner made this record."""
        return self.partner is None or not {party(self.partner), location(self.partner)}.isdisjoint(judged.partners)


EVERYTHING = Choice()


def check_store(
    store: Reading,
    profile: Profile,
    choice: Choice = EVERYTHING,
    as_of: int | None = None,
    language: Language = "en",
) -> Answered:
    """What the events of a store that count lack, as an answer of kind `profile`. Incomplete: some events show in part
    only to who asks."""
    with store.one_state():
        snapshot = Snapshot.of(store, as_of)
        report = _Report(profile, choice)
        for judged in judged_in_store(snapshot, profile):
            report.add(judged)
    return _answered(report, as_of_json(snapshot), as_of, language)


def check_files(
    paths: Iterable[str | Path],
    profile: Profile,
    choice: Choice = EVERYTHING,
    language: Language = "en",
    form: str = EPCIS,
) -> Answered:
    """What the events in files or folders lack, without a store. What cannot be read is listed in `result["rejected"]`,
    one sentence each, and makes the answer incomplete. `form`: which format they have (tracegraph.formats.recognise).
    Raises InputError where there is nothing to read."""
    report = _Report(profile, choice)
    for judged in judged_in_files(list(paths), profile, form):
        if isinstance(judged, str):
            report.rejected.append(judged)
        else:
            report.add(judged)
    return _answered(report, _NOTHING_KNOWN, None, language)


@dataclass(slots=True)
class _Report:
    """What was found so far."""

    profile: Profile
    choice: Choice
    found: list[tuple[Judged, Checked, KeyDataFinding]] = field(default_factory=list)
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    met: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[str] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        """Take over what one event lacks."""
        if not self.choice.takes(judged):
            return
        checked = judged.checked
        if checked is None or checked.kind is None:
            self.counts["withheld" if checked is None else "others"] += 1
            return
        self.counts["checked"] += 1
        self.found += [(judged, checked, finding) for finding in checked.findings]
        for element, is_met in checked.met.items():
            about = (judged.partner, checked.kind.name, element)
            self.asked[about] += 1
            self.met[about] += is_met

    def findings(self, language: Language) -> Iterator[tuple[Key, Json]]:
        """All findings with what they are sorted by."""
        for judged, checked, finding in self.found:
            told = _finding_json(self.profile, judged, checked, finding, language)
            yield (judged.file, judged.event, told["pointer"], finding.element, finding.problem), told

    def completeness(self, language: Language) -> list[Json]:
        """One row for each partner, kind of event and element, worst first where sorted by `present`."""
        kinds = {kind.name: kind for kind in self.profile.kinds}
        return [
            {
                "partner": partner or None,
                "kind": kind,
                "kind_label": _label(kinds[kind].label, language),
                "element": element,
                "label": _label(self.profile.elements[element].label, language),
                "required": self.asked[partner, kind, element],
                "present": self.met[partner, kind, element],
            }
            for partner, kind, element in sorted(self.asked)
        ]


def _answered(report: _Report, as_of: Json, known: int | None, language: Language) -> Answered:
    choice, profile = report.choice, report.profile
    page, following = _page(sorted(report.findings(language), key=lambda pair: pair[0]), choice)
    result: dict[str, Any] = no_lists()
    result |= {
        "profile": {"name": profile.name, "title": _label(profile.title, language), "source": profile.source},
        "checked": {name: report.counts[name] for name in ("checked", "others", "withheld")},
        "findings": page,
        "found": len(report.found),
        "completeness": report.completeness(language),
        "rejected": report.rejected,
        "next": following,
    }
    frame = {
        "tracegraph": __version__,
        "question": {
            "kind": "profile",
            "profile": profile.name,
            "partner": choice.partner,
            "limit": choice.limit,
            "after": choice.after,
            "as_of": optional_text(known),
        },
        "as_of": as_of,
        "complete": not report.rejected and not report.counts["withheld"],
        "frontier": [],
        "gaps": [],
        "result": result,
    }
    return Answered(frame, Trail.empty())


def _page(ordered: list[tuple[Key, Json]], choice: Choice) -> tuple[list[Json], str | None]:
    if choice.after is not None:
        behind = read_cursor(choice.after, _NO_KEY)
        ordered = [pair for pair in ordered if pair[0] > behind]
    page = ordered[: choice.limit]
    return [told for _, told in page], write_cursor(page[-1][0]) if len(page) < len(ordered) else None


def _finding_json(
    profile: Profile, judged: Judged, checked: Checked, finding: KeyDataFinding, language: Language
) -> Json:
    assert checked.kind is not None
    element = profile.elements[finding.element]
    kind, label = _label(checked.kind.label, language), _label(element.label, language)
    sentence = words(f"key_data_{finding.problem}", language)
    return {
        "event": judged.event,
        "event_id": judged.event_id or None,
        "file": judged.file or None,
        "pointer": f"{judged.pointer}{finding.pointer}",
        "kind": checked.kind.name,
        "clause": checked.kind.clause or None,
        "partner": judged.partner or None,
        "element": finding.element,
        "problem": finding.problem,
        "value": finding.value or None,
        "wanted": finding.wanted or None,
        "message": sentence.format(kind=kind, element=label, value=finding.value, wanted=finding.wanted),
    }


def _label(text: dict[str, str], language: Language) -> str:
    return text.get(language, text["en"])
