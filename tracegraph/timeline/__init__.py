"""From events to the custody graph: pure functions (docs: custody-graph, normative)."""

from tracegraph.timeline.compiler import Compiler
from tracegraph.timeline.live_events import LiveEvent, LiveSet, live_events
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import Settings, Steps
from tracegraph.timeline.world import compile_world

__all__ = ["Compiler", "LiveEvent", "LiveSet", "Places", "Settings", "Steps", "compile_world", "live_events"]
