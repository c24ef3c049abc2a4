"""The sections of a run in their order, and the functions that measure them."""

from __future__ import annotations

SECTIONS = {
    "capture": "benchmarks.capturing:measure_capture",
    "sustained": "benchmarks.capturing:measure_sustained",
    "commits": "benchmarks.capturing:measure_commits",
    "index": "benchmarks.tracing:measure_index",
    "reach": "benchmarks.reaching:measure_reach",
    "answer": "benchmarks.tracing:measure_answer",
    "cold": "benchmarks.tracing:measure_cold",
    "quantities": "benchmarks.quantities:measure_quantities",
    "incidents": "benchmarks.incidents:measure_incidents",
    "drill": "benchmarks.drills:measure_drill",
    "claims": "benchmarks.ledgers:measure_claims",
    "late": "benchmarks.late:measure_late",
    "named": "benchmarks.growth:measure_named",
    "tote": "benchmarks.growth:measure_tote",
    "shapes": "benchmarks.growth:measure_shapes",
    "neo4j": "benchmarks.served:measure_neo4j",
}
