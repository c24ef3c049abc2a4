"""What a golden expects of a compiled world, and how a compiled world reads in the same words.

Holdings are named by what a person knows of them: `A@P/e1` is unit A at place P, opened by event e1. Names of rules and
ids of holdings are free and never shown. README.md beside the goldens explains every form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tests.timeline.notation import MEASURES, NotationError, World, read_world
from tracegraph.model.custody import Certainty, Gap, Holding, Joint, Leg, PlaceKind, Timeline
from tracegraph.model.quantity import Quantity

HEADINGS = (
    "shows",
    "events",
    "units",
    "holdings",
    "holdings include",
    "legs",
    "legs include",
    "gaps",
    "gaps include",
    "reach",
    "count",
)
COLUMNS = re.compile(r"\s{2,}")
REACH = re.compile(
    r"(?P<start>.+?) (?P<direction>forward|backward) (?P<certainty>confirmed|possible):"
    r" (?P<form>units|at|transit|holdings) (?P<expected>.+)"
)
MEASURE_WORDS = {code: word for word, code in MEASURES.items()}


@dataclass(frozen=True)
class Golden:
    """One table: what it shows, its events, and the lines below each heading."""

    file: str
    title: str
    sections: Mapping[str, tuple[str, ...]]

    def world(self) -> World:
        """The events and master data of the table."""
        return read_world("\n".join(self.sections["events"]))


@dataclass(frozen=True)
class Difference:
    """What a section should say and what the compiled world says there, as sorted lines."""

    section: str
    expected: tuple[str, ...]
    actual: tuple[str, ...]


def read_goldens(file: str, text: str) -> list[Golden]:
    """The tables of one file; each begins with `=== title`."""
    goldens = []
    for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        title, _, body = block.partition("\n")
        goldens.append(Golden(file, title.strip(), _sections(title, body)))
    return goldens


def _sections(title: str, body: str) -> dict[str, tuple[str, ...]]:
    sections: dict[str, list[str]] = {}
    heading = ""
    for line in body.splitlines():
        if line and not line.startswith(" "):
            heading, colon, rest = line.partition(":")
            if not colon or heading not in HEADINGS or heading in sections:
                raise NotationError(f"unknown or repeated heading {line!r} in golden {title!r}")
            sections[heading] = [rest.strip()] if rest.strip() else []
        elif line.strip():
            sections[heading].append(line.strip())
    if not sections.get("shows") or not sections.get("events") or len(sections) < 3:
        raise NotationError(f"golden {title!r} must say what it shows, its events and what they give")
    return {name: tuple(line for line in lines if line != "none") for name, lines in sections.items()}


@dataclass
class Graph:
    """A compiled world with readable names for its nodes."""

    names: Callable[[str], str]
    timelines: Mapping[str, Timeline]
    nodes: dict[str, Holding | Joint] = field(default_factory=dict)
    legs: list[Leg] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def __post_init__(self) -> None:
        for timeline in self.timelines.values():
            self.nodes.update({holding.id: holding for holding in timeline.holdings})
            self.nodes.update({joint.id: joint for joint in timeline.joints})
            self.legs.extend(timeline.legs)
            self.gaps.extend(timeline.gaps)

    @property
    def holdings(self) -> list[Holding]:
        """All holdings of the world."""
        return [node for node in self.nodes.values() if isinstance(node, Holding)]

    def place(self, holding: Holding) -> str:
        """`P`, `transit`, `in T`, `party X`, `sink destroying` or `unknown`."""
        name = self.names(holding.place.id)
        return {
            PlaceKind.SITE: name,
            PlaceKind.PARTY: f"party {name}",
            PlaceKind.TRANSIT: "transit",
            PlaceKind.CONTAINER: f"in {name}",
            PlaceKind.SINK: f"sink {name}",
            PlaceKind.UNKNOWN: "unknown",
        }[holding.place.kind]

    def standing(self, holding: Holding) -> str:
        """Unit and place: `A@P`."""
        return f"{self.names(holding.unit)}@{self.place(holding)}"

    def label(self, node: Holding | Joint) -> str:
        """`A@P/e1`, or `[e4]` for a transformation."""
        if isinstance(node, Joint):
            return f"[{node.transformation}]"
        return f"{self.standing(node)}/{node.event}"

    def label_of(self, node_id: str) -> str:
        """The label of a node; a leg that leads to no node shows the id."""
        return self.label(self.nodes[node_id]) if node_id in self.nodes else f"no node {node_id}"

    def reached(self, starts: Iterable[str], direction: str, certainty: str) -> list[Holding]:
        """Holdings reached from node ids along legs of at least that certainty, the starts among them."""
        onward: dict[str, list[str]] = {}
        for leg in self.legs:
            if certainty == "possible" or leg.certainty == Certainty.CONFIRMED:
                ends = (leg.source, leg.target) if direction == "forward" else (leg.target, leg.source)
                onward.setdefault(ends[0], []).append(ends[1])
        found = list(starts)
        seen = set(found)
        for node in found:
            fresh = [other for other in onward.get(node, ()) if other not in seen]
            seen.update(fresh)
            found.extend(dict.fromkeys(fresh))
        return [holding for holding in (self.nodes.get(node) for node in found) if isinstance(holding, Holding)]


def differences(golden: Golden, timelines: Mapping[str, Timeline], world: World) -> list[Difference]:
    """Every section of the golden that the compiled world does not fulfil."""
    aliases = {alias.alias: alias.unit for event in world.events for alias in event.aliases}
    graph = Graph(lambda key: world.names.name(aliases.get(key, key)), timelines)
    found = [
        Difference(section, *_sorted(_COMPARE[section](graph, lines)))
        for section, lines in golden.sections.items()
        if section in _COMPARE
    ]
    return [difference for difference in found if difference.expected != difference.actual]


def _sorted(pair: tuple[list[str], list[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(sorted(pair[0])), tuple(sorted(pair[1]))


def _units(graph: Graph, lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    owners = [timeline for timeline in graph.timelines.values() if not timeline.owner.startswith("transformation:")]
    return list(lines), [f"{graph.names(timeline.owner)} {timeline.kind}" for timeline in owners]


def _holdings(graph: Graph, lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Attributes are compared where the golden gives them."""
    expected = {COLUMNS.split(line)[0]: COLUMNS.split(line)[1:] for line in lines}
    actual = []
    for holding in graph.holdings:
        label = graph.label(holding)
        kinds = [_attribute_kind(attribute) for attribute in expected.get(label, [])]
        actual.append("  ".join([label, *(_attribute(graph, holding, kind) for kind in kinds)]))
    return ["  ".join(COLUMNS.split(line)) for line in lines], actual


