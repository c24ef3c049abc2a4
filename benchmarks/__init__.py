"""Measurements: generated custody data, and what they cost here and elsewhere. See docs/benchmarks.md."""
