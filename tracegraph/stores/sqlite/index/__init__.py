"""The trace index of a store file: its legs as memory-mapped arrays, made anew at any time, never needed for an answer.

docs/adr/004-trace-index.md says how it works and what it costs.
"""