def _holdings_included(graph: Graph, lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    expected, actual = _holdings(graph, lines)
    labels = {COLUMNS.split(line)[0] for line in expected}
    return expected, [line for line in actual if COLUMNS.split(line)[0] in labels]


def _attribute_kind(attribute: str) -> str:
    first = attribute.split()[0]
    return first if first in {"left", "party", "owner", "seen"} else "quantity"


def _attribute(graph: Graph, holding: Holding, kind: str) -> str:
    match kind:
        case "left":
            return f"left {_amount(holding.remaining)}"
        case "party":
            return f"party {graph.names(holding.party or 'nobody')}"
        case "owner":
            return f"owner {graph.names(holding.owner or 'nobody')}"
        case "seen":
            return f"seen at {graph.names(holding.sublocation or 'nowhere')}"
    return _amount(holding.quantity)


def _amount(quantity: Quantity | None) -> str:
    if quantity is None or quantity.value is None:
        return "unknown"
    return f"{quantity.value.normalize():f} {MEASURE_WORDS.get(quantity.unit, quantity.unit)}"


def _legs(graph: Graph, lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    return [_single_spaced(line) for line in lines], [_leg(graph, leg) for leg in graph.legs]


def _legs_included(graph: Graph, lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    expected, actual = _legs(graph, lines)
    return expected, [line for line in expected if line in actual]


def _leg(graph: Graph, leg: Leg) -> str:
    source, target = graph.nodes.get(leg.source), graph.nodes.get(leg.target)
    stays = isinstance(source, Holding) and isinstance(target, Holding)
    stays = stays and (source.unit, source.place) == (target.unit, target.place)  # type: ignore[union-attr]
    through = "carried" if stays else f"by {leg.event}"
    return f"{graph.label_of(leg.source)} -> {graph.label_of(leg.target)} {through} {leg.certainty}"


def _single_spaced(line: str) -> str:
    return " ".join(line.split())


def _gaps(graph: Graph, lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Each gap of the world once, under the first line that it fits; lines with `maybe` may be there or not."""
    patterns = [_Pattern.read(line) for line in lines]
    actual = set()
    for gap in graph.gaps:
        fitting = next((pattern for pattern in patterns if pattern.fits(graph, gap)), None)
        if fitting is None:
            actual.add(f"{gap.kind} {graph.names(gap.unit)} {gap.event}")
        elif not fitting.optional:
            actual.add(fitting.show(graph, gap))
    return [pattern.line for pattern in patterns if not pattern.optional], list(actual)


def _gaps_included(graph: Graph, lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    expected, actual = _gaps(graph, lines)
    return expected, [line for line in actual if line in expected] if set(expected) <= set(actual) else actual


@dataclass(frozen=True)
class _Pattern:
    """One line of gaps: kind, unit and event (`*`: any), and what else must be right about it."""

    line: str
    kind: str
    unit: str
    event: str
    optional: bool
    further: tuple[str, ...]

    @classmethod
    def read(cls, line: str) -> _Pattern:
        first, *further = COLUMNS.split(line)
        words = first.split()
        optional = words[0] == "maybe"
        kind, unit, event = words[optional:]
        return cls("  ".join([first, *further]), kind, unit, event, optional, tuple(further))

    def fits(self, graph: Graph, gap: Gap) -> bool:
        actual = (gap.kind, graph.names(gap.unit), gap.event)
        return all(
            asked in ("*", found) for asked, found in zip((self.kind, self.unit, self.event), actual, strict=True)
        )

    def show(self, graph: Graph, gap: Gap) -> str:
        """The line as the world fulfils it: a further word that is wrong is replaced by what the gap says."""
        asked = [graph.names(key) for key in gap.ask]
        shown = [f"{self.kind} {self.unit} {self.event}"]
        for word in self.further:
            verb, _, name = word.partition(" ")
            if verb == "ask":
                shown.append(word if name in asked else f"ask {', '.join(asked) or 'nobody'}")
            else:
                shown.append(f"{verb} {graph.names(gap.place)}")
        return "  ".join(shown)


def _reach(graph: Graph, lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    actual, expected = [], []
    for line in lines:
        match = REACH.fullmatch(_single_spaced(line))
        if match is None:
            raise NotationError(f"a reach is written `start direction certainty: form names`, not {line!r}")
        question = f"{match['start']} {match['direction']} {match['certainty']}: {match['form']}"
        wanted = sorted({name.strip() for name in match["expected"].split(",")})
        starts = [node.id for node in graph.holdings if match["start"] in _start_names(graph, node)]
        reached = graph.reached(starts, match["direction"], match["certainty"])
        found = sorted(filter(None, {_FORMS[match["form"]](graph, holding) for holding in reached})) or ["none"]
        expected.append(f"{question} {', '.join(wanted)}")
        actual.append(f"{question} {', '.join(found) if starts else '(no such start)'}")
    return expected, actual


def _start_names(graph: Graph, holding: Holding) -> tuple[str, str, str]:
    return graph.names(holding.unit), graph.standing(holding), graph.label(holding)


def _standing_somewhere(graph: Graph, holding: Holding) -> str:
    hidden = holding.place.kind in (PlaceKind.TRANSIT, PlaceKind.UNKNOWN)
    return "" if hidden else graph.standing(holding)


_FORMS: dict[str, Callable[[Graph, Holding], str]] = {
    "units": lambda graph, holding: graph.names(holding.unit),
    "at": _standing_somewhere,
    "transit": lambda graph, holding: holding.event if holding.place.kind == PlaceKind.TRANSIT else "",
    "holdings": lambda graph, holding: graph.label(holding),
}


def _count(graph: Graph, lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    actual = []
    for line in lines:
        most = int(line.removeprefix("legs at most "))
        actual.append(line if len(graph.legs) <= most else f"legs {len(graph.legs)}")
    return list(lines), actual


_COMPARE: dict[str, Callable[[Graph, tuple[str, ...]], tuple[list[str], list[str]]]] = {
    "units": _units,
    "holdings": _holdings,
    "holdings include": _holdings_included,
    "legs": _legs,
    "legs include": _legs_included,
    "gaps": _gaps,
    "gaps include": _gaps_included,
    "reach": _reach,
    "count": _count,
}
